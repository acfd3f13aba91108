"""Which processes belong to a data directory, told by what they are and never by a PID alone.

A process is ours if its program is `postgres` and its working directory is the data directory:
every process of a server has it, and a stranger that got an old PID does not. Signals go through
a pidfd, so they can't reach a successor of the process that was looked at.
"""

import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ripresa.core.embedded.account import ProcessOptions
from ripresa.core.locks import FileLock

# A postmaster that shuts down at once gives its children the same five seconds before SIGKILL.
_QUIT_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class PostmasterFile:
    """What postmaster.pid says. `status` is starting, ready, stopping or standby."""

    pid: int
    socket_folder: Path
    status: str


def read_postmaster_file(data: Path) -> PostmasterFile | None:
    """Read `data`/postmaster.pid; None if it is missing or not complete yet."""
    try:
        lines = os.fsdecode((data / "postmaster.pid").read_bytes()).splitlines()
        return PostmasterFile(int(lines[0]), Path(lines[4]), lines[7].strip())
    except (FileNotFoundError, IndexError, ValueError):
        return None


def is_process_of(data: Path, pid: int) -> bool:
    """Whether the living process `pid` is a PostgreSQL process of this data directory."""
    try:
        program = os.readlink(f"/proc/{pid}/exe")  # noqa: PTH115  (" (deleted)" may follow after an upgrade)
        folder = os.stat(f"/proc/{pid}/cwd")  # noqa: PTH116  (a link that only the kernel can follow)
        return Path(program).name.startswith("postgres") and os.path.samestat(folder, data.stat())
    except OSError:
        return False  # it has ended, is a zombie, or is hidden from us: in no case ours to touch


def list_processes(data: Path) -> list[int]:
    """All living PostgreSQL processes of this data directory that can be seen from here."""
    pids = (int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit())
    return [pid for pid in pids if is_process_of(data, pid)]


def find_postmaster(data: Path) -> int | None:
    """The PID of the living server of this data directory, if it can be seen from here."""
    file = read_postmaster_file(data)
    return file.pid if file and is_process_of(data, file.pid) else None


def signal_process(data: Path, pid: int, number: signal.Signals) -> bool:
    """Send a signal if `pid` is (still) a process of this data directory; False if it is not."""
    with _held(pid) as descriptor:
        # Looked at after it is held: from here on the PID can't pass to another process.
        if descriptor is None or not is_process_of(data, pid):
            return False
        try:
            signal.pidfd_send_signal(descriptor, number)
        except ProcessLookupError:
            return False
        return True


def end_leftovers(data: Path) -> None:
    """End the children of a killed server as it would have itself: SIGQUIT, later SIGKILL.

    A child that computes does not notice the death of its server and would hold up the next start.
    """
    patience = time.monotonic() + _QUIT_SECONDS
    told: set[int] = set()
    while leftovers := list_processes(data):
        number = signal.SIGQUIT if time.monotonic() < patience else signal.SIGKILL
        for pid in leftovers:
            if pid not in told or number is signal.SIGKILL:
                signal_process(data, pid, number)
        told.update(leftovers)
        time.sleep(0.05)


@contextmanager
def _held(pid: int) -> Iterator[int | None]:
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        yield None
        return
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def spawn_detached(
    command: tuple[str | Path, ...],
    *,
    lock: FileLock,
    log: Path,
    options: ProcessOptions,
    env: Mapping[str, str] | None,
) -> None:
    """Start a program that outlives this process; `lock` is held as long as it lives.

    Its output is appended to `log`. The shell between is what frees us from waiting for it.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC
    output = os.open(log, flags, 0o600)
    try:
        subprocess.run(  # noqa: S603
            ("/bin/sh", "-c", '"$@" &', "sh", *command),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            pass_fds=(lock.fileno(),),
            cwd="/",
            start_new_session=True,
            check=True,
            env=env,
            **options,
        )
    finally:
        os.close(output)
