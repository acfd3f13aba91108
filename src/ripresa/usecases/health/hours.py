"""The latest hours of a shop beside what is usual in them, for people to look at."""

from dataclasses import dataclass
from datetime import datetime

from ripresa.usecases.health.baseline import HOUR, LEAST_WEEKS, usual_of, weeks_known
from ripresa.usecases.health.watching import Heard

HOURS = 48


@dataclass(frozen=True, slots=True)
class HourOfCarts:
    """Carts begun in the hour that begins `at`; `usual` None: too little is known to say."""

    at: datetime
    seen: int
    usual: float | None


def latest_hours(heard: Heard, *, now: datetime, hours: int = HOURS) -> list[HourOfCarts]:
    """The latest whole hours, the oldest first."""
    until = now.replace(minute=0, second=0, microsecond=0)
    weeks = weeks_known(heard.since, until)
    told = []
    for back in range(hours, 0, -1):
        at = until - back * HOUR
        usual = usual_of(heard.begun, at, weeks) if weeks >= LEAST_WEEKS else None
        told.append(HourOfCarts(at, heard.begun.get(at, 0), usual))
    return told
