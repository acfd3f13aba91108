"""Days of a shop's zone: a figure counted on the wrong side of midnight is in the wrong month."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from ripresa.domain.attribution.days import begin_of, day_of, spans_of

ROME, SANTIAGO = ZoneInfo("Europe/Rome"), ZoneInfo("America/Santiago")


def test_days_of_23_and_25_hours_begin_where_the_one_before_ends():
    spring, autumn = date(2026, 3, 29), date(2026, 10, 25)
    spans = spans_of([autumn, spring, spring], ROME)
    assert spans.days == ["2026-03-29", "2026-10-25"]
    assert spans.begins == [
        datetime(2026, 3, 28, 23, tzinfo=UTC),
        datetime(2026, 10, 24, 22, tzinfo=UTC),
    ]
    assert [end - begin for begin, end in zip(spans.begins, spans.ends, strict=True)] == [
        timedelta(hours=23),
        timedelta(hours=25),
    ]
    assert {one.tzinfo for one in (*spans.begins, *spans.ends)} == {UTC}


def test_where_midnight_does_not_exist_a_day_begins_with_the_hour_after():
    """Chile's clocks go from midnight to one."""
    first = date(2026, 9, 6)
    begin = begin_of(first, SANTIAGO)
    assert begin.astimezone(SANTIAGO).strftime("%d %H:%M") == "06 01:00"
    assert day_of(begin, SANTIAGO) == first
    assert day_of(begin - timedelta(microseconds=1), SANTIAGO) == date(2026, 9, 5)


@pytest.mark.parametrize("zone", ["Europe/Rome", "America/Santiago", "Pacific/Apia", "UTC"])
def test_each_instant_is_in_the_one_day_that_holds_it(zone):
    at, there = datetime(2026, 1, 1, tzinfo=UTC), ZoneInfo(zone)
    for _ in range(400):
        day = day_of(at, there)
        spans = spans_of([day], there)
        assert spans.begins[0] <= at < spans.ends[0]
        at += timedelta(hours=22, minutes=37)
