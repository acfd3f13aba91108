"""SendGrid. Its calls are signed by ECDSA where the account has that switched on."""

from typing import Any

from ripresa.channels.anymail.service import Service, Settings, Told
from ripresa.contracts.feedback import BounceReason
from ripresa.contracts.provider import Setting

_DROPPED = {
    "invalid": Told(is_hard=True, reason=BounceReason.UNKNOWN),
    "bounced address": Told(is_hard=True, reason=BounceReason.UNKNOWN),
    "unsubscribed address": Told(is_hard=True, reason=BounceReason.OPTED_OUT),
    "spam reporting address": Told(is_hard=True, reason=BounceReason.OPTED_OUT),
    "spam content": Told(is_hard=True, reason=BounceReason.CONTENT),
}
# SendGrid's "blocked" is a refusal for the moment: it keeps sending to that address.
_BOUNCES = {
    "bounce": Told(is_hard=True),
    "blocked": Told(is_hard=False, reason=BounceReason.POLICY),
    "expired": Told(is_hard=False, reason=BounceReason.EXPIRED),
}


def _options(settings: Settings) -> dict[str, Any]:
    return {"api_key": settings["api_key"]}


def _hook_options(settings: Settings) -> dict[str, Any]:
    return {"tracking_webhook_verification_key": settings["verification_key"] or None}


def _bounce(event: Any) -> Told:
    said = event.esp_event
    if said.get("event") == "dropped":
        return _DROPPED.get(str(said.get("reason", "")).lower(), Told(is_hard=True))
    return _BOUNCES.get(said.get("type", ""), Told())


SERVICE = Service(
    name="sendgrid",
    label="SendGrid",
    settings=(
        Setting("api_key", "an API key that may send mail", is_secret=True),
        Setting("verification_key", "the key of the signed event webhook", default=""),
    ),
    backend="anymail.backends.sendgrid.EmailBackend",
    backend_options=_options,
    tracking="anymail.webhooks.sendgrid.SendGridTrackingWebhookView",
    inbound="anymail.webhooks.sendgrid.SendGridInboundWebhookView",
    hook_options=_hook_options,
    bounce=_bounce,
    can_leave_links=True,
)
