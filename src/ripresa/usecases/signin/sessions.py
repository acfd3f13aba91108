"""Where a user is signed in: the list of her sessions, and their end."""

from datetime import datetime, timedelta

from django.contrib.sessions.models import Session
from django.db import transaction

from ripresa.domain.signin.models import SignedIn

# A page more is no news for so long.
SEEN_EVERY = timedelta(minutes=10)
_LONGEST_AGENT = 300


def begin(*, user_id: int, session_key: str, ip: str, agent: str, now: datetime) -> None:
    """Keep that she is signed in here."""
    SignedIn.objects.update_or_create(
        session_key=session_key,
        defaults={
            "user_id": user_id,
            "started_at": now,
            "seen_at": now,
            "ip": ip,
            "user_agent": agent[:_LONGEST_AGENT],
        },
    )


def see(*, session_key: str, now: datetime) -> None:
    """She has opened a page."""
    SignedIn.objects.filter(session_key=session_key).update(seen_at=now)


def list_sessions(*, user_id: int) -> list[SignedIn]:
    """Her sessions that still open something, the latest seen first; what is over is forgotten."""
    rows = SignedIn.objects.filter(user_id=user_id)
    known = list(rows.values_list("session_key", flat=True))
    living = Session.objects.filter(session_key__in=known)
    keys = set(living.values_list("session_key", flat=True))
    rows.exclude(session_key__in=keys).delete()
    return list(rows.order_by("-seen_at", "-id"))


@transaction.atomic
def end(*, user_id: int, signed_in_id: int) -> bool:
    """End one of her sessions, at once; False: she has no such one."""
    row = SignedIn.objects.filter(user_id=user_id, id=signed_in_id).first()
    if row is None:
        return False
    _end([row.session_key])
    return True


@transaction.atomic
def end_others(*, user_id: int, session_key: str) -> int:
    """End all of her sessions but this one; returns how many."""
    rows = SignedIn.objects.filter(user_id=user_id).exclude(session_key=session_key)
    keys = list(rows.values_list("session_key", flat=True))
    _end(keys)
    return len(keys)


def forget(*, session_key: str) -> None:
    """She has signed out here."""
    SignedIn.objects.filter(session_key=session_key).delete()


def _end(keys: list[str]) -> None:
    Session.objects.filter(session_key__in=keys).delete()
    SignedIn.objects.filter(session_key__in=keys).delete()
