"""Who earns an order: five models over the same touchpoints, exact to the minor unit.

Definitions: last interaction as in HubSpot, linear, first, position-based (40 % first, 40 % last, 20 % for
those between) and time decay with a half-life of seven days as in Google Ads' enumeration of models.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from fractions import Fraction

HALF_LIFE = timedelta(days=7)
_END_SHARE = Fraction(2, 5)
_SECOND = timedelta(seconds=1)


class Model(StrEnum):
    """How the touchpoints of one order share it."""

    LINEAR = "linear"
    LAST = "last"
    FIRST = "first"
    POSITION = "position"
    DECAY = "decay"


class Kind(StrEnum):
    """What a touchpoint is. Which kinds earn is said in `earns` (RPT-4)."""

    CLICK = "click"
    COUPON = "coupon"
    AGENT = "agent"  # a contact by the agent, logged
    LETTER = "letter"  # handed over to the post
    OPEN = "open"
    SENT = "sent"  # handed over or delivered, in any other channel
    DIRECT = "direct"  # she came by herself
    OUTSIDE = "outside"  # imported: a fair, a call, a page visit, an advertisement


_ALWAYS = frozenset({Kind.CLICK, Kind.COUPON, Kind.AGENT, Kind.LETTER, Kind.OUTSIDE})


@dataclass(frozen=True, slots=True)
class Touch:
    """A touchpoint: `at` is aware; `is_machine` is the verdict on who opened or clicked."""

    id: str
    at: datetime
    kind: Kind
    channel: str = ""
    is_machine: bool = False


@dataclass(frozen=True, slots=True)
class Sale:
    """An order as attribution sees it: `minor` is what it is worth, in units of its own currency.

    `counted_until`: when its deal moved to Confirmed, else when it was placed. `abandoned_at`, if known: an
    agent's contact since then takes all credit from e-mails (AGT-4).
    """

    id: str
    minor: int
    counted_until: datetime
    abandoned_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Rules:
    """Which touchpoints count. A touch counts from its own instant on, for `window`, both ends included."""

    window: timedelta
    with_opens: bool = False

    def earns(self, touch: Touch) -> bool:
        """Whether a touchpoint of this kind can earn. Machines never do, whatever they did."""
        if touch.is_machine:
            return False
        return touch.kind in _ALWAYS or (self.with_opens and touch.kind is Kind.OPEN)


def qualifying(sale: Sale, touches: Sequence[Touch], rules: Rules) -> list[Touch]:
    """The touchpoints that share a sale, by time and id, whatever order they arrived in.

    Direct visits count only where nothing else does. Where an agent had contact with her since the
    abandonment (not known: within the window), e-mails earn nothing.
    """
    begin = sale.counted_until - rules.window
    inside = sorted(
        (one for one in touches if begin <= one.at <= sale.counted_until),
        key=lambda one: (one.at, one.id),
    )
    earning = [one for one in inside if rules.earns(one)]
    since = sale.abandoned_at or begin
    if any(one.kind is Kind.AGENT and one.at >= since for one in earning):
        return [one for one in earning if one.channel != "email"]
    return earning or [one for one in inside if one.kind is Kind.DIRECT and not one.is_machine]


def share_out(sale: Sale, touches: Sequence[Touch], model: Model) -> list[int]:
    """What each of `touches` (qualifying, in order) gets of the sale, in minor units.

    The sum is the sale, always: by largest remainder, ties to the earlier touchpoint. None, no shares.
    """
    if not touches:
        return []
    weights = weigh([one.at for one in touches], sale.counted_until, model)
    total = sum(weights)
    quotas = [weight * sale.minor / total for weight in weights]
    shares = [quota.__floor__() for quota in quotas]
    left_over = sale.minor - sum(shares)
    by_remainder = sorted(range(len(shares)), key=lambda n: (shares[n] - quotas[n], n))
    for number in by_remainder[:left_over]:
        shares[number] += 1
    return shares


def weigh(instants: Sequence[datetime], end: datetime, model: Model) -> list[Fraction]:
    """The weights of touchpoints at `instants` (ascending, at least one), not normalised."""
    count = len(instants)
    if model in {Model.FIRST, Model.LAST}:
        chosen = 0 if model is Model.FIRST else count - 1
        return [Fraction(int(number == chosen)) for number in range(count)]
    if model is Model.DECAY:
        return [_decayed(end - at) for at in instants]
    if model is Model.LINEAR or count <= 2:  # noqa: PLR2004  (two ends share alike)
        return [Fraction(1)] * count
    middle = (1 - 2 * _END_SHARE) / (count - 2)
    return [_END_SHARE, *[middle] * (count - 2), _END_SHARE]


def _decayed(age: timedelta) -> Fraction:
    """2^(-age/half-life). The float is taken exactly, so that shares still add up."""
    return Fraction(2.0 ** -((age / _SECOND) / (HALF_LIFE / _SECOND)))
