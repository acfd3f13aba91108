"""Reading a request's body: never more than the limit, never longer than patience lasts.

What a client says about its body is believed only where it makes us refuse sooner.
"""

import asyncio
from typing import Self

from ripresa.intake.answers import Receive, Refused, Unavailable

MAX_BODY_BYTES = 1 << 20
BODY_SECONDS = 10.0
# What a request costs beside its body: buffers of the server, task, future, headers.
REQUEST_BYTES = 4096


class Room:
    """Bytes that requests under way may hold together. Who finds no room is sent away."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.taken = 0

    def take(self, count: int) -> None:
        """Take `count` bytes. Raises Unavailable, and takes nothing, if there are not so many."""
        if self.taken + count > self.size:
            raise Unavailable("too much is under way; nothing was accepted, try again")
        self.taken += count

    def give_back(self, count: int) -> None:
        """Give back what was taken."""
        self.taken -= count


class Held:
    """What one request has taken of a room; all of it goes back at the end of the `with`."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._taken = 0

    def __enter__(self) -> Self:
        self.take(REQUEST_BYTES)
        return self

    def __exit__(self, *_: object) -> None:
        self._room.give_back(self._taken)

    def take(self, count: int) -> None:
        """Take more. Raises Unavailable."""
        self._room.take(count)
        self._taken += count


async def read_body(receive: Receive, declared: bytes | None, held: Held, *, limit: int) -> bytes:
    """The whole body. `declared` is the Content-Length header, if one came.

    Raises Refused: 413 over the limit, 408 when it takes too long, 400 when it ends too soon.
    """
    if declared is not None and declared.isdigit() and _exceeds(declared, limit):
        raise _too_large(limit)
    try:
        async with asyncio.timeout(BODY_SECONDS):
            return await _read(receive, held, limit)
    except TimeoutError:
        message = f"the body did not arrive within {BODY_SECONDS:.0f} seconds"
        raise Refused(408, "too_slow", message) from None


async def _read(receive: Receive, held: Held, limit: int) -> bytes:
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise Refused(400, "incomplete", "the body ended before it was whole")
        chunk = message.get("body", b"")
        size += len(chunk)
        if size > limit:
            raise _too_large(limit)
        held.take(len(chunk))
        if not message.get("more_body", False):
            return b"".join((*chunks, chunk)) if chunks else chunk
        chunks.append(chunk)


def _exceeds(declared: bytes, limit: int) -> bool:
    digits = declared.lstrip(b"0")
    return len(digits) > len(str(limit)) or int(digits or b"0") > limit


def _too_large(limit: int) -> Refused:
    return Refused(413, "too_large", f"a body may have at most {limit} bytes")
