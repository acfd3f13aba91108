from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ripresa.domain.scenarios.durations import Duration, NotADuration, parse_duration

T0 = datetime(2026, 1, 31, 15, 2, 11, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "months", "seconds"),
    [
        ("90m", 0, 5_400),
        ("24h", 0, 86_400),
        ("2d", 0, 172_800),
        ("1d12h", 0, 129_600),
        ("3mo", 3, 0),
        ("0h", 0, 0),
        ("1mo2d3h4m", 1, 183_840),
    ],
)
def test_reads_the_contract_s_way_of_writing(text, months, seconds):
    assert parse_duration(text) == Duration(months, seconds)


@pytest.mark.parametrize(
    "text",
    ["", "24", "h", "24 h", "12h1d", "1d1d", "-1h", "1.5h", "1w", "1H", "99999mo", "٣h", "1h "],
)
def test_refuses_everything_else(text):
    with pytest.raises(NotADuration):
        parse_duration(text)


@given(st.builds(Duration, st.integers(0, 60), st.integers(0, 10_000).map(lambda n: n * 60)))
def test_writing_and_reading_gives_it_back(duration):
    assert parse_duration(str(duration)) == duration


def test_a_month_is_a_calendar_month_and_a_day_24_hours():
    assert parse_duration("1mo").after(T0) == datetime(2026, 2, 28, 15, 2, 11, tzinfo=UTC)
    assert parse_duration("12mo").after(T0) == T0.replace(year=2027)
    assert parse_duration("1d").after(T0) == T0 + timedelta(hours=24)


@given(
    st.builds(Duration, st.integers(0, 24), st.integers(0, 10**7)),
    # Hypothesis wants bounds without a zone, and adds the zone itself.
    st.datetimes(datetime(2000, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
)
def test_lies_between_its_bounds(duration, instant):
    assert duration.at_least() <= duration.after(instant) - instant <= duration.at_most()
