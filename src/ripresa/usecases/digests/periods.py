"""Weeks and months of a shop's zone, and when they are told. Pure."""

from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

WEEK, MONTH = "week", "month"
EVERY = (WEEK, MONTH)
# When people begin their day: on the first day after a period, at this hour of the shop's clock.
AT = time(7)


class Period(NamedTuple):
    """Days of the shop's zone, both included."""

    begin: date
    end: date

    @property
    def before(self) -> "Period":
        """The period before this one, as long or as a month is long."""
        end = self.begin - timedelta(days=1)
        if self.begin.day == 1 and (self.end + timedelta(days=1)).day == 1:
            return Period(end.replace(day=1), end)
        return Period(self.begin - (self.end - self.begin) - timedelta(days=1), end)


def latest(every: str, now: datetime, zone: ZoneInfo) -> Period:
    """The latest period that is over and may be told at `now`."""
    local = now.astimezone(zone)
    today = local.date() if local.time() >= AT else local.date() - timedelta(days=1)
    if every == MONTH:
        end = today.replace(day=1) - timedelta(days=1)
        return Period(end.replace(day=1), end)
    end = today - timedelta(days=today.weekday() + 1)
    return Period(end - timedelta(days=6), end)


def told_at(after: Period, every: str, zone: ZoneInfo) -> datetime:
    """When the period that follows `after` is told: whatever clocks did meanwhile, at AT by the wall."""
    begin = after.end + timedelta(days=1)
    next_month = (begin + timedelta(days=31)).replace(day=1)
    day = next_month if every == MONTH else begin + timedelta(days=7)
    return told_from(Period(begin, day - timedelta(days=1)), zone)


def told_from(period: Period, zone: ZoneInfo) -> datetime:
    """The instant from which `period` may be told: the morning after its last day."""
    return datetime.combine(period.end + timedelta(days=1), AT, zone).astimezone(UTC)
