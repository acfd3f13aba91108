"""The recorded events of mail services, as calls of theirs that are signed today."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from ripresa.contracts.feedback import HookRequest
from tests.foreign import FOREIGN
from tests.unit.channels.anymail import calls

EVENTS = FOREIGN / "payloads/esp_events_anymail"
SERVICES = {"unisender": "unisender_go", "amazon": "amazon_ses"}


@dataclass(frozen=True)
class Case:
    """One recorded test: what the service sent, and what its events had to say."""

    service: str
    is_inbound: bool
    name: str
    payloads: Mapping[str, Any]
    asserted: tuple[tuple[str, Any], ...]

    def __str__(self) -> str:
        return f"{self.service}{'-inbound' if self.is_inbound else ''}:{self.name}"

    def labels(self, field: str) -> list[Any]:
        """The values asserted of `field`, in order; of a call with several events: by their place."""
        if not any(name == f"event.{field}" for name, _ in self.asserted):
            numbered = [
                (name, value) for name, value in self.asserted if name.startswith("events[")
            ]
            return [value for name, value in numbered if name.endswith(f".{field}")]
        return [value for name, value in self.asserted if name == f"event.{field}"]

    def label(self, name: str) -> Any:
        return next((value for field, value in self.asserted if field == name), None)


def cases() -> list[Case]:
    """All of them; none where the data is missing."""
    found = []
    for path in sorted(EVENTS.glob("*_webhooks.json")) + sorted(EVENTS.glob("*_inbound.json")):
        service, _, kind = path.stem.rpartition("_")
        found += [
            Case(
                service=service,
                is_inbound=kind == "inbound",
                name=one["test"].rpartition(".test_")[2],
                payloads=one["payloads"],
                asserted=tuple((each["field"], each["equals"]) for each in one["asserted"]),
            )
            for one in json.loads(path.read_text())
        ]
    return found


def request_of(case: Case) -> HookRequest | None:
    """The call that brings the recorded payload; None: there is none, only an error's words."""
    make = _INBOUND if case.is_inbound else _TRACKING
    body = next((case.payloads[name] for name in _BODIES if name in case.payloads), None)
    if case.service == "resend":
        return calls.resend(body, call_id=case.label("event.event_id") or "msg_1")
    return None if body is None else make[case.service](body)


_BODIES = ("raw_sns_message", "payload", "raw_events", "raw_event", "kwargs", "data", "filenames")


def _value(body: Any) -> Any:
    return json.loads(body) if isinstance(body, str) else body


def _mailgun(body: Any) -> HookRequest:
    value = _value(body)
    if isinstance(value, list):  # names of attached files
        return _mailgun_with_files(value)
    if "event-data" in value:
        return calls.mailgun(value)
    at = _one(value.get("timestamp", f"{calls.NOW.timestamp():.0f}"))
    signed_at = datetime.fromtimestamp(int(at), UTC)
    block = calls.mailgun_block("mailgun-secret", _one(value.get("token", "t0ken")), signed_at)
    # Mailgun puts its own fields behind those of a merchant with the same names.
    fields = {name: each for name, each in value.items() if name not in block} | {
        name: [*_all(value.get(name))[:-1], said] for name, said in block.items()
    }
    request = calls.as_multipart(fields) if "body-mime" in value else calls.as_form(fields)
    return replace(request, received_at=signed_at + timedelta(seconds=2))


def _mailgun_with_files(names: list[str]) -> HookRequest:
    said = {"sender": "ben@people.example", "recipient": "shop@enoteca.example", "body-plain": "Hi"}
    count = {"attachment-count": str(len(names)), "message-headers": "[]"}
    files = {f"attachment-{n}": (name, b"x") for n, name in enumerate(names, 1)}
    return calls.as_multipart(said | count | calls.mailgun_block("mailgun-secret"), files)


def _all(value: Any) -> list[str]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _one(value: Any) -> str:
    return value[-1] if isinstance(value, list) else value


def _mandrill(body: Any) -> HookRequest:
    value = _value(body)
    if isinstance(value, dict) and "mandrill_events" in value:
        value = json.loads(value["mandrill_events"])
    return calls.mandrill(value if isinstance(value, list) else [value])


def _mailjet(body: Any) -> HookRequest:
    return calls.as_json(body)


def _ses(body: Any) -> HookRequest:
    return calls.amazon_ses(body)


def _sendgrid_inbound(body: Any) -> HookRequest:
    if isinstance(body, list):  # names of attached files
        files = {f"attachment{n}": (name, b"x") for n, name in enumerate(body, 1)}
        return calls.as_multipart({"headers": "", "attachments": str(len(body))}, files)
    return calls.as_multipart(body)


_TRACKING = {
    "amazon_ses": _ses,
    "brevo": calls.as_json,
    "mailersend": lambda body: calls.mailersend(_value(body)),
    "mailgun": _mailgun,
    "mailjet": _mailjet,
    "mailtrap": calls.mailtrap,
    "mandrill": _mandrill,
    "postal": lambda body: calls.postal(_value(body)),
    "postmark": calls.as_json,
    "sendgrid": lambda body: calls.sendgrid(_value(body)),
    "sparkpost": calls.as_json,
    "unisender_go": calls.unisender_go,
}
_INBOUND = _TRACKING | {
    "brevo": lambda body: calls.as_json({"items": [body]}),
    "sendgrid": _sendgrid_inbound,
    "sparkpost": lambda body: calls.as_json([body]),
}
