"""What a user can prove herself with, beside the password."""

from typing import NamedTuple

from ripresa.domain.signin.models import OneTimeSecret, Passkey, RecoveryCode


class Factors(NamedTuple):
    """Her second factors."""

    passkeys: list[Passkey]
    has_codes: bool
    recovery_codes: int

    @property
    def is_any(self) -> bool:
        """Whether a password alone is not enough."""
        return bool(self.passkeys) or self.has_codes


def factors_of(user_id: int) -> Factors:
    """All of hers, passkeys by age."""
    return Factors(
        list(Passkey.objects.filter(user_id=user_id).order_by("id")),
        OneTimeSecret.objects.filter(user_id=user_id, confirmed_at__isnull=False).exists(),
        RecoveryCode.objects.filter(user_id=user_id).count(),
    )
