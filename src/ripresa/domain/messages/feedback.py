"""Keeping what is heard of messages, and where they stand by it."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q

from ripresa.contracts.feedback import BounceReason, Feedback, FeedbackKind
from ripresa.core import query
from ripresa.core.ids import ids_in_order
from ripresa.domain.messages.models import Message, MessageFeedback
from ripresa.domain.messages.rules import Heard, delivery_of

# Bounces that say something of the address, and no final word.
SOFT = (BounceReason.FULL, BounceReason.EXPIRED, BounceReason.NETWORK, BounceReason.UNCLEAR)
# So many messages of a sender refused for their content in so long are no fault of one filter.
MOST_FOR_CONTENT = 3
CONTENT_WINDOW = timedelta(hours=24)
LONGEST_TEXT = 20_000
_LONGEST = 2_000


class Item(NamedTuple):
    """Feedback with the message it is about, where there is one, and the address it speaks of."""

    feedback: Feedback
    message_id: UUID | None
    channel: str
    recipient: str | None


def keep(*, shop_id: int, source: str, items: Sequence[Item], now: datetime) -> frozenset[str]:
    """Write down what was heard; returns the event ids that were new."""
    ids = ids_in_order(now)
    rows = [
        MessageFeedback(
            shop_id=shop_id,
            id=next(ids),
            source=source,
            event_id=item.feedback.event_id,
            kind=item.feedback.kind.value,
            message_id=item.message_id,
            channel=item.channel,
            recipient=item.recipient,
            reason=item.feedback.reason and item.feedback.reason.value,
            is_permanent=item.feedback.is_permanent,
            occurred_at=item.feedback.occurred_at,
            received_at=now,
            detail=_cut(item.feedback.detail),
            text=_cut(item.feedback.text, LONGEST_TEXT),
            url=_cut(item.feedback.url),
            user_agent=_cut(item.feedback.user_agent),
            ip=_cut(item.feedback.ip),
        )
        for item in items
    ]
    MessageFeedback.objects.bulk_create(rows, ignore_conflicts=True)
    own = [row.id for row in rows]
    kept = MessageFeedback.objects.filter(shop_id=shop_id, id__in=own)
    return frozenset(kept.values_list("event_id", flat=True))


def refresh_delivery(*, shop_id: int, message_ids: Collection[UUID]) -> None:
    """Bring what messages say of their delivery up to all that was heard of them."""
    if not message_ids:
        return
    # Two workers that hear of one message take turns, each in the same order.
    own = Message.objects.filter(shop_id=shop_id, id__in=message_ids)
    standing = {one.id: one for one in own.select_for_update().order_by("id")}
    heard: defaultdict[UUID, list[Heard]] = defaultdict(list)
    for message_id, kind, at, is_permanent, reason in MessageFeedback.objects.filter(
        shop_id=shop_id, message_id__in=message_ids
    ).values_list("message_id", "kind", "occurred_at", "is_permanent", "reason"):
        if message_id is not None:
            heard[message_id].append(
                Heard(FeedbackKind(kind), at, is_permanent=is_permanent, reason=reason)
            )
    for message_id, message in standing.items():
        state, delivered_at, reason = delivery_of(heard[message_id])
        found = (state and state.value, delivered_at, reason)
        if found != (message.delivery, message.delivered_at, message.bounce_reason):
            Message.objects.filter(shop_id=shop_id, id=message_id).update(
                delivery=found[0], delivered_at=delivered_at, bounce_reason=reason
            )


def soft_bounces(*, shop_id: int, channel: str, address: str) -> list[datetime]:
    """When messages to an address bounced softly, the latest time for each."""
    rows = query.run(
        "ripresa.domain.messages",
        "soft_bounces",
        shop_id=shop_id,
        channel=channel,
        address=address,
        reasons=[one.value for one in SOFT],
    )
    return [at for (at,) in rows]


def latest_delivery_to(*, shop_id: int, channel: str, address: str) -> datetime | None:
    """When something last arrived at an address."""
    told = MessageFeedback.objects.filter(
        shop_id=shop_id, channel=channel, recipient=address, kind=FeedbackKind.DELIVERED.value
    )
    return told.order_by("-occurred_at").values_list("occurred_at", flat=True).first()


def is_refused_for_content(*, message: Message, at: datetime) -> bool:
    """Whether MOST_FOR_CONTENT messages of one sender were refused for their content within CONTENT_WINDOW.

    Of those around `at`, so that it comes to the same in whatever order they are told.
    """
    refused = MessageFeedback.objects.filter(
        shop_id=message.shop_id,
        kind=FeedbackKind.BOUNCED.value,
        reason=BounceReason.CONTENT.value,
        is_permanent=True,
        channel=message.channel,
        message__sender_id=message.sender_id,
        occurred_at__range=(at - CONTENT_WINDOW, at + CONTENT_WINDOW),
    )
    first: dict[UUID | None, datetime] = {}
    for message_id, when in refused.values_list("message_id", "occurred_at"):
        first[message_id] = min(first.get(message_id, when), when)
    instants = sorted(first.values())
    last = instants[MOST_FOR_CONTENT - 1 :]
    return any(end - begin <= CONTENT_WINDOW for begin, end in zip(instants, last, strict=False))


def list_unmatched(
    shop_id: int, *, before: tuple[datetime, UUID] | None, limit: int
) -> list[MessageFeedback]:
    """What named no message of ours, the latest first, after the place `before` (instant, id)."""
    found = MessageFeedback.objects.filter(shop_id=shop_id, message_id__isnull=True)
    if before is not None:
        at, row_id = before
        found = found.filter(Q(occurred_at__lt=at) | Q(occurred_at=at, id__lt=row_id))
    return list(found.order_by("-occurred_at", "-id")[:limit])


def feedback_of_messages(shop_id: int, message_ids: Sequence[UUID]) -> list[MessageFeedback]:
    """What was heard of some messages, in the order in which it happened."""
    found = MessageFeedback.objects.filter(shop_id=shop_id, message_id__in=message_ids)
    return list(found.order_by("occurred_at", "received_at", "id"))


def _cut(text: str, longest: int = _LONGEST) -> str:
    return text.replace("\0", "")[:longest]
