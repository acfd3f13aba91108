"""Reading a request's body: never more than the limit, never longer than patience lasts.

What a client says about its body is believed only where it makes us refuse sooner.
"""

import asyncio
from contextlib import suppress

from ripresa.intake.answers import Message, Receive, Refused
from ripresa.intake.room import Held

MAX_BODY_BYTES = 1 << 20
# For how long, and how much, of a refused body we let pass so that its sender hears why.
DRAIN_SECONDS = 2.0
DRAIN_BYTES = 4 << 20


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

        Raises Refused: 413 over the limit, 408 when it takes too long, 400 when it ends too soon,
        503 when there is no room for it.
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
                await held.take(len(chunks[-1]))
        except asyncio.CancelledError:
            if not held.is_late:
                raise
            self._is_over = True
            raise Refused(408, "too_slow", "the body took too long to arrive") from None
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
