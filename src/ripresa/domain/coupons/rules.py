"""What is decided about coupons without looking anything up: ends, caps, and why there is none."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple, TypeAlias
from uuid import UUID

from ripresa.contracts.reasons import Reason

MOST_CHARACTERS = 100
_ROUNDED = re.compile(r"[0-9][.,][0-9]+E\+[0-9]+", re.IGNORECASE)

Place: TypeAlias = tuple[str, UUID, str]  # origin kind, origin id, step


class Shortage(StrEnum):
    """Why there is no code, finer than the reason `no_coupon`: stands in the facts of the trail."""

    NO_POOL = "no_pool"  # the shop has no pool of that name
    USED_UP = "used_up"  # no code is left
    TOO_SHORT = "too_short"  # codes are left, but they end before the offer would
    ENDED = "ended"  # the code of a static pool is no longer good
    CANNOT_MINT = "cannot_mint"  # the shop would have to make one, and can't
    BEING_MADE = "being_made"  # the shop is asked for more, or whether those at hand still stand
    BUSY = "busy"  # another worker has its hand on the last ones: they may be free again at once
    LAPSED = "lapsed"  # the code that this very step got is no longer good
    NOT_GIVEN = "not_given"  # the words were written without one, and are said again
    OTHER_CURRENCY = "other_currency"  # the sum is of no use to a cart in another currency

    @property
    def concerns_everyone(self) -> bool:
        """Whether the next person would get none either: a reason for a scenario to pause itself."""
        return self not in {
            Shortage.BUSY,
            Shortage.BEING_MADE,
            Shortage.LAPSED,
            Shortage.NOT_GIVEN,
            Shortage.OTHER_CURRENCY,
        }


class Worth(NamedTuple):
    """What a code takes off: `value` per cent; of a `currency`, that sum of money in major units."""

    value: Decimal
    currency: str = ""

    def __str__(self) -> str:
        """As it is read: 10 %, 5.00 EUR."""
        if self.currency:
            return f"{self.value:f} {self.currency}"
        return f"{self.value.normalize():f} %"


class Wish(NamedTuple):
    """A code wanted for a step of somebody's; `key` is the caller's own, such as the message's id.

    `pool` None: the offer asks for a code minted by the shop. `valid_for` None: the code is good as
    long as the shop takes it. `one_per`: no new code for a person who got one less long ago (CPN-5).
    `is_repeat`: the words are written, so only a code that the step has already can stand in them.
    """

    key: UUID
    pool: str | None
    contact_id: UUID
    origin_kind: str
    origin_id: UUID
    step: str
    valid_for: timedelta | None = None
    one_per: timedelta | None = None
    is_repeat: bool = False

    @property
    def place(self) -> Place:
        """The step of its origin: it gets one code, however many messages it has."""
        return self.origin_kind, self.origin_id, self.step


class Reserved(NamedTuple):
    """A code for this step. `expires_at` None: no end is known. `is_new`: it was reserved just now.

    `checked`: of a new one that the shop made, when the shop said that it stands, or that it can't say.
    """

    code: str
    expires_at: datetime | None
    is_new: bool
    checked: str = ""


class NoCoupon(NamedTuple):
    """There is no code: `no_coupon`, `coupon_cap` or `currency_mismatch`, with facts for the trail.

    `shortage` is None where the cap is the reason.
    """

    reason: Reason
    shortage: Shortage | None
    facts: Mapping[str, Any]


def short(pool: str | None, shortage: Shortage, trouble: str | None = None) -> NoCoupon:
    """No code, because of what is in the pool; `trouble`: what the shop says that would make more."""
    facts = {"shortage": shortage.value, **({"pool": pool} if pool is not None else {})}
    if trouble:
        facts["trouble"] = trouble
    return NoCoupon(Reason.NO_COUPON, shortage, facts)


def of_no_use(worth: Worth | None, currency: str | None) -> NoCoupon | None:
    """No code: a sum in one currency is of no use to a cart in another. `currency` None: there is no cart."""
    if worth is None or not worth.currency or currency in {None, worth.currency}:
        return None
    facts = {
        "shortage": Shortage.OTHER_CURRENCY.value,
        "coupon_currency": worth.currency,
        "cart_currency": currency,
    }
    return NoCoupon(Reason.CURRENCY_MISMATCH, Shortage.OTHER_CURRENCY, facts)


def capped(wish: Wish, latest_at: datetime | None, *, now: datetime) -> NoCoupon | None:
    """No code, because she got one at `latest_at` and that is less than `wish.one_per` ago."""
    if wish.one_per is None or latest_at is None or now - latest_at >= wish.one_per:
        return None
    facts = {"latest_at": latest_at.isoformat(), "until": (latest_at + wish.one_per).isoformat()}
    return NoCoupon(Reason.COUPON_CAP, None, facts)


def needed_until(wish: Wish, *, now: datetime) -> datetime:
    """How long a code must be good to be given: as long as the offer says it is."""
    return now + (wish.valid_for or timedelta(0))


def ends_at(wish: Wish, own_end: datetime | None, *, now: datetime) -> datetime | None:
    """The instant that the message names: sending plus `valid_for`, or the code's own end if earlier."""
    offered = now + wish.valid_for if wish.valid_for is not None else None
    return min((end for end in (offered, own_end) if end is not None), default=None)


def fault_of_code(code: str) -> tuple[str, str] | None:
    """What is wrong with a code out of a file, as (short word, sentence); None if nothing is."""
    if not code:
        return "no_code", "there is no code in this row"
    if len(code) > MOST_CHARACTERS:
        return "too_long", f"{code[:20]!r}… is longer than {MOST_CHARACTERS} characters"
    if not code.isprintable():
        return "not_printable", f"{code!r} has characters that nobody can type"
    if _ROUNDED.fullmatch(code):
        return (
            "rounded",
            f"{code} is a number that a spreadsheet has rounded: save that column as text",
        )
    return None
