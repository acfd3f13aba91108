"""The only place that asks what time it is.

Everything inside receives `now`; edges (a request, a worker's tick, the command line) ask a `Clock` once
and pass the answer down. A clock may run faster than the wall: the demo lives a day in a minute.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Self


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock that showed `virtual` when the wall showed `real`, and has run `speed` times as fast since."""

    real: datetime
    virtual: datetime
    speed: float = 1.0

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        wall = datetime.now(UTC)
        if self.speed == 1.0 and self.real == self.virtual:
            return wall
        return self.virtual + (wall - self.real) * self.speed

    def wall_seconds(self, duration: timedelta) -> float:
        """How many seconds of the wall clock `duration` takes on this clock."""
        return duration.total_seconds() / self.speed

    def at_speed(self, speed: float) -> Self:
        """A clock that agrees with this one now and runs at `speed` from here on."""
        wall = datetime.now(UTC)
        return type(self)(wall, self.virtual + (wall - self.real) * self.speed, speed)

    @classmethod
    def started_now(cls, *, speed: float = 1.0) -> Self:
        """A clock that agrees with the wall at this moment and runs `speed` times as fast from here on."""
        wall = datetime.now(UTC)
        return cls(real=wall, virtual=wall, speed=speed)

    def dump(self) -> str:
        """The text that `parse` reads: it travels to child processes in the environment."""
        return f"{self.real.isoformat()};{self.virtual.isoformat()};{self.speed}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what `dump` wrote. Raises ValueError on anything else."""
        real, virtual, speed = text.split(";")
        if not (factor := float(speed)) > 0:
            raise ValueError(f"a clock's speed must be above 0, not {speed}")
        return cls(datetime.fromisoformat(real), datetime.fromisoformat(virtual), factor)


WALL = Clock(real=datetime(2000, 1, 1, tzinfo=UTC), virtual=datetime(2000, 1, 1, tzinfo=UTC))
