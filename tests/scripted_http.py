"""A provider's HTTP API on loopback: what each call is answered is a function of the test.

    def answer(heard: Heard) -> Said:
        return Said(200, '{"id": "1"}')

    with ScriptedApi(answer) as api:
        client.ask(Call.get(api.url + "/balance"), deadline=...)

Calls are kept in `api.heard`, in the order in which they came. In place of a `Said` the function may
give `DROP` (the connection is closed without a word), `HANG` (no answer while the server lives), or
bytes, which go out raw before the connection is closed.
"""

import json
import ssl
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

HOST = "127.0.0.1"


class Silence(Enum):
    """Ways not to answer."""

    DROP = "drop"
    HANG = "hang"


DROP, HANG = Silence.DROP, Silence.HANG


@dataclass(frozen=True, slots=True)
class Heard:
    """A call as it came: `headers` have lower-case names."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.target).query, keep_blank_values=True))

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True))

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class Said:
    """An answer; a body that is no text is sent as JSON."""

    status: int = 200
    body: Any = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def content(self) -> bytes:
        if isinstance(self.body, bytes):
            return self.body
        return (self.body if isinstance(self.body, str) else json.dumps(self.body)).encode()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 60
    server: "_Server"

    def handle_one_request(self) -> None:
        try:
            super().handle_one_request()
        except (ConnectionError, ssl.SSLError):
            self.close_connection = True

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        names = {name.lower(): value for name, value in self.headers.items()}
        said = self.server.api.take(Heard(self.command, self.path, names, body))
        if isinstance(said, Said):
            if "date" in said.headers:
                self.send_response_only(said.status)
            else:
                self.send_response(said.status)
            for name, value in said.headers.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(said.content)))
            self.end_headers()
            self.wfile.write(said.content)
            return
        if said is HANG:
            self.server.api.is_over.wait(60)
        elif isinstance(said, bytes):
            self.wfile.write(said)
        self.close_connection = True

    do_GET = do_POST = do_DELETE = do_PUT = do_PATCH = _answer  # noqa: N815

    def log_message(self, *_: object) -> None:
        """The test's output stays clean."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    api: "ScriptedApi"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is part of some tests."""


class ScriptedApi:
    """The server; ends with its `with`."""

    def __init__(
        self,
        answer: Callable[[Heard], Said | Silence | bytes],
        *,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.heard: list[Heard] = []
        self.is_over = threading.Event()
        self._answer = answer
        self._lock = threading.Lock()
        self._server = _Server((HOST, 0), _Handler)
        self._server.api = self
        self.port = self._server.server_address[1]
        self.url = f"{'https' if tls else 'http'}://{HOST}:{self.port}"
        if tls:
            self._server.socket = tls.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))

    def take(self, heard: Heard) -> Said | Silence | bytes:
        with self._lock:
            self.heard.append(heard)
        return self._answer(heard)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.is_over.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
