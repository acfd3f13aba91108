"""Clients that load a server: one thread, plain sockets, requests laid out beforehand."""

import json
import select
import socket
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

Make = Callable[[], bytes]


@dataclass(slots=True)
class Tally:
    """What clients saw. `accepted` counts events; latencies are seconds from when a request was due."""

    requests: int = 0
    accepted: int = 0
    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    late_starts: int = 0

    def percentile(self, share: float) -> float:
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))]

    def note(self, answer: bytes) -> None:
        head, _, body = answer.partition(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 202"):
            raise RuntimeError(f"not taken: {answer[:300]!r}")
        self.requests += 1
        if body.startswith(b'{"accepted":1,"duplicates":0,"rejected":[]}'):
            self.accepted += 1
            return
        told = json.loads(body)
        if told["rejected"] or told["duplicates"]:
            raise RuntimeError(f"not accepted whole: {body[:300]!r}")
        self.accepted += told["accepted"]


class Stock:
    """Requests made before they are needed, so that making them takes no time from the server."""

    def __init__(self, make: Make, count: int) -> None:
        self._make = make
        self._ready = [make() for _ in range(count)]

    def __call__(self) -> bytes:
        return self._ready.pop() if self._ready else self._make()


class Clients:
    """Kept connections to one port."""

    def __init__(self, port: int, count: int, tally_of: type[Tally] = Tally) -> None:
        self._tally_of = tally_of
        self._epoll = select.epoll()
        self._sockets: dict[int, socket.socket] = {}
        for _ in range(count):
            client = socket.create_connection(("127.0.0.1", port))
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._sockets[client.fileno()] = client
            self._epoll.register(client.fileno(), select.EPOLLIN)

    def close(self) -> None:
        for client in self._sockets.values():
            client.close()
        self._epoll.close()

    def press(self, make: Make, seconds: float) -> Tally:
        """Closed loop: every connection asks again as soon as it is answered."""
        tally = self._tally_of()
        sent: dict[int, float] = {}
        began = time.perf_counter()
        for number, client in self._sockets.items():
            client.sendall(make())
            sent[number] = time.perf_counter()
        while sent:
            for number, answer in self._answers(1.0):
                now = time.perf_counter()
                tally.note(answer)
                tally.latencies.append(now - sent.pop(number))
                if now - began < seconds:
                    self._sockets[number].sendall(make())
                    sent[number] = now
        tally.seconds = time.perf_counter() - began
        return tally

    def pace(self, make: Make, seconds: float, rate: float) -> Tally:
        """Open loop: `rate` requests a second are due at even distances, whoever has been answered.

        A request that finds no free connection waits for one, and its wait counts.
        """
        tally = self._tally_of()
        free = deque(self._sockets)
        due_of: dict[int, float] = {}
        began = time.perf_counter()
        due = began
        while due < began + seconds or due_of:
            now = time.perf_counter()
            while free and due <= now and due < began + seconds:
                number = free.popleft()
                self._sockets[number].sendall(make())
                due_of[number] = due
                due += 1.0 / rate
            tally.late_starts += not free
            pause = max(0.0, min(due - time.perf_counter(), 0.05)) if free else 0.05
            for number, answer in self._answers(pause):
                tally.note(answer)
                tally.latencies.append(time.perf_counter() - due_of.pop(number))
                free.append(number)
        tally.seconds = time.perf_counter() - began
        return tally

    def _answers(self, pause: float) -> Iterator[tuple[int, bytes]]:
        for number, _ in self._epoll.poll(pause):
            yield number, self._sockets[number].recv(65536)
