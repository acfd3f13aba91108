"""Starting, finding and stopping the server of a place. Callers hold the start lock of the place.

Whether a server lives is asked of `server.lock`, never of a PID: the postmaster and each of its
children inherit the locked descriptor, so the lock is free exactly when the last of them has ended.
This holds across PID namespaces (two containers on one volume) and can't be fooled by a PID that
was used again.
"""

import re
import socket
import time
from pathlib import Path
from signal import SIGINT

from ripresa.core.embedded.account import find_account
from ripresa.core.embedded.binaries import find_binaries, reachable_by
from ripresa.core.embedded.conf import write_settings
from ripresa.core.embedded.place import PORT, Place, remove_short_folder, socket_folder
from ripresa.core.embedded.problems import EmbeddedError, explain
from ripresa.core.embedded.processes import (
    end_leftovers,
    find_postmaster,
    list_processes,
    read_postmaster_file,
    signal_process,
    spawn_detached,
)
from ripresa.core.embedded.progress import Progress, Report
from ripresa.core.locks import FileLock

# The environment of the server: nothing of ours (PGDATA, PGOPTIONS, …) may reach it.
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C"}

_POLL_SECONDS = 0.02
# A new postmaster writes its PID file within milliseconds; on a machine that swaps, within this.
_SHOWS_ITSELF_WITHIN_SECONDS = 60.0
_UNSEEN_SECONDS = 30.0
_LOG_TAIL_BYTES = 64 * 1024

# What the server logs while it starts, the newest line first to match; and what we say.
_PHASES: tuple[tuple[str, str], ...] = (
    (
        r"checkpoint starting: end-of-recovery",
        "Recovering after a crash, writing the recovered pages",
    ),
    (
        r"redo in progress, elapsed time: .*, current LSN: (\S+)",
        "Recovering after a crash, redo at {}",
    ),
    (r"redo starts at (\S+)", "Recovering after a crash, redo at {}"),
    (r"syncing data directory", "Recovering after a crash, looking through the files"),
    (r"database system was (?:interrupted|not properly shut down)", "Recovering after a crash"),
    (
        r"database system is shut down|received fast shutdown request",
        "Waiting for the previous server to stop",
    ),
    (r"starting PostgreSQL", "Starting the database"),
)


def ensure_running(place: Place, report: Report) -> Path:
    """Start the server unless it runs, wait until it takes connections, return its socket's folder.

    Recovery after a crash takes as long as it takes and is reported. Raises EmbeddedError once the
    server has ended instead.
    """
    progress = Progress(report)
    log_began: int | None = None
    young_until = 0.0
    while True:
        with FileLock(place.server_lock) as lock:
            if lock.try_exclusive():
                if log_began is not None:
                    raise EmbeddedError(explain(_log_since(place.log, log_began), place.base))
                log_began = place.log.stat().st_size if place.log.exists() else 0
                _launch(place, lock)
                young_until = time.monotonic() + _SHOWS_ITSELF_WITHIN_SECONDS
        if (folder := _accepting(place)) is not None:
            return folder
        _attend(place, progress, young_until)
        time.sleep(_POLL_SECONDS)


def stop(place: Place, report: Report) -> None:
    """Stop the server, if it runs: sessions end, all is written, there is nothing to recover."""
    progress = Progress(report)
    told = False
    # Its starter may have been killed a moment ago.
    young_until = time.monotonic() + 2
    file = read_postmaster_file(place.data)
    while not has_ended(place):
        if (pid := find_postmaster(place.data)) is not None:
            # One SIGINT only: it asks for the fast shutdown that `pg_ctl stop -m fast` asks for.
            told = told or signal_process(place.data, pid, SIGINT)
            progress.tick("Stopping the database")
        else:
            _attend(place, progress, young_until)
        time.sleep(_POLL_SECONDS)
    if file is not None:
        remove_short_folder(file.socket_folder, place)


def has_ended(place: Place) -> bool:
    """Whether neither a server of this place nor any child of one is alive.

    The one question of this module that may be asked without the start lock: it shares the lock, so
    that two who ask at once don't take each other for a server.
    """
    with FileLock(place.server_lock) as lock:
        return lock.try_share()


def read_phase(log: Path) -> str:
    """What the server is doing, by the latest line of its log that tells."""
    for line in reversed(_log_since(log, 0).splitlines()):
        for pattern, phase in _PHASES:
            if found := re.search(pattern, line):
                return phase.format(*found.groups())
    return "Starting the database"


def _launch(place: Place, lock: FileLock) -> None:
    """Start a postmaster that holds `lock`, which was free: what an old one left is stale."""
    account = find_account(place.data)
    binaries = reachable_by(account, find_binaries(_version(place.data)))
    if account.is_other and not account.can_enter(place.base):
        raise EmbeddedError(
            f"The user {account.name}, who runs the database, can't enter {place.base}. Let it "
            "pass through the folders "
            f"above (`chmod o+x`), or set another RIPRESA_HOME."
        )
    if (stranger := find_postmaster(place.data)) is not None:
        raise EmbeddedError(
            f"A PostgreSQL server that Ripresa did not start (PID {stranger}) runs on "
            f"{place.data}. "
            "Stop it, then start again."
        )
    folder = socket_folder(place, account)
    # PostgreSQL itself would take a PID file for valid as long as *any* process has that PID.
    for stale in (place.data / "postmaster.pid", *folder.glob(".s.PGSQL.*")):
        stale.unlink(missing_ok=True)
    write_settings(place, account, str(folder))
    spawn_detached(
        (binaries.program("postgres"), "-D", place.data, "-c", f"config_file={place.settings}"),
        lock=lock,
        log=place.log,
        options=account.process_options(),
        env=ENVIRONMENT,
    )


def _version(data: Path) -> int:
    try:
        return int((data / "PG_VERSION").read_text())
    except (FileNotFoundError, ValueError):
        raise EmbeddedError(
            f"{data} is no complete data directory of PostgreSQL (PG_VERSION is missing or "
            "damaged). Bring the "
            "folder back from a copy, or move it away and use `ripresa db restore`."
        ) from None


def _accepting(place: Place) -> Path | None:
    """The socket's folder if the server is ready and takes connections."""
    file = read_postmaster_file(place.data)
    if file is None or file.status != "ready":
        return None
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(file.socket_folder / f".s.PGSQL.{PORT}"))
        except OSError:
            return None
    return file.socket_folder


def _attend(place: Place, progress: Progress, young_until: float) -> None:
    """One look at a server that lives but does not take connections.

    Before `young_until` a server without a PID file is taken for a new one, later for a dead one.
    """
    if time.monotonic() < young_until or find_postmaster(place.data) is not None:
        progress.tick(read_phase(place.log))
    elif list_processes(place.data):
        end_leftovers(place.data)
    elif progress.seconds > _UNSEEN_SECONDS:
        raise EmbeddedError(
            f"The database in {place.base} is held by a process that can't be seen from here and "
            "does not answer: "
            "in another container, perhaps. Stop what runs there, then start again."
        )


def _log_since(log: Path, began: int) -> str:
    try:
        with log.open("rb") as file:
            file.seek(max(began, log.stat().st_size - _LOG_TAIL_BYTES))
            return file.read().decode(errors="replace")
    except FileNotFoundError:
        return ""
