"""Orders and refunds: what a batch says of them is joined with what is known, whichever came first."""

from datetime import datetime
from functools import partial
from uuid import UUID

from ripresa.contracts.happenings.types import HappeningType
from ripresa.core import query
from ripresa.core.ids import new_id
from ripresa.domain.carts.batch import CartBatch, OrderClaim
from ripresa.domain.webhooks.tellers.carts import tell_orders

run = partial(query.run, "ripresa.domain.carts")

_COLUMNS = (
    "number", "person_key", "currency", "total_minor", "discount_minor", "tax_minor", "shipping_minor",
    "origin", "is_test", "placed_at", "content_at", "content_event", "cancelled_at",
)  # fmt: skip


def store(
    *, shop_id: int, batch: CartBatch, contact_of: dict[str, UUID], now: datetime
) -> frozenset[str]:
    """Write the batch's orders and refunds; returns every key by which they may find carts."""
    if not batch.orders:
        return frozenset()
    at = sorted(batch.orders)
    known = _known(shop_id, at)
    joined = {
        key: claim if key not in known else known[key][1].joined(claim)
        for key, claim in batch.orders.items()
    }
    batch.moved_orders += _moved_from(known, joined)
    ids = {key: known[key][0] if key in known else new_id(now) for key in at}
    people = {key: _person(shop_id, joined[key], contact_of, known.get(key)) for key in at}
    values = {name: [getattr(joined[key], name) for key in at] for name in _COLUMNS}
    run(
        "put_orders",
        shop_id=shop_id,
        id=[ids[key] for key in at],
        source=[source for source, _ in at],
        external_id=[external_id for _, external_id in at],
        contact_id=[people[key] for key in at],
        discount_codes=["\n".join(joined[key].discount_codes) for key in at],
        **values,
    )
    # An order is found by its own id as well: a cancellation that names nothing else still reaches its carts.
    keys = [(f"order:{'/'.join(key)}", ids[key]) for key in at]
    keys += [(name, ids[key]) for key in at for name in sorted(joined[key].keys)]
    run(
        "add_order_keys",
        shop_id=shop_id,
        keys=[name for name, _ in keys],
        order_ids=[order for _, order in keys],
    )
    refunded = _store_refunds(shop_id, batch, now)
    run(
        "sum_refunds",
        shop_id=shop_id,
        sources=[source for source, _ in at],
        external_ids=[external_id for _, external_id in at],
    )
    news = [
        (ids[key], happened)
        for key in at
        for happened in _news(known[key][1] if key in known else None, joined[key])
    ]
    news += [(ids[key], HappeningType.ORDER_REFUNDED) for key in at if key in refunded]
    tell_orders(shop_id=shop_id, happened=news, now=now)
    return frozenset(name for name, _ in keys)


def _moved_from(
    known: dict[tuple[str, str], tuple[UUID, OrderClaim, UUID | None]],
    joined: dict[tuple[str, str], OrderClaim],
) -> list[datetime]:
    """When orders were thought to be placed that turned out to be placed at another instant."""
    before = {key: claim.placed_at for key, (_, claim, _) in known.items()}
    return [at for key, at in before.items() if at is not None and at != joined[key].placed_at]


def _news(before: OrderClaim | None, after: OrderClaim) -> list[HappeningType]:
    """What the outside has not heard of an order yet."""
    found = []
    if after.placed_at is not None and (before is None or before.placed_at is None):
        found.append(HappeningType.ORDER_PLACED)
    if after.cancelled_at is not None and (before is None or before.cancelled_at is None):
        found.append(HappeningType.ORDER_CANCELLED)
    return found


def _known(
    shop_id: int, at: list[tuple[str, str]]
) -> dict[tuple[str, str], tuple[UUID, OrderClaim, UUID | None]]:
    rows = run(
        "known_orders",
        shop_id=shop_id,
        sources=[source for source, _ in at],
        external_ids=[external_id for _, external_id in at],
    )
    known = {}
    for row in rows:
        (order_id, source, external_id, number, person_key, contact, currency, total, discount, tax,
         shipping, codes, origin, is_test, placed_at, content_at, content_event, cancelled_at,
        ) = row  # fmt: skip
        claim = OrderClaim(
            source, external_id, frozenset(), person_key, number, currency, total, discount, tax,
            shipping, tuple(codes), origin, is_test, placed_at, content_at, content_event,
            cancelled_at,
        )  # fmt: skip
        known[(source, external_id)] = (order_id, claim, contact)
    return known


def _person(
    shop_id: int,
    claim: OrderClaim,
    contact_of: dict[str, UUID],
    known: tuple[UUID, OrderClaim, UUID | None] | None,
) -> UUID | None:
    if claim.person_key is None:
        return known[2] if known else None
    if claim.person_key not in contact_of:
        contact_of.update(
            (key, contact)
            for key, contact in run("contacts_of_keys", shop_id=shop_id, keys=[claim.person_key])
        )
    return contact_of.get(claim.person_key)


def _store_refunds(shop_id: int, batch: CartBatch, now: datetime) -> set[tuple[str, str]]:
    """Returns the orders of which one is new."""
    refunds = list(batch.refunds.values())
    if not refunds:
        return set()
    rows = run(
        "add_refunds",
        shop_id=shop_id,
        ids=[new_id(now) for _ in refunds],
        sources=[refund.source for refund in refunds],
        external_ids=[refund.external_id for refund in refunds],
        orders=[refund.order_external_id for refund in refunds],
        amounts=[refund.amount_minor for refund in refunds],
        currencies=[refund.currency for refund in refunds],
        instants=[refund.occurred_at for refund in refunds],
    )
    return {(source, external_id) for source, external_id in rows}
