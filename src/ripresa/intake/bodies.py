"""Reading a request's body: never more than the limit, never longer than patience lasts.

What a client says about its body is believed only where it makes us refuse sooner.
"""

import asyncio
import time
from contextlib import suppress
from typing import Any, Self

from ripresa.intake.answers import Message, Receive, Refused, Unavailable

MAX_BODY_BYTES = 1 << 20
BODY_SECONDS = 10.0
# For how long, and how much, of a refused body we let pass so that its sender hears why.
DRAIN_SECONDS = 2.0
DRAIN_BYTES = 4 << 20
# What a request costs beside its body: buffers of the server, task, future, headers.
REQUEST_BYTES = 4096
WATCH_SECONDS = 0.25


class Room:
    """Bytes that requests under way may hold together, and the watch over those that dawdle."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.taken = 0
        self.readers: set[Held] = set()

    async def watch(self) -> None:
        """End the reading of whoever reads too long; for ever. A timer each costs far more."""
        while True:
            await asyncio.sleep(WATCH_SECONDS)
            now = time.monotonic()
            for held in self.readers:
                held.end_if_late(now)


class Held:
    """What one request has taken of a room; all of it goes back at the end of the `with`."""

    __slots__ = ("_room", "_taken", "_task", "_until", "is_late")

    def __init__(self, room: Room) -> None:
        self._room = room
        self._taken = 0
        self._task: asyncio.Task[Any] | None = None
        self._until = 0.0
        self.is_late = False

    def __enter__(self) -> Self:
        self.take(REQUEST_BYTES)
        return self

    def __exit__(self, *_: object) -> None:
        self._room.taken -= self._taken

    def take(self, count: int) -> None:
        """Take `count` bytes more. Raises Unavailable, and takes nothing, if there are not so many."""
        if self._room.taken + count > self._room.size:
            raise Unavailable("too much is under way; nothing was accepted, try again")
        self._room.taken += count
        self._taken += count

    def begin_reading(self) -> None:
        """From now on the task that calls this may be cancelled for being late."""
        self._task = asyncio.current_task()
        self._until = time.monotonic() + BODY_SECONDS
        self._room.readers.add(self)

    def end_reading(self) -> None:
        """No longer."""
        self._room.readers.discard(self)

    def end_if_late(self, now: float) -> None:
        """Cancel the reading task if its time is over at the monotonic second `now`."""
        if self._until <= now and not self.is_late and self._task is not None:
            self.is_late = True
            self._task.cancel()


class Incoming:
    """A request's body on its way in. `declared` is the Content-Length header, if one came."""

    __slots__ = ("_declared", "_is_over", "_receive", "_size")

    def __init__(self, receive: Receive, declared: bytes | None) -> None:
        self._receive = receive
        self._declared = declared
        self._size = 0
        self._is_over = False

    async def read(self, held: Held, *, limit: int) -> bytes:
        """The whole body.

        Raises Refused: 413 over the limit, 408 when it takes too long, 400 when it ends too soon.
        """
        if self._declared is not None and _exceeds(self._declared, limit):
            raise _too_large(limit)
        chunks: list[bytes] = []
        held.begin_reading()
        try:
            while not self._is_over:
                chunks.append(self._taken_in(await self._receive()))
                if self._size > limit:
                    raise _too_large(limit)
                held.take(len(chunks[-1]))
        except asyncio.CancelledError:
            if not held.is_late:
                raise
            self._is_over = True
            message = f"the body did not arrive within {BODY_SECONDS:.0f} seconds"
            raise Refused(408, "too_slow", message) from None
        finally:
            held.end_reading()
        return chunks[0] if len(chunks) == 1 else b"".join(chunks)

    async def drain(self) -> None:
        """Read on for a moment, and throw away: a client that is still sending hears no answer."""
        with suppress(TimeoutError, Refused):
            async with asyncio.timeout(DRAIN_SECONDS):
                while not self._is_over and self._size < DRAIN_BYTES:
                    self._taken_in(await self._receive())

    def _taken_in(self, message: Message) -> bytes:
        """The bytes of a message from the server."""
        if message["type"] != "http.request":
            self._is_over = True
            raise Refused(400, "incomplete", "the body ended before it was whole")
        chunk: bytes = message.get("body", b"")
        self._size += len(chunk)
        # Once all that was announced is here there is nothing to wait for: the server says so late.
        if not message.get("more_body", False) or self._declared == b"%d" % self._size:
            self._is_over = True
        return chunk


def _exceeds(declared: bytes, limit: int) -> bool:
    if not declared.isdigit():
        return False
    digits = declared.lstrip(b"0") or b"0"
    return len(digits) > len(str(limit)) or int(digits) > limit


def _too_large(limit: int) -> Refused:
    return Refused(413, "too_large", f"a body may have at most {limit} bytes")
