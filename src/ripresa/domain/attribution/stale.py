"""Marks that say which figures have to be looked at again.

Whoever changes what figures rest on leaves a mark in the same transaction: so no change is missed, and
nobody waits for the figures. Marks are only ever added; whoever brings figures up to date takes away
those that it had read before it counted.
"""

from collections.abc import Collection
from datetime import date, datetime
from functools import partial
from typing import NamedTuple
from uuid import UUID

from ripresa.core import query
from ripresa.core.ids import ids_in_order

run = partial(query.run, "ripresa.domain.attribution")


class Mark(NamedTuple):
    """One mark; see `StaleMark`."""

    id: UUID
    contact_id: UUID | None
    at: datetime | None
    day: date | None


def mark(
    *,
    shop_id: int,
    now: datetime,
    contact_ids: Collection[UUID | None] = (),
    instants: Collection[datetime] = (),
    days: Collection[date] = (),
) -> None:
    """Ask for the figures of people, of the days of `instants`, and of all orders of `days`."""
    people = sorted({one for one in contact_ids if one is not None})
    # A minute is near enough: all zones begin their days on whole minutes.
    minutes = sorted({one.replace(second=0, microsecond=0) for one in instants})
    if not people and not minutes and not days:
        return
    empty = [None] * len(people), [None] * len(minutes), [None] * len(days)
    ids = ids_in_order(now)
    run(
        "add_marks",
        shop_id=shop_id,
        ids=[next(ids) for _ in range(len(people) + len(minutes) + len(days))],
        contact_ids=[*people, *empty[1], *empty[2]],
        instants=[*empty[0], *minutes, *empty[2]],
        days=[*empty[0], *empty[1], *(one.isoformat() for one in sorted(days))],
    )


def mark_orders(
    *,
    shop_id: int,
    orders: Collection[tuple[str, str]],
    order_ids: Collection[UUID],
    cart_ids: Collection[UUID],
    now: datetime,
) -> None:
    """Ask for the figures of the people and days of these orders (source, external id), and of carts."""
    if not orders and not cart_ids and not order_ids:
        return
    found = run(
        "people_of_orders",
        shop_id=shop_id,
        sources=[source for source, _ in orders],
        external_ids=[external_id for _, external_id in orders],
        order_ids=sorted(order_ids),
        cart_ids=sorted(cart_ids),
    )
    mark(
        shop_id=shop_id,
        now=now,
        contact_ids=[contact for contact, _, _ in found],
        instants=[at for _, at, _ in found if at is not None],
        days={day for _, _, day in found if day is not None},
    )


def mark_messages(*, shop_id: int, message_ids: Collection[UUID], now: datetime) -> None:
    """Ask for the figures of those to whom these messages went: they clicked, or it bounced."""
    if message_ids:
        found = run("people_of_messages", shop_id=shop_id, ids=sorted(message_ids))
        mark(shop_id=shop_id, now=now, contact_ids=[contact for (contact,) in found])


def read(*, shop_id: int, most: int) -> list[Mark]:
    """The oldest marks of a shop."""
    return [Mark(*row) for row in run("read_marks", shop_id=shop_id, most=most)]


def take_away(*, shop_id: int, ids: list[UUID]) -> None:
    """Drop marks whose figures are up to date."""
    run("drop_marks", shop_id=shop_id, ids=ids)
