"""Name what brought recovered carts back: the first that holds of agent, coupon, link, own (CAP-5)."""

from collections.abc import Sequence
from uuid import UUID

from ripresa.core import query


def name_causes(*, shop_id: int, cart_ids: Sequence[UUID]) -> None:
    """Write the cause of these carts down, with its message where there is one.

    An agent who spoke with her since the cart was first left takes it all: no message is credited (AGT-4).
    """
    if not cart_ids:
        return
    carts = list(cart_ids)
    called = {
        cart
        for (cart,) in query.run(
            "ripresa.domain.deals", "called_before_order", shop_id=shop_id, cart_ids=carts
        )
    }
    links = dict(
        query.run("ripresa.domain.messages", "restore_links_used", shop_id=shop_id, cart_ids=carts)
    )
    found: list[tuple[str, UUID | None]] = [
        ("agent", None)
        if cart in called
        else ("link", links[cart])
        if cart in links
        else ("own", None)
        for cart in carts
    ]
    query.run(
        "ripresa.domain.carts",
        "set_causes",
        shop_id=shop_id,
        cart_ids=carts,
        causes=[cause for cause, _ in found],
        message_ids=[message_id for _, message_id in found],
    )
