"""A DNS server on loopback that knows what a test tells it.

    with NameServer({("shop.it", "TXT"): ['"v=spf1 -all"']}) as server:
        Asker(server.address)

Names that it does not know do not exist. `is_silent`: it hears and never answers.
"""

import socket
import threading
from collections.abc import Mapping, Sequence
from typing import Self
from unittest import mock

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

from ripresa.usecases.receiving import asking

Zone = Mapping[tuple[str, str], Sequence[str]]


class NameServer:
    """Ends with its `with`."""

    def __init__(self, zone: Zone, *, is_silent: bool = False) -> None:
        self.asked: list[tuple[str, str]] = []
        self._zone = zone
        self._is_silent = is_silent
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._socket.settimeout(0.05)
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._serve)
        self.address = f"127.0.0.1:{self._socket.getsockname()[1]}"

    def __enter__(self) -> Self:
        # A busy machine may take its time; whom nobody answers has no need to wait for long.
        seconds = 0.3 if self._is_silent else 60.0
        self._patience = mock.patch.object(asking, "ONE_QUESTION_SECONDS", seconds)
        self._patience.start()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._patience.stop()
        self._is_over.set()
        self._thread.join()
        self._socket.close()

    def _serve(self) -> None:
        while not self._is_over.is_set():
            try:
                raw, client = self._socket.recvfrom(65_535)
            except TimeoutError:
                continue
            answer = self._answer(dns.message.from_wire(raw))
            if not self._is_silent:
                self._socket.sendto(answer.to_wire(), client)

    def _answer(self, question: dns.message.Message) -> dns.message.Message:
        [asked] = question.question
        name = asked.name.to_text(omit_final_dot=True).lower()
        kind = dns.rdatatype.to_text(asked.rdtype)
        self.asked.append((name, kind))
        answer = dns.message.make_response(question)
        answer.flags |= dns.flags.RA
        if records := self._zone.get((name, kind)):
            answer.answer.append(dns.rrset.from_text(asked.name, 60, "IN", kind, *records))
        elif not any(known == name for known, _ in self._zone):
            answer.set_rcode(dns.rcode.NXDOMAIN)
        return answer
