"""What follows from an answer, and how long one waits."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ripresa.domain.webhooks.rules import (
    JITTER,
    LONGEST_REST,
    LONGEST_WAIT,
    MOST_TRIES,
    SCHEDULE,
    Arrived,
    Attempted,
    GivenUp,
    Gone,
    TryAgain,
    judge,
    rest_after,
)

outcomes = st.one_of(st.none(), st.integers(100, 599))


def test_the_plan_is_that_of_the_specification():
    hours = [each / timedelta(hours=1) for each in SCHEDULE[3:]]
    assert [each.total_seconds() for each in SCHEDULE[:3]] == [5, 300, 1800]
    assert hours == [2, 5, 10, 14, 20, 24]


@given(outcomes, st.integers(1, MOST_TRIES + 3), st.floats(0, 1))
def test_every_answer_has_its_consequence(status, tries, chance):
    found = judge(Attempted(3, status), tries=tries, chance=chance)
    match found:
        case Arrived():
            assert status is not None
            assert 200 <= status < 300
        case Gone():
            assert status == 410
        case GivenUp(is_down) | TryAgain(_, is_down):
            assert is_down is (status is None or status == 429 or status >= 500)
    if isinstance(found, GivenUp):
        assert tries >= MOST_TRIES
    if isinstance(found, TryAgain):
        assert abs(found.wait / SCHEDULE[tries - 1] - 1) <= JITTER + 1e-9


@pytest.mark.parametrize(
    ("asked", "least"),
    [(timedelta(seconds=1), SCHEDULE[0]), (timedelta(hours=1), timedelta(hours=1)),
     (timedelta(days=900), LONGEST_WAIT)],
)  # fmt: skip
def test_retry_after_is_kept_within_a_day(asked, least):
    found = judge(Attempted(3, 429, retry_after=asked), tries=1, chance=0.5)
    assert found == TryAgain(least, is_down=True)


@given(st.integers(1, 10_000))
def test_an_endpoint_rests_longer_each_time_and_never_for_good(failures):
    rest = rest_after(failures)
    assert timedelta(seconds=2) <= rest <= LONGEST_REST
    assert rest <= rest_after(failures + 1)
