"""The keys by which people and carts are recognised: `email:ada@example.test`, `token:cart_5`.

Two things share a key if, and only if, the texts are equal; so values are put into one agreed form
before (see `decoding`).
"""

from ripresa.contracts.events import EventType, StoreEvent
from ripresa.core.signed_ids import claimed_row


def person_keys(event: StoreEvent) -> list[str]:
    """Every key of a person that it carries: email, customer, phone, visitor, in this order."""
    keys = []
    if (contact := event.contact) is not None:
        if contact.email:
            keys.append(f"email:{contact.email}")
        if contact.customer_id:
            keys.append(f"customer:{contact.customer_id}")
        if contact.phone:
            keys.append(f"phone:{contact.phone}")
    if event.visitor_id:
        keys.append(f"visitor:{event.visitor_id}")
    return keys


def cart_keys(event: StoreEvent) -> list[str]:
    """Every key of a cart that the event carries, in its cart or its order: token, checkout."""
    keys = []
    if (cart := event.cart) is not None:
        if cart.token:
            keys.append(f"token:{cart.token}")
        if cart.checkout_id:
            keys.append(f"checkout:{cart.checkout_id}")
    if (order := event.order) is not None:
        if order.cart_token:
            keys.append(f"token:{order.cart_token}")
        if order.checkout_id:
            keys.append(f"checkout:{order.checkout_id}")
    return keys


def order_keys(event: StoreEvent) -> list[str]:
    """Every key by which an order may stop a message (CAP-6): sorted, each once."""
    return sorted({*person_keys(event), *cart_keys(event)})


def pending_keys(event: StoreEvent) -> list[str]:
    """The keys by which an event holds messages back until it is folded: hand-over looks for them.

    An order's; and of a cart that goes on under another token those of the cart it was, for until then
    nobody knows that an order under that token is hers.
    """
    if event.type is EventType.ORDER_PLACED:
        return order_keys(event)
    if event.cart is None or event.cart.restored_from is None:
        return []
    origin = event.cart.restored_from
    row = claimed_row(origin)
    return [f"token:{origin}"] if row is None else [f"token:{origin}", f"cart:{row}"]
