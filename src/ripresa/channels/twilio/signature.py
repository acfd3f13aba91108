"""Whether a call comes from Twilio: X-Twilio-Signature, as its own libraries check it.

HMAC-SHA1 with the account's token over the address and the form's fields sorted by name, each name
followed by its values (sorted, each once). A body that is no form is named by its SHA-256 in the
address (`bodySHA256`), and then only the address is signed. Twilio's own view of the address may or
may not hold the usual port.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterable, Sequence
from urllib.parse import parse_qs, urlsplit, urlunsplit

from ripresa.contracts.feedback import HookRefused, HookRequest
from ripresa.contracts.hooks.fields import form_of

_PORTS = {"https": 443, "http": 80}


def check(request: HookRequest, token: str) -> None:
    """Raises HookRefused unless `request` was signed with `token`."""
    given = request.headers.get("x-twilio-signature", "").encode("utf-8", "replace")
    named_hash = parse_qs(urlsplit(request.url).query).get("bodySHA256")
    if named_hash:
        found = hashlib.sha256(request.body).hexdigest()
        if not hmac.compare_digest(named_hash[0].encode(), found.encode()):
            raise HookRefused("the body is not the one that the address names (bodySHA256)")
    fields = [] if named_hash else form_of(request)
    if not any(
        hmac.compare_digest(signature(url, fields, token).encode(), given)
        for url in _spellings(request.url)
    ):
        raise HookRefused(
            "the signature is not Twilio's: check auth_token, and that RIPRESA_PUBLIC_URL is the "
            "address that Twilio calls"
        )


def signature(url: str, fields: Iterable[tuple[str, str]], token: str) -> str:
    """What Twilio writes into X-Twilio-Signature."""
    said = url + "".join(name + value for name, value in sorted(set(fields)))
    return base64.b64encode(hmac.digest(token.encode(), said.encode(), "sha1")).decode()


def _spellings(url: str) -> Sequence[str]:
    """The address as it is, without its port, and with the usual one."""
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError:
        return [url]
    host = parts.netloc.removesuffix(f":{port}") if port else parts.netloc
    with_port = f"{host}:{port or _PORTS.get(parts.scheme, 443)}"
    return [
        url,
        urlunsplit(parts._replace(netloc=host)),
        urlunsplit(parts._replace(netloc=with_port)),
    ]
