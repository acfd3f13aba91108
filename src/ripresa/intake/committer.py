"""Group commit: what arrives while one batch is being written travels together in the next.

So a thousand requests cost a few transactions, and still nobody gets an answer before the commit.
"""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Generic, TypeVar

from ripresa.intake.answers import Unavailable

COMMITTERS = 2
# A batch, unless one request alone brings more. Small enough that PostgreSQL writes one while the next
# is being read: a batch of all that waits leaves one of the two idle while the other works. The second
# committer helps when a whole batch waits; two of half the size would only cost more.
BATCH_ROWS = 200
STORE_SECONDS = 5.0
# Who has waited longer than this begins no transaction any more: it might commit after the 503.
# A statement ends within the other half (app.py).
BEGIN_SECONDS = STORE_SECONDS / 2
_WATCH_SECONDS = 0.25

_Row = TypeVar("_Row")
_Written = TypeVar("_Written")
logger = logging.getLogger(__name__)


class DatabaseAway(Exception):
    """The database did not take the rows, or did not say so. Storing them again is harmless."""


@dataclass(slots=True, eq=False)
class _Waiting(Generic[_Row, _Written]):
    rows: list[_Row]
    size: int
    answer: asyncio.Future[_Written]
    until: float  # monotonic seconds

    def give_up(self) -> None:
        """Answer that nothing was accepted; what is not on its way yet stays behind."""
        self.rows.clear()
        if not self.answer.done():
            message = "the database is away or slow; nothing was accepted, try again"
            self.answer.set_exception(Unavailable(message))


class Committer(Generic[_Row, _Written]):
    """Gathers the rows of many requests and writes them together.

    `write` returns after the commit, and raises DatabaseAway.
    """

    def __init__(self, write: Callable[[Sequence[_Row]], Awaitable[_Written]]) -> None:
        self._write = write
        self._queue: deque[_Waiting[_Row, _Written]] = deque()
        self._queued_rows = 0
        self._under_way: list[list[_Waiting[_Row, _Written]]] = []
        self._arrived = asyncio.Event()
        self._crowded = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin to write. Needs a running event loop."""
        first = self._commit_forever(self._arrived, 1)
        second = self._commit_forever(self._crowded, BATCH_ROWS)
        self._tasks = [asyncio.create_task(loop) for loop in (first, second, self._watch())]

    async def stop(self) -> None:
        """Write what waits, for as long as a request may wait; then let go of the rest."""
        pending = [*self._queue, *chain.from_iterable(self._under_way)]
        if pending:
            await asyncio.wait([waiting.answer for waiting in pending], timeout=STORE_SECONDS)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []
        for waiting in pending:
            waiting.give_up()

    async def store(self, rows: list[_Row]) -> _Written:
        """Store `rows` together with those of others; returns after the commit. Raises Unavailable.

        What `write` returned speaks of the whole batch: of the caller's rows and of others.
        """
        answer: asyncio.Future[_Written] = asyncio.get_running_loop().create_future()
        until = time.monotonic() + STORE_SECONDS
        self._queue.append(_Waiting(rows, len(rows), answer, until))
        self._queued_rows += len(rows)
        self._arrived.set()
        if self._queued_rows >= BATCH_ROWS:
            self._crowded.set()
        try:
            return await answer
        except asyncio.CancelledError:
            rows.clear()  # whoever gave them holds no room for them any longer
            raise

    async def _commit_forever(self, enough: asyncio.Event, rows: int) -> None:
        while True:
            while self._queued_rows < rows:
                enough.clear()
                await enough.wait()
            if batch := self._take():
                await self._commit(batch)

    def _take(self) -> list[_Waiting[_Row, _Written]]:
        batch: list[_Waiting[_Row, _Written]] = []
        size = 0
        latest = time.monotonic() + STORE_SECONDS - BEGIN_SECONDS
        while self._queue and self._queue[0].until < latest:
            self._leave_queue().give_up()
        while self._queue and (not batch or size + self._queue[0].size <= BATCH_ROWS):
            batch.append(self._leave_queue())
            size += batch[-1].size
        return [
            waiting for waiting in batch if waiting.rows
        ]  # of the others, nobody waits any more

    def _leave_queue(self) -> _Waiting[_Row, _Written]:
        waiting = self._queue.popleft()
        self._queued_rows -= waiting.size
        return waiting

    async def _commit(self, batch: list[_Waiting[_Row, _Written]]) -> None:
        self._under_way.append(batch)
        try:
            rows = [row for waiting in batch for row in waiting.rows]
            written = await self._write(rows)
        except DatabaseAway as away:
            logger.warning("batch not stored: %s", away)
        except Exception:
            # Unanticipated, so a developer must look. The next batch may fare better.
            logger.exception("batch not stored")
        else:
            for waiting in batch:
                if not waiting.answer.done():
                    waiting.answer.set_result(written)
        finally:
            self._under_way.remove(batch)
            for waiting in batch:
                if not waiting.answer.done():
                    waiting.give_up()

    async def _watch(self) -> None:
        """Nobody waits longer than STORE_SECONDS, even if a connection hangs for ever."""
        while True:
            await asyncio.sleep(_WATCH_SECONDS)
            now = time.monotonic()
            while self._queue and self._queue[0].until <= now:
                self._leave_queue().give_up()
            for waiting in chain.from_iterable(self._under_way):
                if waiting.until <= now:
                    waiting.give_up()
