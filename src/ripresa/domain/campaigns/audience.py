"""The people of a campaign: counted, previewed and written to by one and the same query (CMP-1)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from ripresa.domain.campaigns.plan import About, cart_wanted, narrowed
from ripresa.domain.segments.conditions import Condition
from ripresa.domain.segments.queries import PeopleQuery

FIRST = UUID(int=0)
_NOT_YET = """NOT EXISTS (SELECT 1 FROM campaign_recipient AS t
  WHERE t.shop_id = p.shop_id AND t.campaign_id = {campaign} AND t.contact_id = p.id)"""
# One of her keys; that of the address she is written to, if she has one.
_KEY = """coalesce((SELECT k.key FROM contact_key AS k WHERE k.shop_id = p.shop_id AND k.contact_id = p.id
  ORDER BY k.key = 'email:' || p.email DESC NULLS LAST, k.key LIMIT 1), '')"""
# An order is thanked for once, whichever campaign does it.
_NOT_THANKED = """NOT EXISTS (SELECT 1 FROM campaign_recipient AS t
  WHERE t.shop_id = p.shop_id AND t.order_id = {order})"""


class Member(NamedTuple):
    """Somebody in the audience, the cart her message speaks of, and the order it thanks for."""

    contact_id: UUID
    cart_id: UUID | None
    order_id: UUID | None
    key: str


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom a campaign is for, apart from those it has already."""

    shop_id: int
    campaign_id: UUID
    about: About
    condition: Condition

    def count(self, *, now: datetime) -> int:
        """How many people that is."""
        query = self._query(now)
        self._thanked(query)
        return int(query.rows("SELECT count(*)")[0][0])

    def page(self, *, now: datetime, after: UUID, limit: int) -> list[Member]:
        """People by id, from behind `after` on."""
        query = self._query(now)
        query.only(f"p.id > {query.put(after)}")
        return self._members(query, f"ORDER BY p.id LIMIT {int(limit)}")

    def among(self, contact_ids: Sequence[UUID], *, now: datetime) -> list[Member]:
        """Those of some people who are in it, by id."""
        query = self._query(now)
        query.only(f"p.id = ANY({query.put(list(contact_ids))})")
        return self._members(query, "ORDER BY p.id")

    def _query(self, now: datetime) -> PeopleQuery:
        query = PeopleQuery(self.shop_id, narrowed(self.about, self.condition), now)
        query.only(_NOT_YET.format(campaign=query.put(self.campaign_id)))
        return query

    def _thanked(self, query: PeopleQuery) -> str:
        """The order she would be thanked for, as a column; who was thanked for it is left out."""
        if self.about != "thank_you":
            return "NULL::uuid"
        order = query.cart(cart_wanted(self.about, self.condition), "order_id")
        query.only(_NOT_THANKED.format(order=order))
        return order

    def _members(self, query: PeopleQuery, after: str) -> list[Member]:
        wanted = cart_wanted(self.about, self.condition)
        cart = "NULL::uuid" if wanted is None else query.cart(wanted)
        order = self._thanked(query)
        rows = query.rows(f"SELECT p.id, {cart}, {order}, {_KEY}", after=after)
        return [Member(*row) for row in rows]
