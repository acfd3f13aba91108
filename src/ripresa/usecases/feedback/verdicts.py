"""Judge anew who opened and clicked a message, by all that was seen of it."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction

from ripresa.contracts.feedback import PROBES, TRACKING, FeedbackKind
from ripresa.core import query
from ripresa.domain.attribution import stale
from ripresa.domain.messages.machines import Seen, verdicts_on
from ripresa.domain.messages.models import Message, MessageContent, MessageFeedback
from ripresa.domain.webhooks.tellers.messages import HeardOf, tell_heard
from ripresa.usecases.name_causes import name_causes_after_clicks

BATCH = 500
_SEEN = (FeedbackKind.OPENED.value, FeedbackKind.CLICKED.value)


def judge(*, shop_id: int, message_ids: Collection[UUID], now: datetime) -> None:
    """Bring the verdicts on opens and clicks of these messages up to date, count and tell them."""
    stale.mark_messages(shop_id=shop_id, message_ids=message_ids, now=now)
    seen: defaultdict[UUID, list[MessageFeedback]] = defaultdict(list)
    found = MessageFeedback.objects.filter(
        shop_id=shop_id, message_id__in=message_ids, kind__in=_SEEN
    )
    for row in found.order_by("occurred_at", "id"):
        if row.message_id is not None:
            seen[row.message_id].append(row)
    left = dict(
        Message.objects.filter(shop_id=shop_id, id__in=list(seen)).values_list(
            "id", "handed_over_at"
        )
    )
    contents = MessageContent.objects.filter(shop_id=shop_id, id__in=list(seen))
    links = {message_id: len(urls) for message_id, urls in contents.values_list("id", "urls")}
    heard: list[HeardOf] = []
    for message_id, rows in seen.items():
        verdicts = verdicts_on(
            [_seen(row) for row in rows],
            handed_over_at=left.get(message_id),
            links=links.get(message_id, 0),
        )
        for row, (who, rule) in zip(rows, verdicts, strict=True):
            if (row.verdict, row.verdict_rule) != (who, rule):
                MessageFeedback.objects.filter(shop_id=shop_id, id=row.id).update(
                    verdict=who, verdict_rule=rule
                )
            if row.verdict is None:
                kind = FeedbackKind(row.kind)
                heard.append(HeardOf(message_id, kind, row.occurred_at, by=who))
    tell_heard(shop_id=shop_id, heard=heard, now=now)


def _seen(row: MessageFeedback) -> Seen:
    is_probe = row.source == TRACKING and row.detail in PROBES
    return Seen(
        FeedbackKind(row.kind), row.occurred_at, row.url, row.user_agent, row.ip, is_probe=is_probe
    )


def judge_seen(*, shop_id: int, now: datetime) -> int:
    """Judge what the intake has seen since; returns how much that was."""
    unjudged = MessageFeedback.objects.filter(
        shop_id=shop_id, verdict__isnull=True, kind__in=_SEEN, message_id__isnull=False
    )
    found = list(unjudged.order_by("id").values_list("message_id", flat=True)[:BATCH])
    message_ids = {one for one in found if one is not None}
    with transaction.atomic():
        judge(shop_id=shop_id, message_ids=message_ids, now=now)
    name_causes_after_clicks(shop_id=shop_id, message_ids=message_ids, now=now)
    return len(found)


def shops_with_seen() -> list[int]:
    """The shops for which there is something to judge."""
    return [shop_id for (shop_id,) in query.run("ripresa.domain.messages", "shops_with_unjudged")]
