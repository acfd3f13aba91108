"""SparkPost. Its hooks are not signed: the secret stands in the hook's address."""

from collections.abc import Mapping
from typing import Any

from ripresa.channels.anymail.service import Service, Settings, Told
from ripresa.contracts.feedback import BounceReason
from ripresa.contracts.provider import Setting

# SparkPost's bounce classification codes.
_CLASSES: Mapping[str, Told] = {
    "1": Told(reason=BounceReason.UNCLEAR),
    "10": Told(is_hard=True, reason=BounceReason.UNKNOWN),
    "20": Told(is_hard=False),
    "21": Told(is_hard=False, reason=BounceReason.NETWORK),
    "22": Told(is_hard=False, reason=BounceReason.FULL),
    "23": Told(is_hard=False, reason=BounceReason.CONTENT),
    "24": Told(is_hard=False, reason=BounceReason.EXPIRED),
    "25": Told(is_hard=True, reason=BounceReason.OPTED_OUT),
    "30": Told(is_hard=True, reason=BounceReason.UNKNOWN),
    "40": Told(is_hard=False),
    "50": Told(is_hard=False, reason=BounceReason.POLICY),
    "51": Told(is_hard=False, reason=BounceReason.POLICY),
    "52": Told(is_hard=False, reason=BounceReason.CONTENT),
    "53": Told(is_hard=False, reason=BounceReason.CONTENT),
    "54": Told(is_hard=False, reason=BounceReason.POLICY),
    "70": Told(is_hard=False, reason=BounceReason.NETWORK),
}
_HELD_BACK = {"generation_rejection", "policy_rejection"}


def _options(settings: Settings) -> dict[str, Any]:
    return {
        "api_key": settings["api_key"],
        "subaccount": settings["subaccount"] or None,
        "api_url": settings["api_url"],
    }


def _bounce(event: Any) -> Told:
    for said in event.esp_event.get("msys", {}).values():
        if said.get("type") in _HELD_BACK and "suppressed" in said.get("raw_reason", ""):
            return Told(is_hard=True, reason=BounceReason.OPTED_OUT)
        if said.get("type") == "generation_failure":
            return Told(is_hard=True, reason=BounceReason.CONTENT)
        return _CLASSES.get(str(said.get("bounce_class", "")), Told())
    return Told()


SERVICE = Service(
    name="sparkpost",
    label="SparkPost",
    settings=(
        Setting("api_key", "an API key that may transmit", is_secret=True),
        Setting("subaccount", "the number of a subaccount", default=""),
        Setting(
            "api_url",
            "in Europe: https://api.eu.sparkpost.com/api/v1",
            default="https://api.sparkpost.com/api/v1",
        ),
    ),
    backend="anymail.backends.sparkpost.EmailBackend",
    backend_options=_options,
    tracking="anymail.webhooks.sparkpost.SparkPostTrackingWebhookView",
    inbound="anymail.webhooks.sparkpost.SparkPostInboundWebhookView",
    bounce=_bounce,
    can_leave_links=True,
)
