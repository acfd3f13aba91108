"""What feedback comes to: where a message stands, and when an address rests. Pure.

Both are functions of all that was heard, so order and repetition change nothing. The rules are told
in docs/explanation/feedback.md.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from ripresa.contracts.feedback import FeedbackKind

# How long an address rests after so many soft bounces in a row, each of another message.
RESTS = (timedelta(days=1), timedelta(days=4))
# It is given up once there were more, over so long a time at least: a mailbox that was full for a weekend
# is read again on Monday.
GIVEN_UP_AFTER = timedelta(days=7)

_ON_ITS_WAY = (FeedbackKind.DELAYED, FeedbackKind.ACCEPTED)


class Heard(NamedTuple):
    """One thing heard of a message, as far as it matters here."""

    kind: FeedbackKind
    occurred_at: datetime
    is_permanent: bool = False
    reason: str | None = None


class Delivery(NamedTuple):
    """Where a message stands. `delivered_at`: when it was first said to have arrived, came it back or not."""

    state: FeedbackKind | None = None
    delivered_at: datetime | None = None
    bounce_reason: str | None = None


class Rest(NamedTuple):
    """An address is not used until then; None: never again."""

    until: datetime | None


def delivery_of(heard: Iterable[Heard]) -> Delivery:
    """Where a message stands after all that was heard of it.

    Further along beats less far, so nothing told late leads back. A permanent bounce beats all, a
    passing one what was delivered before it.
    """
    told = sorted(heard, key=lambda one: (one.occurred_at, one.is_permanent, one.reason or ""))
    bounces = [one for one in told if one.kind is FeedbackKind.BOUNCED]
    deliveries = [one for one in told if one.kind is FeedbackKind.DELIVERED]
    delivered_at = deliveries[0].occurred_at if deliveries else None
    permanent = [one for one in bounces if one.is_permanent]
    kinds = {one.kind for one in told}
    if permanent:
        return Delivery(FeedbackKind.BOUNCED, delivered_at, permanent[0].reason)
    if FeedbackKind.CANCELLED in kinds:
        return Delivery(FeedbackKind.CANCELLED, delivered_at)
    if bounces and not (deliveries and deliveries[-1].occurred_at > bounces[-1].occurred_at):
        return Delivery(FeedbackKind.BOUNCED, delivered_at, bounces[-1].reason)
    if deliveries:
        return Delivery(FeedbackKind.DELIVERED, delivered_at)
    return Delivery(next((kind for kind in _ON_ITS_WAY if kind in kinds), None))


def rest_of(soft_bounces: Sequence[datetime], delivered_at: datetime | None) -> Rest | None:
    """How long an address rests; None: not at all.

    `soft_bounces`: the latest of each message to it; `delivered_at`: when something last arrived there.
    """
    row = sorted(at for at in soft_bounces if delivered_at is None or at > delivered_at)
    if not row:
        return None
    if len(row) > len(RESTS) and row[-1] - row[0] >= GIVEN_UP_AFTER:
        return Rest(None)
    return Rest(row[-1] + RESTS[min(len(row), len(RESTS)) - 1])
