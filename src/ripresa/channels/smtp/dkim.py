"""DKIM signatures (RFC 6376, Ed25519 by RFC 8463), relaxed in headers and body.

All our mails have the same kinds of headers, so the list of what is signed is laid out once a key. Each
name stands there twice: the second time it signs that there is no other one, so nobody can put a second
From, Subject or List-Unsubscribe above ours (RFC 6376 8.15). List-Unsubscribe-Post is signed because
RFC 8058 asks for it.
"""

import base64
import binascii
import hashlib
import re
from typing import Self

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from ripresa.channels.smtp.addresses import BadAddress, ascii_domain
from ripresa.contracts.calling.sayings import said_by, say

SIGNED = (
    "from",
    "to",
    "reply-to",
    "subject",
    "date",
    "message-id",
    "list-unsubscribe",
    "list-unsubscribe-post",
    "content-language",
    "mime-version",
    "content-type",
)
LEAST_RSA_BITS = 1024  # RFC 8301 3.2; what big receivers ask for at least
_LINE = 72
_SELECTOR = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9-]{1,63})*")
_BLANKS = re.compile(rb"[ \t]+")
_BLANKS_AT_END = re.compile(rb"[ \t]+(?=\r\n)")


class BadKey(ValueError):
    """Nothing can be signed with this key, selector or domain; the message says why, without the key."""


class Signer:
    """Signs mails for one domain with one key. Safe to use from several threads."""

    def __init__(self, domain: str, selector: str, key: RSAPrivateKey | Ed25519PrivateKey) -> None:
        """Raises BadKey."""
        try:
            self.domain = ascii_domain(domain.strip().lower())
        except BadAddress as error:
            raise BadKey(said_by(error)) from error
        self.selector = selector.strip().lower()
        if not _SELECTOR.fullmatch(self.selector):
            raise BadKey(
                say("{selector!r} is no selector: letters, digits and dashes", selector=selector)
            )
        if isinstance(key, RSAPrivateKey) and key.key_size < LEAST_RSA_BITS:
            raise BadKey(
                say(
                    "an RSA key of {key_size} bits is too weak: make one of 2048",
                    key_size=key.key_size,
                )
            )
        self._key = key
        self._start = self._plan()

    @classmethod
    def of(cls, domain: str, selector: str, key: str) -> Self:
        """The same with `key` as text: see `read_key`. Raises BadKey."""
        return cls(domain, selector, read_key(key))

    @property
    def algorithm(self) -> str:
        """`rsa` or `ed25519`, as k= in the record."""
        return "rsa" if isinstance(self._key, RSAPrivateKey) else "ed25519"

    @property
    def record_name(self) -> str:
        """Where the DNS has to say `record`."""
        return f"{self.selector}._domainkey.{self.domain}"

    @property
    def record(self) -> str:
        """The text of the TXT record (RFC 6376 3.6.1)."""
        return f"v=DKIM1; k={self.algorithm}; p={public_part(self._key)}"

    def sign(self, content: bytes, *, at_epoch: int) -> bytes:
        """`content` with its signature above it; CRLF line ends. The same mail, the same bytes."""
        head, _, body = content.partition(b"\r\n\r\n")
        digest = base64.b64encode(hashlib.sha256(_relaxed_body(body)).digest()).decode()
        header = f"{self._start} t={at_epoch};\r\n bh={digest};\r\n b="
        # The signature signs itself, without its value and without the line's end.
        own = "dkim-signature:" + header.partition(" ")[2].replace("\r\n ", " ")
        signature = base64.b64encode(self._signature(_relaxed_head(head) + own.encode())).decode()
        lines = [signature[at : at + _LINE] for at in range(0, len(signature), _LINE)]
        return b"".join((header.encode(), "\r\n ".join(lines).encode(), b"\r\n", content))

    def _signature(self, said: bytes) -> bytes:
        if isinstance(self._key, RSAPrivateKey):
            return self._key.sign(said, padding.PKCS1v15(), hashes.SHA256())
        return self._key.sign(hashlib.sha256(said).digest())

    def _plan(self) -> str:
        """The header up to its time, folded."""
        names = [name for name in SIGNED for _ in range(2)]
        lines = ["h="]
        for name in names:
            if len(lines[-1]) + len(name) + 1 > _LINE:
                lines.append("")
            lines[-1] += f"{name}:"
        plan = "\r\n ".join(lines).rstrip(":")
        return (
            f"DKIM-Signature: v=1; a={self.algorithm}-sha256; c=relaxed/relaxed;\r\n"
            f" d={self.domain};\r\n s={self.selector};\r\n {plan};\r\n"
        )


def read_key(text: str) -> RSAPrivateKey | Ed25519PrivateKey:
    """A private key in PEM, or PKCS 8 in base64 on one line. Raises BadKey."""
    try:
        if "-----BEGIN" in text:
            key = serialization.load_pem_private_key(text.strip().encode(), password=None)
        else:
            der = base64.b64decode("".join(text.split()), validate=True)
            key = serialization.load_der_private_key(der, password=None)
    except (ValueError, TypeError, binascii.Error, UnsupportedAlgorithm) as error:
        raise BadKey(
            say("that is no private key: PEM without a password, or its base64")
        ) from error
    if not isinstance(key, RSAPrivateKey | Ed25519PrivateKey):
        raise BadKey(say("DKIM knows RSA and Ed25519 keys only"))
    return key


def public_part(key: RSAPrivateKey | Ed25519PrivateKey) -> str:
    """What p= says: of an RSA key its SubjectPublicKeyInfo, of Ed25519 the bare 32 bytes (RFC 8463 3)."""
    public = key.public_key()
    if isinstance(key, RSAPrivateKey):
        raw = public.public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
    else:
        raw = public.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return base64.b64encode(raw).decode()


def _relaxed_head(head: bytes) -> bytes:
    """The signed headers as RFC 6376 3.4.2 has them, in the order of SIGNED, each that there is once."""
    found: dict[str, bytes] = {}
    for line in head.replace(b"\r\n ", b" ").split(b"\r\n"):
        name, _, value = line.partition(b":")
        found[name.decode("ascii").lower()] = _BLANKS.sub(b" ", value).strip()
    return b"".join(b"%s:%s\r\n" % (name.encode(), found[name]) for name in SIGNED if name in found)


def _relaxed_body(body: bytes) -> bytes:
    """RFC 6376 3.4.4. Encoded bodies have few blanks to tidy, so it is looked first."""
    if b"  " in body or b"\t" in body or b" \r\n" in body:
        body = _BLANKS.sub(b" ", _BLANKS_AT_END.sub(b"", body))
    body = body.rstrip(b"\r\n")
    return body + b"\r\n" if body else b""
