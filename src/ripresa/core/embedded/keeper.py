"""The keeper: a small process beside the server that outlives every user.

    python -m ripresa.core.embedded.keeper HOME DESCRIPTOR

It stops the server when no user is left, killed ones included, and starts it again when the server
itself was killed while users live. It is started by the first user with the locked `keeper.lock` as
DESCRIPTOR.
"""

import os
import shutil
import signal
import sys
import time
from pathlib import Path

from ripresa.core.embedded import server
from ripresa.core.embedded.place import Place, find_place
from ripresa.core.embedded.problems import EmbeddedError
from ripresa.core.locks import FileLock

_TICK_SECONDS = 0.5
_LONGEST_PAUSE_SECONDS = 30.0
_LOG_BYTES = 32 << 20


def main() -> None:
    """Keep the server of the home given on the command line until nobody uses it."""
    # It goes when the users have gone. A signal to the whole group (a terminal, a service manager
    # that stops a service) must not take it first, and the users with it.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    place = find_place(Path(sys.argv[1]))
    if place is not None:
        _keep(place, keeper_lock=int(sys.argv[2]))


def _keep(place: Place, *, keeper_lock: int) -> None:
    pause = _TICK_SECONDS
    with FileLock(place.start_lock) as start, FileLock(place.users_lock) as users:
        try:
            # Once the home is deleted, its server notices that and ends by itself. What is at this
            # path by then, if anything, is not ours to keep.
            while start.is_current():
                time.sleep(pause)
                # It fails while somebody else starts or stops the server.
                if start.try_exclusive() and start.is_current():
                    if users.try_exclusive():
                        server.stop(place, _log)
                        return
                    pause = _look_after(place)
                    start.unlock()
        finally:
            # Before start.lock is free: whoever gets that next must not take us for alive.
            os.close(keeper_lock)


def _look_after(place: Place) -> float:
    """Start the server again if it has ended; return how long to wait before the next look."""
    try:
        _restart_if_dead(place)
        _limit_log(place.log)
    except (EmbeddedError, OSError) as problem:
        _log(str(problem))
        return _LONGEST_PAUSE_SECONDS
    return _TICK_SECONDS


def _restart_if_dead(place: Place) -> None:
    current = find_place(place.home)
    if current is not None and current.is_complete and server.has_ended(place):
        _log("The server has ended although it is in use: starting it again")
        server.ensure_running(current, _log)


def _limit_log(log: Path) -> None:
    """Keep the log and one predecessor. The server appends, so it may be emptied in place."""
    if log.stat().st_size > _LOG_BYTES:
        shutil.copyfile(log, log.with_name("server.log.1"))
        with log.open("r+b") as file:
            file.truncate(0)


def _log(line: str) -> None:
    sys.stderr.write(f"keeper: {line}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    main()
