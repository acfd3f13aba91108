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

from django.db import connection, transaction

from ripresa.channels.recording.channel import RecordingChannel
from ripresa.contracts.channel import Channels
from ripresa.core import query
from ripresa.domain.inbox import operations as inbox
from ripresa.domain.inbox.operations import Delivery
from ripresa.domain.messages.links import Letterhead
from ripresa.usecases.fold_events import fold_shop
from ripresa.usecases.run_due import due_work
from ripresa.usecases.send_messages import Post
from ripresa.usecases.simulate.strides import told_apart

run = partial(query.run, "ripresa.usecases.simulate")

MOST_AT_ONCE = 1024
# Nothing leaves the machine, so the links need no secret; and the same run gives the same bytes.
LETTERHEAD = Letterhead("https://simulation.invalid", "simulation")


class _TooFast(Exception):
    """Something fell due between the first and the last event of a stride."""


@dataclass(slots=True)
class VirtualClock:
    """Runs one shop from its first event until nothing is due, or `until`; others are left alone.

    `decides_alone`: the fold is shared by all workers, and one of them decides.
    """

    shop_id: int
    deliveries: deque[Delivery]
    until: datetime | None
    workers: int
    tick: Callable[[datetime], None]
    decides_alone: bool = False
    _stride: int = 1
    _apart: deque[bool] = field(default_factory=deque)

    def __post_init__(self) -> None:
        """See which deliveries must be folded by themselves."""
        self._apart = told_apart(self.deliveries)

    def run(self) -> None:
        """Let the clock run to its end."""
        while (now := self._next()) is not None:
            self.tick(now)
            if self.deliveries and self.deliveries[0].received_at <= now:
                now = self._deliver(now)
            while self._decide(now):
                pass

    def _decide(self, now: datetime) -> int:
        """Everything due at `now`, kind by kind; returns how much that was.

        In this shop alone: beside a rehearsal there are others, and their clock is another.
        """
        recording = RecordingChannel()
        post = Post(Channels(recording, recording, recording), LETTERHEAD)
        workers = 1 if self.decides_alone else self.workers
        return sum(
            _in_parallel(workers, partial(kind.work, shop_id=self.shop_id, now=now))
            for kind in due_work(post)
            # Each of several needs a connection: not to find nothing.
            if workers == 1 or kind.find_shops(now)
        )

    def _next(self) -> datetime | None:
        due = _next_due(self.shop_id)
        delivered = self.deliveries[0].received_at if self.deliveries else None
        instant = min((one for one in (due, delivered) if one is not None), default=None)
        if instant is None or (self.until is not None and instant > self.until):
            return None
        return instant

    def _deliver(self, now: datetime) -> datetime:
        """Deliver and fold what is there at `now`, or as much beyond it as makes no difference."""
        while self._stride > 1 and self.workers == 1:
            some = self._some(self._stride, _next_due(self.shop_id))
            try:
                with transaction.atomic():
                    self._fold(some, some[-1].received_at)
            except _TooFast:
                self._stride //= 2
                continue
            self._take(len(some))
            self._stride = min(self._stride * 2, MOST_AT_ONCE)
            return some[-1].received_at
        some = self._some(1, None)
        inbox.store(shop_id=self.shop_id, deliveries=some)
        self._take(len(some))
        _in_parallel(self.workers, partial(fold_shop, shop_id=self.shop_id, now=now))
        self._stride = 2
        return now

    def _some(self, count: int, due: datetime | None) -> list[Delivery]:
        """The next `count` deliveries before `due` and `until`, and the last one's neighbours in time.

        What may change the past comes alone: folded together with others it would hide what held
        until then.
        """
        some: list[Delivery] = []
        has_apart = False
        for delivery, is_apart in zip(self.deliveries, self._apart, strict=True):
            at = delivery.received_at
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

    def _fold(self, some: list[Delivery], last: datetime) -> None:
        before = _count_of_turns(self.shop_id)
        inbox.store(shop_id=self.shop_id, deliveries=some)
        while fold_shop(shop_id=self.shop_id, now=last):
            pass
        due = _next_due(self.shop_id)
        if (due is not None and due < last) or _count_of_turns(self.shop_id) != before:
            raise _TooFast


def _in_parallel(workers: int, work: Callable[[], int]) -> int:
    """Let every worker work until all of them find nothing more; returns how much they found."""
    if workers == 1:
        return sum(iter(work, 0))
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


def _next_due(shop_id: int) -> datetime | None:
    due: datetime | None = run("next_due", shop_id=shop_id)[0][0]
    return due


def _count_of_turns(shop_id: int) -> tuple[object, ...]:
    """The decisions and abandonments there are: a stride must leave both alone."""
    return run("count_of_turns", shop_id=shop_id)[0]
