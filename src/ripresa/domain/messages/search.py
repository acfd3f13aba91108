"""Searching the outbox: messages by filter, and the decisions on one."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ripresa.domain.messages.models import Decision, Message


@dataclass(frozen=True, slots=True)
class MessageFilter:
    """Which messages of a shop. None or empty: no restriction. `origin_id` names a recovery."""

    states: tuple[str, ...] = ()
    channel: str | None = None
    contact_id: UUID | None = None
    cart_id: UUID | None = None
    origin_id: UUID | None = None
    planned_from: datetime | None = None
    planned_until: datetime | None = None

    def conditions(self) -> dict[str, object]:
        """As look-ups of the ORM."""
        given = {
            "state__in": self.states or None,
            "channel": self.channel,
            "contact_id": self.contact_id,
            "cart_id": self.cart_id,
            "origin_id": self.origin_id,
            "planned_for__gte": self.planned_from,
            "planned_for__lt": self.planned_until,
        }
        return {name: value for name, value in given.items() if value is not None}


def list_messages(
    shop_id: int, only: MessageFilter, *, older_than: UUID | None, limit: int
) -> list[Message]:
    """Messages, those planned latest first: ids sort by time. `older_than`: the last one seen."""
    found = Message.objects.filter(shop_id=shop_id, **only.conditions())
    if older_than:
        found = found.filter(id__lt=older_than)
    return list(found.order_by("-id")[:limit])


def decisions_on(message: Message) -> list[Decision]:
    """What was decided about a message, in order."""
    found = Decision.objects.filter(
        shop_id=message.shop_id, origin_id=message.origin_id, message_id=message.id
    )
    return list(found.order_by("at", "id"))
