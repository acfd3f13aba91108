"""When a campaign looks at its audience, and what it does then: pure."""

from datetime import datetime, timedelta
from enum import StrEnum

from ripresa.domain.campaigns.plan import Schedule

# A continuous campaign looks for new people so often; more are planned as soon as some have left.
LOOK_EVERY = timedelta(minutes=10)
TOP_UP_AFTER = timedelta(seconds=5)
# How often it is seen whether the last messages have left.
FINISH_AFTER = timedelta(minutes=1)


class Turn(StrEnum):
    """What is to be done for a campaign now."""

    ADD = "add"  # look for people
    WAIT = "wait"  # enough are planned, or the last ones have not left yet
    END = "end"  # everybody has had what was for her


def turn_of(
    schedule: Schedule, *, is_exhausted: bool, planned: int, ahead: int, now: datetime
) -> Turn:
    """What to do for a live campaign of which `planned` people may still be written to.

    At most about `ahead` are planned at a time: what is planned is looked at again while it is held.
    """
    is_past = schedule.until is not None and now >= schedule.until
    if is_exhausted or is_past:
        return Turn.WAIT if planned else Turn.END
    return Turn.WAIT if planned >= ahead else Turn.ADD


def look_again_at(
    schedule: Schedule, *, is_full: bool, is_exhausted: bool, now: datetime
) -> datetime:
    """When to look again after a page of the audience. `is_full`: there are more people behind it."""
    if is_full:
        return now
    if is_exhausted:
        return now + FINISH_AFTER
    again = now + LOOK_EVERY
    return again if schedule.until is None else min(again, max(schedule.until, now))
