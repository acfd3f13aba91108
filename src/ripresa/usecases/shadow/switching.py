"""The switch, and what would have gone meanwhile.

Switched off, the past stays in the shadow: carts left before that moment belong to the older system, and
what was planned for them is skipped when its time comes.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import NamedTuple

from django.db import transaction

from ripresa.core import query
from ripresa.core.money import Money
from ripresa.domain.audit.operations import write_down
from ripresa.domain.audit.words import About, Action, Subject
from ripresa.domain.shops.models import Shop

_run = partial(query.run, "ripresa.usecases.shadow")


class WouldHaveGone(NamedTuple):
    """What one step would have sent by one channel.

    `bought`: carts of it that were bought afterwards, whoever reminded; `value` of those, in `currency`.
    """

    origin: str
    step: str
    channel: str
    currency: str | None
    messages: int
    people: int
    bought: int
    value: Money | None


@transaction.atomic
def switch_on(*, shop_id: int, now: datetime) -> bool:
    """Decide, and send nothing; False: it is so already. What is leaving at this moment may still leave."""
    shops = Shop.objects.filter(id=shop_id, shadow_since__isnull=True)
    if not shops.update(shadow_since=now):
        return False
    write_down(shop_id=shop_id, action=Action.STARTED, subject=Subject(About.SHADOW), now=now)
    return True


@transaction.atomic
def switch_off(*, shop_id: int, now: datetime) -> bool:
    """Send from now on, about carts that are left from now on; False: it was off."""
    shops = Shop.objects.filter(id=shop_id, shadow_since__isnull=False)
    if not shops.update(shadow_since=None, shadow_until=now):
        return False
    write_down(shop_id=shop_id, action=Action.ENDED, subject=Subject(About.SHADOW), now=now)
    return True


def report(*, shop_id: int, since: datetime, until: datetime) -> Sequence[WouldHaveGone]:
    """What would have gone from `since` up to `until`, by scenario or campaign, step and channel."""
    rows = _run("shadow_report", shop_id=shop_id, since=since, until=until)
    return [
        WouldHaveGone._make(
            (*before, Money(int(minor), before[3]) if minor is not None and before[3] else None)
        )
        for *before, minor in rows
    ]
