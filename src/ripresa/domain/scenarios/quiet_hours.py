"""Quiet hours: the next instant at which a window lets a message go (SCN-9).

Allowed is what the local clock says, so a day on which the clock jumps is no special case: the hour
that is skipped is never allowed, the hour that comes twice is allowed twice.
"""

from datetime import datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from ripresa.domain.scenarios.plan import Window

# A window opens every day; a zone that changed sides of the date line once had a day fewer.
_HORIZON_DAYS = 4
_HOUR = timedelta(hours=1)
_SECOND = timedelta(seconds=1)


def is_allowed(window: Window, zone: ZoneInfo, instant: datetime) -> bool:
    """Whether the clock stands inside the window: from ≤ clock < until.

    The clock is that of the zone which the window names, else of `zone`, the recipient's.
    """
    local = instant.astimezone(_zone_of(window, zone))
    minute = local.hour * 60 + local.minute
    if window.start < window.until:
        return window.start <= minute < window.until
    return minute >= window.start or minute < window.until


@lru_cache(maxsize=1024)  # one batch asks for the same instant and zone again and again
def next_allowed(window: Window, zone: ZoneInfo, now: datetime) -> datetime:
    """The earliest instant from `now` on (aware, UTC) that the window allows."""
    zone = _zone_of(window, zone)
    if is_allowed(window, zone, now):
        return now
    openings = _openings(window, zone, now) + _jumps(zone, now)
    return min(
        instant for instant in openings if instant >= now and is_allowed(window, zone, instant)
    )


def _zone_of(window: Window, zone: ZoneInfo) -> ZoneInfo:
    return zone if window.zone is None else ZoneInfo(window.zone)


def _openings(window: Window, zone: ZoneInfo, now: datetime) -> list[datetime]:
    """When the clock shows the window's start; twice where the hour comes twice."""
    start = time(window.start // 60, window.start % 60)
    today = now.astimezone(zone).date()
    days = (today + timedelta(days=day) for day in range(-1, _HORIZON_DAYS))
    return [
        datetime.combine(day, start, zone).replace(fold=fold).astimezone(now.tzinfo)
        for day in days
        for fold in (0, 1)
    ]


def _jumps(zone: ZoneInfo, now: datetime) -> list[datetime]:
    """When the clock jumps: it may land inside a window without ever showing its start."""
    hours = range(_HORIZON_DAYS * 24)
    return [
        _jump_between(zone, now + _HOUR * hour, now + _HOUR * (hour + 1))
        for hour in hours
        if _offset(zone, now + _HOUR * hour) != _offset(zone, now + _HOUR * (hour + 1))
    ]


def _jump_between(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The first whole second with the offset of `after`."""
    before, after = before.replace(microsecond=0), after.replace(microsecond=0) + _SECOND
    target = _offset(zone, after)
    while after - before > _SECOND:
        middle = before + timedelta(seconds=(after - before) // _SECOND // 2)
        if _offset(zone, middle) == target:
            after = middle
        else:
            before = middle
    return after


def _offset(zone: ZoneInfo, instant: datetime) -> timedelta | None:
    return instant.astimezone(zone).utcoffset()
