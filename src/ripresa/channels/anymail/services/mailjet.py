"""Mailjet. Its hooks are not signed: the secret stands in the hook's address."""

from typing import Any

from ripresa.channels.anymail.service import Service, Settings, Told
from ripresa.contracts.feedback import BounceReason
from ripresa.contracts.provider import Setting

# Mailjet's guide of the event API, "error" under "error_related_to".
_ERRORS = {
    "user unknown": BounceReason.UNKNOWN,
    "mailbox inactive": BounceReason.DISABLED,
    "quota exceeded": BounceReason.FULL,
    "blacklisted": BounceReason.OPTED_OUT,
    "spam reporter": BounceReason.OPTED_OUT,
    "invalid domain": BounceReason.UNKNOWN,
    "no mail host": BounceReason.UNKNOWN,
    "relay/access denied": BounceReason.POLICY,
    "greylisted": BounceReason.NETWORK,
    "typofix": BounceReason.UNKNOWN,
    "bad or empty template": BounceReason.CONTENT,
    "content blocked": BounceReason.CONTENT,
    "sender blocked": BounceReason.POLICY,
    "policy issue": BounceReason.POLICY,
    "system issue": BounceReason.NETWORK,
    "protocol issue": BounceReason.NETWORK,
    "connection issue": BounceReason.NETWORK,
    "preblocked": BounceReason.OPTED_OUT,
    "duplicate in campaign": BounceReason.UNCLEAR,
}


def _options(settings: Settings) -> dict[str, Any]:
    return {"api_key": settings["api_key"], "secret_key": settings["secret_key"]}


def _bounce(event: Any) -> Told:
    said = event.esp_event
    is_blocked = said.get("event") == "blocked"
    return Told(said.get("hard_bounce", is_blocked), _ERRORS.get(said.get("error", "")))


SERVICE = Service(
    name="mailjet",
    label="Mailjet",
    settings=(
        Setting("api_key", "the API key"),
        Setting("secret_key", "the secret key that belongs to it", is_secret=True),
    ),
    backend="anymail.backends.mailjet.EmailBackend",
    backend_options=_options,
    tracking="anymail.webhooks.mailjet.MailjetTrackingWebhookView",
    inbound="anymail.webhooks.mailjet.MailjetInboundWebhookView",
    bounce=_bounce,
    can_leave_links=True,
)
