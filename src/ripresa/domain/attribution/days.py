"""Days of a shop's zone: some have 23 hours, some 25, and each has a beginning. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Spans:
    """Days, with the instants at which each begins and ends (exclusive), side by side."""

    days: list[str]
    begins: list[datetime]
    ends: list[datetime]


def day_of(at: datetime, zone: ZoneInfo) -> date:
    """The day of an instant."""
    return at.astimezone(zone).date()


def begin_of(day: date, zone: ZoneInfo) -> datetime:
    """The instant at which a day begins; where its midnight does not exist, the one that follows."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def spans_of(days: Iterable[date], zone: ZoneInfo) -> Spans:
    """`days` with their instants, as the statements take them."""
    some = sorted(set(days))
    return Spans(
        [day.isoformat() for day in some],
        [begin_of(day, zone) for day in some],
        [begin_of(day + timedelta(days=1), zone) for day in some],
    )
