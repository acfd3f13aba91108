"""Locks between processes: flock(2) on a file, freed by the kernel however its holder ends.

A lock belongs to the open file description: a forked or inheriting child holds it as well, and
it is free once the last of them has closed it. Closing is therefore not the same as unlocking.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

# A holder writes its PID right after it took the lock; a rival waits this long to read it.
_PID_APPEARS_WITHIN_SECONDS = 1.0


class HomeBusy(Exception):
    """Another Ripresa runs in this home; the message names its PID."""


class FileLock:
    """One open descriptor of a lock file. As a context manager it closes itself at the end."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor = os.open(
            path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def fileno(self) -> int:
        """The descriptor, to hand the lock to a child process (`pass_fds`)."""
        return self._descriptor

    def is_current(self) -> bool:
        """Whether the path still leads to this lock: the folder may have been made anew."""
        try:
            return os.path.samestat(os.fstat(self._descriptor), self.path.stat())
        except FileNotFoundError:
            return False

    def try_exclusive(self) -> bool:
        """Take the lock for this holder alone; False if anybody else has it."""
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def wait_exclusive(self) -> None:
        """Take the lock for this holder alone; waits as long as it takes."""
        fcntl.flock(self._descriptor, fcntl.LOCK_EX)

    def try_share(self) -> bool:
        """Take the lock beside other sharers; False if somebody has it alone."""
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def share(self) -> None:
        """Take the lock beside other sharers; waits while somebody has it alone."""
        fcntl.flock(self._descriptor, fcntl.LOCK_SH)

    def unlock(self) -> None:
        """Free the lock, for children that inherited the descriptor as well."""
        fcntl.flock(self._descriptor, fcntl.LOCK_UN)

    def close(self) -> None:
        """Let go. The lock stays with children that inherited the descriptor."""
        os.close(self._descriptor)

    def write(self, text: str) -> None:
        """Replace the content of the lock file."""
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, text.encode(), 0)


@contextmanager
def home_lock(home: Path) -> Iterator[None]:
    """Hold `home` (RIPRESA_HOME) for one `ripresa up`. Raises HomeBusy if another one has it.

    Forked workers inherit the lock: while one of them lives on after its parent was killed,
    a second start is still refused.
    """
    home.mkdir(parents=True, exist_ok=True)
    with FileLock(home / "ripresa.lock") as lock:
        if not lock.try_exclusive():
            raise HomeBusy(_busy_message(home, _holder(lock.path)))
        lock.write(f"{os.getpid()}\n")
        yield


def _holder(path: Path) -> int | None:
    patience = time.monotonic() + _PID_APPEARS_WITHIN_SECONDS
    while time.monotonic() < patience:
        text = path.read_text().strip()
        if text.isdigit():
            return int(text)
        time.sleep(0.02)
    return None


def _busy_message(home: Path, pid: int | None) -> str:
    if pid is None:
        return f"Ripresa already runs in {home}. Stop it first, or set another RIPRESA_HOME."
    if not Path(f"/proc/{pid}").exists():
        return (
            f"Ripresa was started in {home} with PID {pid}, which has ended, but processes it left "
            f"behind still run there. End them (`fuser {home}/ripresa.lock` lists them), then "
            "start again."
        )
    return (
        f"Ripresa already runs in {home}, PID {pid}. "
        f"Stop it first (`kill {pid}`), or set another RIPRESA_HOME."
    )
