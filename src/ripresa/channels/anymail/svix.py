"""Signatures by the scheme of Standard Webhooks, in the headers that Svix gives them.

HMAC-SHA256 over `id.time.body` with the base64 part of `whsec_…`; a header may hold several, for the
days in which a secret changes.
"""

import base64
import binascii
import hashlib
import hmac
from datetime import timedelta

from ripresa.contracts.feedback import HookRefused, HookRequest

# A call is signed anew whenever it is repeated.
_TOLERANCE = timedelta(minutes=5)


def verify_svix(request: HookRequest, secret: str) -> None:
    """Raises HookRefused for a call that is not signed with `secret`, or not just now."""
    headers = request.headers
    names = ("svix-id", "svix-timestamp", "svix-signature")
    call_id, signed_at, signatures = (headers.get(name, "") for name in names)
    try:
        age = abs(request.received_at.timestamp() - int(signed_at))
        key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except (ValueError, binascii.Error) as error:
        raise HookRefused(
            "the call says no time of its signature, or the secret is none"
        ) from error
    if age > _TOLERANCE.total_seconds():
        raise HookRefused(f"the call was signed {age:.0f} seconds before or after it came")
    said = f"{call_id}.{signed_at}.".encode() + request.body
    wanted = base64.b64encode(hmac.new(key, said, hashlib.sha256).digest()).decode()
    given = (one.partition(",") for one in signatures.split())
    if not any(
        version == "v1" and hmac.compare_digest(value.encode(), wanted.encode())
        for version, _, value in given
    ):
        raise HookRefused("the call's signature is wrong: look at signing_secret")
