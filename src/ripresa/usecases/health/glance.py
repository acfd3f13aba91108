"""A shop at a glance: how far it has come, and what stands still, told from its rows and not from flags."""

from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple

from ripresa.core import query
from ripresa.domain.messages.queries import LATE, SOON, DueFigures

_run = partial(query.run, "ripresa.usecases.health")


class Glance(NamedTuple):
    """`is_heard`: a cart came in by itself. `was_mailed`: a mail left, be it a test.

    `was_live`: a scenario has been. `known`: of the `orders` of late, those with a cart known before payment.
    `abandoned`: times that a cart was left of late.
    """

    is_heard: bool
    was_mailed: bool
    was_live: bool
    quiet_since: datetime | None
    accounts_held: list[str]
    known: int
    orders: int
    due: DueFigures
    abandoned: int

    @property
    def known_share(self) -> float | None:
        """Share of orders whose cart was known before payment; None: there were no orders."""
        return self.known / self.orders if self.orders else None


def look_at(*, shop_id: int, now: datetime, since: timedelta) -> Glance:
    """How a shop stands; the share of orders and what was left over the time `since` now: one statement."""
    [row] = _run(
        "at_a_glance",
        shop_id=shop_id,
        now=now,
        since=now - since,
        soon=now + SOON,
        late=now - LATE,
    )
    heard, mailed, live, quiet_since, held, known, orders, soon, late, next_at, abandoned = row
    due = DueFigures(soon, late, next_at)
    return Glance(heard, mailed, live, quiet_since, held, known, orders, due, abandoned)
