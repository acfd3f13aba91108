"""Mailgun. It signs time and token, not the body, so a token counts once and not for long.

Once, because the token is the id under which the feedback is kept. Mailgun repeats a call for eight
hours (its documentation of webhooks), hence the age.
"""

import json
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs

from ripresa.channels.anymail.service import Service, Settings, Told
from ripresa.contracts.feedback import BounceReason, HookRefused, HookRequest
from ripresa.contracts.provider import Setting

_OLDEST = timedelta(hours=9)
_FASTEST_CLOCK = timedelta(minutes=5)
_REASONS = {
    "suppress-bounce": Told(is_hard=True, reason=BounceReason.UNKNOWN),
    "suppress-complaint": Told(is_hard=True, reason=BounceReason.OPTED_OUT),
    "suppress-unsubscribe": Told(is_hard=True, reason=BounceReason.OPTED_OUT),
    "espblock": Told(is_hard=True, reason=BounceReason.POLICY),
    "old": Told(is_hard=True, reason=BounceReason.EXPIRED),
}
# The older form of the hook; codes from 600 are Mailgun's own.
_CODES = {
    "499": Told(is_hard=True, reason=BounceReason.EXPIRED),
    "605": Told(is_hard=True, reason=BounceReason.UNKNOWN),
    "607": Told(is_hard=True, reason=BounceReason.OPTED_OUT),
}


def _options(settings: Settings) -> dict[str, Any]:
    return {
        "api_key": settings["api_key"],
        "sender_domain": settings["sender_domain"] or None,
        "api_url": settings["api_url"],
    }


def _hook_options(settings: Settings) -> dict[str, Any]:
    return {"webhook_signing_key": settings["signing_key"] or settings["api_key"]}


def _admit(request: HookRequest, settings: Settings) -> None:
    """The age of a call; anymail checks the signature. Raises HookRefused."""
    del settings
    try:
        age = request.received_at.timestamp() - float(_signed_at(request))
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise HookRefused("Mailgun's call says no time at which it was signed") from error
    if not -_FASTEST_CLOCK.total_seconds() <= age <= _OLDEST.total_seconds():
        raise HookRefused(f"Mailgun's call was signed {age:.0f} seconds before it came")


def _signed_at(request: HookRequest) -> str:
    if request.headers.get("content-type", "").startswith("application/json"):
        return str(json.loads(request.body)["signature"]["timestamp"])
    if request.headers.get("content-type", "").startswith("multipart/"):
        return _field_of_form(request.body, "timestamp")
    return parse_qs(request.body.decode())["timestamp"][-1]


def _field_of_form(body: bytes, name: str) -> str:
    """The last field of this name in a multipart body: earlier ones may be somebody's variables."""
    head = f'name="{name}"'.encode()
    return body.rpartition(head)[2].split(b"\r\n\r\n", 1)[1].split(b"\r\n", 1)[0].decode()


def _bounce(event: Any) -> Told:
    said = event.esp_event
    if "event-data" not in said:
        return _CODES.get(said.get("code", ""), Told())
    data = said["event-data"]
    told = _REASONS.get(data.get("reason", ""))
    return told or Told(is_hard={"permanent": True, "temporary": False}.get(data.get("severity")))


SERVICE = Service(
    name="mailgun",
    label="Mailgun",
    settings=(
        Setting("api_key", "a sending key", is_secret=True),
        Setting("signing_key", "the HTTP webhook signing key", is_secret=True, default=""),
        Setting("sender_domain", "when it isn't the domain of the sender's address", default=""),
        Setting(
            "api_url",
            "in Europe: https://api.eu.mailgun.net/v3",
            default="https://api.mailgun.net/v3",
        ),
    ),
    backend="anymail.backends.mailgun.EmailBackend",
    backend_options=_options,
    tracking="anymail.webhooks.mailgun.MailgunTrackingWebhookView",
    inbound="anymail.webhooks.mailgun.MailgunInboundWebhookView",
    hook_options=_hook_options,
    admit=_admit,
    bounce=_bounce,
    can_leave_links=True,
)
