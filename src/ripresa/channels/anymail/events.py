"""Events of anymail's in our vocabulary."""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from ripresa.channels.anymail.bounces import read_bounce
from ripresa.channels.anymail.service import Service
from ripresa.contracts.feedback import Feedback, FeedbackKind, HookRequest, InboundMail

KEY_FIELD = "message_key"  # how our key stands among the metadata of a mail
_MOST_ID = 150
_MOST_TEXT = 20_000
_MOST_DETAIL = 500

_KINDS: Mapping[str, FeedbackKind] = {
    "queued": FeedbackKind.ACCEPTED,
    "sent": FeedbackKind.ACCEPTED,
    "deferred": FeedbackKind.DELAYED,
    "delivered": FeedbackKind.DELIVERED,
    "bounced": FeedbackKind.BOUNCED,
    "rejected": FeedbackKind.BOUNCED,
    "failed": FeedbackKind.BOUNCED,
    "complained": FeedbackKind.COMPLAINED,
    "unsubscribed": FeedbackKind.UNSUBSCRIBED,
    "subscribed": FeedbackKind.SUBSCRIBED,
    "opened": FeedbackKind.OPENED,
    "clicked": FeedbackKind.CLICKED,
    "autoresponded": FeedbackKind.AUTO_REPLIED,
}
# Where services write who opened or clicked.
_IP_NAMES = frozenset({"ip", "ipaddress", "ip_address"})
# What may be a message key in the address that a reply came to: `reply+KEY@…`, or the key alone.
_KEY = re.compile(r"[a-z2-7]{30,60}")
# Any of these says that no person wrote (RFC 3834, and what older programs send).
_BY_MACHINE = ("X-Autoreply", "X-Autorespond", "X-Auto-Response-Suppress")
_PRECEDENCE = frozenset({"bulk", "junk", "auto_reply"})


def feedback_of(events: Sequence[Any], service: Service, request: HookRequest) -> list[Feedback]:
    """One feedback an event, in their order."""
    made = []
    told: Counter[str] = Counter()
    for event in events:
        event_id = _event_id(event, service, request)
        told[event_id] += 1
        if (again := told[event_id]) > 1:
            event_id += f"#{again}"  # one id for several people: each is a thing of its own
        if hasattr(event, "recipient"):
            made.append(_tracked(event, service, event_id, request.received_at))
        else:
            made.append(_came_in(event, event_id, request.received_at))
    return made


def _tracked(event: Any, service: Service, event_id: str, received_at: datetime) -> Feedback:
    kind = _KINDS.get(str(event.event_type), FeedbackKind.OTHER)
    is_bounce = kind is FeedbackKind.BOUNCED
    bounce = read_bounce(event, service.bounce(event)) if is_bounce else None
    is_by_reader = kind in {FeedbackKind.OPENED, FeedbackKind.CLICKED}
    key = (event.metadata or {}).get(KEY_FIELD)
    return Feedback(
        kind=kind,
        event_id=event_id,
        occurred_at=_instant(event.timestamp) or received_at,
        message_key=str(key) if key else None,
        receipt=str(event.message_id) if event.message_id else None,
        recipient=event.recipient,
        reason=bounce.reason if bounce else None,
        is_permanent=bounce.is_permanent if bounce else False,
        detail=_detail(event),
        url=(event.click_url or "") if kind is FeedbackKind.CLICKED else "",
        user_agent=(event.user_agent or "") if is_by_reader else "",
        ip=_ip(event.esp_event) if is_by_reader else "",
    )


def _came_in(event: Any, event_id: str, received_at: datetime) -> Feedback:
    """A mail somebody wrote: an answer of a person, or of her machine."""
    message = event.message
    to = message.envelope_recipient or next((one.addr_spec for one in message.to), "")
    found = _KEY.search(to.rpartition("@")[0].lower())
    sender = message.from_email
    is_by_machine = _is_by_machine(message)
    return Feedback(
        kind=FeedbackKind.AUTO_REPLIED if is_by_machine else FeedbackKind.REPLIED,
        event_id=event_id,
        occurred_at=_instant(event.timestamp) or received_at,
        message_key=found[0] if found else None,
        recipient=sender.addr_spec if sender else None,
        detail=(message.subject or "")[:_MOST_DETAIL],
        text=(message.stripped_text or message.text or "")[:_MOST_TEXT],
        mail=InboundMail(to, message.as_bytes()),
    )


def _is_by_machine(message: Any) -> bool:
    if message.get("Auto-Submitted", "no").split(";")[0].strip().lower() != "no":
        return True
    if message.get("Precedence", "").strip().lower() in _PRECEDENCE:
        return True
    if message.get_content_type() == "multipart/report":
        return True
    return any(name in message for name in _BY_MACHINE)


def _event_id(event: Any, service: Service, request: HookRequest) -> str:
    """The service's own id, or one made of what it told: the same whenever that is told again."""
    if event.event_id and len(str(event.event_id)) <= _MOST_ID:
        return str(event.event_id)
    if hasattr(event, "recipient"):
        said = json.dumps(event.esp_event, sort_keys=True, default=str).encode()
    else:
        said = request.body  # what came in with a mail may be a form with files
    return hashlib.sha256(service.name.encode() + b" " + said).hexdigest()[:40]


def _instant(at: datetime | None) -> datetime | None:
    if at is None:
        return None
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def _detail(event: Any) -> str:
    parts = [str(part).strip() for part in (event.mta_response, event.description) if part]
    return " · ".join(dict.fromkeys(parts))[:_MOST_DETAIL]


def _ip(said: Any, depth: int = 4) -> str:
    """The first address under a name that services use, however deep they put it."""
    if depth and hasattr(said, "items"):
        for name, value in said.items():
            if str(name).lower() in _IP_NAMES and isinstance(value, str):
                return value
        for value in said.values():
            if found := _ip(value, depth - 1):
                return found
    return ""
