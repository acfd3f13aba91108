"""Whether a call comes from Vonage: signed fields (SMS API) or a JWT (Messages API).

Signed fields, as its libraries check them: the fields without `sig`, sorted by name, each `&name=value`
with `&` and `=` in a value as `_`; then either the MD5 of that and the secret, or an HMAC with the
secret (MD5, SHA-1, SHA-256, SHA-512), in hex. A JWT (RFC 7519) is signed by HS256 and names the hash
of the body.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from ripresa.contracts.feedback import HookRefused, HookRequest

# A call older than this was recorded and played again.
MAX_AGE = timedelta(hours=24)  # theirs are repeated for so long, with the first one's timestamp


def _plain_md5(said: str, secret: str) -> str:
    return hashlib.md5((said + secret).encode(), usedforsecurity=False).hexdigest()


def _hmac(digest: str) -> Callable[[str, str], str]:
    return lambda said, secret: hmac.digest(secret.encode(), said.encode(), digest).hex()


METHODS: Mapping[str, Callable[[str, str], str]] = {
    "md5hash": _plain_md5,
    "md5": _hmac("md5"),
    "sha1": _hmac("sha1"),
    "sha256": _hmac("sha256"),
    "sha512": _hmac("sha512"),
}


def sign(fields: Mapping[str, str], secret: str, method: str) -> str:
    """What stands in `sig`. `method` is one of METHODS."""
    said = "".join(
        f"&{name}={value.replace('&', '_').replace('=', '_')}"
        for name, value in sorted(fields.items())
        if name != "sig"
    )
    return METHODS[method](said, secret)


def check_fields(
    fields: Mapping[str, str], secret: str, method: str, *, received_at: datetime
) -> None:
    """Raises HookRefused unless `fields` are signed with `secret`, and lately."""
    expected = sign(fields, secret, method)
    given = fields.get("sig", "").lower()
    if not hmac.compare_digest(expected.encode(), given.encode()):
        raise HookRefused(
            "the signature is not Vonage's: check signature_secret and signature_method"
        )
    _check_age(fields.get("timestamp", ""), received_at)


def check_token(request: HookRequest, token: str, secret: str) -> None:
    """Raises HookRefused unless the JWT `token` is signed with `secret`, and is about this body."""
    claims = _claims(token, secret)
    named = claims.get("payload_hash")
    if named is not None:
        found = hashlib.sha256(request.body).hexdigest()
        if not hmac.compare_digest(str(named).encode(), found.encode()):
            raise HookRefused("the token is about another body (payload_hash)")
    _check_age(str(claims.get("iat", "")), request.received_at)


def _claims(token: str, secret: str) -> Mapping[str, Any]:
    head, _, signature = token.rpartition(".")
    try:
        header, claims = (json.loads(_base64url(part)) for part in head.split("."))
        given = _base64url(signature)
    except ValueError:
        raise HookRefused("the token is no JWT") from None
    if not isinstance(header, dict) or not isinstance(claims, dict):
        raise HookRefused("the token is no JWT")
    # Only this one: `none`, or a public key taken for a secret, are how such checks are got around.
    if header.get("alg") != "HS256":
        raise HookRefused(f"the token is signed by {header.get('alg')!r}, not HS256")
    if not hmac.compare_digest(hmac.digest(secret.encode(), head.encode(), "sha256"), given):
        raise HookRefused("the token is not signed with this account's signature_secret")
    return claims


def _check_age(epoch_seconds: str, received_at: datetime) -> None:
    try:
        age = received_at.timestamp() - int(epoch_seconds)
    except ValueError:
        raise HookRefused("it does not say when it was signed") from None
    if abs(age) > MAX_AGE.total_seconds():
        raise HookRefused(f"it was signed {age:.0f} s before it came")


def _base64url(text: str) -> bytes:
    return base64.urlsafe_b64decode(text.encode() + b"=" * (-len(text) % 4))
