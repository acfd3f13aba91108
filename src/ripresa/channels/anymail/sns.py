"""Calls of Amazon SNS: who signed them, and the one answer that SNS waits for.

Amazon's guide "Verifying the signatures of Amazon SNS messages": the fields of a call in the order of
their names, RSA with SHA-1 (version 1) or SHA-256 (version 2). The certificate is fetched from SNS itself
and nowhere else, for whoever chooses its address chooses the signature.
"""

import base64
import binascii
import json
import re
from collections.abc import Callable, Mapping
from functools import lru_cache

import httpx
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from ripresa.contracts.feedback import HookRefused, HookRequest

_TOLD = ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type")
_ASKED = ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type")
_FIELDS: Mapping[str, tuple[str, ...]] = {
    "Notification": _TOLD,
    "SubscriptionConfirmation": _ASKED,
    "UnsubscribeConfirmation": _ASKED,
}
_HASHES: Mapping[str, type[hashes.HashAlgorithm]] = {"1": hashes.SHA1, "2": hashes.SHA256}
_OF_SNS = re.compile(r"https://sns\.[a-z0-9-]{1,40}\.amazonaws\.com(?:\.cn)?/[!-~]*")
_SECONDS = 5.0
_MOST_BYTES = 65_536

Fetch = Callable[[str], bytes]


def fetch(url: str) -> bytes:
    """What stands at an address of SNS. Raises HookRefused."""
    try:
        answer = httpx.get(url, timeout=_SECONDS, follow_redirects=False)
        answer.raise_for_status()
    except httpx.HTTPError as error:
        raise HookRefused(f"SNS could not be asked: {type(error).__name__} at {url}") from error
    return answer.content[:_MOST_BYTES]


@lru_cache(maxsize=32)
def kept(url: str) -> bytes:
    """The same, asked for once: Amazon gives a new certificate a new address."""
    return fetch(url)


def admit_sns(
    request: HookRequest,
    *,
    topic: str,
    certificate: Fetch | None = None,
    visit: Fetch | None = None,
) -> None:
    """Believe a call of SNS, and confirm the subscription of `topic` if that is what it asks for.

    `topic` empty: notifications of any topic are believed, no subscription is confirmed. Raises
    HookRefused.
    """
    said = _message(request)
    if topic and said.get("TopicArn") != topic:
        raise HookRefused(f"the call is about the topic {said.get('TopicArn')!r}, not {topic!r}")
    _verify(said, certificate or kept)
    if said["Type"] == "SubscriptionConfirmation":
        if not topic:
            raise HookRefused(
                f"set topic={said['TopicArn']} if this topic may call, "
                "then let SNS ask for the confirmation again"
            )
        (visit or fetch)(_of_sns(said, "SubscribeURL"))


def _message(request: HookRequest) -> dict[str, str]:
    try:
        said = json.loads(request.body)
    except ValueError as error:
        raise HookRefused("the call is no JSON") from error
    if not isinstance(said, dict) or said.get("Type") not in _FIELDS:
        raise HookRefused("the call is none of Amazon SNS")
    return said


def _verify(said: Mapping[str, str], certificate: Fetch) -> None:
    names = (name for name in _FIELDS[said["Type"]] if name in said)
    signed = "".join(f"{name}\n{said[name]}\n" for name in names).encode()
    algorithm = _HASHES.get(str(said.get("SignatureVersion")))
    if algorithm is None:
        raise HookRefused(f"SNS signs in a way that is not known: {said.get('SignatureVersion')!r}")
    try:
        key = x509.load_pem_x509_certificate(
            certificate(_of_sns(said, "SigningCertURL"))
        ).public_key()
        if not isinstance(key, rsa.RSAPublicKey):
            raise HookRefused("the certificate of SNS holds no RSA key")
        given = base64.b64decode(str(said.get("Signature", "")), validate=True)
        key.verify(given, signed, padding.PKCS1v15(), algorithm())
    except (InvalidSignature, binascii.Error) as error:
        raise HookRefused("the signature of SNS is wrong") from error
    except ValueError as error:
        raise HookRefused("what stands at SigningCertURL is no certificate") from error


def _of_sns(said: Mapping[str, str], name: str) -> str:
    url = str(said.get(name, ""))
    if not _OF_SNS.fullmatch(url):
        raise HookRefused(f"{name} leads somewhere else than to Amazon SNS: {url[:80]!r}")
    return url
