"""Name what brought recovered carts back: the first that holds of agent, coupon, link, own (CAP-5)."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from ripresa.core import query


def name_causes(*, shop_id: int, cart_ids: Sequence[UUID]) -> None:
    """Write the cause of these carts down, with its message where there is one.

    An agent who spoke with her since the cart was first left takes it all: no message is credited (AGT-4).
    """
    if not cart_ids:
        return
    carts = list(cart_ids)
    called = {cart for (cart,) in _asked("deals", "called_before_order", shop_id, carts)}
    coupons = dict(_asked("messages", "coupons_used", shop_id, carts))
    links = dict(_asked("messages", "restore_links_used", shop_id, carts))
    causes: list[str] = []
    messages: list[UUID | None] = []
    for cart in carts:
        if cart in called:
            cause, message = "agent", None
        elif cart in coupons:
            cause, message = "coupon", coupons[cart]
        elif cart in links:
            cause, message = "link", links[cart]
        else:
            cause, message = "own", None
        causes.append(cause)
        messages.append(message)
    query.run(
        "ripresa.domain.carts",
        "set_causes",
        shop_id=shop_id,
        cart_ids=carts,
        causes=causes,
        message_ids=messages,
    )


def _asked(part: str, name: str, shop_id: int, cart_ids: list[UUID]) -> list[tuple[Any, ...]]:
    return query.run(f"ripresa.domain.{part}", name, shop_id=shop_id, cart_ids=cart_ids)
