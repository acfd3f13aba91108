"""What a mail that came back tells of one message, as feedback."""

from datetime import datetime

from ripresa.channels.mailbox.reading.values import Action, Heard, MailKind, Reading
from ripresa.contracts.feedback import Feedback, FeedbackKind

_KINDS = {
    Action.FAILED: FeedbackKind.BOUNCED,
    Action.DELAYED: FeedbackKind.DELAYED,
    Action.DELIVERED: FeedbackKind.DELIVERED,
}


def feedback_of(reading: Reading, message_key: str, event_id: str, at: datetime) -> Feedback | None:
    """What a reading tells of the message of `message_key`; None: a person wrote it.

    A mail of ours has one recipient. A report may name more, or others, where her mail is forwarded:
    then what is worst for good counts, for the address we wrote to does not work as it stands.
    """
    if reading.kind is MailKind.AUTO_REPLY:
        return _feedback(FeedbackKind.AUTO_REPLIED, message_key, event_id, at)
    if reading.kind is MailKind.COMPLAINT:
        return _feedback(FeedbackKind.COMPLAINED, message_key, event_id, at, reading.complaint)
    if not reading.heard or reading.complaint:
        return None
    worst = max(reading.heard, key=_weight)
    return Feedback(
        kind=_KINDS[worst.action],
        event_id=event_id,
        occurred_at=at,
        message_key=message_key,
        reason=worst.reason,
        is_permanent=worst.permanent,
        detail=f"{worst.status} {worst.detail}".strip(),
    )


def _weight(heard: Heard) -> tuple[bool, bool, bool]:
    failed = heard.action is Action.FAILED
    return heard.permanent, failed, heard.action is Action.DELAYED


def _feedback(
    kind: FeedbackKind, key: str, event_id: str, at: datetime, detail: str = ""
) -> Feedback:
    return Feedback(kind, event_id, at, message_key=key, detail=detail)
