"""A short message that a person wrote back, as feedback."""

import hashlib
from collections.abc import Mapping
from datetime import datetime

from ripresa.contracts.feedback import Feedback, FeedbackKind
from ripresa.contracts.sms.replies import ReplyWord, read_reply

_KINDS: Mapping[ReplyWord | None, FeedbackKind] = {
    ReplyWord.STOP: FeedbackKind.UNSUBSCRIBED,
    ReplyWord.START: FeedbackKind.SUBSCRIBED,
    ReplyWord.HELP: FeedbackKind.ASKED_HELP,
    ReplyWord.YES: FeedbackKind.AGREED,
    None: FeedbackKind.REPLIED,
}


def in_e164(number: str) -> str:
    """A provider's number with its plus sign; what is no number stays as it is."""
    digits = number.strip().removeprefix("+").removeprefix("00")
    return f"+{digits}" if digits.isascii() and digits.isdigit() else number


def heard_from(
    number: str, text: str, *, event_id: str, occurred_at: datetime, word: ReplyWord | None = None
) -> Feedback:
    """What `number` wrote; `word` where the provider has understood it itself."""
    return Feedback(
        kind=_KINDS[word or read_reply(text)],
        event_id=event_id,
        occurred_at=occurred_at,
        recipient=in_e164(number),
        text=text,
    )


def event_id_of(*parts: str) -> str:
    """An id for what a provider gave none: the same parts, the same id."""
    return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()
