"""The next instant at which a shop's hours and a scenario's window both let a message go."""

from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from ripresa.domain.scenarios.hours.document import ANY_HOUR, EVERYWHERE, ShopHours
from ripresa.domain.scenarios.plan import Window
from ripresa.domain.scenarios.quiet_hours import next_allowed

# Weeks repeat, and nobody is closed for a year.
_HORIZON_DAYS = 370
_LEAST = timedelta(minutes=1)
_DAY = timedelta(days=1)


class OpenHours(NamedTuple):
    """One channel in one country. `week`: Monday first, None: closed. `closed_on`: "12-25", "2027-03-29"."""

    week: tuple[Window | None, ...]
    closed_on: frozenset[str] = frozenset()

    def on(self, day: date) -> Window | None:
        """When that day is open; None: not at all."""
        text = day.isoformat()
        if text in self.closed_on or text[5:] in self.closed_on:
            return None
        return self.week[day.weekday()]


def hours_for(hours: ShopHours, channel: str, country: str) -> OpenHours | None:
    """What holds for a message; the country's own week before that of everywhere else. None: any time."""
    weeks = {one.country: one for one in hours.hours if one.channel == channel}
    week = weeks.get(country) or weeks.get(EVERYWHERE)
    closed_on: frozenset[str] = frozenset()
    if channel in hours.holiday_channels:
        closed_on = frozenset(
            one.on for one in hours.holidays if one.country in {country, EVERYWHERE}
        )
    if week is None and not closed_on:
        return None
    return OpenHours((ANY_HOUR,) * 7 if week is None else week.windows(), closed_on)


def next_open(
    window: Window | None, hours: OpenHours | None, zone: ZoneInfo, now: datetime
) -> datetime | None:
    """The earliest instant from `now` on (aware, UTC) that both allow; None: there is none in a year.

    The shop's hours go by `zone`, the recipient's; a window by the zone that it names, if it does.
    """
    if hours is None:
        return now if window is None else next_allowed(window, zone, now)
    instant, end = now, now + _DAY * _HORIZON_DAYS
    while instant < end:
        day = instant.astimezone(zone).date()
        opens = _on_day(hours.on(day), zone, instant)
        if opens is None:
            instant = _day_after(day, zone, instant)
            continue
        allowed = opens if window is None else next_allowed(window, zone, opens)
        if allowed == opens:
            return opens
        instant = allowed
    return None


def _on_day(span: Window | None, zone: ZoneInfo, instant: datetime) -> datetime | None:
    """When `span` lets something go on the day of `instant`, from then on; None: no more that day."""
    if span is None:
        return None
    opens = next_allowed(span, zone, instant)
    same_day = opens.astimezone(zone).date() == instant.astimezone(zone).date()
    return opens if same_day else None


def _day_after(day: date, zone: ZoneInfo, instant: datetime) -> datetime:
    begins = datetime.combine(day + _DAY, time(0), zone).astimezone(instant.tzinfo)
    return max(begins, instant + _LEAST)
