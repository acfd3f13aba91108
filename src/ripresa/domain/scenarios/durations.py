"""Durations of scenario files: `90m`, `24h`, `2d`, `1d12h`, `3mo`.

A day is 24 hours, so that `1d` and `24h` are the same everywhere; a month is a calendar month in
UTC, and a day that the month lacks becomes its last one.
"""

import re
from calendar import monthrange
from datetime import datetime, timedelta

import msgspec

from ripresa.contracts.calling.sayings import say

_SECONDS = {"mo": 0, "d": 86_400, "h": 3_600, "m": 60}
_UNITS = list(_SECONDS)
_PART = re.compile(r"([0-9]{1,6})(mo|d|h|m)")
_LONGEST = timedelta(days=3_660)


class NotADuration(ValueError):
    """The text is no duration; the message says what one looks like."""


class Duration(msgspec.Struct, frozen=True):
    """Calendar `months`, then `seconds`."""

    months: int = 0
    seconds: int = 0

    def after(self, instant: datetime) -> datetime:
        """`instant` (aware, UTC) plus this duration."""
        if self.months:
            instant = _add_months(instant, self.months)
        return instant + timedelta(seconds=self.seconds)

    def at_most(self) -> timedelta:
        """The longest this can be, whatever months it spans."""
        return timedelta(days=31 * self.months, seconds=self.seconds)

    def at_least(self) -> timedelta:
        """The shortest this can be, whatever months it spans."""
        return timedelta(days=28 * self.months, seconds=self.seconds)

    def __str__(self) -> str:
        text = f"{self.months}mo" if self.months else ""
        rest = self.seconds
        for unit in _UNITS[1:]:
            count, rest = divmod(rest, _SECONDS[unit])
            text += f"{count}{unit}" if count else ""
        return text or "0h"


def parse_duration(text: str) -> Duration:
    """Read a duration, biggest unit first, each unit once. Raises NotADuration."""
    months = seconds = position = 0
    smallest = -1
    while found := _PART.match(text, position):
        number, unit = int(found[1]), found[2]
        if _UNITS.index(unit) <= smallest:
            break
        smallest = _UNITS.index(unit)
        months += number if unit == "mo" else 0
        seconds += number * _SECONDS[unit]
        position = found.end()
    if position != len(text) or not text:
        raise NotADuration(
            say("{text!r} is no duration; write it like 90m, 24h, 2d, 1d12h or 3mo", text=text)
        )
    duration = Duration(months, seconds)
    if duration.at_most() > _LONGEST:
        raise NotADuration(say("{text!r} is longer than ten years", text=text))
    return duration


def _add_months(instant: datetime, months: int) -> datetime:
    year, month = divmod(instant.year * 12 + instant.month - 1 + months, 12)
    day = min(instant.day, monthrange(year, month + 1)[1])
    return instant.replace(year=year, month=month + 1, day=day)
