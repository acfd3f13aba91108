"""Tell the outside what became of carts and orders, in the transaction that writes it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from uuid import UUID

from ripresa.contracts.happenings.types import Happening, HappeningType
from ripresa.core import query
from ripresa.domain.webhooks.telling import tell

_run = partial(query.run, "ripresa.domain.webhooks.tellers")

# What it means that a cart has come to a state; open: somebody went on with it.
TYPES: Mapping[str, HappeningType] = {
    "open": HappeningType.CART_REOPENED,
    "abandoned": HappeningType.CART_ABANDONED,
    "recovered": HappeningType.CART_RECOVERED,
    "ordered": HappeningType.CART_ORDERED,
    "closed": HappeningType.CART_CLOSED,
    "emptied": HappeningType.CART_EMPTIED,
    "expired": HappeningType.CART_EXPIRED,
}
_OF_ORDERS = (
    HappeningType.ORDER_PLACED,
    HappeningType.ORDER_CANCELLED,
    HappeningType.ORDER_REFUNDED,
)


def tell_carts(*, shop_id: int, ids: Sequence[UUID], now: datetime) -> None:
    """These carts have come to another state. Robots and tests are not told of."""
    if ids:
        tell(
            shop_id=shop_id,
            types=list(TYPES.values()),
            happened=lambda: _carts(shop_id, ids, now),
            now=now,
        )


def tell_orders(
    *, shop_id: int, happened: Sequence[tuple[UUID, HappeningType]], now: datetime
) -> None:
    """Tell what became of orders, in this order."""
    if happened:
        tell(
            shop_id=shop_id,
            types=_OF_ORDERS,
            happened=lambda: _orders(shop_id, happened, now),
            now=now,
        )


def _carts(shop_id: int, ids: Sequence[UUID], now: datetime) -> Iterable[Happening]:
    for cart, contact, state, kind, currency, total, count, *instants_and_order in _run(
        "told_carts", shop_id=shop_id, ids=list(ids)
    ):
        left_at, abandoned_at, ended_at, order = instants_and_order
        instants = {"abandoned": abandoned_at, "open": left_at}
        yield Happening(
            TYPES[state],
            cart,
            instants.get(state, ended_at) or now,
            {
                "state": state,
                "kind": kind,
                "total": {"minor": total, "currency": currency},
                "item_count": count,
                "left_at": left_at,
                "abandoned_at": abandoned_at,
            },
            {} if order is None else {"order": order},
            cart,
            contact,
        )


def _orders(
    shop_id: int, happened: Sequence[tuple[UUID, HappeningType]], now: datetime
) -> Iterable[Happening]:
    ids = sorted({order for order, _ in happened})
    found = {row[0]: row[1:] for row in _run("told_orders", shop_id=shop_id, ids=ids)}
    for order, what in happened:
        contact, currency, total, refunded, placed_at, cancelled_at, origin, is_test = found[order]
        instants = {
            HappeningType.ORDER_PLACED: placed_at,
            HappeningType.ORDER_CANCELLED: cancelled_at,
        }
        yield Happening(
            what,
            contact or order,
            instants.get(what) or now,
            {
                "total": currency and {"minor": total, "currency": currency},
                "refunded": currency and {"minor": refunded, "currency": currency},
                "placed_at": placed_at,
                "cancelled_at": cancelled_at,
                "origin": origin,
                "is_test": is_test,
            },
            {"order": order},
            None,
            contact,
        )
