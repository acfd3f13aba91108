"""Using the embedded database: start it if needed, share it, stop it with its last user.

The protocol. Five lock files (flock) in the base of a place:

    place.lock    held while the marker is read or made, nothing else
    start.lock    held alone by whoever changes anything: initdb, start, stop, new keeper
    users.lock    shared by every user for as long as it uses the database
    server.lock   inherited by the postmaster and its children (and by initdb): free when all have
    ended keeper.lock   inherited by the keeper: free when it has ended

A user enters: start.lock; share users.lock; make a keeper if keeper.lock is free; start the server
if server.lock is free, else wait for the one that lives (adopt it); let go of start.lock. The
keeper comes before the server, so a user killed in the middle of a start leaves nothing without a
keeper.

A user leaves: close users.lock; take start.lock; if users.lock can be had alone it was the last
one, and stops the server. The keeper does the same twice a second, for users that were killed.
Whoever wants users.lock alone must hold start.lock first, and nobody enters without start.lock: so
between "nobody is left" and "the server has stopped" no new user can come, and one that comes a
moment later finds it stopped and starts it. The keeper closes keeper.lock before start.lock when it
ends, so that the next user never takes it for alive.

All killed with SIGKILL: every lock is free, the next start removes the stale PID file and
PostgreSQL recovers. Only the keeper killed: the next user makes a new one; until then the last user
that leaves still stops the server. Only the postmaster killed: the keeper ends its children and
starts it again.
"""

import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import structlog

from ripresa.core.embedded import server
from ripresa.core.embedded.cluster import ensure_complete, ensure_data, url_of
from ripresa.core.embedded.place import Place, open_place
from ripresa.core.embedded.problems import os_errors_explained
from ripresa.core.embedded.processes import spawn_detached
from ripresa.core.embedded.progress import Progress, Report
from ripresa.core.locks import FileLock

_POLL_SECONDS = 0.02
# A leaving user does not wait for ever for one that starts: the keeper stops the server as well.
_LEAVE_SECONDS = 5.0
_LITTLE_SPACE_MEGABYTES = 200


def _log_report(line: str) -> None:
    structlog.get_logger("ripresa.embedded").info(line)


@contextmanager
def embedded_database(
    home: Path, *, durable: bool = True, report: Report = _log_report
) -> Iterator[str]:
    """Yield the libpq address of the database of `home`, good for this process and its children.

    The first user starts the server, the last one stops it. `report` is called with a line of text
    for what takes long. `durable` False gives up safety against a crash of the machine, for tests.
    Raises EmbeddedError.
    """
    home = home.absolute()
    with os_errors_explained(home):
        place = open_place(home, durable=durable)
        users = FileLock(place.users_lock)
    owner = os.getpid()
    try:
        with os_errors_explained(place.base):
            url = _enter(place, users, report)
        yield url
    finally:
        # Closed, not unlocked: a forked child that inherited it is still a user.
        users.close()
        if os.getpid() == owner:
            with os_errors_explained(place.base):
                _leave(place, report)


def _enter(place: Place, users: FileLock, report: Report) -> str:
    with FileLock(place.start_lock) as start:
        progress = Progress(report)
        while not start.try_exclusive():
            progress.tick(
                f"Another process has the database in hand. {server.read_phase(place.log)}"
            )
            time.sleep(_POLL_SECONDS)
        try:
            users.share()
            _warn_of_little_space(place, report)
            _ensure_keeper(place)
            place = ensure_data(place, report)
            folder = server.ensure_running(place, report)
            ensure_complete(place, folder, report)
        finally:
            start.unlock()
    return url_of(folder)


def _leave(place: Place, report: Report) -> None:
    if not place.start_lock.exists():
        return  # the home was deleted meanwhile; the server notices and ends by itself
    with FileLock(place.start_lock) as start, FileLock(place.users_lock) as users:
        patience = time.monotonic() + _LEAVE_SECONDS
        while not start.try_exclusive():
            if time.monotonic() > patience:
                return
            time.sleep(_POLL_SECONDS)
        try:
            if users.try_exclusive():
                server.stop(place, report)
        finally:
            start.unlock()


def _ensure_keeper(place: Place) -> None:
    with FileLock(place.keeper_lock) as lock:
        if lock.try_exclusive():
            spawn_detached(
                (
                    sys.executable,
                    "-P",
                    "-m",
                    "ripresa.core.embedded.keeper",
                    place.home,
                    str(lock.fileno()),
                ),
                lock=lock,
                log=place.log,
                options={},
                env=None,
            )


def _warn_of_little_space(place: Place, report: Report) -> None:
    free = shutil.disk_usage(place.base).free >> 20
    if free < _LITTLE_SPACE_MEGABYTES:
        report(
            f"Only {free} MB are free on the disk of {place.base}: the database stops when it is "
            "full"
        )
