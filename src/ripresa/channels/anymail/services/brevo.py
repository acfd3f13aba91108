"""Brevo. Its hooks are not signed: the secret stands in the hook's address."""

from typing import Any

from ripresa.channels.anymail.service import Service, Settings, Told
from ripresa.contracts.feedback import BounceReason
from ripresa.contracts.provider import Setting

_EVENTS = {
    "hard_bounce": Told(is_hard=True),
    "soft_bounce": Told(is_hard=False),
    "invalid_email": Told(is_hard=True, reason=BounceReason.UNKNOWN),
    "blocked": Told(is_hard=True, reason=BounceReason.OPTED_OUT),
    "error": Told(is_hard=False, reason=BounceReason.UNCLEAR),
}


def _options(settings: Settings) -> dict[str, Any]:
    return {"api_key": settings["api_key"]}


def _bounce(event: Any) -> Told:
    return _EVENTS.get(event.esp_event.get("event", ""), Told())


SERVICE = Service(
    name="brevo",
    label="Brevo",
    settings=(Setting("api_key", "an API key (version 3)", is_secret=True),),
    backend="anymail.backends.brevo.EmailBackend",
    backend_options=_options,
    tracking="anymail.webhooks.brevo.BrevoTrackingWebhookView",
    inbound="ripresa.channels.anymail.inbound.BrevoInbound",
    hook_options=_options,
    bounce=_bounce,
)
