"""One call of send: which mails wait, which are on the wire, what became of each.

Shared by the threads that carry the mails and the caller that waits for them. When time is up the
caller closes the turn and leaves; a thread that was stuck somewhere finds it closed, takes nothing.
"""

import threading
import time
from collections import deque
from collections.abc import Sequence

from ripresa.channels.smtp.opening import passing
from ripresa.contracts.channel import Fate, OutgoingEmail, Refused, Unknown

GRACE_SECONDS = 0.5  # for answers that come as the deadline strikes


class Turn:
    """A batch under way. `begin_until` and `deadline` are instants of `time.monotonic`."""

    def __init__(
        self, batch: Sequence[OutgoingEmail], *, begin_until: float, deadline: float, carriers: int
    ) -> None:
        self.begin_until = begin_until
        self.deadline = deadline
        self._batch = batch
        self._waiting = deque(range(len(batch)))
        self._fates: list[Fate | None] = [None] * len(batch)
        self._unsettled = len(batch)
        self._carriers = carriers
        self._trouble: Refused | None = None
        self._lock = threading.Lock()
        self._is_over = threading.Event()

    def has_waiting(self) -> bool:
        """Whether a carrier may still begin a mail."""
        return bool(self._waiting) and time.monotonic() < self.begin_until

    def take(self) -> tuple[int, OutgoingEmail] | None:
        """The next mail and its place in the batch; it now counts as on the wire."""
        with self._lock:
            if not self.has_waiting():
                return None
            place = self._waiting.popleft()
            return place, self._batch[place]

    def put_back(self, place: int) -> None:
        """A mail that was taken, and surely not handed over, waits again."""
        with self._lock:
            if not self._is_over.is_set():
                self._waiting.appendleft(place)

    def settle(self, place: int, fate: Fate) -> None:
        """What became of the mail; nobody hears a carrier that comes after the end."""
        with self._lock:
            if self._is_over.is_set():
                return
            self._fates[place] = fate
            self._unsettled -= 1
            if not self._unsettled:
                self._is_over.set()

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
            waiting = set(self._waiting)
            self._waiting.clear()
        not_begun = self._trouble or passing("there was no time left to begin this mail")
        on_the_wire = Unknown("the mail was on its way when time was up")
        return [
            fate or (not_begun if place in waiting else on_the_wire)
            for place, fate in enumerate(self._fates)
        ]
