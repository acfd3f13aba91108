"""Which mail may begin: rates, and how many mails for one receiving domain are on the wire at once.

Some domains are slow: their servers, or the relay that asks them, take many seconds a mail. So no domain gets
all connections, and one that took long while others were quick rests for a minute: its mails are to be
tried again later instead of keeping everybody else waiting.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from ripresa.contracts.calling.pacing import Pace

SLOW_SECONDS = 8.0
QUICK_SECONDS = 2.0
REST_SECONDS = 60.0
_MOST_DOMAINS = 10_000
_POLL_SECONDS = 0.5


class Limits(NamedTuple):
    """`rate` and `domain_rate` in mails a second, 0: no bound; `connections` for one domain at once."""

    connections: int
    rate: int = 0
    domain_rate: int = 0


@dataclass(slots=True)
class _Domain:
    pace: Pace
    on_the_wire: int = 0
    rests_until: float = 0.0


@dataclass(slots=True)
class Gate:
    """Shared by all who carry mails of one channel; safe to use from several threads."""

    limits: Limits
    clock: Callable[[], float] = time.monotonic
    _pace: Pace = field(init=False)
    _domains: dict[str, _Domain] = field(default_factory=dict)
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _quick_at: dict[str, float] = field(default_factory=dict)  # the latest quick mail of a domain

    def __post_init__(self) -> None:
        self._pace = Pace(self.limits.rate)

    def enter(self, domain: str, *, in_place: bool = False) -> float:
        """0: a mail for `domain` may begin, and counts as begun until `leave`; else seconds to wait.

        `in_place`: it begins when another one for the domain ends, on the same connection.
        """
        with self._changed:
            now = self.clock()
            one = self._domain(domain, now)
            if not in_place and one.on_the_wire >= self.limits.connections:
                return _POLL_SECONDS
            if wait := max(self._pace.wait(now), one.pace.wait(now)):
                return wait
            self._pace.note(now)
            one.pace.note(now)
            one.on_the_wire += 1
            return 0.0

    def leave(self, domain: str, seconds: float) -> None:
        """A mail for `domain` is over, after `seconds`."""
        with self._changed:
            now = self.clock()
            one = self._domain(domain, now)
            one.on_the_wire -= 1
            if seconds <= QUICK_SECONDS:
                self._quick_at[domain] = now
            elif seconds >= SLOW_SECONDS and self._others_are_quick(domain, now):
                one.rests_until = now + REST_SECONDS
            self._changed.notify_all()

    def rests(self, domain: str) -> bool:
        """Whether mails for `domain` are better tried later."""
        with self._changed:
            one = self._domains.get(domain)
            return one is not None and self.clock() < one.rests_until

    def wait(self, until: float) -> None:
        """Wait for a mail to end, and never past `until`."""
        with self._changed:
            self._changed.wait(max(0.0, until - self.clock()))

    def _others_are_quick(self, domain: str, now: float) -> bool:
        """Else it is the mail server itself that is slow, and nobody would be helped by waiting."""
        return any(
            now - at < REST_SECONDS for other, at in self._quick_at.items() if other != domain
        )

    def _domain(self, domain: str, now: float) -> _Domain:
        if (one := self._domains.get(domain)) is None:
            if len(self._domains) >= _MOST_DOMAINS:
                self._forget(now)
            one = self._domains[domain] = _Domain(Pace(self.limits.domain_rate))
        return one

    def _forget(self, now: float) -> None:
        """Domains that nothing is known of: none on the wire, none that waits or rests."""
        self._domains = {
            name: one
            for name, one in self._domains.items()
            if one.on_the_wire or one.rests_until > now or one.pace.wait(now)
        }
        self._quick_at.clear()


def domain_of(address: str) -> str:
    """What stands behind the @, lower-case."""
    return address.rpartition("@")[2].lower()
