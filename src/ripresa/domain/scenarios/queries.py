"""The trail of a cart: every decision on its recoveries, in order, with its reason (SCN-15)."""

from datetime import datetime
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from ripresa.core import query

run = partial(query.run, "ripresa.domain.scenarios")


class TrailLine(NamedTuple):
    """One decision. `recovery` counts the cart's recoveries from 1; `facts`: what it rests on."""

    at: datetime
    recovery: int
    recovery_id: UUID
    scenario: str
    branch: str | None
    step: str | None
    channel: str | None
    outcome: str
    reason: str
    to_address: str | None
    subject: str | None
    facts: dict[str, Any]


def trail_of_cart(shop_id: int, cart_id: UUID) -> list[TrailLine]:
    """All decisions on a cart, oldest first."""
    return [
        TrailLine._make((*row[:-1], msgspec.json.decode(row[-1])))
        for row in run("trail_of_cart", shop_id=shop_id, cart_id=cart_id)
    ]
