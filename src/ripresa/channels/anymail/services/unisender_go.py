"""Unisender Go. Its calls carry an MD5 over body and API key: weak, but its own."""

from typing import Any

from ripresa.channels.anymail.service import Service, Settings, Told
from ripresa.contracts.feedback import BounceReason
from ripresa.contracts.provider import Setting

_STATUSES = {
    "err_user_unknown": BounceReason.UNKNOWN,
    "err_user_inactive": BounceReason.DISABLED,
    "err_mailbox_discarded": BounceReason.DISABLED,
    "err_mailbox_full": BounceReason.FULL,
    "err_spam_rejected": BounceReason.POLICY,
    "err_blacklisted": BounceReason.POLICY,
    "err_too_large": BounceReason.CONTENT,
    "err_unsubscribed": BounceReason.OPTED_OUT,
    "err_unreachable": BounceReason.OPTED_OUT,
    "err_skip_letter": BounceReason.OPTED_OUT,
    "err_domain_inactive": BounceReason.UNKNOWN,
    "err_destination_misconfigured": BounceReason.NETWORK,
    "err_spam_skipped": BounceReason.OPTED_OUT,
    "err_will_retry": BounceReason.NETWORK,
}


def _options(settings: Settings) -> dict[str, Any]:
    return {"api_key": settings["api_key"], "api_url": settings["api_url"]}


def _hook_options(settings: Settings) -> dict[str, Any]:
    return {"api_key": settings["api_key"]}


def _bounce(event: Any) -> Told:
    said = event.esp_event
    status = (said.get("delivery_info") or {}).get("delivery_status", "")
    return Told(said.get("status") == "hard_bounced", _STATUSES.get(status))


SERVICE = Service(
    name="unisender_go",
    label="Unisender Go",
    settings=(
        Setting("api_key", "the API key of account or project", is_secret=True),
        Setting(
            "api_url", "as the account shows it: https://go1.unisender.ru/ru/transactional/api/v1"
        ),
    ),
    backend="anymail.backends.unisender_go.EmailBackend",
    backend_options=_options,
    tracking="anymail.webhooks.unisender_go.UnisenderGoTrackingWebhookView",
    hook_options=_hook_options,
    bounce=_bounce,
    can_leave_links=True,
    # It takes List-… and X-… headers, and gives a mail its own Message-ID.
    refuses_headers=frozenset({"message-id", "content-language"}),
)
