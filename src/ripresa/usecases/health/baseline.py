"""Is it quieter than it ever is at this hour? Pure.

What is usual for an hour is the median of the same hours of the week before, so that a sale or an outage in
one of them moves it little. The latest hours, one, then two, up to a week, are taken together until
something is usual in them; then the question is how likely so few would be if only half of the usual were
to come. Halved, so that a slow day is no alarm; a Poisson count, since shoppers come one by one. A small
shop's hours are therefore taken together until there are enough of them, and if there never are, it is never
called quiet. Twice and four times as many hours are looked at as well: what is lost by half shows later.
"""

import math
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from statistics import median
from typing import NamedTuple

HOUR = timedelta(hours=1)
WEEK = timedelta(weeks=1)
# With fewer weeks nobody knows what is usual; more than this and last season is.
LEAST_WEEKS = 3
MOST_WEEKS = 6
LONGEST_HOURS = 168
# About one false alarm in a shop in ten years of hours.
ALARM_BELOW = 1e-5
# Called off when at least this share of the usual is back.
BACK_AT = 0.5


class Verdict(NamedTuple):
    """Carts `seen` in the latest whole `hours`, up to `until`, and what is `usual` in them.

    `is_quiet` None: it can't be told, for want of history or of customers.
    """

    until: datetime
    hours: int
    seen: int
    usual: float
    is_quiet: bool | None
    is_back: bool


def judge(begun: Mapping[datetime, int], *, since: datetime | None, now: datetime) -> Verdict:
    """Judge the latest whole hours. `begun`: carts by hour (its beginning, UTC); `since`: the first ever."""
    until = now.replace(minute=0, second=0, microsecond=0)
    weeks = weeks_known(since, until)
    if weeks < LEAST_WEEKS:
        return Verdict(until, 0, 0, 0.0, None, is_back=False)
    seen, usual = 0, 0.0
    first: Verdict | None = None
    for hours in range(1, LONGEST_HOURS + 1):
        hour = until - hours * HOUR
        seen += begun.get(hour, 0)
        usual += usual_of(begun, hour, weeks)
        if first is None and not _enough(usual):
            continue
        if first is not None and hours not in {2 * first.hours, 4 * first.hours}:
            continue
        is_quiet = _at_most(seen, usual / 2) < ALARM_BELOW
        found = Verdict(until, hours, seen, usual, is_quiet, is_back=seen >= BACK_AT * usual)
        if is_quiet:
            return found if first is None else found._replace(is_back=first.is_back)
        first = first or found
    return first or Verdict(until, LONGEST_HOURS, seen, usual, None, is_back=False)


def weeks_known(since: datetime | None, until: datetime) -> int:
    """Of how many whole weeks before `until` something is known, as many as are looked at."""
    return 0 if since is None else min(int((until - since) / WEEK), MOST_WEEKS)


def usual_of(begun: Mapping[datetime, int], hour: datetime, weeks: int) -> float:
    """The carts that are usual in an hour: the median of the same hour of the weeks before."""
    before: Sequence[int] = [begun.get(hour - week * WEEK, 0) for week in range(1, weeks + 1)]
    return float(median(before))


def _enough(usual: float) -> bool:
    """Whether nobody at all would be an alarm."""
    return math.exp(-usual / 2) < ALARM_BELOW


def _at_most(seen: int, mean: float) -> float:
    """How likely a Poisson count of this mean is `seen` or less."""
    total, term = 0.0, -mean
    for count in range(seen + 1):
        total += math.exp(term)
        if total >= ALARM_BELOW:
            break
        term += math.log(mean) - math.log(count + 1)
    return total
