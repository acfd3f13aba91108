"""Installs of their own, run as people run them: by commands, in a home, on a free port."""

import contextlib
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg

from ripresa.core.dump import restore
from ripresa.core.embedded.database import embedded_database
from ripresa.core.embedded.place import find_place

PATIENCE_SECONDS = 200.0  # below what pytest gives a test


class Run:
    """One `ripresa` command under way; what it and its children say is kept."""

    def __init__(self, command: tuple[str, ...], env: dict[str, str]) -> None:
        self._said = tempfile.TemporaryFile()  # noqa: SIM115  (closed with the run)
        self._result = tempfile.TemporaryFile()  # noqa: SIM115
        self.process = subprocess.Popen(
            (sys.executable, "-m", "ripresa.entrypoints", *command),
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=self._result,
            stderr=self._said,
            start_new_session=True,
        )

    @property
    def said(self) -> str:
        self._said.seek(0)
        return self._said.read().decode()

    @property
    def result(self) -> str:
        self._result.seek(0)
        return self._result.read().decode()

    def wait_for(self, text: str, *, times: int = 1) -> None:
        """Until it has said `text`, so many times."""
        wait(lambda: self.said.count(text) >= times or self.process.poll() is not None, self)
        assert self.said.count(text) >= times, self.said

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.wait()

    def wait(self) -> int:
        return self.process.wait(PATIENCE_SECONDS)

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        self._said.close()
        self._result.close()


class Install:
    """A home and a port. `close` ends and deletes all that is there.

    `dsn`: a database that somebody else cares for; without one the install keeps its own in its home.
    """

    def __init__(self, dsn: str | None = None) -> None:
        self._dsn = dsn
        self.home = Path(tempfile.mkdtemp(prefix="ripresa-test-install-"))
        # The database's own user has to pass through, where root runs the tests.
        self.home.chmod(0o711)
        self.port = free_port()
        self.runs: list[Run] = []

    def start(self, *command: str, **env: str) -> Run:
        run = Run(command, self.environment(**env))
        self.runs.append(run)
        return run

    def run(self, *command: str, **env: str) -> Run:
        """Start a command and wait for its end."""
        run = self.start(*command, **env)
        run.wait()
        return run

    def environment(self, **changes: str) -> dict[str, str]:
        inherited = {
            name: text
            for name, text in os.environ.items()
            if not name.startswith("RIPRESA_") and name not in {"DATABASE_URL", "COVERAGE_FILE"}
        }
        own = {"RIPRESA_HOME": str(self.home), "RIPRESA_BIND": f"127.0.0.1:{self.port}"}
        database = {} if self._dsn is None else {"DATABASE_URL": self._dsn}
        return {**inherited, **own, **database, **changes}

    def lay_tables(self, blank: Path) -> None:
        """Make its own database from a dump of one that holds tables only: laying them takes long."""
        with embedded_database(self.home) as url:
            restore(url, blank)

    def wait_until(self, condition: str) -> None:
        """Until the SQL `condition` holds in the database it was given."""
        assert self._dsn is not None
        with psycopg.connect(self._dsn, autocommit=True) as session:
            wait(lambda: session.execute(f"SELECT {condition}").fetchone() == (True,), self)

    def processes(self) -> dict[int, str]:
        """What runs in this home, by PID: its command line."""
        found = {}
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and (line := self._command_line(entry)):
                found[int(entry.name)] = line
        return found

    def pid_of(self, role: str) -> int:
        """The one process whose command line holds `role`."""
        [pid] = [pid for pid, line in self.processes().items() if role in line]
        return pid

    def wait_until_gone(self) -> None:
        wait(lambda: not self.processes(), self)

    def clear(self) -> None:
        """End all runs; what they started is to end by itself."""
        for run in self.runs:
            run.close()
        self.runs = []
        self.wait_until_gone()

    def close(self) -> None:
        try:
            self.clear()
        finally:
            if (place := find_place(self.home)) is not None:
                shutil.rmtree(place.base, ignore_errors=True)
            shutil.rmtree(self.home, ignore_errors=True)

    def _command_line(self, entry: Path) -> str:
        try:
            home = os.fsencode(self.home)
            line = (entry / "cmdline").read_bytes()
            mine = b"RIPRESA_HOME=" + home in (entry / "environ").read_bytes().split(b"\0")
        except OSError:
            return ""
        return line.replace(b"\0", b" ").decode() if line and (mine or home in line) else ""


def free_port() -> int:
    """A port that nobody listens on, and that the kernel gives to nobody who asks for any."""
    while True:
        port = 20_000 + secrets.randbelow(12_000)  # Linux hands out those from 32,768 on
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def wait_until_read(port: int, client: socket.socket) -> None:
    """Until whoever listens on `port` of loopback has taken `client` in, and read all that it sent."""
    own = client.getsockname()[1]

    def is_read() -> bool:
        # proc(5): local and remote address, state, queues (unread in the second), …, the inode:
        # none before accept(2).
        for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
            fields = line.split()
            ends = tuple(int(fields[place].split(":")[1], 16) for place in (1, 2))
            if ends == (port, own):
                return int(fields[4].split(":")[1], 16) == 0 and fields[9] != "0"
        return False

    until = time.monotonic() + PATIENCE_SECONDS
    while not is_read():
        assert time.monotonic() < until, "what was sent is not read"
        time.sleep(0.02)


def wait(happened: Callable[[], bool], about: object, seconds: float = PATIENCE_SECONDS) -> None:
    until = time.monotonic() + seconds
    while not happened():
        if time.monotonic() > until:
            said = about.said if isinstance(about, Run) else about.processes()
            raise AssertionError(f"it did not happen within {seconds:.0f} s: {said}")
        time.sleep(0.05)


def read_json(run: Run) -> Any:
    return json.loads(run.result)
