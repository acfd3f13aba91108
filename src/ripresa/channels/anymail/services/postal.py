"""Postal, a mail server of one's own. Its calls are signed with the RSA key of the installation."""

from typing import Any

from ripresa.channels.anymail.service import Service, Settings, Told
from ripresa.contracts.provider import Setting


def _options(settings: Settings) -> dict[str, Any]:
    return {"api_key": settings["api_key"], "api_url": settings["api_url"]}


def _hook_options(settings: Settings) -> dict[str, Any]:
    return {"webhook_key": settings["webhook_key"]}


def _bounce(event: Any) -> Told:
    # A HardFail is Postal's own word for it; a bounce is a mail that came back, for whatever reason.
    said = event.esp_event.get("payload", {})
    return Told(is_hard=True if said.get("status") == "HardFail" else None)


SERVICE = Service(
    name="postal",
    label="Postal",
    settings=(
        Setting("api_url", "where it stands: https://postal.example/"),
        Setting("api_key", "an API credential of the mail server", is_secret=True),
        Setting("webhook_key", "p= of what postal default-dkim-record shows", default=""),
    ),
    backend="anymail.backends.postal.EmailBackend",
    backend_options=_options,
    tracking="anymail.webhooks.postal.PostalTrackingWebhookView",
    inbound="anymail.webhooks.postal.PostalInboundWebhookView",
    hook_options=_hook_options,
    signed_by="webhook_key",
    bounce=_bounce,
    keeps_metadata=False,
)
