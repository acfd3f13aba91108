"""What Vonage calls us about: reports and messages of the SMS API, and those of the Messages API."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from ripresa.channels.vonage.answers import bounce
from ripresa.channels.vonage.signature import check_fields, check_token
from ripresa.contracts.feedback import (
    Feedback,
    FeedbackKind,
    HookRefused,
    HookReply,
    HookRequest,
)
from ripresa.contracts.hooks.fields import fields_of, first, json_of
from ripresa.contracts.sms.incoming import event_id_of, heard_from, in_e164

_STATES: Mapping[str, FeedbackKind] = {
    "submitted": FeedbackKind.ACCEPTED,
    "accepted": FeedbackKind.ACCEPTED,
    "buffered": FeedbackKind.DELAYED,
    "delivered": FeedbackKind.DELIVERED,
    "read": FeedbackKind.DELIVERED,
    "expired": FeedbackKind.BOUNCED,
    "failed": FeedbackKind.BOUNCED,
    "rejected": FeedbackKind.BOUNCED,
    "undeliverable": FeedbackKind.BOUNCED,
}
_BEARER = "bearer "


class VonageReader:
    """Makes feedback of Vonage's calls; a `FeedbackReader`. `secret` empty: they are not signed."""

    reply = HookReply(status=204)

    def __init__(self, secret: str, method: str) -> None:
        self._secret = secret
        self._method = method

    def read(self, request: HookRequest) -> list[Feedback]:
        """All that a call tells; see FeedbackReader."""
        fields = fields_of(request)
        self._check(request, fields)
        if "message_uuid" in fields:
            return [_of_messages_api(json_of(request) or dict(fields), request)]
        if first(fields, "messageId", "message-id") and fields.get("status"):
            return [_report(fields, request)]
        if fields.get("msisdn") and "text" in fields:
            return [_reply(fields, request)]
        raise HookRefused("it is neither a report (messageId, status) nor a message (msisdn, text)")

    def _check(self, request: HookRequest, fields: Mapping[str, str]) -> None:
        if not self._secret:
            return
        authorization = request.headers.get("authorization", "")
        if authorization.lower().startswith(_BEARER):
            check_token(request, authorization[len(_BEARER) :].strip(), self._secret)
        else:
            check_fields(fields, self._secret, self._method, received_at=request.received_at)


def _report(fields: Mapping[str, str], request: HookRequest) -> Feedback:
    receipt, state = first(fields, "messageId", "message-id"), fields["status"]
    kind = _STATES.get(state, FeedbackKind.OTHER)
    code = fields.get("err-code", "")
    when = fields.get("message-timestamp", "")
    reason, is_permanent = bounce(code) if kind is FeedbackKind.BOUNCED else (None, False)
    return Feedback(
        kind=kind,
        event_id=event_id_of(receipt, state, when),
        occurred_at=_instant(when, request.received_at),
        message_key=fields.get("client-ref") or None,
        receipt=receipt,
        recipient=in_e164(fields["msisdn"]) if fields.get("msisdn") else None,
        reason=reason,
        is_permanent=is_permanent,
        detail=f"{state} {code}".strip(),
    )


def _reply(fields: Mapping[str, str], request: HookRequest) -> Feedback:
    when = fields.get("message-timestamp", "")
    text = fields["text"]
    message_id = first(fields, "messageId", "message-id")
    return heard_from(
        fields["msisdn"],
        text,
        event_id=event_id_of(message_id, fields["msisdn"], when, text),
        occurred_at=_instant(when, request.received_at),
    )


def _of_messages_api(said: Mapping[str, Any], request: HookRequest) -> Feedback:
    message_id, when = str(said["message_uuid"]), str(said.get("timestamp", ""))
    at = _instant(when, request.received_at)
    state = said.get("status")
    if state is None:
        sender, text = str(said.get("from", "")), str(said.get("text", ""))
        return heard_from(sender, text, event_id=event_id_of(message_id), occurred_at=at)
    error = said.get("error")
    words = f"{error.get('title', '')}" if isinstance(error, dict) else ""
    kind = _STATES.get(str(state), FeedbackKind.OTHER)
    is_bounce = kind is FeedbackKind.BOUNCED
    reason, is_permanent = bounce(words) if is_bounce else (None, False)
    return Feedback(
        kind=kind,
        event_id=event_id_of(message_id, str(state)),
        occurred_at=at,
        message_key=str(said.get("client_ref") or "") or None,
        receipt=message_id,
        recipient=in_e164(str(said["to"])) if said.get("to") else None,
        reason=reason,
        is_permanent=is_permanent,
        detail=f"{state} {words}".strip(),
    )


def _instant(text: str, otherwise: datetime) -> datetime:
    """`2026-11-22 09:30:00` or ISO 8601, in UTC where no zone stands; never after `otherwise`."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return otherwise
    found = found if found.tzinfo else found.replace(tzinfo=UTC)
    return min(found, otherwise)
