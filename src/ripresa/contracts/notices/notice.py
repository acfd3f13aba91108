"""What a notice must have to be posted, and how one that is too long is cut."""

import re

from ripresa.contracts.channel import OutgoingNotice

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def trouble_of_notice(notice: OutgoingNotice) -> str:
    """Why nobody could ever post this; empty: nothing stands against it."""
    if not notice.idempotency_key:
        return "there is no key"
    if not notice.recipient.address:
        return "there is nobody it is for"
    if not notice.subject.strip() or not notice.text.strip():
        return "it says nothing"
    if _CONTROL.search(notice.subject + notice.text):
        return "there are control characters in it"
    return ""


def cut(text: str, longest: int) -> str:
    """`text`, with an ellipsis where it was longer than so many characters."""
    return text if len(text) <= longest else text[: longest - 1] + "…"
