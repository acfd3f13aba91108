"""Mailtrap. Its calls are signed by HMAC-SHA256 over the body."""

from typing import Any

from ripresa.channels.anymail.service import Service, Settings, Told
from ripresa.contracts.feedback import BounceReason
from ripresa.contracts.provider import Setting

_CATEGORIES = {
    "badmailbox": BounceReason.UNKNOWN,
    "quota": BounceReason.FULL,
    "policy": BounceReason.POLICY,
    "spam": BounceReason.POLICY,
    "reputation": BounceReason.POLICY,
}
_EVENTS = {"bounce": True, "soft bounce": False, "reject": True}


def _options(settings: Settings) -> dict[str, Any]:
    return {"api_token": settings["api_token"]}


def _hook_options(settings: Settings) -> dict[str, Any]:
    return {"tracking_secret": settings["signing_secret"]}


def _bounce(event: Any) -> Told:
    said = event.esp_event
    if said.get("event") == "reject":
        return Told(is_hard=True, reason=BounceReason.OPTED_OUT)
    is_hard = _EVENTS.get(said.get("event", ""))
    return Told(is_hard, _CATEGORIES.get(said.get("bounce_category", "")))


SERVICE = Service(
    name="mailtrap",
    label="Mailtrap",
    settings=(
        Setting("api_token", "an API token of the sending domain", is_secret=True),
        Setting("signing_secret", "the webhook's signing secret", is_secret=True, default=""),
    ),
    backend="anymail.backends.mailtrap.EmailBackend",
    backend_options=_options,
    tracking="anymail.webhooks.mailtrap.MailtrapTrackingWebhookView",
    hook_options=_hook_options,
    signed_by="signing_secret",
    bounce=_bounce,
)
