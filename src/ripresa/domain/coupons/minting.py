"""Pools whose codes the shop makes: what is to be made, what was asked for, and what came of it."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from ripresa.contracts.calling.sayings import kept
from ripresa.core import query
from ripresa.core.ids import new_id
from ripresa.domain.coupons.models import CouponCode, CouponMint, CouponPool
from ripresa.domain.coupons.rules import Worth

run = partial(query.run, "ripresa.domain.coupons")

# Without letters and digits that are taken for one another; 30^10 codes are not to be guessed.
_ALPHABET = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
_LENGTH = 10
_LEASE = timedelta(minutes=5)
# What the shop said of a code longer ago is asked again, and a code is given for at most so long after.
LOOK_AFTER = timedelta(hours=12)
GOOD_FOR = timedelta(hours=24)
_MOST_AHEAD = 5_000


@dataclass(frozen=True, slots=True)
class Recipe:
    """What the codes of a pool are worth: `value` in percent, or money; `ahead` of them always at hand."""

    value: Decimal
    is_percent: bool
    currency: str
    minimum: Decimal | None = None
    valid_for: timedelta | None = None
    ahead: int = 100
    prefix: str = ""


def add_mint(
    pool: CouponPool, connection_id: UUID | None, recipe: Recipe, now: datetime
) -> CouponMint:
    """Have the codes of a pool made by a connection from now on; None: by whichever can."""
    return CouponMint.objects.create(
        shop_id=pool.shop_id,
        id=new_id(now),
        pool_id=pool.id,
        connection_id=connection_id,
        value=recipe.value,
        is_percent=recipe.is_percent,
        currency=recipe.currency,
        minimum=recipe.minimum,
        valid_for=recipe.valid_for,
        ahead=recipe.ahead,
        prefix=recipe.prefix,
        due_at=now,
    )


def shops_to_mint(now: datetime) -> list[int]:
    """The shops with a pool that is to be looked after."""
    return [shop_id for (shop_id,) in run("shops_to_mint", now=now)]


@transaction.atomic
def take_due(*, shop_id: int, now: datetime) -> list[CouponMint]:
    """The pools to look after; no other worker does meanwhile."""
    due = CouponMint.objects.filter(shop_id=shop_id, due_at__lte=now).order_by("due_at", "id")
    taken = list(due.select_for_update(skip_locked=True))
    CouponMint.objects.filter(shop_id=shop_id, id__in=[one.id for one in taken]).update(
        due_at=now + _LEASE
    )
    return taken


def free_codes(mint: CouponMint, now: datetime) -> int:
    """How many codes are at hand that are good for as long as the pool promises."""
    until = now + (mint.valid_for or timedelta(0))
    return _free(mint).filter(Q(expires_at=None) | Q(expires_at__gte=until)).count()


def has_run_dry(mint: CouponMint) -> bool:
    """Whether codes were made, and all of them are given."""
    codes = CouponCode.objects.filter(shop_id=mint.shop_id, pool_id=mint.pool_id)
    return not _free(mint).exists() and codes.exists()


def are_unsure(mint: CouponMint, now: datetime) -> bool:
    """Whether there are codes of which the shop spoke too long ago for them to be given."""
    return _free(mint).filter(checked_at__lte=now - GOOD_FOR).exists()


def codes_to_look_at(mint: CouponMint, now: datetime, most: int) -> list[str]:
    """Codes of which the shop is to be asked: the one that is given next, then those it spoke of long ago."""
    free = _free(mint).values_list("code", flat=True)
    next_one = list(free.order_by("expires_at", "id")[:1])
    long_ago = free.filter(checked_at__lte=now - LOOK_AFTER).order_by("checked_at", "id")[:most]
    return list(dict.fromkeys([*next_one, *long_ago]))


def note_looks(mint: CouponMint, told: Mapping[str, bool | None], now: datetime) -> int:
    """Keep what the shop said of codes; those that are gone are thrown away. Returns how many those were.

    Codes live and end together in a shop: where one is gone, all that are left are looked at before one of
    them is given.
    """
    for answer, checked_at in ((True, now), (None, None)):
        some = [code for code, stands in told.items() if stands is answer]
        _free(mint).filter(code__in=some).update(checked_at=checked_at)
    gone = [code for code, stands in told.items() if stands is False]
    if not gone:
        return 0
    dropped, _ = _free(mint).filter(code__in=gone).delete()
    others = _free(mint).filter(checked_at__isnull=False).exclude(code__in=list(told))
    others.update(checked_at=now - GOOD_FOR)
    return dropped


def note_made(mint: CouponMint, codes: Iterable[str], now: datetime) -> None:
    """The shop that says what stands said so of `codes` as it made them."""
    CouponCode.objects.filter(
        shop_id=mint.shop_id, pool_id=mint.pool_id, code__in=list(codes)
    ).update(checked_at=now)


def want_more(mint: CouponMint) -> None:
    """All that was at hand was given between two looks: from now on, twice as many are."""
    mint.ahead = max(mint.ahead, min(2 * mint.ahead, _MOST_AHEAD))
    _own(mint).update(ahead=mint.ahead)


def draw(mint: CouponMint, count: int, now: datetime) -> None:
    """Make up codes and write them down before the shop hears of them; what was drawn before stays."""
    if mint.drawn:
        return
    drawn = [
        mint.prefix + "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))
        for _ in range(count)
    ]
    until = None if mint.valid_for is None else _month_after(now + mint.valid_for)
    _own(mint).update(drawn=drawn, drawn_until=until)
    mint.drawn, mint.drawn_until = drawn, until


def settle(
    mint: CouponMint, *, due_at: datetime, trouble: str = "", is_refused: bool = False
) -> None:
    """Look after it again at `due_at`; without a trouble all that was drawn has come of it what could."""
    _own(mint).update(due_at=due_at, trouble=trouble, said=kept(trouble), is_refused=is_refused)


def forget_drawn(mint: CouponMint) -> None:
    """What was drawn lies in the pool, or was refused."""
    _own(mint).update(drawn=[], drawn_until=None)
    mint.drawn, mint.drawn_until = [], None


def mints_of(shop_id: int, pool_ids: Sequence[UUID]) -> dict[UUID, CouponMint]:
    """How the codes of pools are made, by pool."""
    found = CouponMint.objects.filter(shop_id=shop_id, pool_id__in=pool_ids)
    return {one.pool_id: one for one in found}


class MintedPool(NamedTuple):
    """A pool of codes of one worth. `valid_for` None: they have no end."""

    worth: Worth
    valid_for: timedelta | None
    name: str

    def serves(self, worth: Worth, valid_for: timedelta | None) -> bool:
        """Whether its codes are worth that, and good for long enough."""
        is_long = self.valid_for is None or valid_for is None or self.valid_for >= valid_for
        return self.worth == worth and is_long


def minted_pools(shop_id: int) -> list[MintedPool]:
    """The pools minted in the shop, the oldest first; sums that want a least worth of goods are not."""
    found = CouponMint.objects.filter(shop_id=shop_id).order_by("id")
    found = found.filter(Q(is_percent=True) | Q(minimum=None))
    rows = found.values_list("value", "is_percent", "currency", "valid_for", "pool__name")
    return [
        MintedPool(Worth(value, "" if is_percent else currency), valid_for, name)
        for value, is_percent, currency, valid_for, name in rows
    ]


def _month_after(instant: datetime) -> datetime:
    """The first of the next month: codes of a month end together, as some shops want it."""
    year, month = divmod(instant.year * 12 + instant.month, 12)
    return datetime(year, month + 1, 1, tzinfo=UTC)


def _free(mint: CouponMint) -> QuerySet[CouponCode]:
    return CouponCode.objects.filter(
        shop_id=mint.shop_id, pool_id=mint.pool_id, reserved_at__isnull=True
    )


def _own(mint: CouponMint) -> QuerySet[CouponMint]:
    return CouponMint.objects.filter(shop_id=mint.shop_id, id=mint.id)
