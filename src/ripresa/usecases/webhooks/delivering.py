"""Call endpoints: several at once, few of each, and nothing of the database waits for any of them.

One thread owns a `Courier` and all its statements; the calls themselves run in threads that touch nothing
but the wire. So a slow endpoint takes up its own few calls, and the next round goes on for the others.
"""

import random
import time
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import NamedTuple
from uuid import UUID

import structlog
from django.db import transaction

from ripresa.core.config import ConfigError
from ripresa.core.http.client import Answer, Call, HttpClient, NoAnswer, NotAsked
from ripresa.core.http.signing import standard_webhook_headers
from ripresa.core.secrets.box import CannotOpen
from ripresa.domain.messages.owner_notices import Telling, tell_owner
from ripresa.domain.shops.models import Shop
from ripresa.domain.webhooks import endpoints, queue
from ripresa.domain.webhooks.models import WebhookEndpoint
from ripresa.domain.webhooks.queue import Outcome, Taken
from ripresa.domain.webhooks.rules import Attempted, judge
from ripresa.usecases.webhooks.composing import compose
from ripresa.usecases.webhooks.endpoints import Endpoints

# Calls under way at once: to one endpoint, and of one worker to all of them.
TO_ONE = 4
TO_ALL = 32
TIMEOUT = timedelta(seconds=15)
# How long a round looks whether a call is over.
GLANCE_SECONDS = 0.05
# After it, somebody else makes the call again.
LEASE = timedelta(minutes=1)
NOTICE = "webhook"

_log = structlog.get_logger("ripresa.webhooks")


class _Flight(NamedTuple):
    shop_id: int
    endpoint_id: UUID
    event_id: UUID
    tries: int


@dataclass(slots=True)
class Courier:
    """Makes calls to endpoints. To be used by one thread, and closed. `chance` spreads the waits."""

    http: HttpClient
    endpoints: Endpoints = field(default_factory=Endpoints)
    timeout: timedelta = TIMEOUT
    lease: timedelta = LEASE
    chance: Callable[[], float] = random.random
    _flights: dict["Future[Attempted]", _Flight] = field(default_factory=dict)
    _due: defaultdict[int, list[UUID]] = field(default_factory=lambda: defaultdict(list))
    _pool: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(TO_ALL, "webhook call")
    )

    def shops_to_call(self, now: datetime) -> list[int]:
        """Settle what has come back, then look which shops have somebody to call whom there is room for."""
        if self._flights:
            # The only wait in here: it spares the database a look while nothing can have changed.
            wait(self._flights, timeout=GLANCE_SECONDS, return_when=FIRST_COMPLETED)
        self.settle(now)
        self._due = defaultdict(list)
        for shop_id, endpoint_id in queue.due_endpoints(now):
            self._due[shop_id].append(endpoint_id)
        return list(self._due)

    def call(self, *, shop_id: int, now: datetime) -> int:
        """Call the endpoints of a shop that were found due; returns how many calls were begun."""
        return sum(self._call(shop_id, one, self._room(one), now) for one in self._due[shop_id])

    def settle(self, now: datetime) -> None:
        """Take down what came of the calls that are over."""
        back: defaultdict[tuple[int, UUID], list[Outcome]] = defaultdict(list)
        for future in [one for one in self._flights if one.done()]:
            flight, attempted = self._flights.pop(future), future.result()
            judgement = judge(attempted, tries=flight.tries, chance=self.chance())
            outcome = Outcome(flight.event_id, flight.tries, now, attempted, judgement)
            back[flight.shop_id, flight.endpoint_id].append(outcome)
        for (shop_id, endpoint_id), outcomes in sorted(back.items()):
            _settle(shop_id, endpoint_id, outcomes, now)

    def finish(self, now: Callable[[], datetime]) -> None:
        """Begin nothing more, wait for the calls under way, and take down what came of them."""
        while self._flights:
            wait(self._flights, return_when=FIRST_COMPLETED)
            self.settle(now())

    def close(self) -> None:
        """Let go of the threads once their calls are over."""
        self._pool.shutdown(cancel_futures=True)
        self.http.close()

    def _room(self, endpoint_id: UUID) -> int:
        to_it = sum(1 for one in self._flights.values() if one.endpoint_id == endpoint_id)
        return min(TO_ONE - to_it, TO_ALL - len(self._flights))

    def _call(self, shop_id: int, endpoint_id: UUID, room: int, now: datetime) -> int:
        endpoint = endpoints.find(shop_id, endpoint_id) if room > 0 else None
        if endpoint is None:
            return 0
        try:
            signers = self.endpoints.secrets_of(endpoint, now)
        except (CannotOpen, ConfigError) as trouble:
            endpoints.change(endpoint, rests_until=now + LEASE)
            _log.error("can't sign", endpoint=endpoint.name, reason=str(trouble))
            return 0
        taken = queue.take(
            shop_id=shop_id, endpoint_id=endpoint_id, limit=room, lease=self.lease, now=now
        )
        bodies = _bodies(shop_id, taken)
        for one in taken:
            call = _call_of(endpoint, bodies[one.event.id], signers, one.event.id, now)
            future = self._pool.submit(_attempt, self.http, call, self.timeout)
            self._flights[future] = _Flight(shop_id, endpoint_id, one.event.id, one.tries)
        return len(taken)


@transaction.atomic
def _settle(shop_id: int, endpoint_id: UUID, outcomes: list[Outcome], now: datetime) -> None:
    off = queue.settle(shop_id=shop_id, endpoint_id=endpoint_id, outcomes=outcomes, now=now)
    if off is not None:
        _log.warning("switched off", endpoint=off.endpoint.name, reason=off.reason)
        telling = Telling(NOTICE, off.endpoint.name, off.reason)
        tell_owner(shop_id=shop_id, tellings=[telling], now=now)


@transaction.atomic
def _bodies(shop_id: int, taken: list[Taken]) -> dict[UUID, str]:
    """What is told of each event; what is composed now is kept before it is told."""
    bodies = {one.event.id: one.event.body for one in taken if one.event.body is not None}
    new = [one.event for one in taken if one.event.body is None]
    if new:
        slug = Shop.objects.values_list("slug", flat=True).get(id=shop_id)
        composed = compose(shop_id=shop_id, shop=slug, events=new)
        queue.keep_bodies(shop_id=shop_id, bodies=composed.items())
        bodies |= composed
    return bodies


def _call_of(
    endpoint: WebhookEndpoint, body: str, signers: list[str], event_id: UUID, now: datetime
) -> Call:
    content = body.encode()
    headers = standard_webhook_headers(content, signers, str(event_id), now=now)
    return Call("POST", endpoint.url, {**headers, "content-type": "application/json"}, content)


def _attempt(http: HttpClient, call: Call, timeout: timedelta) -> Attempted:
    """Make one call. Whatever comes of it is an outcome, never an error."""
    began = time.monotonic()
    try:
        answer = http.ask(
            call, deadline=began + timeout.total_seconds(), only_first=queue.LONGEST_REPLY
        )
    except (NotAsked, NoAnswer) as trouble:
        return Attempted(_since(began), problem=str(trouble))
    return Attempted(
        _since(began),
        answer.status,
        reply=answer.text,
        retry_after=_retry_after(answer),
    )


def _since(began: float) -> int:
    return int((time.monotonic() - began) * 1000)


def _retry_after(answer: Answer) -> timedelta | None:
    """What Retry-After asks for (RFC 9110, section 10.2.3): seconds, or a date by the server's own clock."""
    text = answer.headers.get("retry-after", "").strip()
    if text.isdecimal():
        return timedelta(seconds=min(int(text[:9]), 10**8))
    try:
        until = parsedate_to_datetime(text)
        here = parsedate_to_datetime(answer.headers.get("date", ""))
    except ValueError:
        return None
    if until.tzinfo is None or here.tzinfo is None:
        return None
    return max(until.astimezone(UTC) - here.astimezone(UTC), timedelta())
