"""Processes that use an embedded database, and looks at what runs in a home."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import psycopg

from ripresa.core.embedded import server
from ripresa.core.embedded.account import Account
from ripresa.core.embedded.binaries import STATE_ROOT
from ripresa.core.embedded.place import Place, find_place
from ripresa.core.embedded.processes import find_postmaster
from ripresa.core.locks import FileLock

_SCRIPT = Path(__file__).with_name("user.py")


class User:
    """One process that uses the database of a home. Ask for `url` to wait until it has it."""

    def __init__(self, home: Path, account: Account | None, python: Path) -> None:
        self.reported = tempfile.TemporaryFile()  # noqa: SIM115  (closed with the user)
        self.process = subprocess.Popen(
            (python, _SCRIPT, home),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.reported,
            cwd="/",
            env={**os.environ, "PYTHONPATH": os.pathsep.join(_packages())},
            **(account.process_options() if account else {}),
        )
        self._url: str | None = None

    @property
    def url(self) -> str:
        if self._url is None:
            self._url = self.process.stdout.readline().decode().strip()
            assert self._url, self.said
        return self._url

    @property
    def said(self) -> str:
        """What it has reported so far, its error included."""
        self.reported.seek(0)
        return self.reported.read().decode()

    def refusal(self) -> str:
        """Wait for its end and return the error it ended with."""
        assert self.process.stdout.read() == b"", "it was let in"
        assert self.process.wait() == 1
        return self.said

    def query(self, statement: str):
        """Run one statement; return the first value of its result, if it has one."""
        with psycopg.connect(self.url) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchone()[0] if cursor.description else None

    def leave(self) -> None:
        assert self.url
        self.process.stdin.close()
        assert self.process.wait() == 0, self.said

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def close(self) -> None:
        self.kill()
        self.process.stdin.close()
        self.process.stdout.close()
        self.reported.close()


class Stage:
    """A home and all that happens in it; at the end everything it started is stopped and removed."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="ripresa-test-", dir=_roomy_memory()))
        # As a person's home would be: others may pass through.
        self.folder.chmod(0o711)
        self.home = self.folder / "home"
        self._homes = [self.home]
        self._users: list[User] = []
        self.python = Path(sys.executable)

    def fill(self, made: Path) -> None:
        """Make the stage's home a copy of a home that was used before: faster than a first start."""
        subprocess.run(("cp", "-a", made, self.home), check=True)

    def enter(self, home: Path | None = None, account: Account | None = None) -> User:
        """A new user of the database of `home` (None: of the stage's own home)."""
        if home is not None and home not in self._homes:
            self._homes.append(home)
        user = User(home or self.home, account, self.python)
        self._users.append(user)
        return user

    @property
    def place(self) -> Place:
        place = find_place(self.home)
        assert place is not None
        return place

    def postmaster(self) -> int:
        pid = find_postmaster(self.place.data)
        assert pid is not None, "no server runs"
        return pid

    def keeper(self) -> int | None:
        """The PID of the living keeper of the home."""
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and str(self.home).encode() in _arguments(entry):
                return int(entry.name)
        return None

    def close(self) -> None:
        for user in self._users:
            user.close()
        for home in self._homes:
            place = find_place(home)
            if place is not None and place.start_lock.exists():
                self._stop(place)
            if place is not None and place.elsewhere and place.elsewhere.parent == STATE_ROOT:
                shutil.rmtree(place.elsewhere)
        shutil.rmtree(self.folder)

    def _stop(self, place: Place) -> None:
        with FileLock(place.start_lock) as start:
            start.wait_exclusive()
            server.stop(place, print)
            start.unlock()
        wait_until(lambda: is_free(place.keeper_lock))


def _packages() -> list[str]:
    """Where our packages are, for another Python than that of the tests: all but the standard library."""
    return [entry for entry in sys.path if not entry.startswith(sys.base_prefix)]


def _roomy_memory() -> Path | None:
    """Memory instead of a disk that others use as well; None where there is little of it."""
    memory = Path("/dev/shm")
    return memory if memory.is_dir() and shutil.disk_usage(memory).free > 1 << 31 else None


def is_free(lock: Path) -> bool:
    with FileLock(lock) as probe:
        return probe.try_share()


def wait_until(holds: Callable[[], bool], seconds: float = 120) -> float:
    """Wait for `holds`; return how long it took."""
    began = time.monotonic()
    while not holds():
        assert time.monotonic() - began < seconds, "waited in vain"
        time.sleep(0.05)
    return time.monotonic() - began


def _arguments(process: Path) -> list[bytes]:
    try:
        arguments = (process / "cmdline").read_bytes().split(b"\0")
    except OSError:
        return []
    return arguments if b"ripresa.core.embedded.keeper" in arguments else []
