"""How often something may happen: evenly spread, without bursts."""


class Pace:
    """At most `rate` a second; 0: as often as one likes. Not safe to share between threads by itself."""

    def __init__(self, rate: int) -> None:
        self._gap = 1.0 / rate if rate else 0.0
        self._next = 0.0

    def wait(self, now: float) -> float:
        """Seconds until it may happen again; 0: now. `now` is an instant of `time.monotonic`."""
        return max(0.0, self._next - now)

    def note(self, now: float) -> None:
        """It happens now."""
        self._next = max(now, self._next) + self._gap
