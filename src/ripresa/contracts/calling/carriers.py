"""A batch shared out to a few threads: what every channel that calls an HTTP API does the same way.

The promises of `Channel.send` about time and order are kept here; a channel only says what becomes of
one message.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Generic, TypeVar

from ripresa.contracts.calling.fates import fate_of_trouble, passing
from ripresa.contracts.channel import Fate, Refused, Unknown
from ripresa.core.http.client import NoAnswer, NotAsked

logger = logging.getLogger(__name__)

GRACE_SECONDS = 0.5  # for answers that come as the deadline strikes
T = TypeVar("T")


class Carriers(Generic[T]):
    """As many threads as messages may be on the wire, however many callers there are.

    `carry` hands over one message before a deadline (of `time.monotonic`) and may raise NotAsked or
    NoAnswer; `is_idempotent` says that a message of unknown fate can be handed over again.
    """

    def __init__(
        self, carry: Callable[[T, float], Fate], *, in_flight: int, is_idempotent: bool, name: str
    ) -> None:
        self.in_flight = in_flight
        self.is_idempotent = is_idempotent
        self._carry = carry
        self._threads = ThreadPoolExecutor(in_flight, thread_name_prefix=name)

    def send(self, batch: Sequence[T], *, timeout: timedelta) -> list[Fate]:
        """One fate for each of `batch`, in order; see Channel."""
        if not batch:
            return []
        started, seconds = time.monotonic(), timeout.total_seconds()
        carriers = min(self.in_flight, len(batch))
        turn = _Turn(batch, started + seconds / 2, started + seconds, carriers)
        for _ in range(carriers):
            self._threads.submit(self._work, turn)
        return turn.fates(
            Unknown("the message was on its way when time was up")
            if not self.is_idempotent
            else passing("the message was on its way when time was up; it is asked for again")
        )

    def close(self) -> None:
        """Wait for what is on the wire."""
        self._threads.shutdown()

    def _work(self, turn: "_Turn[T]") -> None:
        """The life of one thread in a turn. After a call without an answer the next would fare alike."""
        trouble: Refused | None = None
        try:
            while trouble is None and (taken := turn.take()) is not None:
                place, message = taken
                fate, trouble = self._carry_one(message, turn.deadline)
                turn.settle(place, fate)
        except Exception as error:
            # Unforeseen, so a developer must look. What was on the wire ends as after a time-out.
            logger.exception("a thread of a channel failed")
            trouble = passing(f"an error of this program, see the log: {type(error).__name__}")
        finally:
            turn.leave(trouble)

    def _carry_one(self, message: T, deadline: float) -> tuple[Fate, Refused | None]:
        """Its fate, and why the next one is better not begun."""
        try:
            fate = self._carry(message, deadline)
        except (NotAsked, NoAnswer) as error:
            fate = fate_of_trouble(error, is_idempotent=self.is_idempotent)
            if isinstance(fate, Refused):
                return fate, fate
        if isinstance(fate, Unknown):
            words = f"stopped, for another message's fate is unknown: {fate.detail}"
            return fate, passing(words)
        return fate, None


class _Turn(Generic[T]):
    """A batch under way: which messages wait, which are on the wire, what became of each."""

    def __init__(
        self, batch: Sequence[T], begin_until: float, deadline: float, carriers: int
    ) -> None:
        self.deadline = deadline
        self._begin_until = begin_until
        self._batch = batch
        self._waiting = deque(range(len(batch)))
        self._fates: list[Fate | None] = [None] * len(batch)
        self._carriers = carriers
        self._trouble: Refused | None = None
        self._lock = threading.Lock()
        self._is_over = threading.Event()

    def take(self) -> tuple[int, T] | None:
        with self._lock:
            if not self._waiting or time.monotonic() >= self._begin_until:
                return None
            place = self._waiting.popleft()
            return place, self._batch[place]

    def settle(self, place: int, fate: Fate) -> None:
        with self._lock:
            if not self._is_over.is_set():
                self._fates[place] = fate

    def leave(self, trouble: Refused | None) -> None:
        with self._lock:
            self._trouble = trouble or self._trouble
            self._carriers -= 1
            if not self._carriers:
                self._is_over.set()

    def fates(self, on_the_wire: Fate) -> list[Fate]:
        """Wait until all is said or time is up: a thread stuck somewhere is left behind."""
        self._is_over.wait(max(0.0, self.deadline + GRACE_SECONDS - time.monotonic()))
        with self._lock:
            self._is_over.set()
            waiting = set(self._waiting)
            self._waiting.clear()
        not_begun = self._trouble or passing("there was no time left to begin this message")
        return [
            fate or (not_begun if place in waiting else on_the_wire)
            for place, fate in enumerate(self._fates)
        ]
