"""What a gateway calls us about: reports in Kannel's escapes, and what people wrote back.

Kannel signs nothing: what proves a call is the address it came to, and the key of ours that a report
carries. Fields by their names here: `key` ours, `state` (%d), `reply` (%A), `at` (%T), `to` (%p);
of an incoming message `from` (%p), `to` (%P), `text` (%a), `at` (%T), `id` (%I).
"""

import re
from collections.abc import Mapping

from ripresa.contracts.feedback import (
    BounceReason,
    Feedback,
    FeedbackKind,
    HookRefused,
    HookReply,
    HookRequest,
)
from ripresa.contracts.hooks.fields import fields_of, instant
from ripresa.contracts.sms.incoming import event_id_of, heard_from, in_e164

# gw/dlr.h: one bit a report; 34 and 66 are newer, a no with its cause.
_STATES: Mapping[str, tuple[FeedbackKind, BounceReason | None]] = {
    "1": (FeedbackKind.DELIVERED, None),
    "2": (FeedbackKind.BOUNCED, BounceReason.UNCLEAR),
    "4": (FeedbackKind.ACCEPTED, None),  # kept at the SMS centre
    "8": (FeedbackKind.ACCEPTED, None),  # taken by the SMS centre
    "16": (FeedbackKind.BOUNCED, BounceReason.UNCLEAR),  # refused by the SMS centre
    "34": (FeedbackKind.BOUNCED, BounceReason.EXPIRED),
    "66": (FeedbackKind.OTHER, None),  # nobody knows
}
# The last word of a report in the SMPP form, where the state alone says only "no".
_SMPP_STATE = re.compile(r"\bstat:(\w+)")
_BY_SMPP_STATE = {"EXPIRED": BounceReason.EXPIRED}


class HttpGatewayReader:
    """Makes feedback of a gateway's calls; a `FeedbackReader`."""

    reply = HookReply()  # what is said here, Kannel would send on to who wrote

    def read(self, request: HookRequest) -> list[Feedback]:
        """All that a call tells; see FeedbackReader."""
        fields = fields_of(request)
        if fields.get("state"):
            return [_report(fields, request)]
        if fields.get("from") and "text" in fields:
            return [_reply(fields, request)]
        raise HookRefused("it has neither `state` (a report) nor `from` and `text` (a message)")


def _report(fields: Mapping[str, str], request: HookRequest) -> Feedback:
    state, reply, at = fields["state"], fields.get("reply", ""), fields.get("at", "")
    kind, reason = _STATES.get(state, (FeedbackKind.OTHER, None))
    if reason is not None and (found := _SMPP_STATE.search(reply)):
        reason = _BY_SMPP_STATE.get(found[1], reason)
    key = fields.get("key", "")
    return Feedback(
        kind=kind,
        event_id=event_id_of(key, state, at, reply),
        occurred_at=instant(at, request.received_at),
        message_key=key or None,
        recipient=in_e164(fields["to"]) if fields.get("to") else None,
        reason=reason,
        is_permanent=kind is FeedbackKind.BOUNCED,
        detail=" ".join(filter(None, (f"state {state}", reply))),
    )


def _reply(fields: Mapping[str, str], request: HookRequest) -> Feedback:
    sender, text, at = fields["from"], fields["text"], fields.get("at", "")
    return heard_from(
        sender,
        text,
        event_id=event_id_of(fields.get("id", ""), sender, fields.get("to", ""), at, text),
        occurred_at=instant(at, request.received_at),
    )
