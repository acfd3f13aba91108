"""By which secret an install goes, to be known again: a backup does not hold RIPRESA_SECRET_KEY itself."""

import hmac

from ripresa.core.config import load
from ripresa.domain.shops.models import Install


def leave_mark() -> None:
    """Write down by which secret the install goes, where that is not known yet."""
    Install.objects.bulk_create([Install()], ignore_conflicts=True)
    Install.objects.filter(secret_mark=None).update(secret_mark=_mark())


def is_another_secret() -> bool:
    """Whether the install was begun with another secret than the present one."""
    mark = Install.objects.values_list("secret_mark", flat=True).first()
    return mark is not None and mark != _mark()


def _mark() -> str:
    # Too short to tell anything of the secret, long enough to tell two apart.
    return hmac.digest(load().secret_key.encode(), b"ripresa secret mark", "sha256")[:8].hex()
