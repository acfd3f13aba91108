"""The people of a segment: counted, shown and yielded by one and the same query (CMP-1)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from django.db import connection

from ripresa.domain.segments.compiling import Compiled
from ripresa.domain.segments.conditions import Abandoned, Condition, cart_of_interest
from ripresa.domain.segments.models import Segment

PAGE = 5000
_FIRST = UUID(int=0)


class Member(NamedTuple):
    """Somebody in a segment, and the cart of hers that a message would speak of, if there is one."""

    contact_id: UUID
    cart_id: UUID | None


class Count(NamedTuple):
    """How many there are, and how many of them could be written to by each way."""

    people: int
    with_email: int
    with_phone: int
    with_address: int


def count(shop_id: int, condition: Condition, *, now: datetime) -> Count:
    """How many people a condition has."""
    people = "SELECT p.email, p.phone, p.address"
    found = PeopleQuery(shop_id, condition, now).rows(
        people,
        before="SELECT count(*), count(email), count(phone), count(address) FROM (",
        after=")",
    )
    return Count(*found[0])


def list_members(
    shop_id: int, condition: Condition, *, now: datetime, after: UUID = _FIRST, limit: int = PAGE
) -> list[Member]:
    """People by id, from behind `after` on."""
    query = PeopleQuery(shop_id, condition, now)
    query.only(f"p.id > {query.put(after)}")
    rows = query.rows(f"SELECT p.id, {query.cart()}", after=f"ORDER BY p.id LIMIT {int(limit)}")
    return [Member(*row) for row in rows]


def who_of(
    shop_id: int, condition: Condition, contact_ids: Sequence[UUID], *, now: datetime
) -> set[UUID]:
    """Those of some people who are in it."""
    query = PeopleQuery(shop_id, condition, now)
    query.only(f"p.id = ANY({query.put(list(contact_ids))})")
    return {contact_id for (contact_id,) in query.rows("SELECT p.id")}


def list_segments(shop_id: int) -> list[Segment]:
    """All segments of a shop by name."""
    return list(Segment.objects.filter(shop_id=shop_id).order_by("name"))


def find_segment(shop_id: int, segment_id: UUID) -> Segment | None:
    """One segment of this shop."""
    return Segment.objects.filter(shop_id=shop_id, id=segment_id).first()


def condition_of(segment: Segment) -> Condition:
    """What a stored segment asks for."""
    condition: Condition = msgspec.convert(segment.condition, type=Condition)
    return condition


class PeopleQuery:
    """One look at the contacts of a shop."""

    def __init__(self, shop_id: int, condition: Condition, now: datetime) -> None:
        self._compiled = Compiled(now)
        self.put = self._compiled.put
        self._condition = condition
        self._wheres = [
            f"p.shop_id = {self.put(shop_id)}",
            "p.erased_at IS NULL",
            self._compiled.predicate(condition),
        ]

    def only(self, predicate: str) -> None:
        """Ask for one thing more."""
        self._wheres.append(predicate)

    def cart(self, wanted: Abandoned | None = None, column: str = "id") -> str:
        """A column of her newest cart that `wanted` describes; None: of the cart of interest."""
        carts = self._compiled.carts(wanted or cart_of_interest(self._condition))
        return f"(SELECT c.{column} {carts} ORDER BY a.abandoned_at DESC, c.id LIMIT 1)"

    def rows(self, select: str, *, before: str = "", after: str = "") -> list[tuple[Any, ...]]:
        """Run it."""
        text = f"{before} {select} FROM contact AS p WHERE {' AND '.join(self._wheres)} {after}"
        with connection.cursor() as cursor:
            cursor.execute(text, self._compiled.values)
            found: list[tuple[Any, ...]] = cursor.fetchall()
        return found
