"""Calls of providers: taken from the table, and settled."""

from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from django.db.models import Count, Max, Q, QuerySet

from ripresa.core import query
from ripresa.domain.providers.models import ProviderCall

run = partial(query.run, "ripresa.domain.providers")

# How long a call is kept that was not believed.
KEPT_FOR = timedelta(days=30)
# While a worker reads a call, no other does.
_LEASE = timedelta(minutes=2)


def shops_with_due(now: datetime) -> list[int]:
    """The shops for which there are calls to read."""
    return [shop_id for (shop_id,) in run("shops_with_due_calls", now=now)]


def take_due(*, shop_id: int, now: datetime, limit: int) -> list[ProviderCall]:
    """Take calls for reading, the oldest first, in a transaction; a lease is nothing but a later due time."""
    due = ProviderCall.objects.filter(shop_id=shop_id, due_at__lte=now).order_by("due_at", "id")
    taken = list(due.select_for_update(skip_locked=True)[:limit])
    ids = [one.id for one in taken]
    ProviderCall.objects.filter(shop_id=shop_id, id__in=ids).update(due_at=now + _LEASE)
    return taken


def forget(call: ProviderCall) -> None:
    """It was read: what it told is kept elsewhere, the call itself may hold what nobody need keep."""
    _own(call).delete()


def postpone(call: ProviderCall, due_at: datetime) -> None:
    """Read it again later."""
    _own(call).update(due_at=due_at)


def refuse(call: ProviderCall, reason: str, now: datetime) -> None:
    """It is not believed, or can't be read: kept with the reason, without what it signed in with."""
    headers = {
        name: value
        for name, value in call.headers.items()
        if name not in {"authorization", "cookie"}
    }
    _own(call).update(due_at=None, refused_at=now, detail=reason[:2_000], headers=headers)


def forget_old(*, shop_id: int, now: datetime) -> None:
    """Delete what was refused long ago."""
    old = ProviderCall.objects.filter(shop_id=shop_id, refused_at__lt=now - KEPT_FOR)
    old.delete()


def refused_since(shop_id: int, since: datetime) -> dict[UUID, tuple[int, datetime]]:
    """For each account how many calls were refused since an instant, and when the latest was."""
    refused = ProviderCall.objects.filter(shop_id=shop_id, refused_at__gte=since)
    counted = refused.values("account_id").annotate(number=Count("id"), latest=Max("refused_at"))
    return {one["account_id"]: (one["number"], one["latest"]) for one in counted}


def list_refused(
    shop_id: int, *, before: tuple[datetime, UUID] | None, limit: int
) -> list[ProviderCall]:
    """The calls that were refused, the latest first, after the place `before` (instant, id)."""
    refused = ProviderCall.objects.filter(shop_id=shop_id, refused_at__isnull=False)
    if before is not None:
        at, call_id = before
        refused = refused.filter(Q(refused_at__lt=at) | Q(refused_at=at, id__lt=call_id))
    return list(refused.defer("headers").order_by("-refused_at", "-id")[:limit])


def latest_refused(shop_id: int, account_id: UUID, limit: int) -> list[ProviderCall]:
    """The calls for an account that were refused last, without their bodies."""
    own = ProviderCall.objects.filter(shop_id=shop_id, account_id=account_id)
    refused = own.filter(refused_at__isnull=False)
    return list(refused.defer("body", "headers").order_by("-refused_at", "-id")[:limit])


def _own(call: ProviderCall) -> QuerySet[ProviderCall]:
    return ProviderCall.objects.filter(shop_id=call.shop_id, id=call.id)
