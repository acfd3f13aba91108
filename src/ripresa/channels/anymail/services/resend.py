"""Resend. Its calls are signed by the scheme of Standard Webhooks, under the names of Svix."""

from typing import Any

from ripresa.channels.anymail.service import Service, Settings, Told
from ripresa.channels.anymail.svix import verify_svix
from ripresa.contracts.feedback import BounceReason, HookRequest
from ripresa.contracts.provider import Setting

_TYPES = {"Permanent": True, "Transient": False}
# Resend carries mails through Amazon SES and hands on its words, in sentences of its own before 2025.
_SUBTYPES = {
    "MailboxFull": BounceReason.FULL,
    "MessageTooLarge": BounceReason.CONTENT,
    "ContentRejected": BounceReason.CONTENT,
    "AttachmentRejected": BounceReason.CONTENT,
    "Suppressed": BounceReason.UNKNOWN,
    "OnAccountSuppressionList": BounceReason.OPTED_OUT,
}


def _options(settings: Settings) -> dict[str, Any]:
    return {"api_key": settings["api_key"]}


def _hook_options(settings: Settings) -> dict[str, Any]:
    del settings
    # anymail would load a library for the signature, which is a dozen lines: `_admit`.
    return {"signing_secret": None}


def _admit(request: HookRequest, settings: Settings) -> None:
    verify_svix(request, settings["signing_secret"])


def _bounce(event: Any) -> Told:
    bounce = (event.esp_event.get("data") or {}).get("bounce") or {}
    words = bounce.get("message", "")
    reason = _SUBTYPES.get(bounce.get("subType", ""))
    if "suppressed sending" in words:
        return Told(is_hard=True, reason=reason or BounceReason.OPTED_OUT)
    if "inbox was full" in words:
        return Told(is_hard=False, reason=BounceReason.FULL)
    is_hard = _TYPES.get(bounce.get("type", ""))
    return Told(True if "hard bounce" in words else is_hard, reason)


SERVICE = Service(
    name="resend",
    label="Resend",
    settings=(
        Setting("api_key", "an API key", is_secret=True),
        Setting("signing_secret", "the webhook's signing secret", is_secret=True, default=""),
    ),
    backend="anymail.backends.resend.EmailBackend",
    backend_options=_options,
    tracking="anymail.webhooks.resend.ResendTrackingWebhookView",
    hook_options=_hook_options,
    signed_by="signing_secret",
    admit=_admit,
    bounce=_bounce,
)
