"""Do the replays that were asked for, one of a shop at a time, each in one transaction that keeps its result.

Whoever does one holds the shop's turn as long as that transaction lives. How far it is, is told on a
connection of its own: nobody sees anything of the transaction before its end.
"""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

import msgspec
from django.db import connection, transaction
from django.db.models import F, QuerySet

from ripresa.core import query
from ripresa.domain.scenarios.models import ScenarioReplay
from ripresa.domain.scenarios.plan import Plan
from ripresa.domain.shops.models import Shop
from ripresa.usecases.replay import asking

# A transaction that lives longer would be a burden for everybody.
MOST_SECONDS = 3600.0
# What breaks down so often, or takes its worker down with it, is not tried again.
MOST_TRIES = 3
_TELL_EVERY = 1.0  # seconds
_run = partial(query.run, "ripresa.usecases.replay")
_T = TypeVar("_T")


class _TooLong(Exception):
    """The time is over."""


class _LeftOff(Exception):
    """The worker is asked to end."""


class _Dropped(Exception):
    """Nobody wants the result any more."""


def shops_with_running(_now: datetime) -> list[int]:
    """Shops that have a replay to be done."""
    running = ScenarioReplay.objects.filter(state="running").order_by("shop_id")
    return list(running.values_list("shop_id", flat=True).distinct())


@dataclass(frozen=True, slots=True)
class Replayer:
    """Does replays until `is_asked_to_end`, and tells how far each is; `clock`: the instant it is now."""

    clock: Callable[[], datetime]
    is_asked_to_end: Callable[[], bool]
    most_seconds: float = MOST_SECONDS

    def replay_due(self, *, shop_id: int, now: datetime) -> int:  # noqa: ARG002  (as all due work)
        """Do the oldest replay of a shop; returns how many were done: 0 where another is at it."""
        running = ScenarioReplay.objects.filter(shop_id=shop_id, state="running")
        one = running.order_by("id").first()
        if one is None:
            return 0
        try:
            return self._in_turn(one)
        except _TooLong:
            return _row(shop_id, one.id).update(
                state="failed", trouble="too_long", ended_at=self.clock()
            )
        except _LeftOff:
            # It was no fault of the replay's.
            _row(shop_id, one.id).update(tries=F("tries") - 1)
        except _Dropped:
            pass
        return 0

    @transaction.atomic
    def _in_turn(self, one: ScenarioReplay) -> int:
        [(is_ours,)] = _run("take_turn", shop_id=one.shop_id)
        row = _row(one.shop_id, one.id)
        if not is_ours or not _beside(lambda: row.update(tries=F("tries") + 1, done=0)):
            return 0
        if one.tries >= MOST_TRIES:
            return row.update(state="failed", trouble="broke_down", ended_at=self.clock())
        found = asking.replay(
            shop=Shop.objects.get(id=one.shop_id),
            plan=msgspec.convert(one.plan, Plan),
            days=one.days,
            prices={},
            now=one.asked_at,
            tick=self._ticking(one),
        )
        result = {
            "carts": found.carts,
            "people": found.people,
            "coupons": found.coupons,
            "sent": found.sent,
            "cost": {channel: str(cost) for channel, cost in found.cost.items()},
            "outcomes": found.outcomes,
        }
        return row.update(state="done", done=F("of"), result=result, ended_at=self.clock())

    def _ticking(self, one: ScenarioReplay) -> asking.Tick:
        began = told = time.monotonic()
        since, span = one.asked_at - timedelta(days=one.days), timedelta(days=one.days)

        def tick(at: datetime) -> None:
            nonlocal told
            now = time.monotonic()
            if now - began >= self.most_seconds:
                raise _TooLong
            if self.is_asked_to_end():
                raise _LeftOff
            if now - told >= _TELL_EVERY:
                told = now
                done = int(one.of * min(max((at - since) / span, 0.0), 1.0))
                if not _beside(lambda: _row(one.shop_id, one.id).update(done=done)):
                    raise _Dropped

        return tick


def _row(shop_id: int, replay_id: UUID) -> "QuerySet[ScenarioReplay, Any]":
    return ScenarioReplay.objects.filter(shop_id=shop_id, id=replay_id, state="running")


def _beside(work: Callable[[], _T]) -> _T:
    """Do something small on another connection, so that it holds at once."""

    def alone() -> _T:
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as other:
        return other.submit(alone).result()
