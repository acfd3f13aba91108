"""Weeks and months by the shop's clock: each is told once, whatever the clocks do."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ripresa.usecases.digests.periods import EVERY, Period, latest, told_at

ROME = ZoneInfo("Europe/Rome")


def test_the_week_over_which_clocks_go_back_is_a_week():
    """25 October 2026 has 25 hours in Rome; the Monday after it, seven is six in UTC."""
    before, after = (datetime(2026, 10, 26, hour, 30, tzinfo=UTC) for hour in (5, 6))
    assert latest("week", before, ROME) == Period(date(2026, 10, 12), date(2026, 10, 18))
    assert latest("week", after, ROME) == Period(date(2026, 10, 19), date(2026, 10, 25))
    over = latest("week", before, ROME)
    assert told_at(over, "week", ROME) == datetime(2026, 10, 26, 6, tzinfo=UTC)
    assert latest("week", after, ROME).before == over


def test_months_are_as_long_as_they_are():
    over = latest("month", datetime(2028, 3, 1, 7, tzinfo=UTC), ROME)
    assert over == Period(date(2028, 2, 1), date(2028, 2, 29))
    assert over.before == Period(date(2028, 1, 1), date(2028, 1, 31))
    assert told_at(over, "month", ROME) == datetime(2028, 4, 1, 5, tzinfo=UTC)


@pytest.mark.parametrize("every", EVERY)
@given(
    hours=st.floats(0, 26_000),
    zone=st.sampled_from(["Europe/Rome", "America/Santiago", "Pacific/Apia", "Asia/Kathmandu"]),
)
def test_each_period_is_told_once_and_none_is_left_out(every, hours, zone):
    now, zone = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=hours), ZoneInfo(zone)
    over = latest(every, now, zone)
    following = told_at(over, every, zone)
    assert following > now
    told = latest(every, following, zone)
    assert told.begin == over.end + timedelta(days=1)
    assert told.before == over
    assert latest(every, following - timedelta(microseconds=1), zone) == over
