"""Amazon SES, by its second API; what it tells comes through SNS, which signs it (see `sns`)."""

from typing import Any

from ripresa.channels.anymail.service import Service, Settings, Told
from ripresa.channels.anymail.sns import admit_sns
from ripresa.contracts.feedback import BounceReason, HookRequest
from ripresa.contracts.provider import Setting

# One attempt, for a mail whose answer was lost is never sent again; the rest is botocore's own default.
_NO_RETRIES = {"retries": {"total_max_attempts": 1}, "connect_timeout": 5, "read_timeout": 12}
_SUBTYPES = {
    "NoEmail": BounceReason.UNKNOWN,
    "Suppressed": BounceReason.UNKNOWN,
    "OnAccountSuppressionList": BounceReason.OPTED_OUT,
    "UnsubscribedRecipient": BounceReason.OPTED_OUT,
    "MailboxFull": BounceReason.FULL,
    "MessageTooLarge": BounceReason.CONTENT,
    "ContentRejected": BounceReason.CONTENT,
    "AttachmentRejected": BounceReason.CONTENT,
}


def _options(settings: Settings) -> dict[str, Any]:
    return {
        "session_params": {
            "aws_access_key_id": settings["access_key_id"],
            "aws_secret_access_key": settings["secret_access_key"],
            "region_name": settings["region"],
        },
        "client_params": {"config": _NO_RETRIES},
        "configuration_set_name": settings["configuration_set"] or None,
    }


def _hook_options(settings: Settings) -> dict[str, Any]:
    del settings
    return {"auto_confirm_sns_subscriptions": False}


def _admit(request: HookRequest, settings: Settings) -> None:
    admit_sns(request, topic=settings["topic"])


def _bounce(event: Any) -> Told:
    said = event.esp_event.get("bounce")
    if said is None:
        # A rejection of SES itself: a virus, or a template that can't be rendered.
        return Told(is_hard=True, reason=BounceReason.CONTENT)
    is_hard = {"Permanent": True, "Transient": False}.get(said.get("bounceType", ""))
    return Told(is_hard, _SUBTYPES.get(said.get("bounceSubType", "")))


SERVICE = Service(
    name="amazon_ses",
    label="Amazon SES",
    settings=(
        Setting("access_key_id", "of a user that may ses:SendEmail"),
        Setting("secret_access_key", "the secret that belongs to it", is_secret=True),
        Setting("region", "such as eu-south-1"),
        Setting("configuration_set", "whose events go to the topic", default=""),
        Setting("topic", "the ARN of the SNS topic that calls the hook", default=""),
    ),
    backend="anymail.backends.amazon_ses.EmailBackend",
    backend_options=_options,
    tracking="anymail.webhooks.amazon_ses.AmazonSESTrackingWebhookView",
    inbound="ripresa.channels.anymail.inbound.AmazonInbound",
    hook_options=_hook_options,
    admit=_admit,
    bounce=_bounce,
    takes_whole_mails=True,
)
