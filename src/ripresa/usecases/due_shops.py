"""Which shops have something due. A tick asks this first, then goes shop by shop."""

from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum

from ripresa.domain.campaigns import operations as campaigns
from ripresa.domain.carts import ticking as carts
from ripresa.domain.mailroom import operations as mailroom
from ripresa.domain.messages import operations as messages
from ripresa.domain.messages import owner_notices
from ripresa.domain.scenarios import operations as scenarios

# Below this, the oldest due rows are all of them.
PROBE = 1000


class Due(StrEnum):
    """The kinds of rows that fall due."""

    CARTS = "carts"
    RECOVERIES = "recoveries"
    MESSAGES = "messages"
    LEASES = "leases"
    OWNERS = "owners"
    CAMPAIGNS = "campaigns"
    RECEIVED_MAILS = "received mails"


def due_shops(kind: Due, now: datetime) -> list[int]:
    """The shops with due rows of one kind, by number."""
    return _FINDERS[kind](now)


def _with_due_carts(now: datetime) -> list[int]:
    return [shop_id for (shop_id,) in carts.run("shops_with_due_carts", now=now)]


def _with_due_recoveries(now: datetime) -> list[int]:
    oldest = scenarios.run("oldest_due_recoveries", now=now, most=PROBE)
    if len(oldest) == PROBE:
        oldest = scenarios.run("shops_with_due_recoveries", now=now)
    return sorted({shop_id for (shop_id,) in oldest})


def _with_due_messages(now: datetime) -> list[int]:
    oldest = messages.run("oldest_due_messages", now=now, most=PROBE)
    if len(oldest) == PROBE:
        oldest = messages.run("shops_with_due_messages", now=now)
    return sorted({shop_id for (shop_id,) in oldest})


def _with_expired_leases(now: datetime) -> list[int]:
    return [shop_id for (shop_id,) in messages.run("shops_with_expired_leases", now=now)]


_FINDERS: Mapping[Due, Callable[[datetime], list[int]]] = {
    Due.CARTS: _with_due_carts,
    Due.RECOVERIES: _with_due_recoveries,
    Due.MESSAGES: _with_due_messages,
    Due.LEASES: _with_expired_leases,
    Due.OWNERS: owner_notices.shops_with_due,
    Due.CAMPAIGNS: campaigns.shops_with_due,
    Due.RECEIVED_MAILS: mailroom.shops_with_due,
}
