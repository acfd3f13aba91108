"""Signatures of calls, from outside and ours: HMAC-SHA256 over the raw body, and Standard Webhooks.

Compared in constant time. Source of the second: spec/standard-webhooks.md of standard-webhooks on GitHub.
"""

import hmac
import secrets
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

_TOLERANCE = timedelta(minutes=5)
STANDARD_PREFIX = "whsec_"
STANDARD_BYTES = range(24, 65)


def is_signed(body: bytes, secret: str, signature: str) -> bool:
    """Whether `signature` is the base64 of the HMAC-SHA256 of `body`."""
    expected = b64encode(hmac.digest(secret.encode(), body, "sha256"))
    return hmac.compare_digest(expected, signature.strip().encode())


def new_standard_secret() -> str:
    """A fresh secret for Standard Webhooks, as it is shown: 32 random bytes."""
    return STANDARD_PREFIX + b64encode(secrets.token_bytes(32)).decode()


def is_standard_secret(text: str) -> bool:
    """Whether it is a secret as the specification wants it: 24 to 64 bytes."""
    try:
        key = b64decode(text.removeprefix(STANDARD_PREFIX), validate=True)
    except ValueError:
        return False
    return text.startswith(STANDARD_PREFIX) and len(key) in STANDARD_BYTES


def standard_webhook_headers(
    body: bytes, whsecs: Sequence[str], ident: str, *, now: datetime
) -> dict[str, str]:
    """The headers of a signed call, one signature for each of the secrets: more than one rotates them.

    `ident` stays the same when the call is made again; `now` is the instant of this try.
    """
    sent = str(int(now.timestamp()))
    signatures = [f"v1,{_standard_signature(body, one, ident, sent)}" for one in whsecs]
    return {
        "webhook-id": ident,
        "webhook-timestamp": sent,
        "webhook-signature": " ".join(signatures),
    }


def is_standard_webhook(
    body: bytes, secret: str, headers: Mapping[str, str], *, now: datetime
) -> bool:
    """Whether a call carries a good `webhook-signature`, made within five minutes of `now`.

    `secret` is as it is shown: base64 after `whsec_`. `headers` have lower-case names.
    """
    ident, sent = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not ident or not sent.isdecimal() or len(sent) > 11:  # noqa: PLR2004  (no instant has more digits)
        return False
    if abs(datetime.fromtimestamp(int(sent), UTC) - now) > _TOLERANCE:
        return False
    try:
        expected = _standard_signature(body, secret, ident, sent).encode()
    except ValueError:
        return False
    given = (each.partition(",") for each in headers.get("webhook-signature", "").split())
    return any(
        version == "v1" and hmac.compare_digest(expected, text.encode())
        for version, _, text in given
    )


def _standard_signature(body: bytes, whsec: str, ident: str, sent: str) -> str:
    """Raises ValueError for a secret that is no base64, or no ASCII."""
    key = b64decode(whsec.removeprefix(STANDARD_PREFIX), validate=True)
    content = b".".join([ident.encode(), sent.encode(), body])
    return b64encode(hmac.digest(key, content, "sha256")).decode()
