"""Judge anew who opened and clicked a message, by all that was seen of it."""

from collections import defaultdict
from collections.abc import Collection
from uuid import UUID

from ripresa.contracts.feedback import FeedbackKind
from ripresa.domain.messages.machines import Seen, verdicts_on
from ripresa.domain.messages.models import Message, MessageFeedback

# Our own tracking, as a source; what its hits say in `detail` that nobody was shown anything.
TRACKING = "tracking"
PROBES = ("head", "prefetch")
_SEEN = (FeedbackKind.OPENED.value, FeedbackKind.CLICKED.value)


def judge(*, shop_id: int, message_ids: Collection[UUID]) -> None:
    """Bring the verdicts on opens and clicks of these messages up to date."""
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
    for message_id, rows in seen.items():
        verdicts = verdicts_on(
            [_seen(row) for row in rows],
            handed_over_at=left.get(message_id),
            links=0,
        )
        for row, (who, rule) in zip(rows, verdicts, strict=True):
            if (row.verdict, row.verdict_rule) != (who, rule):
                MessageFeedback.objects.filter(shop_id=shop_id, id=row.id).update(
                    verdict=who, verdict_rule=rule
                )


def _seen(row: MessageFeedback) -> Seen:
    is_probe = row.source == TRACKING and row.detail in PROBES
    return Seen(
        FeedbackKind(row.kind), row.occurred_at, row.url, row.user_agent, row.ip, is_probe=is_probe
    )
