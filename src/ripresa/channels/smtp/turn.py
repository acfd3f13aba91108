"""One call of send: which mails wait, which are on the wire, what became of each.

Shared by the threads that carry the mails and the caller that waits for them. When time is up the
caller closes the turn and leaves; a thread that was stuck somewhere finds it closed, takes nothing.
"""

import threading
import time
from collections import deque
from collections.abc import Sequence

from ripresa.channels.smtp.opening import passing
from ripresa.contracts.calling.gate import Gate, domain_of
from ripresa.contracts.channel import Fate, OutgoingEmail, Refused, Unknown

GRACE_SECONDS = 0.5  # for answers that come as the deadline strikes


class Turn:
    """A batch under way. `begin_until` and `deadline` are instants of `time.monotonic`."""

    def __init__(
        self,
        batch: Sequence[OutgoingEmail],
        gate: Gate,
        *,
        begin_until: float,
        deadline: float,
        carriers: int,
    ) -> None:
        self.begin_until = begin_until
        self.deadline = deadline
        self._batch = batch
        self._gate = gate
        self._waiting = deque(range(len(batch)))
        self._fates: list[Fate | None] = [None] * len(batch)
        self._begun: dict[int, float] = {}  # when the gate let a mail in
        self._reserved: set[int] = set()  # taken ahead: nothing of their content is on the wire
        self._unsettled = len(batch)
        self._carriers = carriers
        self._trouble: Refused | None = None
        self._lock = threading.Lock()
        self._is_over = threading.Event()

    def has_waiting(self) -> bool:
        """Whether a carrier may still begin a mail."""
        return bool(self._waiting) and time.monotonic() < self.begin_until

    def take(self) -> tuple[int, OutgoingEmail] | None:
        """The next mail that may begin, and its place in the batch; it now counts as on the wire.

        Waits while none may. None: nothing waits, or there is no time left to begin.
        """
        while True:
            with self._lock:
                if not self.has_waiting():
                    return None
                place, pause = self._admitted()
            if place is not None:
                return place, self._batch[place]
            self._gate.wait(min(self.begin_until, time.monotonic() + pause))

    def take_ahead(self, place: int) -> tuple[int, OutgoingEmail] | None:
        """The mail after that at `place`, to name it early; it is not on the wire before `begin`."""
        domain = domain_of(self._batch[place].recipient.address)
        with self._lock:
            if not self.has_waiting():
                return None
            following, _ = self._admitted(in_place_of=domain)
            if following is None:
                return None
            self._reserved.add(following)
            return following, self._batch[following]

    def begin(self, place: int) -> bool:
        """A mail taken ahead goes on the wire now. False: it is too late for that."""
        with self._lock:
            is_in_time = not self._is_over.is_set() and time.monotonic() < self.begin_until
            if is_in_time:
                self._reserved.discard(place)
            return is_in_time

    def _admitted(self, *, in_place_of: str | None = None) -> tuple[int | None, float]:
        """The first waiting mail that the gate lets in, else seconds until it may let one in.

        Mails for a domain that rests are settled.
        """
        tried: dict[str, float] = {}
        for place in list(self._waiting):
            domain = domain_of(self._batch[place].recipient.address)
            if self._gate.rests(domain):
                self._waiting.remove(place)
                self._set(place, passing(f"{domain} answers slowly, and is asked again later"))
            elif domain not in tried:
                tried[domain] = self._gate.enter(domain, in_place=domain == in_place_of)
                if not tried[domain]:
                    self._waiting.remove(place)
                    self._begun[place] = time.monotonic()
                    return place, 0.0
        return None, min(tried.values(), default=0.0)

    def put_back(self, place: int) -> None:
        """A mail that was taken, and surely not handed over, waits again."""
        self._leave_gate(place)
        with self._lock:
            self._reserved.discard(place)
            if not self._is_over.is_set():
                self._waiting.appendleft(place)

    def settle(self, place: int, fate: Fate) -> None:
        """What became of the mail; nobody hears a carrier that comes after the end."""
        self._leave_gate(place)
        with self._lock:
            self._reserved.discard(place)
            self._set(place, fate)

    def _set(self, place: int, fate: Fate) -> None:
        if self._is_over.is_set():
            return
        self._fates[place] = fate
        self._unsettled -= 1
        if not self._unsettled:
            self._is_over.set()

    def drop(self, place: int) -> None:
        """A carrier failed with this mail in its hands: it ends as unknown, and blocks nobody."""
        self._leave_gate(place)

    def _leave_gate(self, place: int) -> None:
        began = self._begun.pop(place, None)
        if began is not None:
            domain = domain_of(self._batch[place].recipient.address)
            self._gate.leave(domain, time.monotonic() - began)

    def leave(self, trouble: Refused | None) -> None:
        """A carrier goes; with the last one the turn ends, and `trouble` is why mails remain."""
        with self._lock:
            self._trouble = trouble or self._trouble
            self._carriers -= 1
            if not self._carriers:
                self._is_over.set()

    def fates(self) -> list[Fate]:
        """Wait until all is said or time is up; then one fate for each mail, in order."""
        self._is_over.wait(max(0.0, self.deadline + GRACE_SECONDS - time.monotonic()))
        with self._lock:
            self._is_over.set()
            waiting = set(self._waiting) | self._reserved
            self._waiting.clear()
        not_begun = self._trouble or passing("there was no time left to begin this mail")
        on_the_wire = Unknown("the mail was on its way when time was up")
        return [
            fate or (not_begun if place in waiting else on_the_wire)
            for place, fate in enumerate(self._fates)
        ]
