"""What SMSAPI calls us about: delivery reports, several to a call, and what people wrote back.

It signs nothing, so all that proves a call is the address it came to, which nobody can guess. The
answer has to be `OK` to the letter, else the call is repeated.
"""

from collections.abc import Mapping
from itertools import zip_longest

from ripresa.contracts.feedback import (
    BounceReason,
    Feedback,
    FeedbackKind,
    HookRefused,
    HookReply,
    HookRequest,
)
from ripresa.contracts.hooks.fields import fields_of, first, instant
from ripresa.contracts.sms.incoming import event_id_of, heard_from, in_e164

# Their words to the left. A bounce says why, as far as they tell.
_STATUS: Mapping[str, tuple[FeedbackKind, BounceReason | None]] = {
    "402": (FeedbackKind.BOUNCED, BounceReason.EXPIRED),
    "403": (FeedbackKind.ACCEPTED, None),  # sent on
    "404": (FeedbackKind.DELIVERED, None),
    "405": (FeedbackKind.BOUNCED, BounceReason.UNCLEAR),  # undelivered
    "406": (FeedbackKind.BOUNCED, BounceReason.UNCLEAR),  # failed
    "407": (FeedbackKind.BOUNCED, BounceReason.UNCLEAR),  # rejected
    "408": (FeedbackKind.OTHER, None),  # no report came back
    "409": (FeedbackKind.ACCEPTED, None),  # queued
    "410": (FeedbackKind.ACCEPTED, None),  # taken by the operator
    "411": (FeedbackKind.DELAYED, None),  # tried again
    "412": (FeedbackKind.CANCELLED, None),  # stopped by the account's owner
}
_NAMES = {
    "EXPIRED": "402", "SENT": "403", "DELIVERED": "404", "UNDELIVERED": "405", "FAILED": "406",
    "REJECTED": "407", "UNKNOWN": "408", "QUEUE": "409", "ACCEPTED": "410", "RENEWAL": "411",
    "STOP": "412",
}  # fmt: skip
_LIST = ("MsgId", "status", "idx", "to", "donedate")


class SmsapiReader:
    """Makes feedback of SMSAPI's calls; a `FeedbackReader`."""

    reply = HookReply(body=b"OK")

    def read(self, request: HookRequest) -> list[Feedback]:
        """All that a call tells; see FeedbackReader."""
        fields = fields_of(request)
        if fields.get("sms_from"):
            return [_reply(fields, request)]
        if not fields.get("MsgId"):
            raise HookRefused("it names neither a message (MsgId) nor who wrote (sms_from)")
        columns = (fields.get(name, "").split(",") for name in _LIST)
        rows = zip_longest(*columns, fillvalue="")
        return [_report(dict(zip(_LIST, row, strict=True)), request) for row in rows]


def _report(row: Mapping[str, str], request: HookRequest) -> Feedback:
    said = row["status"].strip()
    kind, reason = _STATUS.get(_NAMES.get(said.upper(), said), (FeedbackKind.OTHER, None))
    return Feedback(
        kind=kind,
        event_id=f"{row['MsgId']}:{said}:{row['donedate']}"[:200],
        occurred_at=instant(row["donedate"], request.received_at),
        message_key=row["idx"] or None,
        receipt=row["MsgId"] or None,
        recipient=in_e164(row["to"]) if row["to"] else None,
        reason=reason,
        is_permanent=kind is FeedbackKind.BOUNCED,
        detail=f"SMSAPI status {said}",
    )


def _reply(fields: Mapping[str, str], request: HookRequest) -> Feedback:
    sender, text = fields["sms_from"], fields.get("sms_text", "")
    when = first(fields, "sms_date")
    return heard_from(
        sender,
        text,
        event_id=fields.get("MsgId") or event_id_of(sender, fields.get("sms_to", ""), when, text),
        occurred_at=instant(when, request.received_at),
    )
