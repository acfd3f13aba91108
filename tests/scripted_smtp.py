"""A mail server that misbehaves on purpose: what each connection does is a function of the test.

    def play(peer: Peer) -> None:
        peer.serve(answers={"RCPT": "550 5.1.1 no such user"})

    with ScriptedServer(play) as server:
        ...

`Peer.serve` is a correct server apart from `answers`, keyed by the first word of a command, by
"BANNER", or by "END" for the answer to the final dot. An answer is a reply, or a function that takes
the peer and may return an answer: `close`, `hang` and `in_turn` are such. Mails whose final dot arrived are kept in `server.received`,
whatever was answered.
"""

import contextlib
import socket
import ssl
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from email.parser import BytesHeaderParser
from typing import Any, Self

Answer = str | bytes | Callable[["Peer"], Any]
_TOO_LONG = 60.0

_POLITE: Mapping[str, Answer] = {
    "BANNER": "220 scripted.test ESMTP",
    "MAIL": "250 2.1.0 sender ok",
    "RCPT": "250 2.1.5 recipient ok",
    "DATA": "354 go on",
    "END": "250 2.0.0 kept",
    "RSET": "250 2.0.0 reset",
    "STARTTLS": "220 2.0.0 go on",
    "QUIT": "221 2.0.0 bye",
}


class PeerGone(Exception):
    """The client closed the connection, or the script is over."""


class Peer:
    """The server's end of one connection. `number` counts connections from 1."""

    def __init__(self, server: "ScriptedServer", sock: socket.socket, number: int) -> None:
        self.server = server
        self.number = number
        self.sock = sock
        self.sock.settimeout(_TOO_LONG)
        self._received = b""

    def say(self, reply: str | bytes) -> None:
        """Send a reply (a line end is added to text), or raw bytes as they are."""
        self.sock.sendall(reply if isinstance(reply, bytes) else reply.encode() + b"\r\n")

    def hear(self) -> bytes:
        """The next line of the client, without its end."""
        while b"\r\n" not in self._received:
            chunk = self.sock.recv(65_536)
            if not chunk:
                raise PeerGone
            self._received += chunk
        line, _, self._received = self._received.partition(b"\r\n")
        return line

    def hear_content(self) -> bytes:
        """The content up to the final dot; counted as received."""
        lines = []
        while (line := self.hear()) != b".":
            lines.append(line.removeprefix(b"."))
        content = b"\r\n".join(lines) + b"\r\n"
        self.server.received.append(content)
        return content

    def answer(self, answer: Answer | None) -> str | bytes | None:
        """Say it, or do it; returns what was said."""
        while callable(answer):
            answer = answer(self)
        if answer is not None:
            self.say(answer)
        return answer

    def serve(
        self, answers: Mapping[str, Answer] | None = None, offers: Sequence[str] = ()
    ) -> None:
        """Be a mail server until the client goes."""
        chosen = {**_POLITE, "EHLO": _ehlo(offers), **(answers or {})}
        self.answer(chosen["BANNER"])
        while True:
            word = self.hear().split(b" ")[0].decode("ascii", "replace").upper()
            self.server.heard.append((self.number, word))
            answer = chosen.get(word, "500 5.5.1 what?")
            said = self.answer(answer)
            if word == "DATA" and said is not None and said[:3] in ("354", b"354"):
                self.hear_content()
                self.answer(chosen["END"])
            elif word == "QUIT":
                raise PeerGone


def _ehlo(offers: Sequence[str]) -> str:
    *most, last = ["scripted.test", *offers]
    return "".join(f"250-{line}\r\n" for line in most) + f"250 {last}"


def close(_peer: Peer) -> None:
    """An answer: close the connection without a word."""
    raise PeerGone


def hang(peer: Peer) -> None:
    """An answer: say nothing until the server stops."""
    peer.server.stopping.wait(_TOO_LONG)
    raise PeerGone


def in_turn(*answers: Answer) -> Callable[[Peer], Answer]:
    """An answer: the first one the first time, and so on, over all connections."""
    rest = iter(answers)
    return lambda _peer: next(rest)


def drip(text: str, seconds_between: float = 0.05) -> Callable[[Peer], None]:
    """An answer: one byte at a time, each in time, all of them far too late."""

    def answer(peer: Peer) -> None:
        for byte in text.encode() + b"\r\n":
            if peer.server.stopping.wait(seconds_between):
                raise PeerGone
            peer.say(bytes([byte]))

    return answer


def endless(line: bytes) -> Callable[[Peer], None]:
    """An answer: the same bytes again and again."""

    def answer(peer: Peer) -> None:
        while not peer.server.stopping.is_set():
            peer.say(line * 50)

    return answer


def then_close(reply: str) -> Callable[[Peer], None]:
    """An answer: say it and close."""

    def answer(peer: Peer) -> None:
        peer.say(reply)
        raise PeerGone

    return answer


class ScriptedServer:
    """Listens on a free port of loopback; each connection plays `play` in a thread of its own."""

    def __init__(self, play: Callable[[Peer], None], tls: ssl.SSLContext | None = None) -> None:
        self.received: list[bytes] = []
        self.heard: list[tuple[int, str]] = []
        self.connections = 0
        self.stopping = threading.Event()
        self._play = play
        self._tls = tls
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._threads: list[threading.Thread] = []
        self._sockets: list[socket.socket] = []
        self._failures: list[Exception] = []
        self._hung_up: set[int] = set()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}?tls=none"

    def message_ids(self) -> list[str]:
        """Message-IDs of the mails whose final dot arrived."""
        parse = BytesHeaderParser().parsebytes
        return [parse(content)["Message-ID"].strip("<>") for content in self.received]

    def doubled(self) -> list[str]:
        """Message-IDs that came more than once."""
        return [name for name, times in Counter(self.message_ids()).items() if times > 1]

    def words(self, number: int) -> list[str]:
        """The commands that connection `number` heard."""
        return [word for connection, word in self.heard if connection == number]

    def wait_until_hung_up(self, number: int) -> None:
        """Until the server has closed connection `number`."""
        until = time.monotonic() + _TOO_LONG
        while number not in self._hung_up:
            assert time.monotonic() < until, f"connection {number} is still open"
            time.sleep(0.01)

    def __enter__(self) -> Self:
        self._start(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        self.stopping.set()
        # A listener that is only closed leaves accept() waiting.
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for sock in self._sockets:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
        until = time.monotonic() + _TOO_LONG
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))
            assert not thread.is_alive(), "a scripted connection did not end"
        assert not self._failures, self._failures

    def _start(self, target: Callable[..., None], *args: object) -> None:
        thread = threading.Thread(target=target, args=args, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._start(self._talk, sock, self.connections)

    def _talk(self, sock: socket.socket, number: int) -> None:
        self._sockets.append(sock)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        peer = Peer(self, sock, number)
        try:
            self._play(peer)
        except (PeerGone, OSError):
            pass
        except Exception as error:  # noqa: BLE001 - the script itself is wrong: __exit__ tells
            self._failures.append(error)
        finally:
            peer.sock.close()
            self._hung_up.add(number)
