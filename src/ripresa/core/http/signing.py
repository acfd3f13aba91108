"""Signatures of calls from outside: HMAC-SHA256 over the raw body, and Standard Webhooks.

Compared in constant time. Source of the second: spec/standard-webhooks.md of standard-webhooks on GitHub.
"""

import hmac
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

_TOLERANCE = timedelta(minutes=5)
_PREFIX = "whsec_"


def is_signed(body: bytes, secret: str, signature: str) -> bool:
    """Whether `signature` is the base64 of the HMAC-SHA256 of `body`."""
    expected = b64encode(hmac.digest(secret.encode(), body, "sha256"))
    return hmac.compare_digest(expected, signature.strip().encode())


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
        key = b64decode(secret.removeprefix(_PREFIX), validate=True)
    except NotBase64:
        return False
    expected = b64encode(
        hmac.digest(key, b".".join([ident.encode(), sent.encode(), body]), "sha256")
    )
    given = (each.partition(",") for each in headers.get("webhook-signature", "").split())
    return any(
        version == "v1" and hmac.compare_digest(expected, text.encode())
        for version, _, text in given
    )
