"""Take events out of the inbox, and mark them folded."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

from ripresa.core import query
from ripresa.contracts.events import StoreEvent, decode_stored

run = partial(query.run, "ripresa.domain.inbox")

# What a public key wrote carries this mark; both write to the same carts.
STOREFRONT = "/storefront"


@dataclass(frozen=True, slots=True)
class Arrival:
    """An event waiting to be folded. `source` is the connection, whichever key wrote it."""

    id: UUID
    source: str
    trusted: bool
    received_at: datetime
    event: StoreEvent


def take_turn(*, shop_id: int) -> bool:
    """Whether this transaction may fold the shop; it keeps the turn to its end."""
    return bool(run("take_turn", shop_id=shop_id)[0][0])


def claim(*, shop_id: int, limit: int) -> list[Arrival]:
    """The oldest events not folded yet."""
    return [
        Arrival(row_id, source.removesuffix(STOREFRONT), trusted, received_at, decode_stored(payload))
        for row_id, source, _, trusted, received_at, payload in run(
            "claim", shop_id=shop_id, limit=limit
        )
    ]


def settle(*, shop_id: int, ids: Sequence[UUID], outcomes: Sequence[str], now: datetime) -> None:
    """Mark events as folded, each with what became of it."""
    run("settle", shop_id=shop_id, ids=list(ids), outcomes=list(outcomes), now=now)


def shops_with_unfolded() -> list[int]:
    """Shops whose inbox holds something."""
    return [shop_id for (shop_id,) in run("shops_with_unfolded")]
