"""Telling a person who waits what is going on, when it takes longer than he expects."""

import time
from collections.abc import Callable

Report = Callable[[str], None]

_EVERY_SECONDS = 2.0


class Progress:
    """Passes on one line every two seconds of waiting, the first after two seconds."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._began = time.monotonic()
        self._reported = self._began

    @property
    def seconds(self) -> float:
        """How long we have been waiting."""
        return time.monotonic() - self._began

    def tick(self, doing: str) -> None:
        """Report `doing` and the seconds so far, if the previous line is old enough."""
        if time.monotonic() - self._reported >= _EVERY_SECONDS:
            self._reported = time.monotonic()
            self._report(f"{doing}: {self.seconds:.0f} s")
