"""A cart that our link put back under another token stays one cart (CUS-1).

The link leads into the shop with a reference to the cart behind the `#` of the address: there no server sees
it, no signed address breaks, and a browser keeps it through whatever the shop redirects it to. What the page
tells next of a cart names it again. Nobody can make a reference up (`core/signed_ids`), so nobody takes over
the cart of somebody else; a shop's own systems may name the cart by its token as well.
"""

from collections.abc import Sequence
from dataclasses import replace

import msgspec

from ripresa.contracts.events import CartBlock, EventType
from ripresa.core.signed_ids import SignedIds, claimed_row
from ripresa.domain.carts import queries as carts
from ripresa.domain.carts.models import Cart
from ripresa.domain.inbox.operations import Arrival
from ripresa.domain.messages.links import own_letterhead

_PURPOSE = "restored cart"


def with_reference(url: str, cart: Cart) -> str:
    """The address at which a shop puts `cart` back; one with a part behind `#` of its own stays as it is."""
    if "#" in url:
        return url
    return f"{url}#ripresa_cart={_signed_ids().sign(cart.shop_id, cart.id)}"


def named_by_token(shop_id: int, arrivals: Sequence[Arrival]) -> list[Arrival]:
    """The events as they came; `restored_from` is the token of another cart of their source, or None.

    It counts with `cart.updated` that holds something: all else could only empty the cart that it was.
    """
    signed = {
        cart.restored_from: named.row_id
        for cart in (arrival.event.cart for arrival in arrivals)
        if cart is not None
        and cart.restored_from is not None
        and (named := _signed_ids().read(cart.restored_from)) is not None
        and named.shop_id == shop_id
    }
    rows = carts.carts_by_id(shop_id, list(signed.values())) if signed else {}
    found = {text: rows[row_id] for text, row_id in signed.items() if row_id in rows}
    return [
        arrival
        if (cart := arrival.event.cart) is None or cart.restored_from is None
        else _told(arrival, cart, found.get(cart.restored_from))
        for arrival in arrivals
    ]


def _told(arrival: Arrival, cart: CartBlock, named: Cart | None) -> Arrival:
    origin = None
    if arrival.event.type is EventType.CART_UPDATED and cart.items:
        if named is not None:
            origin = named.token if named.source == arrival.source else None
        elif arrival.trusted and claimed_row(cart.restored_from or "") is None:
            origin = cart.restored_from
    cart = msgspec.structs.replace(cart, restored_from=None if origin == cart.token else origin)
    return replace(arrival, event=msgspec.structs.replace(arrival.event, cart=cart))


def _signed_ids() -> SignedIds:
    return SignedIds(own_letterhead().secret_key, _PURPOSE)
