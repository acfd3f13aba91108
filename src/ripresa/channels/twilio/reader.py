"""What Twilio calls us about: states of messages, in any order, and what people wrote back."""

from collections.abc import Mapping
from dataclasses import replace

from ripresa.channels.twilio.answers import bounce
from ripresa.channels.twilio.signature import check
from ripresa.contracts.feedback import (
    Feedback,
    FeedbackKind,
    HookRefused,
    HookReply,
    HookRequest,
)
from ripresa.contracts.hooks.fields import fields_of, first
from ripresa.contracts.sms.incoming import heard_from, in_e164
from ripresa.contracts.sms.replies import ReplyWord

_STATES: Mapping[str, FeedbackKind] = {
    **dict.fromkeys(("queued", "accepted", "scheduled", "sending", "sent"), FeedbackKind.ACCEPTED),
    "delivered": FeedbackKind.DELIVERED,
    "read": FeedbackKind.DELIVERED,
    "undelivered": FeedbackKind.BOUNCED,
    "failed": FeedbackKind.BOUNCED,
    "canceled": FeedbackKind.CANCELLED,
}
_INCOMING = frozenset({"received", "receiving"})
# Advanced Opt-Out has read the words itself, in the account's own list.
_OPT_OUT_TYPES = {"STOP": ReplyWord.STOP, "START": ReplyWord.START, "HELP": ReplyWord.HELP}


class TwilioReader:
    """Makes feedback of Twilio's calls; a `FeedbackReader`."""

    # An empty answer in its own language: nothing is to be said to who wrote.
    reply = HookReply(content_type="text/xml", body=b"<Response/>")

    def __init__(self, token: str) -> None:
        self._token = token

    def read(self, request: HookRequest) -> list[Feedback]:
        """All that a call tells; see FeedbackReader."""
        check(request, self._token)
        fields = fields_of(request)
        sid = first(fields, "MessageSid", "SmsSid")
        if not sid:
            raise HookRefused("it names no message (MessageSid)")
        state = first(fields, "MessageStatus", "SmsStatus")
        if state in _INCOMING or (not state and "Body" in fields):
            return [_reply(sid, fields, request)]
        kind = _STATES.get(state, FeedbackKind.OTHER)
        code = fields.get("ErrorCode", "")
        reason, is_permanent = bounce(code) if kind is FeedbackKind.BOUNCED else (None, False)
        return [
            Feedback(
                kind=kind,
                event_id=f"{sid}:{state}"[:200],
                occurred_at=request.received_at,
                message_key=fields.get("key") or None,
                receipt=sid,
                recipient=in_e164(fields["To"]) if fields.get("To") else None,
                reason=reason,
                is_permanent=is_permanent,
                detail=" ".join(filter(None, (state, code, fields.get("ErrorMessage", "")))),
            )
        ]


def _reply(sid: str, fields: Mapping[str, str], request: HookRequest) -> Feedback:
    understood = _OPT_OUT_TYPES.get(fields.get("OptOutType", ""))
    heard = heard_from(
        fields.get("From", ""),
        fields.get("Body", ""),
        event_id=sid[:200],
        occurred_at=request.received_at,
        word=understood,
    )
    # What Twilio has understood it has answered: one answer is enough.
    return replace(heard, kind=FeedbackKind.OTHER) if understood is ReplyWord.HELP else heard
