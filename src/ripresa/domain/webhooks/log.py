"""The log of deliveries: what was told to whom, what came of it; and telling it again."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import NamedTuple
from uuid import UUID

from ripresa.contracts.happenings.types import HappeningType, fits
from ripresa.core import query
from ripresa.domain.webhooks.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint

run = partial(query.run, "ripresa.domain.webhooks")


class DeliveryRow(NamedTuple):
    """One event for one endpoint, with its latest call if there was one."""

    event_id: UUID
    type: str
    happened_at: datetime
    state: str
    due_at: datetime | None
    attempts: int
    settled_at: datetime | None
    status: int | None
    problem: str | None
    milliseconds: int | None


class Counts(NamedTuple):
    """How much waits for an endpoint, and since when; how much was given up."""

    waiting: int
    oldest_at: datetime | None
    given_up: int


def list_deliveries(
    endpoint: WebhookEndpoint, *, state: str | None, before: UUID | None, limit: int
) -> list[DeliveryRow]:
    """Deliveries of an endpoint, the latest event first; `before`: older than that event."""
    rows = run(
        "list_deliveries",
        shop_id=endpoint.shop_id,
        endpoint_id=endpoint.id,
        state=state,
        before=before,
        limit=limit,
    )
    return [DeliveryRow(*row) for row in rows]


def attempts_of(endpoint: WebhookEndpoint, event_ids: Sequence[UUID]) -> list[WebhookAttempt]:
    """Every call that was made for these events, in order."""
    made = WebhookAttempt.objects.filter(
        shop_id=endpoint.shop_id, endpoint_id=endpoint.id, event_id__in=list(event_ids)
    )
    return list(made.order_by("at", "id"))


def body_of(shop_id: int, event_id: UUID) -> str | None:
    """What was told of an event; None: nothing yet, or there is no such event."""
    rows = run("body_of_event", shop_id=shop_id, event_id=event_id)
    return rows[0][0] if rows else None


def has_delivery(endpoint: WebhookEndpoint, event_id: UUID) -> bool:
    """Whether an event was meant for this endpoint, and is still kept."""
    own = WebhookDelivery.objects.filter(shop_id=endpoint.shop_id, endpoint_id=endpoint.id)
    return own.filter(event_id=event_id).exists()


def count(endpoint: WebhookEndpoint) -> Counts:
    """How much waits and how much was given up."""
    [row] = run("count_deliveries", shop_id=endpoint.shop_id, endpoint_id=endpoint.id)
    return Counts(*row)


def replay_event(endpoint: WebhookEndpoint, event_id: UUID, now: datetime) -> bool:
    """Tell one event again, under its id. False: it is no longer kept."""
    return bool(_replay(endpoint, [event_id], now))


def replay_range(endpoint: WebhookEndpoint, since: datetime, until: datetime, now: datetime) -> int:
    """Tell again what happened from `since` to before `until` and fits the endpoint; returns how much.

    What waits already is not told twice.
    """
    kept = run("events_between", shop_id=endpoint.shop_id, since=since, until=until)
    wanted = [
        event_id
        for event_id, happened in kept
        if any(fits(pattern, HappeningType(happened)) for pattern in endpoint.patterns)
    ]
    return _replay(endpoint, wanted, now)


def _replay(endpoint: WebhookEndpoint, event_ids: Sequence[UUID], now: datetime) -> int:
    if not event_ids:
        return 0
    rows = run(
        "replay",
        shop_id=endpoint.shop_id,
        endpoint_id=endpoint.id,
        ids=list(event_ids),
        now=now,
    )
    return len(rows)
