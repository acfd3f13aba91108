"""Codes of an app (TOTP, RFC 6238: six digits, 30 seconds, SHA-1) and recovery codes for its loss."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from datetime import datetime

import pyotp
from django.db import transaction

from ripresa.core.config import load
from ripresa.core.secrets.box import SecretBox
from ripresa.domain.signin.models import OneTimeSecret, RecoveryCode

RECOVERY_CODES = 10
_SECONDS = 30
# A clock may be one interval off, either way.
_TOLERANCE = (-1, 0, 1)
_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class AppSecret:
    """What an app needs, before a first code has confirmed it. `uri` is what its QR code says."""

    secret: str = field(repr=False)
    uri: str = field(repr=False)


@transaction.atomic
def begin(*, user_id: int, name: str) -> AppSecret:
    """The secret of an app that is being set up; asked again, the same until it is confirmed."""
    row = OneTimeSecret.objects.filter(user_id=user_id, confirmed_at__isnull=True).first()
    secret = _open(row) if row else pyotp.random_base32()
    if row is None:
        OneTimeSecret.objects.get_or_create(user_id=user_id, defaults={"sealed": _seal(secret)})
    uri = pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name="Ripresa")
    return AppSecret(secret, uri)


@transaction.atomic
def confirm(*, user_id: int, code: str, now: datetime) -> list[str] | None:
    """Put the app in force: its recovery codes, shown this once. None: that is not its code."""
    row = OneTimeSecret.objects.select_for_update().filter(user_id=user_id).first()
    if row is None or row.confirmed_at is not None or not _take(row, code, now):
        return None
    OneTimeSecret.objects.filter(user_id=user_id).update(confirmed_at=now)
    return renew_recovery_codes(user_id=user_id)


@transaction.atomic
def is_right(*, user_id: int, code: str, now: datetime) -> bool:
    """Whether it is a code of her app, or one of her recovery codes. Either is taken once."""
    row = OneTimeSecret.objects.select_for_update().filter(user_id=user_id).first()
    if row is None or row.confirmed_at is None:
        return False
    if _take(row, code, now):
        return True
    gone, _ = RecoveryCode.objects.filter(user_id=user_id, digest=_digest(user_id, code)).delete()
    return gone > 0


@transaction.atomic
def renew_recovery_codes(*, user_id: int) -> list[str]:
    """New recovery codes, shown this once; the old ones are over."""
    RecoveryCode.objects.filter(user_id=user_id).delete()
    codes = [_new_code() for _ in range(RECOVERY_CODES)]
    RecoveryCode.objects.bulk_create(
        RecoveryCode(user_id=user_id, digest=_digest(user_id, code)) for code in codes
    )
    return codes


@transaction.atomic
def remove(*, user_id: int) -> None:
    """Her app proves nothing any more, and neither do its recovery codes."""
    OneTimeSecret.objects.filter(user_id=user_id).delete()
    RecoveryCode.objects.filter(user_id=user_id).delete()


def _take(row: OneTimeSecret, code: str, now: datetime) -> bool:
    """Whether the code is right and newer than the latest that was taken."""
    typed = "".join(code.split())
    app = pyotp.TOTP(_open(row))
    step = int(now.timestamp()) // _SECONDS
    for each in (step + off for off in _TOLERANCE):
        if hmac.compare_digest(app.at(each * _SECONDS).encode(), typed.encode()):
            fresh = OneTimeSecret.objects.filter(user_id=row.user_id, used_step__lt=each)
            return bool(fresh.update(used_step=each))
    return False


def _new_code() -> str:
    """Two groups of five out of 31 characters: 49 bits."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(5)) for _ in range(2))


def _digest(user_id: int, code: str) -> bytes:
    plain = "".join(code.lower().replace("-", "").split())
    return hashlib.sha256(f"recovery {user_id} {plain}".encode()).digest()


def _seal(secret: str) -> bytes:
    return SecretBox.of(load()).seal({"secret": secret})


def _open(row: OneTimeSecret) -> str:
    return SecretBox.of(load()).open(bytes(row.sealed))["secret"]
