"""Group commit: what arrives while one batch is being written travels together in the next.

So a thousand requests cost a few transactions, and still nobody gets an answer before the commit.
"""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from ripresa.intake.answers import Unavailable
from ripresa.intake.inbox_writer import DatabaseAway, Written
from ripresa.intake.rows import InboxRow

# Two at once: while one batch waits for the disk, the next is on its way.
COMMITTERS = 2
MAX_ROWS = 2000
STORE_SECONDS = 5.0
_WATCH_SECONDS = 0.25

Write = Callable[[Sequence[InboxRow]], Awaitable[Written]]
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class _Waiting:
    rows: list[InboxRow]
    answer: asyncio.Future[Written]
    until: float  # monotonic seconds

    def give_up(self) -> None:
        if not self.answer.done():
            message = "the database is away or slow; nothing was accepted, try again"
            self.answer.set_exception(Unavailable(message))


class Committer:
    """Gathers the rows of many requests and writes them together."""

    def __init__(self, write: Write) -> None:
        self._write = write
        self._queue: deque[_Waiting] = deque()
        self._under_way: list[_Waiting] = []
        self._arrived = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin to write. Needs a running event loop."""
        loops = [self._commit_forever() for _ in range(COMMITTERS)]
        self._tasks = [asyncio.create_task(loop) for loop in (*loops, self._watch())]

    async def stop(self) -> None:
        """Write what waits, for as long as a request may wait; then let go of the rest."""
        if pending := [waiting.answer for waiting in (*self._queue, *self._under_way)]:
            await asyncio.wait(pending, timeout=STORE_SECONDS)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []
        for waiting in (*self._queue, *self._under_way):
            waiting.give_up()

    async def store(self, rows: list[InboxRow]) -> Written:
        """Store `rows` together with those of others; returns after the commit. Raises Unavailable.

        `Written` speaks of the whole batch: of the caller's rows and of others.
        """
        answer: asyncio.Future[Written] = asyncio.get_running_loop().create_future()
        self._queue.append(_Waiting(rows, answer, time.monotonic() + STORE_SECONDS))
        self._arrived.set()
        try:
            return await answer
        except asyncio.CancelledError:
            rows.clear()  # whoever gave them holds no room for them any longer
            raise

    async def _commit_forever(self) -> None:
        while True:
            while not self._queue:
                self._arrived.clear()
                await self._arrived.wait()
            await self._commit(self._take())

    def _take(self) -> list[_Waiting]:
        batch: list[_Waiting] = []
        size = 0
        while self._queue and (not batch or size + len(self._queue[0].rows) <= MAX_ROWS):
            batch.append(self._queue.popleft())
            size += len(batch[-1].rows)
        return batch

    async def _commit(self, batch: list[_Waiting]) -> None:
        self._under_way += batch
        try:
            written = await self._write([row for waiting in batch for row in waiting.rows])
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
            for waiting in batch:
                waiting.give_up()
            done = set(batch)
            self._under_way = [other for other in self._under_way if other not in done]

    async def _watch(self) -> None:
        """Nobody waits longer than STORE_SECONDS, even if a connection hangs for ever."""
        while True:
            await asyncio.sleep(_WATCH_SECONDS)
            now = time.monotonic()
            while self._queue and self._queue[0].until <= now:
                self._queue.popleft().give_up()
            for waiting in self._under_way:
                if waiting.until <= now:
                    waiting.give_up()
