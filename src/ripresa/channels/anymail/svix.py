"""Signatures of Svix: those of Standard Webhooks, in headers of another name."""

from ripresa.contracts.feedback import HookRefused, HookRequest
from ripresa.core.http.signing import is_standard_webhook


def verify_svix(request: HookRequest, secret: str) -> None:
    """Raises HookRefused for a call that is not signed with `secret`, or not just now."""
    headers = {
        name.replace("svix-", "webhook-", 1): value for name, value in request.headers.items()
    }
    if not is_standard_webhook(request.body, secret, headers, now=request.received_at):
        raise HookRefused(
            "the signature (svix-signature) is wrong, or older than five minutes: look at signing_secret"
        )
