"""The hands of the virtual clock: deliver, fold, decide, and on to the next instant.

At one instant events come before decisions, and one kind of decision is done with before the next
begins, however many work: all carts are abandoned before any is taken up, all are taken up before
anything is sent. Where nothing is due in between, many instants are folded at once: that is tried inside
a savepoint and taken back if something fell due meanwhile after all, if a cart was abandoned and bought in
one stride, or if the fold decided something, which must carry its own event's instant.
"""

from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from django.db import connection, transaction

from ripresa.channels.recording.channel import PricedRecording, RecordingChannel
from ripresa.contracts.channel import Channel, Channels, HasPrices
from ripresa.core import query
from ripresa.domain.inbox import operations as inbox
from ripresa.domain.inbox.operations import Delivery
from ripresa.domain.messages.links import Letterhead
from ripresa.usecases.due_work import DueWork, due_work
from ripresa.usecases.fold_events import fold_shop
from ripresa.usecases.send_messages import Post
from ripresa.usecases.simulate.strides import told_apart

run = partial(query.run, "ripresa.usecases.simulate")

MOST_AT_ONCE = 1024
# Nothing leaves the machine, so the links need no secret; and the same run gives the same bytes.
LETTERHEAD = Letterhead("https://simulation.invalid", "simulation")


def recording(carriers: Channels | None = None) -> Channels:
    """Channels that take everything and send nothing, at the price lists of `carriers`."""
    if carriers is None:
        return Channels(RecordingChannel(), RecordingChannel(), RecordingChannel())
    return Channels(
        _recording(carriers.email), _recording(carriers.sms), _recording(carriers.letter)
    )


def _recording(carrier: Channel[Any]) -> RecordingChannel:
    if isinstance(carrier, HasPrices) and carrier.has_price_list:
        return PricedRecording(carrier)
    return RecordingChannel()


class _TooFast(Exception):
    """Something fell due between the first and the last event of a stride: at `due`, or was decided."""

    def __init__(self, due: datetime | None) -> None:
        """`due`: where to stop before."""
        super().__init__()
        self.due = due


@dataclass(slots=True)
class VirtualClock:
    """Runs one shop from its first event until nothing is due, or `until`; others are left alone.

    `decides_alone`: the fold is shared by all workers, and one of them decides. `channels`: what takes the
    messages, and sends none. `letterhead`: of the links in them, by which short messages are long or short.
    """

    shop_id: int
    deliveries: deque[Delivery]
    until: datetime | None
    workers: int
    tick: Callable[[datetime], None]
    decides_alone: bool = False
    channels: Channels = field(default_factory=recording)
    letterhead: Letterhead = LETTERHEAD
    _stride: int = 1
    _orders_decide: bool = False
    _dues: dict[str, datetime] | None = None
    _apart: deque[bool] = field(init=False)
    _work: tuple[DueWork, ...] = field(init=False)

    def __post_init__(self) -> None:
        """See which deliveries must be folded by themselves."""
        self._apart = told_apart(self.deliveries)
        self._work = due_work(Post(self.channels, self.letterhead))

    def run(self) -> None:
        """Let the clock run to its end."""
        run("plan_key_by_key")
        with query.planned_once():
            rounds = 0
            while (now := self._next()) is not None:
                self.tick(now)
                if self.deliveries and self.deliveries[0].received_at <= now:
                    now = self._deliver(now)
                while self._decide(now):
                    pass
                rounds += 1
                if rounds & (rounds - 1) == 0:
                    # There may be twice as much by now.
                    run("plan_anew")
        # Only here: what breaks down takes its settings with it.
        run("plan_as_ever")

    def _decide(self, now: datetime) -> bool:
        """Everything due at `now`, kind by kind; returns whether there may be more.

        In this shop alone: beside a rehearsal there are others, and their clock is another.
        """
        workers = 1 if self.decides_alone else self.workers
        found_any = False
        for kind in self._work:
            work = partial(kind.work, shop_id=self.shop_id, now=now)
            while self._is_due(kind.name, now) and _in_parallel(workers, work):
                self._dues, found_any = None, True
        return found_any and any(self._is_due(kind.name, now) for kind in self._work)

    def _is_due(self, kind: str, now: datetime) -> bool:
        due = self._look().get(kind)
        return due is not None and due <= now

    def _look(self) -> dict[str, datetime]:
        """When each kind of work has something to do; asked again once anything has happened."""
        if self._dues is None:
            self._dues = _dues_of(self.shop_id)
        return self._dues

    def _next_due(self) -> datetime | None:
        return min(self._look().values(), default=None)

    def _next(self) -> datetime | None:
        due = self._next_due()
        delivered = self.deliveries[0].received_at if self.deliveries else None
        instant = min((one for one in (due, delivered) if one is not None), default=None)
        if instant is None or (self.until is not None and instant > self.until):
            return None
        return instant

    def _deliver(self, now: datetime) -> datetime:
        """Deliver and fold what is there at `now`, or as much beyond it as makes no difference."""
        due = self._next_due()
        some = self._some(due)
        while some[-1].received_at > now:
            try:
                with transaction.atomic():
                    self._fold_far(some)
            except _TooFast as too_fast:
                self._dues = None
                if too_fast.due is not None:
                    due = too_fast.due
                else:
                    self._stride //= 2
                    self._orders_decide = True
                some = self._some(due)
            else:
                self._take(len(some))
                self._stride = min(self._stride * 2, MOST_AT_ONCE)
                return some[-1].received_at
        self._take(len(some))
        self._fold(some, now)
        self._stride = max(self._stride, 2)
        return now

    def _some(self, due: datetime | None) -> list[Delivery]:
        """The next deliveries of a stride before `due` and `until`, and the last one's neighbours in time.

        What may change the past comes alone: folded together with others it would hide what held
        until then. So does an order, once there are decisions that it may end.
        """
        count = self._stride if self.workers == 1 else 1
        some: list[Delivery] = []
        has_apart = False
        for delivery, changes_past in zip(self.deliveries, self._apart, strict=True):
            at = delivery.received_at
            is_apart = changes_past or (self._orders_decide and delivery.event.order is not None)
            if some and at != some[-1].received_at:
                over = due is not None and at >= due
                beyond = self.until is not None and at > self.until
                if len(some) >= count or over or beyond or has_apart or is_apart:
                    break
            some.append(delivery)
            has_apart = has_apart or is_apart
        return some

    def _take(self, count: int) -> None:
        for _ in range(count):
            self.deliveries.popleft()
            self._apart.popleft()

    def _fold_far(self, some: list[Delivery]) -> None:
        """Fold many instants at once. Raises _TooFast if that made a difference."""
        before, last = _count_of_turns(), some[-1].received_at
        self._fold(some, last)
        if _count_of_turns() != before:
            raise _TooFast(None)
        due = self._next_due()
        if due is not None and due < last:
            raise _TooFast(due)

    def _fold(self, some: list[Delivery], now: datetime) -> None:
        self._dues = None
        unfolded = inbox.store(shop_id=self.shop_id, deliveries=some)
        fold = partial(fold_shop, shop_id=self.shop_id, now=now)
        while unfolded > 0 and (share := _in_parallel(self.workers, fold)):
            unfolded -= share


def _in_parallel(workers: int, work: Callable[[], int]) -> int:
    """A share of one worker, or of several as much as all of them find; returns how much that was."""
    if workers == 1:
        return work()
    done = 0
    with ThreadPoolExecutor(workers) as pool:
        while share := sum(pool.map(lambda _: _alone(work), range(workers))):
            done += share
    return done


def _alone(work: Callable[[], int]) -> int:
    """One piece of work on a connection of this thread's own."""
    try:
        return work()
    finally:
        connection.close()


def _dues_of(shop_id: int) -> dict[str, datetime]:
    return {kind: due for kind, due in run("next_due", shop_id=shop_id) if due is not None}


def _count_of_turns() -> int:
    """The decisions and changes of abandonments so far: a stride must leave both alone."""
    [(count,)] = run("count_of_turns")
    return int(count)
