"""Mails that came in, without anymail's look-ups: a reader asks nobody for what is not in the call."""

from collections.abc import Iterator
from typing import Any

from anymail.inbound import AnymailInboundMessage
from anymail.webhooks.amazon_ses import AmazonSESInboundWebhookView
from anymail.webhooks.brevo import BrevoInboundWebhookView

from ripresa.contracts.feedback import HookRefused


class BrevoInbound(BrevoInboundWebhookView):  # type: ignore[misc]  # it has no types
    """Brevo's call names attachments and keeps them; nobody reads them here."""

    def _fetch_attachment(self, attachment: Any) -> Any:
        return AnymailInboundMessage.construct_attachment(
            content_type="application/octet-stream", content=b"", filename=attachment.get("Name")
        )


class AmazonInbound(AmazonSESInboundWebhookView):  # type: ignore[misc]
    """Amazon's receipt rule may put a mail into S3, where only the account's owner can read it."""

    def fetch_s3_chunks(self, bucket_name: str, object_key: str) -> Iterator[bytes]:
        """Raises HookRefused."""
        raise HookRefused(
            f"the mail lies in S3 ({bucket_name}/{object_key}), and is not fetched: "
            "let the receipt rule publish mails to SNS whole"
        )
