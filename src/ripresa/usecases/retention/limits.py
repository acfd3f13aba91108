"""For how long each kind of data is kept: the defaults, and a shop's own."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from ripresa.domain.audit.operations import write_down
from ripresa.domain.audit.words import About, Action, Subject
from ripresa.domain.shops.models import Shop

LONGEST = 36_500


class NotALimit(ValueError):
    """A limit can't be set so; the message says how it can."""


class Limit(NamedTuple):
    """`days` unless the shop says otherwise; not fewer than `least`. `what` goes, in words."""

    days: int
    least: int
    what: str


LIMITS: Mapping[str, Limit] = {
    "events": Limit(30, 30, "what tells a repeated event, once it is folded"),
    "activity": Limit(90, 60, "what happened to a cart, step by step"),
    "contents": Limit(365, 30, "what messages and letters said, and their links"),
    "feedback": Limit(180, 30, "addresses, browsers and words in what providers told"),
    "calls": Limit(30, 7, "raw calls of providers, once read"),
    "webhooks": Limit(30, 7, "what endpoints were told, and the log of their calls"),
    "files": Limit(30, 1, "what was wrong in the rows of files, and files left lying"),
    "audit": Limit(730, 90, "the audit log: who changed what"),
    "contacts": Limit(1095, 90, "people without any activity"),
}


def limits_of(shop: Shop) -> dict[str, int]:
    """Days by kind, in force for a shop; 0 keeps a kind for ever."""
    return {kind: int(shop.retention.get(kind, limit.days)) for kind, limit in LIMITS.items()}


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
