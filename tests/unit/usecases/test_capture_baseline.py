"""OPS-3: what is quiet, for busy shops and small ones. Pure."""

import random
from datetime import UTC, datetime

import pytest

from ripresa.usecases.health.baseline import HOUR, WEEK, judge

NOW = datetime(2026, 11, 20, 15, 20, tzinfo=UTC)
TOP = NOW.replace(minute=0)
DAY_SHAPE = [0.1] * 7 + [
    0.5,
    1,
    1.2,
    1.3,
    1.2,
    1,
    1,
    1.1,
    1.2,
    1.2,
    1.3,
    1.5,
    1.8,
    2,
    1.8,
    1.2,
    0.6,
]


def shop(carts_an_hour, *, weeks=7, quiet_for=0, share=0.0, seed=1):
    """Counts by hour with noise; the last `quiet_for` hours bring only `share` of what they should."""
    dice = random.Random(seed)
    begun = {}
    for number in range(1, weeks * 168 + 1):
        hour = TOP - number * HOUR
        mean = carts_an_hour * DAY_SHAPE[hour.hour] * (share if number <= quiet_for else 1)
        begun[hour] = max(0, round(dice.gauss(mean, mean**0.5)))
    return judge(begun, since=TOP - weeks * WEEK, now=NOW)


def test_a_busy_shop_is_quiet_after_one_hour_without_carts():
    verdict = shop(200, quiet_for=1)
    assert (verdict.hours, verdict.seen, verdict.is_quiet) == (1, 0, True)
    assert verdict.is_back is False


def test_a_small_shop_needs_more_hours():
    assert shop(2, quiet_for=3).is_quiet is False
    verdict = shop(2, quiet_for=30)
    assert verdict.is_quiet is True
    assert verdict.hours > 5


def test_a_third_is_quiet_and_three_quarters_are_a_slow_day():
    assert shop(200, quiet_for=2, share=0.3).is_quiet is True
    slow = shop(200, quiet_for=24, share=0.75)
    assert (slow.is_quiet, slow.is_back) == (False, True)


def test_a_very_small_shop_is_never_called_quiet():
    assert shop(0.02, quiet_for=100).is_quiet is None


@pytest.mark.parametrize("weeks", [0, 1, 2])
def test_without_history_nothing_is_said(weeks):
    assert shop(200, weeks=weeks, quiet_for=5).is_quiet is None
    assert judge({}, since=None, now=NOW).is_quiet is None


def test_one_outage_in_the_past_moves_nothing():
    begun = {TOP - number * HOUR: 100 for number in range(1, 7 * 168)}
    begun[TOP - WEEK - HOUR] = 0
    begun[TOP - 2 * WEEK - HOUR] = 5000
    verdict = judge(begun, since=TOP - 7 * WEEK, now=NOW)
    assert (verdict.usual, verdict.is_quiet) == (100, False)


def test_ordinary_noise_alarms_nobody():
    alarms = sum(bool(shop(rate, seed=seed).is_quiet) for rate in (1, 5, 40) for seed in range(25))
    assert alarms == 0
