"""MailerSend. Its calls are signed by HMAC-SHA256 over the body."""

from typing import Any

from ripresa.channels.anymail.service import Service, Settings, Told
from ripresa.contracts.provider import Setting

_TYPES = {"hard_bounced": True, "soft_bounced": False}


def _options(settings: Settings) -> dict[str, Any]:
    return {"api_token": settings["api_token"]}


def _hook_options(settings: Settings) -> dict[str, Any]:
    return {"signing_secret": settings["signing_secret"]}


def _bounce(event: Any) -> Told:
    return Told(_TYPES.get(event.esp_event.get("data", {}).get("type", "")))


SERVICE = Service(
    name="mailersend",
    label="MailerSend",
    settings=(
        Setting("api_token", "an API token that may send mail", is_secret=True),
        Setting("signing_secret", "the webhook's signing secret", is_secret=True, default=""),
    ),
    backend="anymail.backends.mailersend.EmailBackend",
    backend_options=_options,
    tracking="anymail.webhooks.mailersend.MailerSendTrackingWebhookView",
    hook_options=_hook_options,
    signed_by="signing_secret",
    bounce=_bounce,
    keeps_metadata=False,
    can_leave_links=True,
)
