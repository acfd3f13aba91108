"""Room for bodies: how much requests under way may hold together, who waits for it, who dawdles.

Room is taken as bytes arrive, so that announcing a body costs nobody anything. Where there is none, a
request stops reading and waits; its sender is held back by TCP. All could then wait for each other
with half a body each; so whoever has waited longest is let in above the size, one at a time, and
finishes. So never more is held than `size` and one body.
"""

import asyncio
import math
import time
from collections import deque
from typing import Any, Self

from ripresa.intake.answers import Unavailable

BODY_SECONDS = 10.0
# Patience with a sender while others wait for the room that it holds.
CROWDED_SECONDS = 2.0
ROOM_SECONDS = 5.0
WATCH_SECONDS = 0.25
# Each costs some kilobytes beside its body: buffers of the server, task, future, headers.
MOST_REQUESTS = 1000


class Room:
    """What requests hold together. `watch` has to run for as long as there are any."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.taken = 0
        self.requests = 0
        self.readers: set[Held] = set()
        self.waiting: deque[tuple[Held, int, asyncio.Future[None]]] = deque()
        self.favoured: Held | None = None

    def let_in(self) -> None:
        """Let those in who have waited longest: as many as fit, and one more."""
        while self.waiting:
            held, count, turn = self.waiting[0]
            if not turn.done():
                if self.taken + count > self.size and self.favoured is not None:
                    return
                if self.taken + count > self.size:
                    self.favoured = held
                held.add(count)
                turn.set_result(None)
            self.waiting.popleft()

    async def watch(self) -> None:
        """End the reading of whoever reads too long; for ever. A timer each would cost far more."""
        while True:
            await asyncio.sleep(WATCH_SECONDS)
            patience = CROWDED_SECONDS if self.waiting else BODY_SECONDS
            before = time.monotonic() - patience
            for held in self.readers:
                held.end_if_since(before)


class Held:
    """What one request has taken of a room; all of it goes back at the end of the `with`."""

    __slots__ = ("_room", "_since", "_taken", "_task", "is_late")

    def __init__(self, room: Room) -> None:
        self._room = room
        self._taken = 0
        self._task: asyncio.Task[Any] | None = None
        self._since = math.inf
        self.is_late = False

    def __enter__(self) -> Self:
        """Come in. Raises Unavailable if too many are there."""
        if self._room.requests >= MOST_REQUESTS:
            raise _no_room()
        self._room.requests += 1
        return self

    def __exit__(self, *_: object) -> None:
        room = self._room
        room.requests -= 1
        room.taken -= self._taken
        if room.favoured is self:
            room.favoured = None
        if room.waiting:
            room.let_in()

    def add(self, count: int) -> None:
        """Hold `count` bytes more, whether there is room or not."""
        self._room.taken += count
        self._taken += count

    async def take(self, count: int) -> None:
        """Hold `count` bytes more, perhaps after a while. Raises Unavailable after ROOM_SECONDS."""
        room = self._room
        if room.favoured is self or (not room.waiting and room.taken + count <= room.size):
            self.add(count)
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        room.waiting.append((self, count, turn))
        room.let_in()
        self._since = math.inf  # nobody dawdles while he waits for us
        try:
            async with asyncio.timeout(ROOM_SECONDS):
                await turn
        except TimeoutError:
            raise _no_room() from None
        self._since = time.monotonic()

    def begin_reading(self) -> None:
        """From now on the task that calls this may be cancelled for being late."""
        self._task = asyncio.current_task()
        self._since = time.monotonic()
        self._room.readers.add(self)

    def end_reading(self) -> None:
        """No longer."""
        self._room.readers.discard(self)

    def end_if_since(self, before: float) -> None:
        """Cancel the reading task if it has read since the monotonic second `before`, or longer."""
        if self._since <= before and not self.is_late and self._task is not None:
            self.is_late = True
            self._task.cancel()


def _no_room() -> Unavailable:
    return Unavailable("too much is under way; nothing was accepted, try again")
