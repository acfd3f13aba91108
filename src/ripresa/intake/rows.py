"""From the events of a request to rows of the inbox."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import msgspec
from msgspec.structs import replace

from ripresa.contracts.decoding import Outcome
from ripresa.contracts.events import StoreEvent, encode_event
from ripresa.contracts.keys import pending_keys
from ripresa.contracts.rejections import Invalid, Rejection, RejectionCode
from ripresa.core.ids import new_id
from ripresa.intake.access import Access
from ripresa.intake.answers import Refused
from ripresa.intake.storefront.caps import StorefrontCaps
from ripresa.intake.storefront.rules import check_storefront, without_skew


class InboxRow(NamedTuple):
    """One event as table `inbox` takes it, and the keys it leaves in `pending_order_key`."""

    shop_id: int
    id: UUID
    source: str
    external_id: str
    type: str
    trusted: bool
    occurred_at: datetime
    received_at: datetime
    payload: str
    order_keys: list[str]


class Batch(msgspec.Struct, frozen=True):
    """What a request brought: rows to store, their places in it, and what was rejected."""

    rows: list[InboxRow] = []
    indexes: list[int] = []
    rejected: list[Rejection] = []


@dataclass(frozen=True, slots=True)
class Visit:
    """What a request of the storefront script says beside its events, and how we heard it.

    `at` is monotonic seconds; `speed`: how much faster than the browser's our clock runs.
    """

    sent_at: datetime | None
    ip: str
    user_agent: str | None
    at: float
    speed: float


def from_shop(outcomes: Sequence[Outcome], access: Access, received_at: datetime) -> Batch:
    """Rows of what a shop's own system said."""
    batch = Batch()
    for index, outcome in enumerate(outcomes):
        if isinstance(outcome, Rejection):
            batch.rejected.append(outcome)
            continue
        # When it reached us is ours to say; files alone may.
        event = replace(outcome, received_at=None) if outcome.received_at is not None else outcome
        batch.rows.append(_row(event, access, received_at))
        batch.indexes.append(index)
    return batch


def from_storefront(
    outcomes: Sequence[Outcome],
    access: Access,
    received_at: datetime,
    *,
    visit: Visit,
    caps: StorefrontCaps,
) -> Batch:
    """Rows of what a public key said. Raises Refused (403) if such keys may say none of it."""
    batch = Batch()
    for index, outcome in enumerate(outcomes):
        if isinstance(outcome, Rejection):
            batch.rejected.append(outcome)
            continue
        try:
            check_storefront(outcome, access.hosts)
            caps.check(outcome, access.shop_id, visit.ip, visit.at)
            event = without_skew(
                replace(outcome, received_at=None),
                sent_at=visit.sent_at,
                received_at=received_at,
                speed=visit.speed,
                user_agent=visit.user_agent,
            )
        except Invalid as wrong:
            batch.rejected.append(wrong.rejection(index))
            continue
        batch.rows.append(_row(event, access, received_at))
        batch.indexes.append(index)
    forbidden = RejectionCode.FORBIDDEN_TYPE
    if all(outcome.code == forbidden for outcome in batch.rejected) and not batch.rows:
        raise Refused(403, forbidden, "a public key may write cart, checkout and contact events")
    return batch


def _row(event: StoreEvent, access: Access, received_at: datetime) -> InboxRow:
    return InboxRow(
        access.shop_id,
        new_id(received_at),
        access.source,
        event.id,
        event.type.value,
        not access.is_public,
        event.occurred_at,
        received_at,
        encode_event(event).decode(),
        pending_keys(event),
    )
