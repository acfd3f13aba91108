"""Postmark. Its hooks are not signed: the secret stands in the hook's address."""

from collections.abc import Mapping
from typing import Any

from ripresa.channels.anymail.service import Service, Settings, Told
from ripresa.contracts.feedback import BounceReason
from ripresa.contracts.provider import Setting

# Postmark's bounce types. An address it holds back for earlier trouble is no mailbox that we know of.
_TYPES: Mapping[str, Told] = {
    "HardBounce": Told(is_hard=True),
    "BadEmailAddress": Told(is_hard=True, reason=BounceReason.UNKNOWN),
    "SoftBounce": Told(is_hard=False),
    "ManuallyDeactivated": Told(is_hard=True, reason=BounceReason.OPTED_OUT),
    "Unconfirmed": Told(is_hard=True, reason=BounceReason.UNCLEAR),
    "Blocked": Told(is_hard=True, reason=BounceReason.POLICY),
    "DMARCPolicy": Told(is_hard=True, reason=BounceReason.POLICY),
    "VirusNotification": Told(is_hard=True, reason=BounceReason.CONTENT),
    "TemplateRenderingFailed": Told(is_hard=True, reason=BounceReason.CONTENT),
}


def _options(settings: Settings) -> dict[str, Any]:
    return {
        "server_token": settings["server_token"],
        "message_stream": settings["message_stream"] or None,
    }


def _bounce(event: Any) -> Told:
    said = event.esp_event.get("Type") or event.esp_event.get("SuppressionReason", "")
    return _TYPES.get(said, Told())


SERVICE = Service(
    name="postmark",
    label="Postmark",
    settings=(
        Setting("server_token", "the server's API token", is_secret=True),
        Setting("message_stream", "a broadcast stream, such as broadcast", default=""),
    ),
    backend="anymail.backends.postmark.EmailBackend",
    backend_options=_options,
    tracking="anymail.webhooks.postmark.PostmarkTrackingWebhookView",
    inbound="anymail.webhooks.postmark.PostmarkInboundWebhookView",
    bounce=_bounce,
    can_leave_links=True,
)
