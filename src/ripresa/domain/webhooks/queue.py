"""Deliveries: taken for calling, and settled. Of one subject only one is under way to an endpoint."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import F

from ripresa.contracts.calling.sayings import say
from ripresa.core import query
from ripresa.core.ids import ids_in_order
from ripresa.domain.webhooks.models import WebhookEndpoint, WebhookEvent
from ripresa.domain.webhooks.rules import (
    FAILING_FOR,
    Arrived,
    Attempted,
    GivenUp,
    Gone,
    Judgement,
    TryAgain,
    rest_after,
)

run = partial(query.run_often, "ripresa.domain.webhooks")

# Some that are due may wait behind others: so many are looked at for one that is taken.
_WINDOW = 20
LONGEST_REPLY = 1_000


class Taken(NamedTuple):
    """An event to tell an endpoint, for the so-manieth time."""

    event: WebhookEvent
    tries: int


class Outcome(NamedTuple):
    """What came of one call, and what follows."""

    event_id: UUID
    tries: int
    at: datetime
    attempted: Attempted
    judgement: Judgement


@dataclass(frozen=True, slots=True)
class SwitchedOff:
    """An endpoint that is called no more, and why."""

    endpoint: WebhookEndpoint
    reason: str


def due_endpoints(now: datetime) -> list[tuple[int, UUID]]:
    """(shop, endpoint) of those who have something to hear and do not rest, the longest waiting first."""
    return [(shop_id, endpoint_id) for shop_id, endpoint_id in run("due_endpoints", now=now)]


@transaction.atomic
def take(
    *, shop_id: int, endpoint_id: UUID, limit: int, lease: timedelta, now: datetime
) -> list[Taken]:
    """Take at most `limit` events for telling, in order; nobody else does until the lease is over."""
    rows = run(
        "take_due",
        shop_id=shop_id,
        endpoint_id=endpoint_id,
        now=now,
        lease_until=now + lease,
        limit=limit,
        window=limit * _WINDOW,
    )
    tries = dict(rows)
    events = WebhookEvent.objects.filter(shop_id=shop_id, id__in=list(tries)).order_by("position")
    return [Taken(event, tries[event.id]) for event in events]


@transaction.atomic
def settle(
    *, shop_id: int, endpoint_id: UUID, outcomes: Sequence[Outcome], now: datetime
) -> SwitchedOff | None:
    """Take down what came of calls to one endpoint; returns it if that switched it off."""
    _log(shop_id, endpoint_id, outcomes, now)
    rows = run(
        "settle",
        shop_id=shop_id,
        endpoint_id=endpoint_id,
        now=now,
        event_ids=[one.event_id for one in outcomes],
        attempts=[one.tries for one in outcomes],
        states=[_state(one.judgement) for one in outcomes],
        due_ats=[_due_at(one.judgement, now) for one in outcomes],
    )
    through = sorted({subject for _, subject, state in rows if state != "waiting"})
    if through:
        run("bring_forward", shop_id=shop_id, endpoint_id=endpoint_id, subjects=through, now=now)
    return _note(shop_id, endpoint_id, outcomes, now)


def keep_bodies(*, shop_id: int, bodies: Collection[tuple[UUID, str]]) -> None:
    """What is told of events, once and for all."""
    for event_id, body in bodies:
        own = WebhookEvent.objects.filter(shop_id=shop_id, id=event_id, body__isnull=True)
        own.update(body=body)


def _log(shop_id: int, endpoint_id: UUID, outcomes: Sequence[Outcome], now: datetime) -> None:
    ids = ids_in_order(now)
    run(
        "log_attempts",
        shop_id=shop_id,
        endpoint_id=endpoint_id,
        ids=[next(ids) for _ in outcomes],
        event_ids=[one.event_id for one in outcomes],
        attempts=[one.tries for one in outcomes],
        instants=[one.at for one in outcomes],
        milliseconds=[one.attempted.milliseconds for one in outcomes],
        statuses=[one.attempted.status for one in outcomes],
        problems=[one.attempted.problem[:LONGEST_REPLY] for one in outcomes],
        replies=[one.attempted.reply[:LONGEST_REPLY].replace("\0", "") for one in outcomes],
    )


def _state(judgement: Judgement) -> str:
    match judgement:
        case Arrived():
            return "delivered"
        case TryAgain() | Gone():
            return "waiting"
        case GivenUp():
            return "given_up"


def _due_at(judgement: Judgement, now: datetime) -> datetime | None:
    match judgement:
        case TryAgain(wait, _):
            return now + wait
        case Gone():
            # Nothing is called while it is off; once somebody switches it on again, this comes first.
            return now
        case Arrived() | GivenUp():
            return None


def _note(
    shop_id: int, endpoint_id: UUID, outcomes: Sequence[Outcome], now: datetime
) -> SwitchedOff | None:
    """How the endpoint stands by what came of these calls."""
    own = WebhookEndpoint.objects.filter(shop_id=shop_id, id=endpoint_id)
    endpoint = own.select_for_update().first()
    if endpoint is None:
        return None
    arrived = any(isinstance(one.judgement, Arrived) for one in outcomes)
    down = [
        one
        for one in outcomes
        if isinstance(one.judgement, TryAgain | GivenUp) and one.judgement.is_down
    ]
    if arrived:
        own.update(arrived_at=now, failing_since=None)
    elif endpoint.failing_since is None:
        own.update(failing_since=now)
    if down:
        waits = [one.attempted.retry_after for one in down if one.attempted.retry_after]
        rest = rest_after(endpoint.failures + 1, max(waits, default=None))
        own.update(failures=F("failures") + 1, rests_until=now + rest)
    elif arrived:
        own.update(failures=0, rests_until=None)
    since = None if arrived else endpoint.failing_since
    return _switch_off(endpoint, _why_off(outcomes, since, now))


def _why_off(
    outcomes: Sequence[Outcome], failing_since: datetime | None, now: datetime
) -> str | None:
    if any(isinstance(one.judgement, Gone) for one in outcomes):
        return say("it answered 410: it wants to hear no more")
    if failing_since is not None and now - failing_since >= FAILING_FOR:
        latest = outcomes[-1].attempted
        said = latest.problem
        if latest.status is not None:
            said = say("status {status}", status=latest.status)
        return say(
            "nothing has arrived for {days} days; last: {said}", days=FAILING_FOR.days, said=said
        )
    return None


def _switch_off(endpoint: WebhookEndpoint, reason: str | None) -> SwitchedOff | None:
    if reason is None:
        return None
    on = WebhookEndpoint.objects.filter(shop_id=endpoint.shop_id, id=endpoint.id, state="on")
    return SwitchedOff(endpoint, reason) if on.update(state="off", off_reason=reason) else None
