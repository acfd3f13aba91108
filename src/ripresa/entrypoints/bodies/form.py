"""A body with an end."""

import asyncio
from contextlib import suppress
from http import HTTPStatus

from ripresa.intake.answers import Message, Receive

# In a scope: status and most bytes of a body that was given up, for pages to say so.
REFUSED = "ripresa.refused"
_DRAIN_SECONDS = 2.0
_DRAIN_BYTES = 16 << 20
_GONE: Message = {"type": "http.disconnect"}


class Form:
    """`receive` with an end: a body too long or too slow looks like a client that went away.

    `refused` says what was wrong then, as the status of an answer.
    """

    def __init__(self, receive: Receive, most: int, seconds: float) -> None:
        """At most `most` bytes, within `seconds`."""
        self._receive = receive
        self.most = most
        self._size = 0
        self._until = asyncio.get_running_loop().time() + seconds
        self._is_whole = False
        self.refused: HTTPStatus | None = None

    async def __call__(self) -> Message:
        """The next message; `http.disconnect` in place of what would be too much."""
        if self._is_whole:
            return await self._receive()  # Django waits here for the client to go away
        try:
            async with asyncio.timeout_at(self._until):
                message = await self._receive()
        except TimeoutError:
            self.refused = HTTPStatus.REQUEST_TIMEOUT
            return _GONE
        self._size += len(message.get("body", b""))
        self._is_whole = not message.get("more_body", False)
        if self._size > self.most:
            self.refused = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
            return _GONE
        return message

    async def drain(self) -> None:
        """Read on for a moment, and throw away: a client that is still sending hears no answer."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_DRAIN_SECONDS):
                while not self._is_whole and self._size < _DRAIN_BYTES:
                    message = await self._receive()
                    self._size += len(message.get("body", b""))
                    self._is_whole = not message.get("more_body", False)
