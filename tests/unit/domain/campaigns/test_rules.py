"""When a campaign looks at its audience, and when it has ended."""

from datetime import UTC, datetime, timedelta

import pytest

from ripresa.domain.campaigns.plan import Schedule
from ripresa.domain.campaigns.rules import (
    FINISH_AFTER,
    LOOK_EVERY,
    Turn,
    look_again_at,
    turn_of,
)

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
SOON = NOW + timedelta(minutes=3)
ONCE, ALWAYS = Schedule(), Schedule("continuous")


@pytest.mark.parametrize(
    ("schedule", "is_exhausted", "planned", "turn"),
    [
        (ONCE, False, 0, Turn.ADD),
        (ONCE, False, 9, Turn.ADD),
        (ONCE, False, 10, Turn.WAIT),
        (ONCE, True, 1, Turn.WAIT),
        (ONCE, True, 0, Turn.END),
        (ALWAYS, False, 0, Turn.ADD),
        (Schedule("continuous", until=SOON), False, 0, Turn.ADD),
        (Schedule("continuous", until=NOW), False, 1, Turn.WAIT),
        (Schedule("continuous", until=NOW), False, 0, Turn.END),
    ],
)
def test_what_is_to_be_done(schedule, is_exhausted, planned, turn):
    assert turn is turn_of(schedule, is_exhausted=is_exhausted, planned=planned, ahead=10, now=NOW)


@pytest.mark.parametrize(
    ("schedule", "is_full", "is_exhausted", "at"),
    [
        (ONCE, True, False, NOW),
        (ONCE, False, True, NOW + FINISH_AFTER),
        (ALWAYS, False, False, NOW + LOOK_EVERY),
        (Schedule("continuous", until=SOON), False, False, SOON),
        (Schedule("continuous", until=NOW), False, False, NOW),
    ],
)
def test_when_to_look_again(schedule, is_full, is_exhausted, at):
    assert at == look_again_at(schedule, is_full=is_full, is_exhausted=is_exhausted, now=NOW)
