"""One SMTP connection below the conversation: bytes out, whole replies in, never past a deadline.

Every bound that a hostile or broken server could break through stands here: how long a line, how
many lines a reply, how late an answer. Deadlines are instants of `time.monotonic`.
"""

import contextlib
import re
import socket
import ssl
import time
from dataclasses import dataclass
from typing import Self

from ripresa.contracts.calling.sayings import say

MAX_LINE_BYTES = 4096  # RFC 5321 4.5.3.1.5 says 512; some servers put whole policies in one line
MAX_REPLY_LINES = 100
_READ_BYTES = 16_384
_MAX_DETAIL = 500

_LINE = re.compile(rb"([2-5][0-9][0-9])(?:([ -])(.*))?", re.DOTALL)

SHUTTING_DOWN = 421  # the server closes the connection after it, whatever it answers (RFC 5321 3.8)


class ConnectionBroken(Exception):
    """The connection can carry nothing any more; the message says what happened."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A server's whole answer: three digits, and lines of printable letters."""

    code: int
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        """The words of all lines."""
        return " ".join(self.lines)

    @property
    def is_positive(self) -> bool:
        """2yz: done."""
        return self.code // 100 == 2  # noqa: PLR2004 - the first digit is the protocol's own class

    @property
    def is_refusal(self) -> bool:
        """4yz or 5yz: no."""
        return self.code >= 400  # noqa: PLR2004

    @property
    def is_permanent(self) -> bool:
        """5yz: no, and do not ask again."""
        return self.code >= 500  # noqa: PLR2004

    def without(self, *secrets: str) -> "Reply":
        """The same with `secrets` blotted out."""
        text = self.text
        for secret in secrets:
            text = text.replace(secret, "***")
        return Reply(self.code, (text,))

    def __str__(self) -> str:
        return f"{self.code} {self.text}".strip()[:_MAX_DETAIL]


class Wire:
    """A connected socket. Every method raises ConnectionBroken when the other side fails us."""

    def __init__(self, sock: socket.socket) -> None:
        self._socket = sock
        self._received = bytearray()

    @classmethod
    def connect(cls, host: str, port: int, *, deadline: float) -> Self:
        """Open a TCP connection. The resolver bounds looking up the name, not `deadline`."""
        reason = "the name has no address"
        try:
            addresses = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            for tried, (family, kind, protocol, _, address) in enumerate(addresses):
                # A share each: an address that swallows packets must leave time for the next one.
                share = _seconds_left(deadline) / (len(addresses) - tried)
                sock = socket.socket(family, kind, protocol)
                try:
                    sock.settimeout(share)
                    sock.connect(address)
                    # A command must not wait in the kernel for the answer to the one before.
                    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                except OSError as error:
                    sock.close()
                    reason = _reason(error)
                else:
                    return cls(sock)
        except OSError as error:
            reason = _reason(error)
        raise ConnectionBroken(
            say("cannot connect to {server}: {why}", server=f"{host}:{port}", why=reason)
        )

    def start_tls(self, context: ssl.SSLContext, host: str, *, deadline: float) -> None:
        """Encrypt from here on. Also raises ssl.SSLCertVerificationError."""
        try:
            self._socket.settimeout(_seconds_left(deadline))
            self._socket = context.wrap_socket(self._socket, server_hostname=host)
        except ssl.SSLCertVerificationError:
            raise
        except OSError as error:
            raise ConnectionBroken(say("TLS failed: {why}", why=_reason(error))) from error

    @property
    def own_literal(self) -> str:
        """Our end as an address literal: EHLO takes it in place of a name (RFC 5321 4.1.3)."""
        address = str(self._socket.getsockname()[0])
        return f"[IPv6:{address}]" if ":" in address else f"[{address}]"

    def write(self, data: bytes, *, deadline: float) -> None:
        """Hand all of `data` to the system. If this raises, its last byte surely was not."""
        rest = memoryview(data)
        try:
            while rest:
                self._socket.settimeout(_seconds_left(deadline))
                rest = rest[self._socket.send(rest) :]
        except OSError as error:
            raise ConnectionBroken(_reason(error)) from error

    def read_reply(self, *, deadline: float) -> Reply:
        """The next whole reply, continuation lines and all (RFC 5321 4.2.1)."""
        words: list[str] = []
        for _ in range(MAX_REPLY_LINES):
            line = self._read_line(deadline)
            match = _LINE.fullmatch(line)
            if match is None:
                raise ConnectionBroken(
                    say("the server does not speak SMTP: {said}", said=repr(_printable(line)[:80]))
                )
            words.append(_printable(match[3] or b""))
            if match[2] != b"-":
                return Reply(int(match[1]), tuple(words))
        raise ConnectionBroken(f"the server's reply has more than {MAX_REPLY_LINES} lines")

    def has_unread(self) -> bool:
        """Whether the server has said more than was read: then it answers what was not asked."""
        return bool(self._received)

    def is_quiet(self) -> bool:
        """Whether the connection stands and the server is silent, as between two mails."""
        if self._received:
            return False
        try:
            self._socket.settimeout(0.0)
            self._received += self._socket.recv(_READ_BYTES)
        except (BlockingIOError, ssl.SSLWantReadError):
            return True
        except OSError:
            return False
        return False  # an end of file, or words nobody asked for

    def close(self) -> None:
        """Let go of the socket; what the other side thinks of it no longer matters."""
        with contextlib.suppress(OSError):
            self._socket.close()

    def _read_line(self, deadline: float) -> bytes:
        while (end := self._received.find(b"\n")) < 0:
            if len(self._received) > MAX_LINE_BYTES:
                raise ConnectionBroken(
                    f"the server sent a line of more than {MAX_LINE_BYTES} bytes"
                )
            try:
                self._socket.settimeout(_seconds_left(deadline))
                chunk = self._socket.recv(_READ_BYTES)
            except OSError as error:
                raise ConnectionBroken(_reason(error)) from error
            if not chunk:
                raise ConnectionBroken(say("the server closed the connection"))
            self._received += chunk
        line = bytes(self._received[:end]).rstrip(b"\r")
        del self._received[: end + 1]
        return line


def _seconds_left(deadline: float) -> float:
    if (left := deadline - time.monotonic()) <= 0:
        raise TimeoutError
    return left


def _reason(error: OSError) -> str:
    if isinstance(error, TimeoutError):
        return say("no answer in time")
    return error.strerror or str(error) or type(error).__name__


def _printable(raw: bytes) -> str:
    """Words of a server as they may stand in a log or on a page."""
    text = raw.decode("utf-8", "replace")
    if not text.isprintable():
        text = "".join(sign if sign.isprintable() else " " for sign in text)
    return text.strip()
