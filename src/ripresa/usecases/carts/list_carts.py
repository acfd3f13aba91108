"""List carts as people look at them: each with its buyer and how much was sent for it (RPT-1)."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from ripresa.domain.carts.models import Cart
from ripresa.domain.contacts import queries as contacts
from ripresa.domain.contacts.models import Contact
from ripresa.domain.messages import queries as outbox

NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Row:
    """One cart of a list."""

    cart: Cart
    buyer: Contact | None
    sent: int


def rows_of(shop_id: int, carts: Sequence[Cart]) -> list[Row]:
    """Two look-ups for the whole list, however long."""
    buyers = contacts.contacts_by_id(
        shop_id, [cart.contact_id for cart in carts if cart.contact_id]
    )
    sent = outbox.sent_by_cart(shop_id, [cart.id for cart in carts])
    return [
        Row(cart, buyers.get(cart.contact_id or NOBODY), sent.get(cart.id, 0)) for cart in carts
    ]
