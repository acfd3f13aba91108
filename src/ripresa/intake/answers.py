"""What the intake answers: status, headers, JSON."""

from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from typing import Any

import msgspec

from ripresa.contracts.rejections import Rejection

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Header = tuple[bytes, bytes]

RETRY_SECONDS = 2

_JSON = (b"content-type", b"application/json")
_encode = msgspec.json.Encoder().encode


class Answer(msgspec.Struct, frozen=True, gc=False):
    """A whole HTTP answer. A Struct: one is made for each request, and none is made faster."""

    status: int
    body: bytes
    headers: tuple[Header, ...] = (_JSON,)

    def with_headers(self, *headers: Header) -> "Answer":
        """The same answer with more headers."""
        return Answer(self.status, self.body, (*self.headers, *headers))

    async def give(self, send: Send) -> None:
        """Send it."""
        for message in self.messages():
            await send(message)

    def messages(self) -> tuple[Message, Message]:
        """It, as it is sent."""
        length = (b"content-length", b"%d" % len(self.body))
        start = {"status": self.status, "headers": [*self.headers, length]}
        return (
            {"type": "http.response.start", **start},
            {"type": "http.response.body", "body": self.body},
        )


class Refused(Exception):
    """The whole request is refused; `answer` says why. Nothing of it was accepted."""

    def __init__(
        self, status: int, code: str, message: str, *, retry_after: float | None = None
    ) -> None:
        super().__init__(message)
        body = _encode({"error": {"code": code, "message": message}})
        self.answer = Answer(status, body)
        if retry_after is not None:
            seconds = max(1, -int(-retry_after // 1))
            self.answer = self.answer.with_headers((b"retry-after", b"%d" % seconds))


class Unavailable(Refused):
    """Not now: the database is away or slow, or too much waits already."""

    def __init__(self, message: str) -> None:
        super().__init__(503, "unavailable", message, retry_after=RETRY_SECONDS)


def accepted(count: int, duplicates: int, rejected: Sequence[Rejection]) -> Answer:
    """The 202 of the contract. `duplicates` are events that were known already."""
    if not rejected:
        return Answer(202, b'{"accepted":%d,"duplicates":%d,"rejected":[]}' % (count, duplicates))
    body = {"accepted": count, "duplicates": duplicates, "rejected": rejected}
    return Answer(202, _encode(body))
