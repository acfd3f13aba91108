"""How often a key may ask, counted in this process; with several web processes each counts by itself."""

import threading
from collections import OrderedDict
from collections.abc import Hashable

BURST_SECONDS = 2.0
REMEMBERED = 10_000


class Rates:
    """For each key, when its next request would be on time at an even pace (the GCRA of ATM Forum TM 4.0).

    A key that comes up to `BURST_SECONDS` ahead of its pace is let in: so many at once after a rest.
    """

    def __init__(self) -> None:
        self._next: OrderedDict[Hashable, float] = OrderedDict()
        # Django answers each request in a thread of its own.
        self._lock = threading.Lock()

    def wait(self, key: Hashable, per_second: int, at: float) -> float:
        """Count one request at the monotonic second `at`: 0.0, or how long to wait for the next."""
        with self._lock:
            due = max(self._next.get(key, at), at)
            early = due - at - BURST_SECONDS
            if early > 0:
                return early
            self._next[key] = due + 1.0 / per_second
            self._next.move_to_end(key)
            if len(self._next) > REMEMBERED:
                self._next.popitem(last=False)
            return 0.0
