"""A shop's hours as they are written, read strictly."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any, Literal

import msgspec
from babel.core import get_global

from ripresa.domain.scenarios.plan import Window

EVERYWHERE = "*"
CLOSED = "closed"
_SPAN = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])-(([01][0-9]|2[0-3]):([0-5][0-9])|24:00)")
_EACH_YEAR = re.compile(r"\d\d-\d\d", re.ASCII)
_LEAP = 2024
_MOST_ROWS, _MOST_HOLIDAYS, _MOST_NAME = 100, 500, 100
ANY_HOUR = Window(0, 24 * 60)

Channel = Literal["email", "sms", "letter"]
Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
DAYS: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class BadHours(ValueError):
    """The hours make no sense; the message names the field and what would."""


class _Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A field that there is not is refused, not ignored."""


class Week(_Part, frozen=True):
    """One channel's week in a country, or everywhere else: "09:00-20:00" by day; a day left out is closed."""

    channel: Channel
    week: dict[Day, str]
    country: str = EVERYWHERE

    def windows(self) -> tuple[Window | None, ...]:
        """By weekday, Monday first; None: closed."""
        return tuple(_window(self.week.get(day, CLOSED)) for day in DAYS)


class Holiday(_Part, frozen=True):
    """A day without messages: "12-25" each year, "2027-03-29" once; in one country, or everywhere."""

    on: str
    name: str = ""
    country: str = EVERYWHERE


class ShopHours(_Part, frozen=True):
    """All of a shop's. `holiday_channels`: what keeps the holidays."""

    hours: tuple[Week, ...] = ()
    holidays: tuple[Holiday, ...] = ()
    holiday_channels: tuple[Channel, ...] = ("sms",)

    def told(self) -> dict[str, Any]:
        """As it is stored and travels; empty where nothing is set."""
        told = msgspec.to_builtins(self)
        return dict(told) if self.hours or self.holidays else {}

    def lines(self) -> dict[str, list[str]]:
        """In brief, for the log."""
        weeks = [
            f"{one.channel} {one.country}: "
            + ", ".join(f"{day} {one.week.get(day, CLOSED)}" for day in DAYS)
            for one in self.hours
        ]
        days = [f"{one.on} {one.country} {one.name}".strip() for one in self.holidays]
        return {"hours": weeks, "holidays": days, "holiday_channels": [*self.holiday_channels]}


def read_hours(said: Any) -> ShopHours:
    """What a file, the API or the database says. Raises BadHours."""
    try:
        read = msgspec.convert(said or {}, type=ShopHours)
    except msgspec.ValidationError as wrong:
        raise BadHours(str(wrong)) from None
    if len(read.hours) > _MOST_ROWS or len(read.holidays) > _MOST_HOLIDAYS:
        raise BadHours(f"at most {_MOST_ROWS} weeks and {_MOST_HOLIDAYS} holidays")
    for place, one in enumerate(read.hours):
        _check_week(f"hours[{place}]", one)
    _refuse_twice("hours", [(one.channel, one.country) for one in read.hours])
    for place, day in enumerate(read.holidays):
        _check_holiday(f"holidays[{place}]", day)
    return read


@lru_cache(maxsize=256)
def _window(text: str) -> Window | None:
    match = _SPAN.fullmatch(text)
    if match is None:
        return None
    until = 24 * 60 if match[3] == "24:00" else int(match[4]) * 60 + int(match[5])
    return Window(int(match[1]) * 60 + int(match[2]), until)


def _check_week(place: str, one: Week) -> None:
    _check_country(place, one.country)
    for day, text in one.week.items():
        window = _window(text)
        if text != CLOSED and (window is None or window.start >= window.until):
            raise BadHours(
                f"{place}.week.{day}: {text!r} is not like '09:00-20:00', within one day, or 'closed'"
            )
    if not any(one.windows()):
        raise BadHours(f"{place}.week: some day must be open; a channel is switched off elsewhere")


def _check_holiday(place: str, day: Holiday) -> None:
    _check_country(place, day.country)
    if len(day.name) > _MOST_NAME or "\x00" in day.name:
        raise BadHours(f"{place}.name: at most {_MOST_NAME} characters, and no NUL")
    text = f"{_LEAP}-{day.on}" if _EACH_YEAR.fullmatch(day.on) else day.on
    try:
        date.fromisoformat(text)
    except ValueError:
        raise BadHours(
            f"{place}.on: {day.on!r} is no day; each year is '12-25', once is '2027-03-29'"
        ) from None


def _check_country(place: str, country: str) -> None:
    if country != EVERYWHERE and country not in _countries():
        raise BadHours(f"{place}.country: {country!r} is no country like 'IT', nor '*'")


@lru_cache(maxsize=1)
def _countries() -> Mapping[str, Any]:
    return dict(get_global("territory_zones"))


def _refuse_twice(place: str, keys: Iterable[tuple[str, str]]) -> None:
    seen = set()
    for key in keys:
        if key in seen:
            raise BadHours(f"{place}: {' in '.join(key)} stands there twice")
        seen.add(key)
