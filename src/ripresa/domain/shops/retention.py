"""For how long each kind of data is kept: the defaults, and a shop's own."""

from collections.abc import Mapping
from typing import NamedTuple

from ripresa.domain.shops.models import Shop


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
