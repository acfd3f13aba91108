"""Mandrill (Mailchimp Transactional). It signs the hook's address and the form by HMAC-SHA1."""

from typing import Any

from ripresa.channels.anymail.service import Service, Settings, Told
from ripresa.contracts.feedback import BounceReason
from ripresa.contracts.provider import Setting

_DESCRIPTIONS = {
    "bad_mailbox": BounceReason.UNKNOWN,
    "invalid_domain": BounceReason.UNKNOWN,
    "mailbox_full": BounceReason.FULL,
    "message_size": BounceReason.CONTENT,
    "spam": BounceReason.POLICY,
}
_REJECTS = {
    "hard-bounce": Told(is_hard=True, reason=BounceReason.UNKNOWN),
    "soft-bounce": Told(is_hard=False),
    "spam": Told(is_hard=True, reason=BounceReason.OPTED_OUT),
    "unsub": Told(is_hard=True, reason=BounceReason.OPTED_OUT),
    "custom": Told(is_hard=True, reason=BounceReason.OPTED_OUT),
    "invalid": Told(is_hard=True, reason=BounceReason.UNKNOWN),
    "invalid-sender": Told(is_hard=True, reason=BounceReason.POLICY),
    "unsigned": Told(is_hard=True, reason=BounceReason.POLICY),
    "payment-required": Told(is_hard=False, reason=BounceReason.CREDIT),
}


def _options(settings: Settings) -> dict[str, Any]:
    return {"api_key": settings["api_key"]}


def _hook_options(settings: Settings) -> dict[str, Any]:
    return {"webhook_key": settings["webhook_key"]}


def _bounce(event: Any) -> Told:
    said = event.esp_event
    message = said.get("msg", {})
    if said.get("event") == "reject":
        reject = message.get("reject") or {}
        return _REJECTS.get(str(reject.get("reason", "")), Told(is_hard=True))
    is_hard = {"hard_bounce": True, "soft_bounce": False}.get(said.get("event", ""))
    return Told(is_hard, _DESCRIPTIONS.get(message.get("bounce_description", "")))


SERVICE = Service(
    name="mandrill",
    label="Mandrill (Mailchimp Transactional)",
    settings=(
        Setting("api_key", "an API key", is_secret=True),
        Setting(
            "webhook_key", "the key of the webhook, once it exists", is_secret=True, default=""
        ),
    ),
    backend="anymail.backends.mandrill.EmailBackend",
    backend_options=_options,
    tracking="anymail.webhooks.mandrill.MandrillCombinedWebhookView",
    hook_options=_hook_options,
    signed_by="webhook_key",
    bounce=_bounce,
    can_leave_links=True,
)
