"""The closed list of what is told to the outside, and one thing that happened."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID


class HappeningType(StrEnum):
    """What happened: the kind of thing, a point, and what became of it."""

    CART_ABANDONED = "cart.abandoned"
    CART_REOPENED = "cart.reopened"
    CART_RECOVERED = "cart.recovered"
    CART_ORDERED = "cart.ordered"
    CART_CLOSED = "cart.closed"
    CART_EMPTIED = "cart.emptied"
    CART_EXPIRED = "cart.expired"
    ORDER_PLACED = "order.placed"
    ORDER_CANCELLED = "order.cancelled"
    ORDER_REFUNDED = "order.refunded"
    RECOVERY_OPENED = "recovery.opened"
    RECOVERY_TAKEN_UP = "recovery.taken_up"
    RECOVERY_ENDED = "recovery.ended"
    MESSAGE_PLANNED = "message.planned"
    MESSAGE_SENT = "message.sent"
    MESSAGE_HELD = "message.held"
    MESSAGE_SKIPPED = "message.skipped"
    MESSAGE_CANCELLED = "message.cancelled"
    MESSAGE_FAILED = "message.failed"
    MESSAGE_UNKNOWN = "message.unknown"
    MESSAGE_DELIVERED = "message.delivered"
    MESSAGE_DELAYED = "message.delayed"
    MESSAGE_BOUNCED = "message.bounced"
    MESSAGE_COMPLAINED = "message.complained"
    MESSAGE_OPENED = "message.opened"
    MESSAGE_CLICKED = "message.clicked"
    MESSAGE_REPLIED = "message.replied"
    MESSAGE_UNSUBSCRIBED = "message.unsubscribed"
    COUPON_GIVEN = "coupon.given"
    DEAL_OPENED = "deal.opened"
    DEAL_MOVED = "deal.moved"
    DEAL_WON = "deal.won"
    DEAL_LOST = "deal.lost"
    CONSENT_CHANGED = "consent.changed"
    CONTACT_ERASED = "contact.erased"
    SCENARIO_PAUSED = "scenario.paused"
    CAMPAIGN_PAUSED = "campaign.paused"
    CAMPAIGN_ENDED = "campaign.ended"
    CONNECTION_CLOSED = "connection.closed"
    CONNECTION_QUIET = "connection.quiet"
    SHOP_WARNED = "shop.warned"
    WEBHOOK_TEST = "webhook.test"


class Happening(NamedTuple):
    """One thing that happened, slim: what only this moment knows, and the ids of what it is about.

    `about` maps a field of the payload (`message`, `scenario`, …) to an id; what is told of each is looked
    up when the happening is first told. Happenings of one `subject` are told in their order.
    """

    type: HappeningType
    subject: UUID
    at: datetime
    facts: Mapping[str, Any] = {}
    about: Mapping[str, UUID] = {}
    cart_id: UUID | None = None
    contact_id: UUID | None = None


class NoSuchType(ValueError):
    """A pattern names no type there is; the message says how it may look."""


def checked_patterns(patterns: Iterable[str]) -> list[str]:
    """Patterns as they are kept: `*`, `cart.*` or `cart.abandoned`. Raises NoSuchType."""
    kept = list(dict.fromkeys(one.strip().lower() for one in patterns))
    if not kept or "*" in kept:
        return ["*"]
    for one in kept:
        if not any(fits(one, each) for each in HappeningType):
            families = sorted({each.partition(".")[0] for each in HappeningType})
            raise NoSuchType(
                f"nothing that happens is called {one!r}; say *, a family as in cart.*, or a type as in "
                f"cart.abandoned; the families are {', '.join(families)}"
            )
    return kept


def fits(pattern: str, happened: HappeningType) -> bool:
    """Whether somebody who asked for `pattern` wants this. A test is sent to whom it tests, and unasked."""
    if happened is HappeningType.WEBHOOK_TEST:
        return False
    if pattern == "*":
        return True
    family, _, rest = pattern.partition(".")
    return pattern == happened.value or (rest == "*" and happened.value.startswith(f"{family}."))
