"""The end of a code as a file writes it, read into an instant."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo

# A day is good up to its last second.
_END_OF_DAY = time(23, 59, 59)
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?:[ T]+(\d{1,2}:\d{2}(?::\d{2})?))?")
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})\.?(?:[ T]+(\d{1,2}:\d{2}(?::\d{2})?))?")
_MONTHS = 12


class DateOrder(StrEnum):
    """What comes first in `03/04/2027`."""

    DAY_FIRST = "dmy"
    MONTH_FIRST = "mdy"


class NotADate(ValueError):
    """The text says no day; the message tells how one is written."""


@dataclass(slots=True)
class SlashedDates:
    """What a whole column says about its order: 31/12 can only be one of them."""

    day_first: int = 0
    month_first: int = 0
    either: int = 0

    def see(self, text: str) -> None:
        """Take in a cell; what is no such date says nothing."""
        if "/" not in text or (found := _SLASHED.fullmatch(text.strip())) is None:
            return
        first, second = int(found[1]), int(found[2])
        if first > _MONTHS:
            self.day_first += 1
        elif second > _MONTHS:
            self.month_first += 1
        elif first != second:
            self.either += 1

    @property
    def order(self) -> DateOrder | None:
        """The one order that fits; None if none or both do."""
        if bool(self.day_first) == bool(self.month_first):
            return None
        return DateOrder.DAY_FIRST if self.day_first else DateOrder.MONTH_FIRST

    @property
    def is_unclear(self) -> bool:
        """Whether an order has to be said: dates that can be read in two ways, and none that tells."""
        return self.order is None and bool(self.either or self.day_first)


def read_end(text: str, *, zone: ZoneInfo, order: DateOrder | None) -> datetime | None:
    """The instant up to which a code is good (UTC); None for an empty cell.

    `2027-04-03`, `2027-04-03 18:00`, `3.4.2027`, and with an `order` 03/04/2027. A day counts to its
    end; without an offset it is the time of `zone`. Raises NotADate.
    """
    plain = text.strip()
    if not plain:
        return None
    try:
        found = _local(plain, order)
        return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise NotADate(
            f"{plain[:40]!r} is no date: write it like 2027-04-03 or 2027-04-03 18:00"
        ) from None


def _local(text: str, order: DateOrder | None) -> datetime:
    if found := _DOTTED.fullmatch(text):
        return _compose(found[3], found[2], found[1], found[4])
    if found := _SLASHED.fullmatch(text):
        month_first = order is DateOrder.MONTH_FIRST
        month, day = (found[1], found[2]) if month_first else (found[2], found[1])
        return _compose(found[3], month, day, found[4])
    moment = datetime.fromisoformat(text)
    is_day = ":" not in text and "T" not in text
    return datetime.combine(moment, _END_OF_DAY) if is_day else moment


def _compose(year: str, month: str, day: str, clock: str | None) -> datetime:
    at = time.fromisoformat(clock.zfill(5)) if clock else _END_OF_DAY
    return datetime.combine(date(int(year), int(month), int(day)), at)
