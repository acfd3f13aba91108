"""Two small real HTTP servers for the storefront script: a shop's site, and a collector.

Both listen on loopback on a port the system chose and end with their `with` block.
"""

from __future__ import annotations

import json
import threading
from collections import deque
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

JSON_TYPE = "application/json"
_CORS = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "Retry-After"}


@dataclass(frozen=True, slots=True)
class Answer:
    """What the collector says next. `status` 0: it takes the request and never answers."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)


NEVER = Answer(0)


@dataclass(frozen=True, slots=True)
class Posted:
    """One POST as it arrived, and how it was answered."""

    path: str
    headers: Mapping[str, str]
    size: int
    body: Any
    answer: Answer


class QuietHandler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def reply(self, status: int, headers: Mapping[str, str], content: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Say nothing: tests tell what matters."""


class LocalServer:
    """A threading HTTP server on 127.0.0.1 that lives as long as its `with` block."""

    def __init__(self, handler: type[BaseHTTPRequestHandler]) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self.port: int = self._server.server_address[1]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class Site(LocalServer):
    """Serves `files` (path → type and bytes), each with `policy` as its content security policy.

    Paths in `moved` lead to others.
    """

    def __init__(self, policy: str) -> None:
        self.files: dict[str, tuple[str, bytes]] = {"/favicon.ico": ("image/x-icon", b"")}
        self.moved: dict[str, str] = {}
        self.policy = policy
        site = self

        class Handler(QuietHandler):
            def do_GET(self) -> None:
                path = urlsplit(self.path).path
                if path in site.moved:
                    self.reply(302, {"Location": site.moved[path]}, b"")
                    return
                if path not in site.files:
                    self.reply(404, {}, b"")
                    return
                kind, content = site.files[path]
                headers = {"Content-Type": kind, "Cache-Control": "no-store"}
                if site.policy:
                    headers["Content-Security-Policy"] = site.policy
                self.reply(200, headers, content)

        super().__init__(Handler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


class Collector(LocalServer):
    """`POST /v1/collect` as the contract has it, which remembers everything it was sent.

    `answers` are given in turn; when they are used up, `otherwise` is: None means that the events are
    accepted. `popup` is what `GET /v1/popup` answers. It is reached under another host name than the site, so browsers send preflights.
    """

    def __init__(self, key: str) -> None:
        self.key = key
        self.popup: dict[str, Any] | None = None
        self.answers: deque[Answer] = deque()
        self.otherwise: Answer | None = None
        self.posts: list[Posted] = []
        self.accepted: dict[str, dict[str, Any]] = {}
        self.duplicates = 0
        self._changed = threading.Condition()
        self._closing = threading.Event()
        collector = self

        class Handler(QuietHandler):
            def do_OPTIONS(self) -> None:
                self.reply(
                    204,
                    {
                        **_CORS,
                        "Access-Control-Allow-Methods": "POST",
                        "Access-Control-Allow-Headers": "authorization, content-type",
                        "Access-Control-Max-Age": "600",
                    },
                    b"",
                )

            def do_GET(self) -> None:
                if self.path == f"/v1/popup?key={collector.key}" and collector.popup is not None:
                    content = json.dumps(collector.popup).encode()
                    self.reply(200, {**_CORS, "Content-Type": JSON_TYPE}, content)
                else:
                    self.reply(404, _CORS, b"")

            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers["Content-Length"]))
                answer, content = collector.take(self.path, dict(self.headers), raw)
                if answer is NEVER:
                    collector.wait_until_closed()
                    return
                self.reply(answer.status, {**_CORS, **answer.headers}, content)

        super().__init__(Handler)

    def __exit__(self, *exits: object) -> None:
        self._closing.set()
        super().__exit__(*exits)

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def events(self) -> list[dict[str, Any]]:
        """Accepted events, in the order they came."""
        return list(self.accepted.values())

    def wait_until_closed(self) -> None:
        self._closing.wait()

    def wait_for(self, what: Callable[[Collector], bool], seconds: float = 60) -> None:
        """Return as soon as `what` holds. Raises AssertionError with what came instead."""
        with self._changed:
            if not self._changed.wait_for(lambda: what(self), seconds):
                came = [(post.answer.status, post.body) for post in self.posts]
                raise AssertionError(f"the collector waited {seconds} s in vain; it has {came}")

    def take(self, path: str, headers: Mapping[str, str], raw: bytes) -> tuple[Answer, bytes]:
        """Record one POST; return how it is answered, and the answer's body."""
        with self._changed:
            body, refusal = self._read(path, headers, raw)
            planned = self.answers.popleft() if self.answers else self.otherwise
            answer = refusal or planned or Answer(202, {"Content-Type": JSON_TYPE})
            self.posts.append(Posted(path, headers, len(raw), body, answer))
            content = self._accept(body["events"]) if answer.status == 202 else b""
            self._changed.notify_all()
            return answer, content

    def _read(self, path: str, headers: Mapping[str, str], raw: bytes) -> tuple[Any, Answer | None]:
        if path != "/v1/collect":
            return None, Answer(404)
        if headers.get("Authorization") != f"Bearer {self.key}":
            return None, Answer(401)
        if headers.get("Content-Type") != JSON_TYPE:
            return None, Answer(415)
        body = json.loads(raw)
        if set(body) != {"sent_at", "events"} or not isinstance(body["events"], list):
            return body, Answer(400)
        return body, None

    def _accept(self, events: list[dict[str, Any]]) -> bytes:
        fresh = [event for event in events if event["id"] not in self.accepted]
        self.duplicates += len(events) - len(fresh)
        self.accepted.update((event["id"], event) for event in fresh)
        counts = {"accepted": len(fresh), "duplicates": len(events) - len(fresh), "rejected": []}
        return json.dumps(counts).encode()
