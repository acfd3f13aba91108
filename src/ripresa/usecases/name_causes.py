"""Name what brought recovered carts back: the first that holds of agent, coupon, link, own (CAP-5)."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from ripresa.core import query
from ripresa.domain.attribution import stale
from ripresa.domain.contacts import locking


def name_causes(*, shop_id: int, cart_ids: Sequence[UUID]) -> None:
    """Write the cause of these carts down, with its message where there is one.

    An agent who spoke with her since the cart was first left takes it all: no message is credited (AGT-4).
    """
    if not cart_ids:
        return
    carts = list(cart_ids)
    called = {cart for (cart,) in _asked("deals", "called_before_order", shop_id, carts)}
    coupons = dict(_asked("messages", "coupons_used", shop_id, carts))
    links = dict(_asked("messages", "links_followed", shop_id, carts))
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


@transaction.atomic
def name_causes_after_clicks(*, shop_id: int, message_ids: Collection[UUID], now: datetime) -> None:
    """Name the causes anew of carts that came back after a click on one of these messages.

    Who clicked, a person or a machine, may be known only after the order. Call it in no transaction that has
    locked anything yet: it locks the people first, as the fold does.
    """
    found = query.run(
        "ripresa.domain.messages",
        "bought_after_a_click",
        shop_id=shop_id,
        message_ids=sorted(message_ids),
    )
    if found:
        locking.lock(shop_id=shop_id, contact_ids=[contact for _, contact in found if contact])
        name_causes(shop_id=shop_id, cart_ids=sorted(cart_id for cart_id, _ in found))
        # What the click itself asked for may have been counted before the cause was known.
        stale.mark(shop_id=shop_id, now=now, contact_ids=[contact for _, contact in found])


def _asked(part: str, name: str, shop_id: int, cart_ids: list[UUID]) -> list[tuple[Any, ...]]:
    return query.run(f"ripresa.domain.{part}", name, shop_id=shop_id, cart_ids=cart_ids)
