"""Postfix's own test programs: a sink that swallows mails, and a source that fills it as fast as it can."""

import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile

_COUNTS = re.compile(rb"mesg=(\d+)")
SESSIONS = 8


class Sink:
    """`smtp-sink` on loopback. `url` is where our own sender finds it."""

    def __init__(self, port: int, counts) -> None:
        self.port = port
        self.url = f"smtp://127.0.0.1:{port}?tls=none"
        self._counts = counts

    def mails(self) -> int:
        """How many mails it has swallowed so far."""
        self._counts.seek(0)
        found = _COUNTS.findall(self._counts.read()[-4096:])
        return int(found[-1]) if found else 0


@contextmanager
def sink() -> Iterator[Sink]:
    """A sink of our own while the `with` lasts."""
    program = _program("smtp-sink")
    with TemporaryFile() as counts:
        port = _free_port()
        # It refuses to run as root.
        user = ["-u", "nobody"] if os.getuid() == 0 else []
        process = subprocess.Popen(
            [program, *user, "-c", f"127.0.0.1:{port}", "256"], stdout=counts
        )
        try:
            _wait_for(port)
            yield Sink(port, counts)
        finally:
            process.terminate()
            process.wait(10)


@dataclass(frozen=True)
class DumpingSink:
    """A sink that keeps each mail in a file of `folder`."""

    url: str
    folder: Path


@contextmanager
def dumping_sink() -> Iterator[DumpingSink]:
    """A sink that keeps what it gets, while the `with` lasts."""
    with TemporaryDirectory(prefix="ripresa-bench-mails-") as place:
        folder = Path(place)
        folder.chmod(0o777)  # it refuses to run as root, and writes as nobody
        port = _free_port()
        user = ["-u", "nobody"] if os.getuid() == 0 else []
        process = subprocess.Popen(
            [_program("smtp-sink"), *user, "-d", f"{folder}/%M.", f"127.0.0.1:{port}", "256"]
        )
        try:
            _wait_for(port)
            yield DumpingSink(f"smtp://127.0.0.1:{port}?tls=none", folder)
        finally:
            process.terminate()
            process.wait(10)


def source(port: int, mails: int, size: int) -> float:
    """Mails a second by `smtp-source` with kept sessions, `size` bytes each."""
    began = time.perf_counter()
    subprocess.run(
        [_program("smtp-source"), "-d", "-s", str(SESSIONS), "-m", str(mails), "-l", str(size),
         "-f", "a@bench.test", "-t", "b@bench.test", f"127.0.0.1:{port}"],
        check=True,
    )  # fmt: skip
    return mails / (time.perf_counter() - began)


def _program(name: str) -> str:
    found = shutil.which(name, path="/usr/sbin:/usr/lib/postfix/sbin") or shutil.which(name)
    if found is None:
        raise SystemExit(f"{name} is missing: apt-get install postfix (or postfix-dev) has it")
    return str(Path(found))


def _free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def _wait_for(port: int) -> None:
    for _ in range(100):
        with socket.socket() as sock:
            if sock.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise SystemExit("smtp-sink did not start")
