"""A shop at a glance: how far it has come, and what stands still, told from its rows and not from flags."""

from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple

from ripresa.core import query
from ripresa.usecases.health.telling import known_orders

_run = partial(query.run, "ripresa.usecases.health")


class Glance(NamedTuple):
    """`is_heard`: a cart came in by itself. `was_mailed`: a mail left, be it a test.

    `was_live`: a scenario has been. `known`: of the `orders` of late, those with a cart known before payment.
    """

    is_heard: bool
    was_mailed: bool
    was_live: bool
    quiet_since: datetime | None
    accounts_held: list[str]
    known: int
    orders: int

    @property
    def known_share(self) -> float | None:
        """Share of orders whose cart was known before payment; None: there were no orders."""
        return self.known / self.orders if self.orders else None


def look_at(*, shop_id: int, now: datetime, since: timedelta) -> Glance:
    """How a shop stands; the share of orders over the time `since` now."""
    [(heard, mailed, live, quiet_since, held)] = _run("at_a_glance", shop_id=shop_id)
    rows = known_orders(shop_id=shop_id, since=now - since, until=now)
    known, orders = sum(one.known for one in rows), sum(one.orders for one in rows)
    return Glance(heard, mailed, live, quiet_since, held, known, orders)
