"""One ASGI application: what is hot is the intake's, the script is a file, the rest is Django's."""

import asyncio
import gzip
import hashlib
from collections.abc import Awaitable, Callable
from pathlib import Path

from ripresa.intake.answers import Answer, Message, Receive, Scope, Send
from ripresa.intake.app import IntakeApp

Application = Callable[[Scope, Receive, Send], Awaitable[None]]

SCRIPT_PATH = "/ripresa.js"
_TEXT = (b"content-type", b"text/plain; charset=utf-8")
# Forms are small. Granian sets no limit to a body and Django would wait for its end for ever.
MAX_FORM_BYTES = 2 << 20
FORM_SECONDS = 20.0


class Ripresa:
    """ASGI callable. `pages` None: the intake alone."""

    def __init__(self, intake: IntakeApp, script: Application, pages: Application | None) -> None:
        self._intake = intake
        self._script = script
        self._pages = pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or live through one lifespan, which is the intake's."""
        if scope["type"] != "http":
            await self._intake(scope, receive, send)
            return
        path: str = scope["path"]
        if path == SCRIPT_PATH:
            await self._script(scope, receive, send)
        elif self._pages is None or path == "/health" or path.startswith("/v1/"):
            await self._intake(scope, receive, send)
        else:
            await self._pages(scope, Form(receive), send)


class Form:
    """`receive` with an end: a body too long or too slow looks like a client that went away."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._size = 0
        self._until = asyncio.get_running_loop().time() + FORM_SECONDS
        self._is_whole = False

    async def __call__(self) -> Message:
        """The next message; `http.disconnect` in place of what would be too much."""
        if self._is_whole:
            return await self._receive()  # Django waits here for the client to go away
        try:
            async with asyncio.timeout_at(self._until):
                message = await self._receive()
        except TimeoutError:
            return {"type": "http.disconnect"}
        self._size += len(message.get("body", b""))
        self._is_whole = not message.get("more_body", False)
        return {"type": "http.disconnect"} if self._size > MAX_FORM_BYTES else message


class ScriptFile:
    """ASGI callable that serves the storefront script, kept in memory, for any shop's pages."""

    def __init__(self, path: Path) -> None:
        """`path`: the file. Where it is missing (only `src` was installed) the answer is 404."""
        self._plain = path.read_bytes() if path.is_file() else None
        content = self._plain or b""
        self._packed = gzip.compress(content, 9, mtime=0)
        self._tag = b'"%s"' % hashlib.sha256(content).hexdigest()[:20].encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a GET."""
        del receive
        await self._answer(dict(scope["headers"]), scope["method"]).give(send)

    def _answer(self, headers: dict[bytes, bytes], method: str) -> Answer:
        if self._plain is None:
            return Answer(404, b"the storefront script is not installed here", (_TEXT,))
        if method not in {"GET", "HEAD"}:
            return Answer(405, b"", ((b"allow", b"GET, HEAD"),))
        about = (
            (b"cache-control", b"public, max-age=3600"),
            (b"cross-origin-resource-policy", b"cross-origin"),
            (b"etag", self._tag),
            (b"vary", b"accept-encoding"),
            (b"x-content-type-options", b"nosniff"),
        )
        if headers.get(b"if-none-match") == self._tag:
            return Answer(304, b"", about)
        kind = (b"content-type", b"text/javascript; charset=utf-8")
        if b"gzip" in headers.get(b"accept-encoding", b""):
            return Answer(200, self._packed, (*about, kind, (b"content-encoding", b"gzip")))
        return Answer(200, self._plain, (*about, kind))
