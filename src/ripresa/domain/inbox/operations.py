"""Take events out of the inbox, and mark them folded."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

import msgspec

from ripresa.contracts.events import StoreEvent, decode_stored, encode_event
from ripresa.contracts.keys import pending_keys
from ripresa.core import query
from ripresa.core.ids import new_id

run = partial(query.run, "ripresa.domain.inbox")

# What a public key wrote carries this mark; both write to the same carts.
STOREFRONT = "/storefront"
# How the ids of events begin that were read from a file of rows.
FROM_FILE = "file:"
# The source of events that somebody made in Ripresa itself.
BY_HAND = "by hand"


@dataclass(frozen=True, slots=True)
class Arrival:
    """An event waiting to be folded. `source` is the connection, whichever key wrote it."""

    id: UUID
    source: str
    trusted: bool
    received_at: datetime
    event: StoreEvent


# Of events that the shop itself tells, by whatever way.
SOURCE = "shop"


@dataclass(frozen=True, slots=True)
class Delivery:
    """An event on its way into the inbox, not by HTTP: from a file, a back-fill, a simulation."""

    event: StoreEvent
    received_at: datetime
    source: str = SOURCE
    trusted: bool = True


def store(*, shop_id: int, deliveries: Sequence[Delivery]) -> int:
    """Store events; returns how many were new. Of one id twice in `deliveries` the first counts."""
    return len(store_new(shop_id=shop_id, deliveries=deliveries))


def store_new(*, shop_id: int, deliveries: Sequence[Delivery]) -> list[StoreEvent]:
    """The same; returns those that were new."""
    first: dict[tuple[str, str], Delivery] = {}
    for delivery in deliveries:
        first.setdefault((delivery.source, delivery.event.id), delivery)
    some = list(first.values())
    ids = [new_id(delivery.received_at) for delivery in some]
    stored = run(
        "store",
        shop_id=shop_id,
        ids=ids,
        sources=[delivery.source for delivery in some],
        external_ids=[delivery.event.id for delivery in some],
        types=[delivery.event.type.value for delivery in some],
        trusted=[delivery.trusted for delivery in some],
        occurred=[delivery.event.occurred_at for delivery in some],
        received=[delivery.received_at for delivery in some],
        payloads=[encode_event(delivery.event).decode() for delivery in some],
    )
    new = {row_id for (row_id,) in stored}
    keys = [
        (key, row_id)
        for row_id, delivery in zip(ids, some, strict=True)
        if row_id in new
        for key in pending_keys(delivery.event)
    ]
    if keys:
        names, rows = zip(*keys, strict=True)
        run("add_order_keys", shop_id=shop_id, keys=list(names), ids=list(rows))
    return [one.event for row_id, one in zip(ids, some, strict=True) if row_id in new]


def unfolded_of_checkouts(
    shop_id: int, source: str, checkout_ids: Collection[str]
) -> list[StoreEvent]:
    """Events of these checkouts that are not folded yet, as they came. Nobody else looks meanwhile.

    To the end of the transaction: who stores events of a checkout that is unknown does so alone.
    """
    run("wait_for_checkouts", shop_id=shop_id)
    rows = run(
        "unfolded_naming",
        shop_id=shop_id,
        source=source,
        patterns=[_naming(one) for one in sorted(checkout_ids)],
    )
    return [decode_stored(payload) for (payload,) in rows]


def _naming(checkout_id: str) -> str:
    """A LIKE pattern of payloads with this checkout in them."""
    said = msgspec.json.encode({"checkout_id": checkout_id}).decode().strip("{}")
    for special in ("\\", "%", "_"):
        said = said.replace(special, f"\\{special}")
    return f"%{said}%"


def take_turn(*, shop_id: int) -> bool:
    """Whether this transaction may fold the shop; it keeps the turn to its end."""
    return bool(run("take_turn", shop_id=shop_id)[0][0])


def wait_for_turn(*, shop_id: int) -> None:
    """Keep the shop from being folded until this transaction ends; waits for a fold under way."""
    run("wait_for_turn", shop_id=shop_id)


def claim(*, shop_id: int, limit: int) -> list[Arrival]:
    """The oldest events not folded yet."""
    return [
        Arrival(
            row_id, source.removesuffix(STOREFRONT), trusted, received_at, decode_stored(payload)
        )
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


def is_behind(*, shop_id: int, most: int) -> bool:
    """Whether `most` events of a shop or more wait to be folded."""
    return bool(run("backlog", shop_id=shop_id, most=most)[0][0] >= most)
