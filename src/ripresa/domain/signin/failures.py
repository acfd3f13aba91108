"""Failures to sign in, counted by name and by address."""

import hashlib
from datetime import datetime

from django.db import transaction

from ripresa.domain.signin import rules
from ripresa.domain.signin.models import FailedSignIn


def paused_until(name: str, address: str, *, now: datetime) -> datetime | None:
    """Until when nothing is tried; None: go on. Says the same of names that nobody has."""
    keys = [_key("name", name), _key("address", address)]
    standing = FailedSignIn.objects.filter(key__in=keys, paused_until__gt=now)
    return max(filter(None, standing.values_list("paused_until", flat=True)), default=None)


@transaction.atomic
def count(name: str, address: str, *, now: datetime) -> None:
    """One more failure of both."""
    _count(_key("name", name), rules.FREE_OF_NAME, now)
    _count(_key("address", address), rules.FREE_OF_ADDRESS, now)


def forget(name: str) -> None:
    """It was she. The address keeps its count: others may sit behind it."""
    FailedSignIn.objects.filter(key=_key("name", name)).delete()


def _count(key: str, free: int, now: datetime) -> None:
    FailedSignIn.objects.bulk_create(
        [FailedSignIn(key=key, failures=0, latest_at=now)], ignore_conflicts=True
    )
    row = FailedSignIn.objects.select_for_update().get(key=key)
    if now - row.latest_at > rules.FORGOTTEN_AFTER:
        row.failures = 0
    row.failures += 1
    pause = rules.pause_after(row.failures, free)
    row.latest_at, row.paused_until = now, now + pause if pause else None
    row.save()
    FailedSignIn.objects.filter(latest_at__lt=now - rules.FORGOTTEN_AFTER).delete()


def _key(kind: str, text: str) -> str:
    # A digest: people type passwords where names belong.
    return hashlib.sha256(f"{kind} {text.strip().lower()}".encode()).hexdigest()
