"""A mail server that keeps what it is given: for every test that counts mails.

`SinkServer` runs in a thread of the test, `SinkProcess` in a process of its own (for kills and for
speed). Both listen on a free port of loopback and tell it by `url`. Mails are counted by Message-ID;
a mail is kept *before* its answer goes out, so what was kept and never answered is seen as well.

    with SinkServer() as sink:
        channel = SmtpChannel(SmtpSettings.from_url(sink.url))
        ...
        assert sink.doubled() == []

A `script` decides the answers: it is called with the stage ("MAIL", "RCPT" or "DATA") and the address
(for DATA: the Message-ID) and returns a reply, None to take it, or `HANG_UP` to close the connection
without a word (for DATA: after keeping the mail, so that its fate is unknown). `delay_seconds` passes between
keeping a mail and answering. Run `python -m tests.smtp_sink --store FILE` to have one by hand.
"""

# ruff: noqa: N802 - aiosmtpd finds the methods of a handler by these names

import argparse
import asyncio
import base64
import json
import ssl
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.parser import BytesHeaderParser
from pathlib import Path
from typing import Any, Self

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword

Script = Callable[[str, str], str | None]
HANG_UP = "hang up"
_ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Caught:
    """One mail as the server took it over; `content` is not dot-stuffed."""

    message_id: str
    sender: str
    recipients: tuple[str, ...]
    content: bytes

    def to_json(self) -> str:
        """One line for a store file."""
        return json.dumps(
            {
                "message_id": self.message_id,
                "sender": self.sender,
                "recipients": self.recipients,
                "content": base64.b64encode(self.content).decode(),
            }
        )

    @classmethod
    def from_json(cls, line: str) -> Self:
        """Read what `to_json` wrote."""
        fields = json.loads(line)
        return cls(
            fields["message_id"],
            fields["sender"],
            tuple(fields["recipients"]),
            base64.b64decode(fields["content"]),
        )


class _Counting:
    """What can be asked of any sink."""

    @property
    def caught(self) -> list[Caught]:
        raise NotImplementedError

    def message_ids(self) -> list[str]:
        return [mail.message_id for mail in self.caught]

    def doubled(self) -> list[str]:
        """Message-IDs that came more than once: must always be empty."""
        return [name for name, times in Counter(self.message_ids()).items() if times > 1]

    def wait_for(self, count: int, *, seconds: float = 60.0) -> list[Caught]:
        """Wait until `count` mails are there; fails the test when they do not come."""
        until = time.monotonic() + seconds
        while len(self.caught) < count:
            assert time.monotonic() < until, f"{len(self.caught)} of {count} mails came"
            time.sleep(0.01)
        return self.caught


class _CountedSmtp(SMTP):
    """Knows which connections stand. STARTTLS makes one connection twice: sets do not mind."""

    def __init__(self, handler: "_Handler", **options: Any) -> None:
        super().__init__(handler, **options)
        self._open = handler.open
        self._busy = handler.busy

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._open.add(self)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self._open.discard(self)
        self._busy.discard(self)
        super().connection_lost(error)


class _Handler:
    def __init__(self, keep: Callable[[Caught], None], script: Script | None, delay: float) -> None:
        self._keep = keep
        self._script = script or (lambda _stage, _value: None)
        self._delay = delay
        self.wants_login = False
        self.open: set[SMTP] = set()
        self.busy: set[SMTP] = set()
        self.most_busy = 0

    async def handle_MAIL(self, server, session, envelope: Envelope, address: str, options):
        if self.wants_login and not session.authenticated:
            return "530 5.7.0 Authentication required"
        if (answer := self._script("MAIL", address)) is not None:
            return self._answer(server, answer)
        self.busy.add(server)
        self.most_busy = max(self.most_busy, len(self.busy))
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 sender ok"

    async def handle_RCPT(self, server, _session, envelope: Envelope, address: str, options):
        if (answer := self._script("RCPT", address)) is not None:
            return self._answer(server, answer)
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 recipient ok"

    async def handle_DATA(self, server, _session, envelope: Envelope):
        content = envelope.original_content or b""
        name = BytesHeaderParser().parsebytes(content).get("Message-ID", "").strip("<> \r\n")
        answer = self._script("DATA", name)
        if answer is not None and answer != HANG_UP:
            return answer
        recipients = tuple(envelope.rcpt_tos)
        self._keep(Caught(name, envelope.mail_from or "", recipients, content))
        if self._delay:
            await asyncio.sleep(self._delay)
        self.busy.discard(server)
        return self._answer(server, answer or f"250 2.0.0 kept {name}")

    @staticmethod
    def _answer(server: SMTP, answer: str) -> str:
        if answer == HANG_UP:
            server.transport.abort()
            return "421 nobody hears this"
        return answer


class SinkServer(_Counting):
    """A sink in a thread.

    `tls` with `implicit` speaks TLS from the first byte, without it offers (and demands) STARTTLS.
    `users` maps a user to the password that is demanded.
    """

    def __init__(
        self,
        *,
        tls: ssl.SSLContext | None = None,
        implicit: bool = False,
        users: Mapping[str, str] | None = None,
        smtputf8: bool = False,
        delay_seconds: float = 0.0,
        script: Script | None = None,
    ) -> None:
        self.connections = 0
        self.port = 0
        self._caught: list[Caught] = []
        self._handler = _Handler(self._caught.append, script, delay_seconds)
        self._handler.wants_login = users is not None
        self._implicit_tls = tls if implicit else None
        self._users = users
        self._options: dict[str, Any] = {
            "enable_SMTPUTF8": smtputf8,
            "hostname": "sink.test",
            "tls_context": None if implicit else tls,
            "require_starttls": tls is not None and not implicit,
        }
        if users is not None:
            # Who must log in is the handler's to say: aiosmtpd does not see TLS from the first byte.
            self._options |= {"authenticator": self._authenticate, "auth_require_tls": False}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="smtp-sink", daemon=True)
        self._is_listening = threading.Event()
        self._stop = asyncio.Event()

    @property
    def caught(self) -> list[Caught]:
        return list(self._caught)

    @property
    def open_connections(self) -> int:
        return len(self._handler.open)

    @property
    def most_at_once(self) -> int:
        """The most mails that were between their MAIL and their last answer at one instant."""
        return self._handler.most_busy

    @property
    def url(self) -> str:
        """What SmtpSettings.from_url reads; without TLS and user."""
        return f"smtp://127.0.0.1:{self.port}?tls=none"

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._is_listening.wait(10), "the mail sink did not start"
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(60)
        assert not self._thread.is_alive(), "the mail sink did not stop"

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        server = await self._loop.create_server(
            self._protocol, "127.0.0.1", 0, ssl=self._implicit_tls
        )
        self.port = server.sockets[0].getsockname()[1]
        self._is_listening.set()
        await self._stop.wait()
        server.close()
        for protocol in list(self._handler.open):
            # Python before 3.11.4 can't abort a TLS connection that is closed already.
            if protocol.transport is not None and not protocol.transport.is_closing():
                protocol.transport.abort()
        await asyncio.sleep(0)

    def _protocol(self) -> SMTP:
        self.connections += 1
        return _CountedSmtp(self._handler, loop=self._loop, **self._options)

    def _authenticate(self, _server, _session, _envelope, _mechanism, data) -> AuthResult:
        assert self._users is not None
        assert isinstance(data, LoginPassword)
        known = self._users.get(data.login.decode())
        is_known = known is not None and known == data.password.decode()
        return AuthResult(success=is_known, handled=False)


class SinkProcess(_Counting):
    """A sink in a process of its own, keeping its mails in the file `store`."""

    def __init__(self, store: Path) -> None:
        self._store = store
        self.port = 0

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}?tls=none"

    @property
    def caught(self) -> list[Caught]:
        if not self._store.exists():
            return []
        text = self._store.read_text(encoding="ascii")
        # The line under way has no end yet.
        return [
            Caught.from_json(line) for line in text.splitlines(keepends=True) if line[-1] == "\n"
        ]

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.smtp_sink", "--store", str(self._store)],
            cwd=_ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        self.port = int(self._process.stdout.readline())
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate(timeout=60)  # the end of its input is its sign to stop


def main() -> None:
    """Print the port, keep mails until the standard input ends."""
    parser = argparse.ArgumentParser(description="A mail server that keeps what it is given.")
    parser.add_argument("--store", type=Path, required=True, help="file for one JSON line a mail")
    store = parser.parse_args().store.open("a", encoding="ascii", buffering=1)
    with store, SinkServer() as sink:
        sink._handler._keep = lambda mail: print(mail.to_json(), file=store)
        print(sink.port, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
