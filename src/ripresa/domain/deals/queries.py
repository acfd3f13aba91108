"""Reading deals: where they stand, what people did with them, and the pipeline they stand in."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import NamedTuple
from uuid import UUID

from ripresa.core import query

run = partial(query.run, "ripresa.domain.deals")


class DealHold(NamedTuple):
    """What people did with the latest deal of a cart: what may hold or end its automatic mail.

    `snoozed_until` only while it lasts; `contacted_at` and `replied_at` are the latest of each, and may
    be older than the abandonment one asks about.
    """

    taken_over_by: str | None
    snoozed_until: datetime | None
    contacted_at: datetime | None
    replied_at: datetime | None


def stages_of(*, shop_id: int, cart_ids: Sequence[UUID]) -> dict[UUID, str]:
    """The key of the stage in which the open deal of each cart stands; carts without one are absent."""
    return dict(run("stages_of", shop_id=shop_id, cart_ids=list(cart_ids))) if cart_ids else {}


def holds_of(*, shop_id: int, cart_ids: Sequence[UUID], now: datetime) -> dict[UUID, DealHold]:
    """What people did with the deals of these carts; carts that never had one are absent."""
    if not cart_ids:
        return {}
    rows = run("holds_of", shop_id=shop_id, cart_ids=list(cart_ids), now=now)
    return {cart_id: DealHold(*hold) for cart_id, *hold in rows}
