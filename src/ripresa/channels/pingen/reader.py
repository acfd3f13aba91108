"""What Pingen calls us about: sent, delivered, undeliverable, and what went wrong.

Each call is signed: the header `Signature` is the hexadecimal HMAC-SHA256 of the body as it came.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from ripresa.contracts.feedback import (
    BounceReason,
    Feedback,
    FeedbackKind,
    HookRefused,
    HookReply,
    HookRequest,
)

# What happened -> what it is for us. Sent means handed to the post, which is all that most mail tells.
_KINDS: Mapping[str, FeedbackKind] = {
    "webhook_sent": FeedbackKind.DELIVERED,
    "webhook_delivered": FeedbackKind.DELIVERED,
    "webhook_undeliverable": FeedbackKind.BOUNCED,
}
_ISSUES: Mapping[str, FeedbackKind] = {
    "cancellation_completed": FeedbackKind.CANCELLED,
    "waiting_for_funds": FeedbackKind.DELAYED,
}
# Codes of events that end a letter for what is in it.
_UNFIT = ("file_", "invalid_", "content_")


class PingenReader:
    """Makes feedback of Pingen's calls; a `FeedbackReader`."""

    reply = HookReply()

    def __init__(self, secret: str) -> None:
        """`secret` as the webhook at Pingen has it."""
        self._secret = secret

    def read(self, request: HookRequest) -> list[Feedback]:
        """All that a call tells; see FeedbackReader."""
        self._check(request)
        try:
            said = json.loads(request.body)
            data = said["data"]
            told = _feedback(data, said.get("included") or [], request.received_at)
        except (ValueError, KeyError, TypeError, AttributeError) as wrong:
            raise HookRefused(f"it can't be read: {wrong}") from None
        return [told]

    def _check(self, request: HookRequest) -> None:
        given = request.headers.get("signature", "")
        made = hmac.new(self._secret.encode(), request.body, hashlib.sha256).hexdigest()
        if not self._secret or not hmac.compare_digest(given.lower().encode(), made.encode()):
            raise HookRefused("the signature is not that of our secret")


def _feedback(data: Mapping[str, Any], included: list[Any], received_at: datetime) -> Feedback:
    attributes = data.get("attributes") or {}
    code = _event_code(included)
    kind = _kind(str(data["type"]), code)
    reason, is_permanent = None, False
    if kind is FeedbackKind.BOUNCED:
        is_content = str(data["type"]) == "webhook_issues"
        reason = BounceReason.CONTENT if is_content else BounceReason.UNKNOWN
        is_permanent = True
    letter_id = str(data["relationships"]["letter"]["data"]["id"])
    return Feedback(
        kind=kind,
        event_id=str(data.get("id") or f"{letter_id}:{data['type']}:{code}")[:200],
        occurred_at=_instant(attributes.get("created_at"), received_at),
        receipt=letter_id,
        reason=reason,
        is_permanent=is_permanent,
        detail=_detail(attributes, code),
    )


def _kind(category: str, code: str) -> FeedbackKind:
    if category != "webhook_issues":
        return _KINDS.get(category, FeedbackKind.OTHER)
    if code.startswith(_UNFIT):
        return FeedbackKind.BOUNCED
    return _ISSUES.get(code, FeedbackKind.OTHER)


def _event_code(included: list[Any]) -> str:
    for one in included:
        if isinstance(one, dict) and "event" in str(one.get("type", "")):
            return str((one.get("attributes") or {}).get("code", ""))
    return ""


def _detail(attributes: Mapping[str, Any], code: str) -> str:
    words = str(attributes.get("reason") or code)
    corrected = attributes.get("corrected_address")
    if not isinstance(corrected, dict):
        return words
    parts = (str(corrected.get(name) or "") for name in ("name", "street", "number", "zip", "city"))
    return f"{words}; moved to: {' '.join(filter(None, parts))}"


def _instant(text: Any, otherwise: datetime) -> datetime:
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError:
        return otherwise
    return found if found.tzinfo else otherwise
