"""Endpoints: added, changed, paused, removed. Secrets come sealed: see ripresa.core.secrets."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet

from ripresa.core.ids import new_id
from ripresa.domain.webhooks.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint
from ripresa.domain.webhooks.telling import forget_patterns


class EndpointExists(Exception):
    """The shop has an endpoint of that name."""


@dataclass(frozen=True, slots=True)
class NewEndpoint:
    """An endpoint to be, checked; `secrets` sealed."""

    name: str
    url: str
    patterns: Sequence[str]
    secrets: bytes


@transaction.atomic
def add(*, shop_id: int, new: NewEndpoint, now: datetime) -> WebhookEndpoint:
    """Tell one more endpoint what happens from now on. Raises EndpointExists."""
    if find_named(shop_id, new.name) is not None:
        raise EndpointExists(f"there is an endpoint {new.name!r} already")
    forget_patterns(shop_id)
    return WebhookEndpoint.objects.create(
        shop_id=shop_id,
        id=new_id(now),
        name=new.name,
        url=new.url,
        patterns=list(new.patterns),
        secrets=new.secrets,
        created_at=now,
    )


def change(endpoint: WebhookEndpoint, **values: object) -> None:
    """Write some columns of an endpoint."""
    forget_patterns(endpoint.shop_id)
    _own(endpoint).update(**values)


def pause(endpoint: WebhookEndpoint) -> bool:
    """Call it no more; what happens meanwhile waits. False: it was not called anyway."""
    return bool(_own(endpoint).filter(state="on").update(state="paused"))


@transaction.atomic
def resume(endpoint: WebhookEndpoint, now: datetime) -> bool:
    """Call it again, with what waited, at once. False: it was called all the time."""
    silent = _own(endpoint).exclude(state="on")
    if not silent.update(
        state="on", off_reason="", failures=0, rests_until=None, failing_since=None
    ):
        return False
    waiting = WebhookDelivery.objects.filter(
        shop_id=endpoint.shop_id, endpoint_id=endpoint.id, due_at__gt=now
    )
    waiting.update(due_at=now)
    return True


@transaction.atomic
def remove(endpoint: WebhookEndpoint) -> None:
    """Forget an endpoint, what it was to hear, and the log of its calls."""
    forget_patterns(endpoint.shop_id)
    at = {"shop_id": endpoint.shop_id, "endpoint_id": endpoint.id}
    WebhookAttempt.objects.filter(**at).delete()
    WebhookDelivery.objects.filter(**at).delete()
    _own(endpoint).delete()


def list_endpoints(shop_id: int) -> list[WebhookEndpoint]:
    """All endpoints of a shop by name."""
    return list(WebhookEndpoint.objects.filter(shop_id=shop_id).order_by("name"))


def find(shop_id: int, endpoint_id: UUID) -> WebhookEndpoint | None:
    """One endpoint."""
    return WebhookEndpoint.objects.filter(shop_id=shop_id, id=endpoint_id).first()


def find_named(shop_id: int, name: str) -> WebhookEndpoint | None:
    """The endpoint of that name."""
    return WebhookEndpoint.objects.filter(shop_id=shop_id, name=name).first()


@transaction.atomic
def reseal_all(reseal: Callable[[bytes], bytes]) -> int:
    """Seal the secrets of every endpoint of every shop anew; returns how many."""
    with connection.cursor() as cursor:
        # Who adds or changes an endpoint meanwhile waits, and is then sealed with a key that stays.
        cursor.execute("LOCK TABLE webhook_endpoint IN SHARE ROW EXCLUSIVE MODE")
    every = list(WebhookEndpoint.objects.order_by("shop_id", "id"))
    for one in every:
        change(one, secrets=reseal(bytes(one.secrets)))
    return len(every)


def _own(endpoint: WebhookEndpoint) -> QuerySet[WebhookEndpoint]:
    return WebhookEndpoint.objects.filter(shop_id=endpoint.shop_id, id=endpoint.id)
