"""One ASGI application: what is hot is the intake's, the script is a file, the rest is Django's."""

import asyncio
import gzip
import hashlib
import json
from collections.abc import Awaitable, Callable, Iterable
from http import HTTPStatus
from pathlib import Path

from ripresa.entrypoints.bodies import uploads
from ripresa.entrypoints.bodies.form import REFUSED, Form
from ripresa.entrypoints.bodies.uploads import Uploads, shop_of
from ripresa.intake.answers import Answer, Message, Receive, Scope, Send
from ripresa.intake.app import IntakeApp

Application = Callable[[Scope, Receive, Send], Awaitable[None]]

SCRIPT_PATH = "/ripresa.js"
POPUP_PATH = "/popup.js"
_TEXT = (b"content-type", b"text/plain; charset=utf-8")
_HOT = ("/v1/", "/hooks/", "/c/", "/o/")
# Forms are small. Granian sets no limit to a body and Django would wait for its end for ever.
MAX_FORM_BYTES = 2 << 20
FORM_SECONDS = 20.0
# Where pages say whether one may bring files to a shop.
_MAY_BRING = "/{slug}/bring/"
_ABOUT_BODY = {b"content-length", b"content-type", b"transfer-encoding", b"expect"}
_PROBLEM = (b"content-type", b"application/problem+json")
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
        self._uploads = Uploads()

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

    async def _answer_page(
        self, pages: Application, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Have `pages` answer. Files are taken in from whom they know, as many at once as fit."""
        slug = shop_of(scope)
        if slug is None:
            await _answer(pages, scope, Form(receive, MAX_FORM_BYTES, FORM_SECONDS), send)
            return
        form = Form(receive, uploads.MAX_UPLOAD_BYTES, uploads.UPLOAD_SECONDS)
        asked = await _ask(pages, {**scope, "path": _MAY_BRING.format(slug=slug)})
        if asked[0]["status"] != HTTPStatus.NO_CONTENT:
            await _refuse(asked, form, send)
            return
        with self._uploads.place(slug) as is_free:
            if not is_free:
                form.refused = HTTPStatus.SERVICE_UNAVAILABLE
            await _answer(pages, scope, form, send)


async def _answer(pages: Application, scope: Scope, form: Form, send: Send) -> None:
    """Have `pages` answer; where a body is given up, which to them looks like a client that left, say why."""
    has_begun = False

    async def noting(message: Message) -> None:
        nonlocal has_begun
        has_begun = True
        await send(message)

    if form.refused is None:
        await pages(scope, form, noting)
    if form.refused is not None and not has_begun:
        await _refuse(await _reason(pages, scope, form.refused, form.most), form, send)


async def _refuse(answer: Iterable[Message], form: Form, send: Send) -> None:
    """Send `answer` in place of what would be made of the rest of `form`."""
    await form.drain()
    for message in answer:
        await send(message)


async def _reason(
    pages: Application, scope: Scope, status: HTTPStatus, most: int
) -> Iterable[Message]:
    """Why a body was given up: for programs as a problem of RFC 9457, for people as a page."""
    if not scope["path"].startswith("/api/"):
        return await _ask(pages, {**scope, REFUSED: (status, most)})
    slug, title = _PROBLEMS[status]
    detail = f"at most {most} bytes, within {FORM_SECONDS:.0f} seconds"
    problem = {"type": f"/problems/{slug}", "title": title, "status": status, "detail": detail}
    return Answer(status, json.dumps(problem).encode(), (_PROBLEM,)).messages()


async def _ask(pages: Application, scope: Scope) -> list[Message]:
    """What `pages` answer to the same request without its body."""
    answer: list[Message] = []
    body = [{"type": "http.request", "body": b"", "more_body": False}]

    async def receive() -> Message:
        if body:
            return body.pop()
        await asyncio.Event().wait()  # the client is still there
        raise AssertionError

    async def note(message: Message) -> None:
        answer.append(message)

    headers = [header for header in scope["headers"] if header[0] not in _ABOUT_BODY]
    await pages({**scope, "headers": headers, "query_string": b""}, receive, note)
    return answer


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
