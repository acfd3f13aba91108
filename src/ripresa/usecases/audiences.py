"""Who is in the audience of which scenario: looked up for many abandonments at once (SCN-6)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from ripresa.domain.scenarios import operations
from ripresa.domain.scenarios.audiences import belongs
from ripresa.domain.scenarios.plan import Audience
from ripresa.domain.segments import queries
from ripresa.domain.segments.models import Segment


class Leaving(NamedTuple):
    """An abandonment of somebody."""

    cart_id: UUID
    contact_id: UUID
    abandoned_at: datetime


@dataclass(frozen=True, slots=True)
class Crowd:
    """What audiences ask about some abandonments. Empty where none of them asks."""

    latest_order_at: Mapping[UUID, datetime] = field(default_factory=dict)  # by cart
    members: Mapping[str, Collection[UUID]] = field(default_factory=dict)  # contacts by segment

    def fits(self, audience: Audience, one: Leaving) -> bool:
        """Whether whoever left that cart is in the audience."""
        return belongs(
            audience,
            latest_order_at=self.latest_order_at.get(one.cart_id),
            abandoned_at=one.abandoned_at,
            is_in_segment=one.contact_id in self.members.get(audience.segment or "", ()),
        )

    def told(self, audience: Audience, one: Leaving) -> dict[str, Any]:
        """The facts on which `fits` was decided."""
        latest = self.latest_order_at.get(one.cart_id)
        return {
            "customers": audience.customers,
            "segment": audience.segment,
            "latest_order_at": latest and latest.isoformat(),
        }


def look_at(
    *, shop_id: int, audiences: Collection[Audience], leaving: Sequence[Leaving], now: datetime
) -> Crowd:
    """What these audiences ask about these abandonments: nothing is read that none asks for.

    Who is in a segment is asked as of now.
    """
    if not leaving:
        return Crowd()
    latest: dict[UUID, datetime] = {}
    if any(audience.customers != "all" for audience in audiences):
        rows = operations.run(
            "latest_orders",
            shop_id=shop_id,
            cart_ids=[one.cart_id for one in leaving],
            contact_ids=[one.contact_id for one in leaving],
            abandoned_ats=[one.abandoned_at for one in leaving],
        )
        latest = dict(rows)
    names = {audience.segment for audience in audiences if audience.segment is not None}
    if not names:
        return Crowd(latest)
    people = sorted({one.contact_id for one in leaving})
    # One that was deleted since has no members: whoever it held is told `audience`, with its name.
    return Crowd(latest, members_of(names, people, shop_id=shop_id, now=now))


def members_of(
    names: Collection[str], contact_ids: Sequence[UUID], *, shop_id: int, now: datetime
) -> dict[str, Collection[UUID]]:
    """Who of these people is in which of these segments; a segment that is not there is absent."""
    found = Segment.objects.filter(shop_id=shop_id, name__in=names)
    return {
        segment.name: queries.who_of(shop_id, queries.condition_of(segment), contact_ids, now=now)
        for segment in found
    }
