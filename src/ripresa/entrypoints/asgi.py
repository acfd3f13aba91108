"""One ASGI application: what is hot is the intake's, the script is a file, the rest is Django's."""

import asyncio
import gzip
import hashlib
import json
import re
from collections.abc import Awaitable, Callable
from contextlib import suppress
from http import HTTPStatus
from pathlib import Path

from ripresa.intake.answers import Answer, Message, Receive, Scope, Send
from ripresa.intake.app import IntakeApp

Application = Callable[[Scope, Receive, Send], Awaitable[None]]

SCRIPT_PATH = "/ripresa.js"
POPUP_PATH = "/popup.js"
_TEXT = (b"content-type", b"text/plain; charset=utf-8")
_HOT = ("/v1/", "/hooks/", "/c/", "/o/")
# Forms are small. Granian sets no limit to a body and Django would wait for its end for ever.
MAX_FORM_BYTES = 2 << 20
# Where a shop's people bring files: several pictures, tables of customers, codes of coupons.
_UPLOADS = re.compile(
    r"/[^/]+/(.*/pictures/upload|imports|coupons/[0-9a-f-]{36}/file|settings/logo|texts/brand)/"
)
MAX_UPLOAD_BYTES = 64 << 20
FORM_SECONDS, UPLOAD_SECONDS = 20.0, 600.0
_DRAIN_SECONDS = 2.0
_DRAIN_BYTES = 16 << 20
_GONE: Message = {"type": "http.disconnect"}
_PROBLEM = (b"content-type", b"application/problem+json")
_HTML = (b"content-type", b"text/html; charset=utf-8")
# Before any room is asked, so in one language and without a style.
_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport"
content="width=device-width"><title>{title}</title><h1>{title}</h1><p>At most {most} MB can be sent at once,
in good time. Go back, and send less at once; a larger file can be brought by the command line.</p></html>
"""
# As ripresa.api.protocol.problems has them, which needs Django: the intake alone runs without.
_PROBLEMS = {
    HTTPStatus.REQUEST_TIMEOUT: ("too-slow", "The body took too long"),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: ("too-large", "The body is too large"),
}


class Ripresa:
    """ASGI callable. `pages` None: the intake alone."""

    def __init__(
        self,
        intake: IntakeApp,
        script: Application,
        pages: Application | None,
        *,
        popup: Application | None = None,
    ) -> None:
        self._intake = intake
        self._scripts = {SCRIPT_PATH: script} | ({POPUP_PATH: popup} if popup else {})
        self._pages = pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or live through one lifespan, which is the intake's."""
        if scope["type"] != "http":
            await self._intake(scope, receive, send)
            return
        path: str = scope["path"]
        if path in self._scripts:
            await self._scripts[path](scope, receive, send)
        elif self._pages is None or path == "/health" or path.startswith(_HOT):
            await self._intake(scope, receive, send)
        else:
            await self._answer_page(self._pages, scope, receive, send)

    @staticmethod
    async def _answer_page(pages: Application, scope: Scope, receive: Receive, send: Send) -> None:
        """Have `pages` answer; where they give a body up as if its client had left, say why."""
        brings = _UPLOADS.fullmatch(scope["path"]) is not None
        most = MAX_UPLOAD_BYTES if brings else MAX_FORM_BYTES
        form = Form(receive, most, UPLOAD_SECONDS if brings else FORM_SECONDS)
        has_begun = False

        async def noting(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        await pages(scope, form, noting)
        if form.refused is not None and not has_begun:
            await form.drain()
            await _refusal(scope["path"], form.refused, most).give(send)


def _refusal(path: str, status: HTTPStatus, most: int) -> Answer:
    """Why a body was given up: for programs as a problem of RFC 9457, for people as a page."""
    if not path.startswith("/api/"):
        page = _PAGE.format(title=_PROBLEMS[status][1], most=most >> 20)
        return Answer(status, page.encode(), (_HTML,))
    slug, title = _PROBLEMS[status]
    detail = f"at most {most} bytes, within {FORM_SECONDS:.0f} seconds"
    problem = {"type": f"/problems/{slug}", "title": title, "status": status, "detail": detail}
    return Answer(status, json.dumps(problem).encode(), (_PROBLEM,))


class Form:
    """`receive` with an end: a body too long or too slow looks like a client that went away.

    `refused` says what was wrong then, as the status of an answer.
    """

    def __init__(self, receive: Receive, most: int, seconds: float) -> None:
        """At most `most` bytes, within `seconds`."""
        self._receive = receive
        self._most = most
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
        if self._size > self._most:
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
