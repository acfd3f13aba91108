"""A mail server that delivers nothing: it keeps every mail for the viewer."""

# ruff: noqa: N802  (aiosmtpd finds the methods of a handler by these names)

import asyncio
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cached_property
from typing import Any, Self

from aiosmtpd.smtp import SMTP, Envelope

_MOST_MAILS = 1000


@dataclass(frozen=True)
class CaughtMail:
    """One mail. `number` counts from 1; `caught_at` is on the demo's clock."""

    number: int
    caught_at: datetime
    recipients: tuple[str, ...]
    content: bytes

    @cached_property
    def message(self) -> EmailMessage:
        """The mail as the standard library reads it."""
        return message_from_bytes(self.content, policy=policy.default)

    @property
    def subject(self) -> str:
        """The subject, decoded."""
        return str(self.message.get("Subject", ""))

    def part(self, kind: str) -> str:
        """The body of `kind`: "html" or "plain"; empty if there is none."""
        body = self.message.get_body((kind,))
        return str(body.get_content()) if body is not None else ""


class MailCatcher:
    """Listens on a free port of loopback for as long as the `with` lasts; `caught` hears of a mail."""

    def __init__(self, now: Callable[[], datetime], caught: Callable[[CaughtMail], None]) -> None:
        self.port = 0
        self.mails: list[CaughtMail] = []
        self._now = now
        self._caught = caught
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="mail catcher", daemon=True)
        self._is_listening = threading.Event()
        self._stop = asyncio.Event()

    @property
    def url(self) -> str:
        """For RIPRESA_SMTP_URL."""
        return f"smtp://127.0.0.1:{self.port}?tls=none"

    def to(self, address: str) -> list[CaughtMail]:
        """The mails to one address, oldest first."""
        return [mail for mail in list(self.mails) if address in mail.recipients]

    async def handle_DATA(self, _server: SMTP, _session: Any, envelope: Envelope) -> str:
        """Keep a mail, then say so."""
        if len(self.mails) >= _MOST_MAILS:
            return "452 4.2.2 The demo's mail box is full: start the demo again"
        content = envelope.original_content or b""
        to = tuple(envelope.rcpt_tos)
        mail = CaughtMail(len(self.mails) + 1, self._now(), to, content)
        self.mails.append(mail)
        self._caught(mail)
        return "250 2.0.0 kept for the viewer"

    def __enter__(self) -> Self:
        self._thread.start()
        self._is_listening.wait()
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        server = await self._loop.create_server(
            lambda: SMTP(self, loop=self._loop, hostname="localhost"), "127.0.0.1", 0
        )
        self.port = server.sockets[0].getsockname()[1]
        self._is_listening.set()
        await self._stop.wait()
        server.close()
