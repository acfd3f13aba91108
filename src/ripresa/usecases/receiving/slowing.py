"""Slow down towards a domain that bounces or complains (OPS-4).

The rule: over the last seven days and at least 50 mails to a domain, more than 5 % of them bounced for good,
or more than 0.3 % and at least two were complained about: for a day the domain gets a quarter of its usual
mails an hour, at least ten. It is looked at anew every hour; each further hour of the same halves it.
"""

from datetime import datetime, timedelta
from functools import partial

from django.db.models import Q

from ripresa.core import query
from ripresa.domain.shops.models import Shop

WINDOW = timedelta(days=7)
LASTS = timedelta(days=1)
EVERY = timedelta(hours=1)
LEAST_MAILS = 50
MOST_BOUNCES = 0.05
MOST_COMPLAINTS = 0.003
LEAST_COMPLAINTS = 2
LEAST_AN_HOUR = 10

_run = partial(query.run, "ripresa.usecases.receiving")


def shops_to_judge(now: datetime) -> list[int]:
    """The shops whose receivers were not looked at for an hour."""
    found = Shop.objects.filter(Q(receivers_at__isnull=True) | Q(receivers_at__lte=now - EVERY))
    return list(found.order_by("id").values_list("id", flat=True))


def judge(*, shop_id: int, now: datetime) -> int:
    """Look at a shop's receivers; returns how many domains are slowed down from now on."""
    rows = _run(
        "slow_domains",
        shop_id=shop_id,
        now=now,
        since=now - WINDOW,
        hours=WINDOW / timedelta(hours=1),
        until=now + LASTS,
        least_mails=LEAST_MAILS,
        most_bounces=MOST_BOUNCES,
        most_complaints=MOST_COMPLAINTS,
        least_complaints=LEAST_COMPLAINTS,
        least_an_hour=LEAST_AN_HOUR,
    )
    Shop.objects.filter(id=shop_id).update(receivers_at=now)
    return len(rows)
