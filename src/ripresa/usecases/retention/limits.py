"""Change for how long a shop keeps each kind of data."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from ripresa.domain.audit.operations import write_down
from ripresa.domain.audit.words import About, Action, Subject
from ripresa.domain.shops.models import Shop
from ripresa.domain.shops.retention import LIMITS, limits_of

LONGEST = 36_500


class NotALimit(ValueError):
    """A limit can't be set so; the message says how it can."""


@transaction.atomic
def set_limits(*, shop_id: int, days: Mapping[str, int], now: datetime) -> None:
    """Change a shop's limits; 0: for ever. Raises NotALimit; then nothing is changed."""
    for kind, number in days.items():
        limit = LIMITS.get(kind)
        if limit is None:
            raise NotALimit(f"there is no {kind!r}; there are: {', '.join(LIMITS)}")
        if number and not limit.least <= number <= LONGEST:
            raise NotALimit(
                f"{kind} can be kept {limit.least} to {LONGEST} days, or 0 for ever, not {number}"
            )
    shop = Shop.objects.select_for_update().get(id=shop_id)
    before = limits_of(shop)
    # What is as shipped stays so when the shipped limit changes.
    chosen = {**shop.retention, **{kind: n for kind, n in days.items() if n != before[kind]}}
    Shop.objects.filter(id=shop_id).update(retention=chosen)
    subject = Subject(About.RETENTION)
    after = {**before, **days}
    write_down(
        shop_id=shop_id, action=Action.CHANGED, subject=subject, before=before, after=after, now=now
    )
