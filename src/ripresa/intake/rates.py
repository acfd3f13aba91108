"""How often somebody may do something, counted in this process, in bounded memory.

With several intake processes each counts for itself, so a limit holds per process.
"""

import math
from collections import OrderedDict
from collections.abc import Hashable

HOUR_SECONDS = 3600.0
BURST_SECONDS = 2.0
REMEMBERED = 20_000


class TokenBuckets:
    """A bucket for each key: `rate` requests a second, and twice as many at once after a rest."""

    def __init__(self) -> None:
        self._buckets: dict[Hashable, tuple[float, float]] = {}

    def wait(self, key: Hashable, rate: int, at: float) -> float:
        """Take one token at the monotonic second `at`: 0.0, or how long to wait for one."""
        burst = max(1.0, rate * BURST_SECONDS)
        tokens, since = self._buckets.get(key, (burst, at))
        tokens = min(burst, tokens + (at - since) * rate)
        if tokens < 1.0:
            self._buckets[key] = (tokens, at)
            return (1.0 - tokens) / rate if rate > 0 else HOUR_SECONDS
        if key not in self._buckets and len(self._buckets) >= REMEMBERED:
            del self._buckets[next(iter(self._buckets))]
        self._buckets[key] = (tokens - 1.0, at)
        return 0.0


class HourlyCounts:
    """How many different values went with a key within an hour that began with the first of them.

    The keys used longest ago are forgotten first once there are REMEMBERED of them.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._hours: OrderedDict[Hashable, tuple[float, set[int]]] = OrderedDict()

    def admit(self, key: Hashable, value: Hashable, at: float) -> bool:
        """Count `value` at the monotonic second `at`; False: `key` has its fill of others."""
        until, seen = self._hours.get(key, (-math.inf, set()))
        if until <= at:
            until, seen = at + HOUR_SECONDS, set()
        self._hours[key] = (until, seen)
        self._hours.move_to_end(key)
        if len(self._hours) > REMEMBERED:
            self._hours.popitem(last=False)
        mark = hash(value)
        if mark not in seen:
            if len(seen) >= self._most:
                return False
            seen.add(mark)
        return True
