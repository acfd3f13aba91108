"""How far a shop's clock is behind ours, by the dates of its answers.

What a shop changed it writes down by its own clock, and is asked for by it: who asks a shop that is an hour
behind for what changed in the last half hour hears of nothing, and for ever.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

# An answer takes its time, and is dated to the second.
_SLOW = timedelta(minutes=2)
# A clock that is further off says nothing about what the shop writes down.
_MOST = timedelta(days=2)


@dataclass(slots=True)
class ShopClock:
    """`behind`: how far the shop's clock was behind ours at the most, zero where it was about right."""

    behind: timedelta = timedelta(0)


_clock: ContextVar[ShopClock | None] = ContextVar("shop_clock", default=None)


@contextmanager
def watching_clock() -> Iterator[ShopClock]:
    """Whatever a shop answers inside is looked at for its date."""
    clock = ShopClock()
    token = _clock.set(clock)
    try:
        yield clock
    finally:
        _clock.reset(token)


def note_answer(headers: Mapping[str, str], now: datetime) -> None:
    """Look at the date of an answer that came at `now`; one out of a cache is as old as its Age says."""
    clock = _clock.get()
    said = _date(headers)
    if clock is None or said is None:
        return
    behind = now - said
    if _SLOW < behind <= _MOST:
        clock.behind = max(clock.behind, behind)


def _date(headers: Mapping[str, str]) -> datetime | None:
    try:
        said = parsedate_to_datetime(headers.get("date", ""))
        return said.astimezone(UTC) + timedelta(seconds=int(headers.get("age", "0")))
    except (ValueError, OverflowError):
        return None
