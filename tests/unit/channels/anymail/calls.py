"""Calls of mail services, signed as each of them signs."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from urllib.parse import urlencode

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import NameOID

from ripresa.contracts.feedback import HookRequest

URL = "https://shop.example/hooks/feedback/secret?a=b"
NOW = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)
BOUNDARY = "b0undary"

SETTINGS: Mapping[str, Mapping[str, str]] = {
    "amazon_ses": {
        "access_key_id": "AKIDEXAMPLE",
        "secret_access_key": "s3cret",
        "region": "eu-south-1",
        "configuration_set": "",
        "topic": "",
    },
    "brevo": {"api_key": "k"},
    "mailersend": {"api_token": "k", "signing_secret": "mailersend-secret"},
    "mailgun": {
        "api_key": "k",
        "signing_key": "mailgun-secret",
        "sender_domain": "",
        "api_url": "https://api.mailgun.net/v3",
    },
    "mailjet": {"api_key": "k", "secret_key": "s"},
    "mailtrap": {"api_token": "k", "signing_secret": "mailtrap-secret"},
    "mandrill": {"api_key": "k", "webhook_key": "mandrill-secret"},
    "postal": {"api_url": "https://postal.example/", "api_key": "k", "webhook_key": ""},
    "postmark": {"server_token": "k", "message_stream": ""},
    "resend": {"api_key": "k", "signing_secret": "whsec_" + base64.b64encode(b"resend").decode()},
    "scaleway": {"secret_key": "k", "project_id": "p", "region": "fr-par"},
    "sendgrid": {"api_key": "k", "verification_key": ""},
    "sparkpost": {"api_key": "k", "subaccount": "", "api_url": "https://api.sparkpost.com/api/v1"},
    "unisender_go": {"api_key": "unisender-secret", "api_url": "https://go1.unisender.example/"},
}


def settings_of(service: str, **changes: str) -> dict[str, str]:
    settings = {**SETTINGS[service], "connections": "4", "rate": "0"}
    if service == "postal":
        settings["webhook_key"] = _public_of(rsa_key().public_key())
    if service == "sendgrid":
        settings["verification_key"] = _public_of(ec_key().public_key())
    return settings | changes


def post(body: bytes, content_type: str, headers: Mapping[str, str] | None = None) -> HookRequest:
    return HookRequest("POST", URL, {"content-type": content_type, **(headers or {})}, body, NOW)


def as_json(value: Any, headers: Mapping[str, str] | None = None) -> HookRequest:
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    return post(body, "application/json", headers)


def as_form(fields: Mapping[str, Any]) -> HookRequest:
    body = urlencode(fields, doseq=True).encode()
    return post(body, "application/x-www-form-urlencoded")


def as_multipart(
    fields: Mapping[str, Any], files: Mapping[str, tuple[str, bytes]] | None = None
) -> HookRequest:
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode()
        + str(one).encode()
        + b"\r\n"
        for name, value in fields.items()
        for one in (value if isinstance(value, list) else [value])
    ]
    parts += [
        f"--{BOUNDARY}\r\nContent-Disposition: form-data; "
        f'name="{name}"; filename="{file_name}"\r\n\r\n'.encode()
        + content
        + b"\r\n"
        for name, (file_name, content) in (files or {}).items()
    ]
    body = b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()
    return post(body, f"multipart/form-data; boundary={BOUNDARY}")


# How each service signs; those that do not are not here.


def mailgun(value: dict[str, Any], *, key: str = "mailgun-secret") -> HookRequest:
    block = mailgun_block(key)
    return as_json({**value, "signature": {**block, **_kept(value)}})


def _kept(value: dict[str, Any]) -> dict[str, str]:
    """A recorded call's own token, signed anew."""
    token = (value.get("signature") or {}).get("token")
    return mailgun_block("mailgun-secret", token) if token else {}


def mailgun_block(key: str, token: str = "t0ken", at: datetime = NOW) -> dict[str, str]:
    said = f"{at.timestamp():.0f}"
    return {
        "timestamp": said,
        "token": token,
        "signature": hmac.new(key.encode(), f"{said}{token}".encode(), hashlib.sha256).hexdigest(),
    }


def mandrill(events: list[Any], *, url: str = URL, key: str = "mandrill-secret") -> HookRequest:
    fields = {"mandrill_events": json.dumps(events)}
    said = url + "".join(name + fields[name] for name in sorted(fields))
    signature = base64.b64encode(hmac.new(key.encode(), said.encode(), hashlib.sha1).digest())
    plain = as_form(fields)
    return post(
        plain.body, plain.headers["content-type"], {"x-mandrill-signature": signature.decode()}
    )


def mailersend(value: Any, *, key: str = "mailersend-secret") -> HookRequest:
    return _by_hmac(value, "signature", key)


def mailtrap(value: Any, *, key: str = "mailtrap-secret") -> HookRequest:
    return _by_hmac(value, "mailtrap-signature", key)


def _by_hmac(value: Any, header: str, key: str) -> HookRequest:
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    return as_json(body, {header: hmac.new(key.encode(), body, hashlib.sha256).hexdigest()})


def resend(
    value: Any, *, secret: bytes = b"resend", at: datetime = NOW, call_id: str = "msg_1"
) -> HookRequest:
    body = json.dumps(value).encode()
    said = f"{call_id}.{at.timestamp():.0f}.".encode() + body
    signature = base64.b64encode(hmac.new(secret, said, hashlib.sha256).digest()).decode()
    headers = {
        "svix-id": call_id,
        "svix-timestamp": f"{at.timestamp():.0f}",
        "svix-signature": f"v1,bm90IHRoaXM= v1,{signature}",
    }
    return as_json(body, headers)


def sendgrid(value: Any, *, key: ec.EllipticCurvePrivateKey | None = None) -> HookRequest:
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    at = f"{NOW.timestamp():.0f}"
    signature = (key or ec_key()).sign(at.encode() + body, ec.ECDSA(hashes.SHA256()))
    headers = {
        "x-twilio-email-event-webhook-signature": base64.b64encode(signature).decode(),
        "x-twilio-email-event-webhook-timestamp": at,
    }
    return as_json(body, headers)


def postal(value: Any) -> HookRequest:
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    signature = rsa_key().sign(body, padding.PKCS1v15(), hashes.SHA1())
    return as_json(body, {"x-postal-signature": base64.b64encode(signature).decode()})


def unisender_go(value: dict[str, Any], *, key: str = "unisender-secret") -> HookRequest:
    said = json.dumps({"auth": key, **value}).encode()
    auth = hashlib.md5(said).hexdigest()
    return as_json(json.dumps({"auth": auth, **value}).encode())


CERTIFICATE_URL = "https://sns.eu-south-1.amazonaws.com/SimpleNotificationService-1.pem"


def amazon_ses(message: dict[str, Any], *, version: str = "2", **changes: str) -> HookRequest:
    said = {
        "MessageId": "m1",
        "Timestamp": "2026-03-03T10:00:00.000Z",
        "TopicArn": "arn:aws:sns:eu-south-1:111111111111:SES_Events",
        **message,
    }
    names = ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"]
    if said["Type"] == "Notification":
        names = ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"]
    text = "".join(f"{name}\n{said[name]}\n" for name in names if name in said).encode()
    algorithm = hashes.SHA256() if version == "2" else hashes.SHA1()
    signature = rsa_key().sign(text, padding.PKCS1v15(), algorithm)
    said |= {
        "SignatureVersion": version,
        "Signature": base64.b64encode(signature).decode(),
        "SigningCertURL": CERTIFICATE_URL,
        **changes,
    }
    headers = {
        "x-amz-sns-message-type": said["Type"],
        "x-amz-sns-message-id": said["MessageId"],
    }
    return post(json.dumps(said).encode(), "text/plain; charset=UTF-8", headers)


def certificate() -> bytes:
    """What stands at CERTIFICATE_URL."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sns.amazonaws.com")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(rsa_key().public_key())
        .serial_number(1)
        .not_valid_before(NOW - timedelta(days=1))
        .not_valid_after(NOW + timedelta(days=365))
        .sign(rsa_key(), hashes.SHA256())
    )
    return made.public_bytes(serialization.Encoding.PEM)


SIGNED: Mapping[str, Callable[..., HookRequest]] = {
    "amazon_ses": amazon_ses,
    "mailersend": mailersend,
    "mailgun": mailgun,
    "mailtrap": mailtrap,
    "mandrill": mandrill,
    "postal": postal,
    "resend": resend,
    "sendgrid": sendgrid,
    "unisender_go": unisender_go,
}


@cache
def rsa_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


@cache
def ec_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def _public_of(key: Any) -> str:
    der = key.public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return base64.b64encode(der).decode()
