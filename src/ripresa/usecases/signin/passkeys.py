"""Passkeys (WebAuthn level 2): kept by a device, found by it without a name, opened by its owner's own lock.

The relying party is the host of RIPRESA_PUBLIC_URL: a passkey works at that address alone.
"""

from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.contrib.auth.models import User
from django.db import transaction
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from ripresa.core.config import load
from ripresa.domain.signin.models import Passkey

LONGEST_NAME = 60
_REQUIRED = UserVerificationRequirement.REQUIRED


class NotProven(Exception):
    """The device's answer proves nothing; whoever gave it is told no more."""


class Asked(NamedTuple):
    """What the browser is asked (JSON), and the challenge that its answer must carry."""

    options: str
    challenge: bytes


def ask_to_make(user: User) -> Asked:
    """What a device needs to make a passkey for `user`; not one that has one."""
    known = Passkey.objects.filter(user_id=user.id).values_list("credential_id", flat=True)
    options = generate_registration_options(
        rp_id=_host(),
        rp_name="Ripresa",
        user_id=f"ripresa-{user.id}".encode(),
        user_name=user.username,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=_REQUIRED
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=bytes(each)) for each in known],
    )
    return Asked(options_to_json(options), options.challenge)


def keep(
    user: User, *, answer: dict[str, Any], challenge: bytes, name: str, now: datetime
) -> Passkey:
    """Keep the public half of a new passkey. Raises NotProven."""
    try:
        proven = verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=_host(),
            expected_origin=_origin(),
            require_user_verification=True,
        )
    except (WebAuthnException, KeyError, TypeError, ValueError) as wrong:
        raise NotProven from wrong
    if Passkey.objects.filter(credential_id=proven.credential_id).exists():
        raise NotProven
    return Passkey.objects.create(
        user_id=user.id,
        credential_id=proven.credential_id,
        public_key=proven.credential_public_key,
        sign_count=proven.sign_count,
        name=name[:LONGEST_NAME],
        created_at=now,
    )


def ask_who() -> Asked:
    """What a device needs to say who its owner is."""
    options = generate_authentication_options(rp_id=_host(), user_verification=_REQUIRED)
    return Asked(options_to_json(options), options.challenge)


@transaction.atomic
def who_is(*, answer: dict[str, Any], challenge: bytes, now: datetime) -> User:
    """Whose passkey has signed the challenge. Raises NotProven."""
    try:
        credential_id = base64url_to_bytes(str(answer["rawId"]))
        found = Passkey.objects.select_for_update().filter(credential_id=credential_id).first()
        if found is None:
            raise NotProven
        proven = verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=_host(),
            expected_origin=_origin(),
            credential_public_key=bytes(found.public_key),
            credential_current_sign_count=found.sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, KeyError, TypeError, ValueError) as wrong:
        raise NotProven from wrong
    user = User.objects.filter(id=found.user_id, is_active=True).first()
    if user is None:
        raise NotProven
    Passkey.objects.filter(id=found.id).update(sign_count=proven.new_sign_count, used_at=now)
    return user


def remove(*, user_id: int, passkey_id: int) -> bool:
    """The passkey proves nothing any more; False: she has no such one."""
    gone, _ = Passkey.objects.filter(user_id=user_id, id=passkey_id).delete()
    return gone > 0


def _host() -> str:
    return urlsplit(load().public_url).hostname or "localhost"


def _origin() -> str:
    parts = urlsplit(load().public_url)
    return f"{parts.scheme}://{parts.netloc}"
