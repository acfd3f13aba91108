"""Calls of shops: taken from the table, and settled."""

from datetime import datetime, timedelta

from django.db.models import QuerySet

from ripresa.domain.connections.models import ConnectionCall
from ripresa.domain.connections.operations import run

# How long a call is kept that was not believed.
KEPT_FOR = timedelta(days=30)
# While a worker reads a call, no other does.
_LEASE = timedelta(minutes=2)


def shops_with_due(now: datetime) -> list[int]:
    """The shops for which there are calls to read."""
    return [shop_id for (shop_id,) in run("shops_with_due_calls", now=now)]


def take_due(*, shop_id: int, now: datetime, limit: int) -> list[ConnectionCall]:
    """Take calls for reading, the oldest first, in a transaction; a lease is nothing but a later due time."""
    due = ConnectionCall.objects.filter(shop_id=shop_id, due_at__lte=now).order_by("due_at", "id")
    taken = list(due.select_for_update(skip_locked=True)[:limit])
    ids = [one.id for one in taken]
    ConnectionCall.objects.filter(shop_id=shop_id, id__in=ids).update(due_at=now + _LEASE)
    return taken


def forget(call: ConnectionCall) -> None:
    """It was read: what it told is in the inbox."""
    _own(call).delete()


def postpone(call: ConnectionCall, due_at: datetime) -> None:
    """Read it again later."""
    _own(call).update(due_at=due_at)


def refuse(call: ConnectionCall, reason: str, now: datetime) -> None:
    """It is not believed, or can't be read: kept for a while, with the reason."""
    _own(call).update(due_at=None, refused_at=now, detail=reason[:2_000])


def forget_old(*, shop_id: int, now: datetime) -> None:
    """Delete what was refused long ago."""
    ConnectionCall.objects.filter(shop_id=shop_id, refused_at__lt=now - KEPT_FOR).delete()


def refused(shop_id: int, since: datetime) -> list[ConnectionCall]:
    """The calls refused since an instant, the latest first, without their bodies."""
    found = ConnectionCall.objects.filter(shop_id=shop_id, refused_at__gte=since)
    return list(found.defer("body", "headers").order_by("-refused_at", "-id"))


def _own(call: ConnectionCall) -> QuerySet[ConnectionCall]:
    return ConnectionCall.objects.filter(shop_id=call.shop_id, id=call.id)
