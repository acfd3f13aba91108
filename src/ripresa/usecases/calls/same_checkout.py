"""One checkout, one cart: a shop that is asked names a checkout otherwise than in its calls.

A call of Shopify's tells the token of the cart, its Admin API tells the checkout's id alone. Two carts of one
checkout would be two reminders to one person, so what is known under a token stays under it: of a cart, or
of an event that waits to be folded.
"""

from collections.abc import Sequence

import msgspec

from ripresa.contracts.events import StoreEvent
from ripresa.domain.carts import queries as carts
from ripresa.domain.inbox import operations as inbox


def under_known_tokens(shop_id: int, source: str, events: Sequence[StoreEvent]) -> list[StoreEvent]:
    """The events; those of a checkout that is known under other tokens tell of the first of these.

    In the transaction that stores them.
    """
    named = {each.cart.checkout_id for each in events if each.cart and each.cart.checkout_id}
    known = carts.tokens_of_checkouts(shop_id, source, named) if named else {}
    if unknown := named - known.keys():
        for one in inbox.unfolded_of_checkouts(shop_id, source, unknown):
            if one.cart is not None and one.cart.checkout_id in unknown:
                known.setdefault(one.cart.checkout_id, [str(one.cart.token)])
    return [_renamed(event, known) for event in events] if known else list(events)


def _renamed(event: StoreEvent, known: dict[str, list[str]]) -> StoreEvent:
    cart = event.cart
    tokens = known.get(cart.checkout_id or "", []) if cart else []
    if cart is None or not tokens or cart.token in tokens:
        return event
    return msgspec.structs.replace(event, cart=msgspec.structs.replace(cart, token=tokens[0]))
