"""Reading the outbox: the fate of messages, what is due, which senders are held."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Min, Q

from ripresa.domain.messages.models import Message, MessageContent, MessageLink, Sender

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
    return MessageContent.objects.filter(shop_id=shop_id, id=message_id).first()


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
