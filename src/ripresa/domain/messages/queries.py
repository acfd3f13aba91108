"""Reading the outbox: messages by filter and their fate, what is due, which senders are held."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Min, Q

from ripresa.domain.messages.models import Decision, Message, MessageContent, MessageLink, Sender

# Whether or not the provider's answer was heard: it counts as sent (promise 2).
WENT_OUT = ("sent", "unknown")
SOON = timedelta(hours=24)
LATE = timedelta(minutes=15)


def sent_by_cart(shop_id: int, cart_ids: Sequence[UUID]) -> dict[UUID, int]:
    """How many messages went out for each of `cart_ids` that has any."""
    found = Message.objects.filter(shop_id=shop_id, cart_id__in=cart_ids, state__in=WENT_OUT)
    return dict(found.values_list("cart_id").annotate(number=Count("id")))


def messages_of_cart(shop_id: int, cart_id: UUID) -> list[Message]:
    """All messages planned for a cart, in the order of their plan."""
    found = Message.objects.filter(shop_id=shop_id, cart_id=cart_id)
    return list(found.order_by("planned_for", "step_number", "channel"))


def messages_of_contact(shop_id: int, contact_id: UUID, limit: int) -> list[Message]:
    """The latest messages to a person, whatever became of them."""
    found = Message.objects.filter(shop_id=shop_id, contact_id=contact_id)
    return list(found.order_by("-planned_for", "-step_number", "channel")[:limit])


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


def find_message(shop_id: int, message_id: UUID) -> Message | None:
    """One message of this shop."""
    return Message.objects.filter(shop_id=shop_id, id=message_id).first()


def channel_of(shop_id: int, message_id: UUID) -> str:
    """The channel of a message that is there, for a link names it."""
    return str(
        Message.objects.values_list("channel", flat=True).get(shop_id=shop_id, id=message_id)
    )


def find_reader(shop_id: int, message_id: UUID) -> Message:
    """A message that is there, for a link names it, with its reader."""
    return Message.objects.select_related("contact").get(shop_id=shop_id, id=message_id)


def find_content(shop_id: int, message_id: UUID) -> MessageContent | None:
    """What a message said; None before it was rendered and after it was erased."""
    found = MessageContent.objects.filter(shop_id=shop_id, id=message_id)
    return found.select_related("source").first()


def said_in(shop_id: int, ids: Sequence[UUID]) -> dict[UUID, tuple[str, str]]:
    """HTML and text of messages that were composed, by their ids."""
    found = MessageContent.objects.filter(shop_id=shop_id, id__in=ids).select_related("source")
    return {one.id: one.said() for one in found}


def find_link(shop_id: int, token_hash: bytes, purposes: Sequence[str]) -> MessageLink | None:
    """The link whose token hashes to `token_hash`, good for one of `purposes`, expired or not."""
    found = MessageLink.objects.filter(shop_id=shop_id, token_hash=token_hash, purpose__in=purposes)
    return found.first()


@dataclass(frozen=True, slots=True)
class DueFigures:
    """Planned messages: `soon` fall due within a day, `late` are 15 minutes overdue or more."""

    soon: int
    late: int
    next_at: datetime | None


def due_figures(shop_id: int, now: datetime) -> DueFigures:
    """What is due in a shop."""
    planned = Message.objects.filter(shop_id=shop_id, state="planned", due_at__lt=now + SOON)
    return DueFigures(
        **planned.aggregate(
            soon=Count("id"),
            late=Count("id", filter=Q(due_at__lt=now - LATE)),
            next_at=Min("due_at"),
        )
    )


def paused_senders(shop_id: int) -> list[Sender]:
    """Senders held after a refusal for policy, until someone has looked (CNS-3)."""
    found = Sender.objects.filter(shop_id=shop_id, paused_at__isnull=False)
    return list(found.order_by("-paused_at"))


def count_stopped(shop_id: int) -> int:
    """How many planned messages the shop's stop switch holds."""
    return Message.objects.filter(shop_id=shop_id, state="planned", reason="stopped").count()
