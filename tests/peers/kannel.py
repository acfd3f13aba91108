"""Kannel from Debian on loopback: bearerbox, smsbox, and its own fake SMSC in place of a network.

    with Kannel(folder, incoming_url="http://127.0.0.1:…/hooks/…") as kannel:
        kannel.sendsms_url, kannel.USER, kannel.PASSWORD
        kannel.say("+393331234567", "44", "STOP")   # a person writes
        kannel.parts()                              # what went over the air, part by part

Everything lives under `folder`, on ports that were free a moment ago; what was started is ended.
"""

import contextlib
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Self
from urllib.parse import unquote_to_bytes

HOST = "127.0.0.1"
FAKESMSC = Path("/usr/lib/kannel/test/fakesmsc")
IS_THERE = bool(shutil.which("bearerbox") and shutil.which("smsbox") and FAKESMSC.exists())
PATIENCE = 60.0

_CONF = """
group = core
admin-port = {admin}
admin-interface = 127.0.0.1
admin-password = {password}
smsbox-port = {smsbox}
smsbox-interface = 127.0.0.1
box-allow-ip = 127.0.0.1
log-file = "{folder}/bearerbox.log"
log-level = 1
dlr-storage = internal

group = smsc
smsc = fake
smsc-id = fake
host = 127.0.0.1
port = {smsc}
connect-allow-ip = 127.0.0.1

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = {sendsms}
sendsms-interface = 127.0.0.1
log-file = "{folder}/smsbox.log"
log-level = 0

group = sendsms-user
username = {user}
password = {password}
max-messages = 10
concatenation = true

group = sms-service
keyword = default
catch-all = true
max-messages = 0
get-url = "{incoming_url}?from=%p&to=%P&text=%a&charset=UTF-8&at=%T&id=%I"
"""
_GOT = re.compile(r"Got message \d+: <(\S+) (\S+) (\S+) (.*)>$")


@dataclass(frozen=True, slots=True)
class Part:
    """One part on the air. `kind` is fakesmsc's word for how it is written."""

    sender: str
    recipient: str
    kind: str
    data: str

    @property
    def text(self) -> str:
        """The words of a part without a header of concatenation."""
        if self.kind == "ucs-2":
            return unquote_to_bytes(self.data.replace("+", " ")).decode("utf-16-be")
        return self.data


class Kannel:
    """The three processes; ends with its `with`."""

    USER = "ada"
    PASSWORD = "tiger"

    def __init__(self, folder: Path, *, incoming_url: str) -> None:
        self._folder = folder
        self._incoming_url = incoming_url
        self._stack = contextlib.ExitStack()

    @property
    def sendsms_url(self) -> str:
        return f"http://{HOST}:{self._ports['sendsms']}/cgi-bin/sendsms"

    def say(self, sender: str, to: str, text: str) -> None:
        """Let a person write: the fake SMSC comes anew with the message, for Kannel takes one only."""
        _end(self._air)
        self._air = self._on_air(f"{sender} {to} text {text}")

    def parts(self) -> list[Part]:
        """What went over the air so far."""
        lines = [
            line
            for log in self._folder.glob("*.out")
            for line in log.read_text("utf-8").splitlines()
        ]
        return [Part(*found.groups()) for line in lines if (found := _GOT.search(line))]

    def __enter__(self) -> Self:
        with contextlib.ExitStack() as stack:
            self._stack = stack
            self._ports = dict(
                zip(("admin", "smsbox", "smsc", "sendsms"), _free_ports(4), strict=True)
            )
            conf = self._folder / "kannel.conf"
            conf.write_text(
                _CONF.format(
                    folder=self._folder,
                    user=self.USER,
                    password=self.PASSWORD,
                    incoming_url=self._incoming_url,
                    **self._ports,
                )
            )
            self._start("bearerbox", "bearerbox", str(conf))
            self._wait_for_port("smsbox")
            self._wait_for_port("smsc")
            self._air = self._on_air("1 2 text begin")
            self._start("smsbox", "smsbox", str(conf))
            self._wait_for_port("sendsms")
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def _on_air(self, message: str) -> subprocess.Popen[bytes]:
        port = str(self._ports["smsc"])
        command = (str(FAKESMSC), "-H", HOST, "-r", port, "-m", "1", message)
        return self._start(f"air-{time.monotonic_ns()}", *command)

    def _start(self, name: str, *command: str) -> subprocess.Popen[bytes]:
        out: IO[bytes] = self._stack.enter_context((self._folder / f"{name}.out").open("wb"))
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, cwd=self._folder)
        self._stack.callback(_end, process)
        return process

    def _wait_for_port(self, name: str) -> None:
        def is_open() -> bool:
            with contextlib.suppress(OSError):
                socket.create_connection((HOST, self._ports[name]), 1).close()
                return True
            return False

        wait_until(is_open, f"Kannel's {name}: see {self._folder}")


def wait_until(is_so: Callable[[], bool], what: str) -> None:
    """Look again and again, gently; fails after PATIENCE seconds."""
    deadline = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < deadline, f"in vain: {what}"
        time.sleep(0.05)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _free_ports(number: int) -> Iterator[int]:
    with contextlib.ExitStack() as held:
        sockets = [held.enter_context(socket.create_server((HOST, 0))) for _ in range(number)]
        found = [one.getsockname()[1] for one in sockets]
    return iter(found)
