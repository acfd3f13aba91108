"""SCN-9 on every clock of the world, the days on which they jump included."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ripresa.domain.scenarios.plan import Window
from ripresa.domain.scenarios.quiet_hours import is_allowed, next_allowed

ROME = ZoneInfo("Europe/Rome")
ZONES = sorted(name for name in available_timezones() if "/" in name)
MINUTE = timedelta(minutes=1)

windows = st.tuples(st.integers(0, 1439), st.integers(0, 1439)).filter(lambda w: w[0] != w[1])
# Hypothesis wants bounds without a zone, and adds the zone itself.
instants = st.datetimes(datetime(1990, 1, 1), datetime(2037, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


def rome(*parts):
    return datetime(*parts, tzinfo=ROME).astimezone(UTC)


def test_the_worked_example_of_the_requirement():
    window = Window(9 * 60, 20 * 60)
    assert next_allowed(window, ROME, rome(2026, 10, 3, 21, 0)) == rome(2026, 10, 4, 9, 0)


def test_from_is_inside_and_until_is_not():
    window = Window(9 * 60, 20 * 60)
    assert is_allowed(window, ROME, rome(2026, 10, 3, 9, 0))
    assert is_allowed(window, ROME, rome(2026, 10, 3, 19, 59, 59, 999_999))
    assert not is_allowed(window, ROME, rome(2026, 10, 3, 20, 0))
    assert not is_allowed(window, ROME, rome(2026, 10, 3, 8, 59, 59))


def test_a_window_that_names_a_zone_goes_by_its_clock():
    window = Window(9 * 60, 20 * 60, "Asia/Tokyo")
    one_in_tokyo = datetime(2026, 10, 3, 4, 0, tzinfo=UTC)
    assert next_allowed(window, ROME, one_in_tokyo) == one_in_tokyo
    ten_in_the_evening = datetime(2026, 10, 3, 13, 0, tzinfo=UTC)
    assert next_allowed(window, ROME, ten_in_the_evening) == datetime(2026, 10, 4, tzinfo=UTC)


def test_a_window_may_run_over_midnight():
    window = Window(22 * 60, 6 * 60)
    assert is_allowed(window, ROME, rome(2026, 10, 3, 23, 0))
    assert is_allowed(window, ROME, rome(2026, 10, 4, 5, 59))
    assert next_allowed(window, ROME, rome(2026, 10, 4, 6, 0)) == rome(2026, 10, 4, 22, 0)


@pytest.mark.parametrize(
    ("window", "now", "expected"),
    [
        # 29 March 2026: the clock goes from 02:00 to 03:00. 02:30 is never shown.
        (Window(150, 300), "2026-03-29T00:59:00+00:00", "2026-03-29T01:00:00+00:00"),
        # A window that lies inside the skipped hour does not open that day.
        (Window(130, 170), "2026-03-28T23:30:00+00:00", "2026-03-30T00:10:00+00:00"),
        # 25 October 2026: 02:00 to 03:00 comes twice, and is allowed twice.
        (Window(150, 170), "2026-10-25T00:20:00+00:00", "2026-10-25T00:30:00+00:00"),
        (Window(150, 170), "2026-10-25T00:50:00+00:00", "2026-10-25T01:30:00+00:00"),
        # The clock falls back into a window that had already closed.
        (Window(60, 150), "2026-10-25T00:45:00+00:00", "2026-10-25T01:00:00+00:00"),
    ],
)
def test_days_on_which_the_clock_jumps(window, now, expected):
    now = datetime.fromisoformat(now)
    assert next_allowed(window, ROME, now) == datetime.fromisoformat(expected)


@given(windows, st.sampled_from(ZONES), instants)
def test_what_it_names_is_allowed_and_not_long_ago(window, zone_name, now):
    window, zone = Window(*window), ZoneInfo(zone_name)
    opens = next_allowed(window, zone, now)
    assert is_allowed(window, zone, opens)
    assert now <= opens <= now + timedelta(days=3)


@given(windows, st.sampled_from(ZONES), instants, st.floats(0, 1))
def test_nothing_before_it_is_allowed(window, zone_name, now, share):
    window, zone = Window(*window), ZoneInfo(zone_name)
    opens = next_allowed(window, zone, now)
    assume(opens > now)
    assert not is_allowed(window, zone, now + (opens - now) * share * 0.999_999)


@given(windows, st.sampled_from(ZONES), st.integers(1995, 2036), st.data())
def test_minute_by_minute_around_a_jump(window, zone_name, year, data):
    """The slow reading of the requirement: walk on until the clock is inside."""
    zone = ZoneInfo(zone_name)
    days = [datetime(year, 1, 1, tzinfo=UTC) + timedelta(days=day) for day in range(366)]
    jumps = [
        day
        for day in days
        if day.astimezone(zone).utcoffset()
        != (day + timedelta(days=1)).astimezone(zone).utcoffset()
    ]
    assume(jumps)
    now = data.draw(st.sampled_from(jumps)) + MINUTE * data.draw(st.integers(-1440, 1440))
    walked = now
    while not is_allowed(Window(*window), zone, walked):
        walked += MINUTE
    assert next_allowed(Window(*window), zone, now) == walked
