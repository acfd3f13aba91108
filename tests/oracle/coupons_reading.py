"""Pools of codes, who got which, and what that makes true of her (CPN-3, CAP-5)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from .orders_reading import Order
from .people_reading import People, Person

Step = tuple[str, int, int]  # token, number of the recovery, place


@dataclass(frozen=True)
class Offer:
    """A step's `coupon`."""

    pool: str
    valid_for: timedelta = timedelta()  # none: as long as the code itself
    is_short: bool = False  # whether `valid_for` was said


@dataclass(frozen=True)
class Code:
    text: str
    ends_at: datetime | None = None


@dataclass
class Pool:
    """`free`: in the order of the file. A static one is never used up."""

    free: list[Code]
    is_static: bool = False

    def take(self, now: datetime, until: datetime) -> Code | None:
        """What ends first, of what is still good until then; what never ends comes last."""
        good = [
            c for c in self.free if c.ends_at is None or (c.ends_at > now and c.ends_at >= until)
        ]
        ending = sorted((c for c in good if c.ends_at), key=lambda c: str(c.ends_at))
        chosen = next(iter([*ending, *(c for c in good if c.ends_at is None)]), None)
        if chosen and not self.is_static:
            self.free.remove(chosen)
        return chosen


@dataclass
class Given:
    """A code in somebody's hand, for one step of one recovery."""

    at: datetime
    to: Person
    step: Step
    step_id: str
    cart: tuple[str, int]
    pool: str
    code: str
    ends_at: datetime | None
    sent_at: list[datetime] = field(default_factory=list)  # when its messages left


class Coupons:
    """All pools of the shop, and all that was given."""

    def __init__(self, pools: dict[str, Pool]) -> None:
        self.pools = pools
        self.given: list[Given] = []

    def of_step(self, step: Step) -> Given | None:
        """One code for a step, shared by its messages."""
        return next((one for one in self.given if one.step == step), None)

    def take(self, offer: Offer, now: datetime) -> tuple[Code, datetime | None] | None:
        """A code and when it ends as the message says; none left: the text goes without."""
        pool = self.pools.get(offer.pool)
        code = pool.take(now, now + offer.valid_for) if pool else None
        if code is None:
            return None
        ends = [now + offer.valid_for] if offer.is_short else []
        return code, min([*ends, *([code.ends_at] if code.ends_at else [])], default=None)

    def are_in_hand(
        self, person: Person, people: People, orders: Sequence[Order], now: datetime
    ) -> bool:
        """A code of hers that is still good, and that no order of hers since carries."""
        return any(
            people.now_called(one.to) == person
            and (one.ends_at is None or one.ends_at > now)
            and not any(
                person in order.buyers and order.at >= one.at and one.code.lower() in order.codes
                for order in orders
            )
            for one in self.given
        )

    def brought_back(self, cart: tuple[str, int], order: Order) -> bool:
        """The order carries a code that a message about this cart had said by then."""
        return any(
            one.cart == cart
            and one.code.lower() in order.codes
            and any(at <= order.at for at in one.sent_at)
            for one in self.given
        )
