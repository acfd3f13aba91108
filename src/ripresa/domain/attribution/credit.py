"""Who earns an order: five models over the same touchpoints, exact to the minor unit.

Definitions: last interaction as in HubSpot, linear, first, position-based (40 % first, 40 % last, 20 % for
those between) and time decay with a half-life of seven days as in Google Ads' enumeration of models.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

HALF_LIFE = timedelta(days=7)
# The weight of the latest touchpoint in time decay: as many bits as a float has.
DECAY_ONE = 2**52


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


_ALL_TO_ONE = frozenset({Model.FIRST, Model.LAST})
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


def agent_spoke(sale: Sale, touches: Sequence[Touch], rules: Rules) -> bool:
    """Whether an agent had contact with her since the abandonment; if that is not known, in the window."""
    return any(_is_since(one, sale, rules) for one in touches)


def _is_since(touch: Touch, sale: Sale, rules: Rules) -> bool:
    since = sale.abandoned_at or sale.counted_until - rules.window
    is_contact = touch.kind is Kind.AGENT and not touch.is_machine
    return is_contact and since <= touch.at <= sale.counted_until


def qualifying(sale: Sale, touches: Sequence[Touch], rules: Rules) -> list[Touch]:
    """The touchpoints that share a sale, by time and id, whatever order they arrived in.

    Direct visits count only where nothing else does. Where an agent had contact with her since the
    abandonment, e-mails earn nothing, and that contact counts however long before the order it was.
    """
    begin = sale.counted_until - rules.window
    inside = sorted(
        (
            one
            for one in touches
            if begin <= one.at <= sale.counted_until or _is_since(one, sale, rules)
        ),
        key=lambda one: (one.at, one.id),
    )
    earning = [one for one in inside if rules.earns(one)]
    if agent_spoke(sale, touches, rules):
        # What an agent wrote herself is a contact of hers, not one of our e-mails.
        return [one for one in earning if one.kind is Kind.AGENT or one.channel != "email"]
    return earning or [one for one in inside if one.kind is Kind.DIRECT and not one.is_machine]


def share_out(sale: Sale, touches: Sequence[Touch], model: Model) -> list[int]:
    """What each of `touches` (qualifying, in order) gets of the sale, in minor units.

    The sum is the sale, always: by largest remainder, ties to the earlier touchpoint. None, no shares.
    """
    count = len(touches)
    # Most orders have one touchpoint, and two models give all to one: nothing to reckon.
    if count <= 1 or model in _ALL_TO_ONE:
        shares = [0] * count
        if count:
            shares[0 if model is Model.FIRST else -1] = sale.minor
        return shares
    weights = weigh([one.at for one in touches], sale.counted_until, model)
    total = sum(weights)
    shares = [weight * sale.minor // total for weight in weights]
    left_over = sale.minor - sum(shares)
    if left_over:
        by_remainder = sorted(
            range(len(shares)), key=lambda n: (-(weights[n] * sale.minor % total), n)
        )
        for number in by_remainder[:left_over]:
            shares[number] += 1
    return shares


def weigh(instants: Sequence[datetime], end: datetime, model: Model) -> list[int]:
    """Whole weights of touchpoints at `instants` (ascending, at least one), not normalised."""
    count = len(instants)
    if count == 1:
        return [1]
    if model in {Model.FIRST, Model.LAST}:
        chosen = 0 if model is Model.FIRST else count - 1
        return [int(number == chosen) for number in range(count)]
    if model is Model.DECAY:
        return _decayed([end - at for at in instants])
    if model is Model.LINEAR or count == 2:  # noqa: PLR2004  (two ends share alike)
        return [1] * count
    # 40 % each against 20 % for all between: twice as much as all of them together.
    return [2 * (count - 2), *[1] * (count - 2), 2 * (count - 2)]


def _decayed(ages: Sequence[timedelta]) -> list[int]:
    """2^(-age/half-life) from the latest one on, for only how they stand to each other counts."""
    return [int(2.0 ** -((age - ages[-1]) / HALF_LIFE) * DECAY_ONE) for age in ages]
