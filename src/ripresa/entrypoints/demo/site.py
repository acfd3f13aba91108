"""A small HTTP server on loopback, in threads: for the demo's own pages and nothing else."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self
from urllib.parse import unquote, urlsplit

HTML = "text/html; charset=utf-8"
TEXT = "text/plain; charset=utf-8"
JSON = "application/json"

_MOST_BYTES = 256 << 10
_NAMES = {"localhost", "127.0.0.1"}


@dataclass(frozen=True, slots=True)
class Question:
    """A request; `path` without its query, percent signs resolved."""

    method: str
    path: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer; `policy` is its Content-Security-Policy."""

    status: int
    kind: str
    body: bytes
    policy: str = "default-src 'none'"
    headers: Mapping[str, str] = field(default_factory=dict)


class LocalSite:
    """Answers by `answer` on `port` of 127.0.0.1 (0: a free one) as long as the `with` lasts."""

    def __init__(self, port: int, answer: Callable[[Question], Reply]) -> None:
        handler = type("Handler", (_Handler,), {"answer": staticmethod(answer)})
        self._server = ThreadingHTTPServer(("127.0.0.1", port), handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.1}, name=f"site {port}"
        )
        self.url = f"http://localhost:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    """Reads a request, asks `answer`, writes the reply."""

    answer: Callable[[Question], Reply]
    protocol_version = "HTTP/1.1"
    timeout = 30  # seconds that a connection may be silent

    def handle_one_request(self) -> None:
        try:
            super().handle_one_request()
        except (ConnectionError, TimeoutError):
            self.close_connection = True

    def do_GET(self) -> None:
        self._reply()

    do_HEAD = do_PUT = do_POST = do_GET  # noqa: N815

    def log_message(self, *_: object) -> None:
        """Say nothing: what happens is told elsewhere."""

    def _reply(self) -> None:
        # A page of another site must not read mails by a name that it has led to this machine.
        host = self.headers.get("Host", "").rpartition(":")[0]
        length = self.headers.get("Content-Length", "0")
        if host not in _NAMES:
            reply = Reply(403, TEXT, b"this address is for localhost alone")
        elif not length.isdigit() or int(length) > _MOST_BYTES:
            reply = Reply(413, TEXT, b"too much")
            self.close_connection = True
        else:
            path = unquote(urlsplit(self.path).path)
            body = self.rfile.read(int(length))
            reply = self.answer(Question(self.command, path, body))
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.kind)
        self.send_header("Content-Length", str(len(reply.body)))
        self.send_header("Content-Security-Policy", reply.policy)
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(reply.body)
