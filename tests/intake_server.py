"""A real intake behind a real Granian, and a client for it."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

_START_SECONDS = 120
_STOP_SECONDS = 60
_PATIENCE_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Reply:
    """An HTTP answer, its JSON read."""

    status: int
    headers: dict[str, str]
    json: Any


@dataclass(slots=True)
class IntakeServer:
    """A running server. `key` is what requests carry unless they say otherwise."""

    port: int
    process: subprocess.Popen[bytes]
    key: str = ""

    def post(self, path: str, body: Any, *, key: str | None = None, **headers: str) -> Reply:
        """POST `body` (bytes as they are, anything else as JSON)."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        sent = {"content-type": "application/json", **_names(headers)}
        if bearer := self.key if key is None else key:
            sent["authorization"] = f"Bearer {bearer}"
        return self.request("POST", path, raw, sent)

    def request(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> Reply:
        """Any request, on a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, body, headers or {})
            response = connection.getresponse()
            text = response.read()
            names = {name.lower(): value for name, value in response.getheaders()}
            return Reply(response.status, names, json.loads(text) if text else None)
        finally:
            connection.close()

    def post_until_taken(self, body: Any) -> "Reply":
        """Post events again and again, as a good client does: on a slow machine the answer may be 503."""
        until = time.monotonic() + _PATIENCE_SECONDS
        while (reply := self.post("/v1/events", body)).status != HTTPStatus.ACCEPTED:
            assert reply.status == HTTPStatus.SERVICE_UNAVAILABLE, reply
            assert int(reply.headers["retry-after"]) >= 1
            assert time.monotonic() < until, "it was never taken"
            time.sleep(0.2)
        return reply

    def connect(self) -> socket.socket:
        """A bare connection, for clients that do not keep to HTTP."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=30)

    def kill(self) -> None:
        """SIGKILL to the server and its workers, at once."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def peak_megabytes(self) -> float:
        """The most memory that any process of the server has held."""
        pids = subprocess.run(
            ["pgrep", "-g", str(self.process.pid)], capture_output=True, text=True, check=True
        ).stdout.split()
        return max(_peak_kilobytes(pid) for pid in pids) / 1024


@contextmanager
def intake_server(database_url: str, *, key: str = "", **env: str) -> Iterator[IntakeServer]:
    """Serve the intake on a free port of loopback for as long as the `with` lasts."""
    # Held open, not listening: nobody else is given the port, and Granian may still bind it.
    with socket.socket() as holder:
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        holder.bind(("127.0.0.1", 0))
        port = holder.getsockname()[1]
        process = subprocess.Popen(
            [sys.executable, "-m", "granian", "--interface", "asgi", "--http", "1", "--no-ws",
             "--host", "127.0.0.1", "--port", str(port), "tests.intake_target:app"],
            env={**os.environ, "INTAKE_DATABASE_URL": database_url, **env},
            start_new_session=True,
        )  # fmt: skip
        server = IntakeServer(port, process, key)
        try:
            _wait_until_alive(server)
            yield server
        finally:
            _stop(process)


def _wait_until_alive(server: IntakeServer) -> None:
    until = time.monotonic() + _START_SECONDS
    while True:
        try:
            server.request("GET", "/health")
        except OSError:
            if server.process.poll() is not None or time.monotonic() > until:
                raise
            time.sleep(0.05)
        else:
            return


def _stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _names(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


def _peak_kilobytes(pid: str) -> int:
    status = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next((int(line.split()[1]) for line in status if line.startswith("VmHWM")), 0)
