"""Dates as people and spreadsheets write them, with and without a zone."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, tzinfo

from ripresa.core.words.patterned import Patterned

# Which comes first in 03/04/2026.
ORDERS = ("dmy", "mdy")

_NUMBERS = re.compile(
    r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})"
    r"(?:[,T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*([AaPp]\.?[Mm]\.?)?)?"
    r"\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?"
).fullmatch
_ZONE_NAME = re.compile(r"\s*(?:UTC|GMT)$")
_WORDS = (
    "%B %d, %Y %I:%M %p", "%b %d, %Y %I:%M %p", "%B %d, %Y", "%b %d, %Y",
    "%d %B %Y %H:%M", "%d %b %Y %H:%M", "%d %B %Y", "%d %b %Y",
)  # fmt: skip
_SECONDS_DIGITS = 10
_MILLISECONDS_DIGITS = 13
_MONTHS = 12
_HALF_DAY = 12


class NotAnInstant(Patterned, ValueError):
    """The text is no date; the message says why."""


def guess_order(texts: Iterable[str]) -> str:
    """Which of day and month stands first in a column, "dmy" or "mdy"; "": nothing tells.

    Points between them mean the day: nobody writes months first with points.
    """
    for text in texts:
        found = _NUMBERS(text.strip())
        if found is None:
            continue
        if found[2] == "." or int(found[1]) > _MONTHS:
            return "dmy"
        if int(found[3]) > _MONTHS:
            return "mdy"
    return ""


def read_instant(text: str, *, order: str, zone: tzinfo) -> datetime:
    """An instant in UTC. Without a zone of its own it is in `zone`. Raises NotAnInstant.

    ISO 8601; numbers with points, slashes or hyphens, whose `order` says what is first; seconds or
    milliseconds since 1970; English names of months.
    """
    text = text.strip()
    try:
        at = _iso(text) or _numbers(text, order) or _since_1970(text) or _words(text)
    except (ValueError, OverflowError) as wrong:
        if isinstance(wrong, NotAnInstant):
            raise
        at = None
    if at is None:
        raise NotAnInstant("{text!r} is no date: write it like 2026-03-01T15:00", text=text[:40])
    try:
        return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise NotAnInstant("{text!r} lies outside all calendars", text=text[:40]) from None


def _iso(text: str) -> datetime | None:
    if not text[:4].isdecimal() or text.isdecimal():
        return None
    bare = _ZONE_NAME.sub("Z", text)
    try:
        return datetime.fromisoformat(bare.replace(" +", "+").replace(" -", "-"))
    except ValueError:
        return None


def _numbers(text: str, order: str) -> datetime | None:
    found = _NUMBERS(text)
    if found is None:
        return None
    first, mark, second, year, hour, minute, seconds, half, zone = found.groups()
    if not order:
        order = guess_order([text])
    if not order and first != second and mark != ".":
        raise NotAnInstant(
            "{text!r}: is the day first, or the month? Say dmy or mdy", text=text[:40]
        )
    day, month = (int(second), int(first)) if order == "mdy" else (int(first), int(second))
    hours = int(hour or 0)
    if half:
        if not 1 <= hours <= _HALF_DAY:
            raise NotAnInstant("{text!r} has no such hour", text=text[:40])
        hours = hours % _HALF_DAY + (_HALF_DAY if half[0] in "pP" else 0)
    at = datetime(int(year), month, day, hours, int(minute or 0), int(seconds or 0))  # noqa: DTZ001
    return at if zone is None else _shifted(at, zone)


def _shifted(at: datetime, zone: str) -> datetime:
    """`at` as it is in UTC, if it was written for `zone`."""
    if zone in {"Z", "UTC", "GMT"}:
        return at.replace(tzinfo=UTC)
    digits = zone[1:].replace(":", "")
    ahead = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return at.replace(tzinfo=UTC) - (ahead if zone[0] == "+" else -ahead)


def _since_1970(text: str) -> datetime | None:
    if not (text.isdecimal() and text.isascii()):
        return None
    scale = {_SECONDS_DIGITS: 1, _MILLISECONDS_DIGITS: 1000}.get(len(text))
    return datetime.fromtimestamp(int(text) / scale, UTC) if scale else None


def _words(text: str) -> datetime | None:
    for shape in _WORDS:
        try:
            return datetime.strptime(text, shape)  # noqa: DTZ007  (the zone is the caller's)
        except ValueError:
            continue
    return None
