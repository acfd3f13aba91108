"""Give a phone number back: a number that moved to another address returns to who had it (CUS-5).

Whoever claimed a number latest owns it; so what undoes a move is one more claim, made by hand. It is an event
like any other, folded here and now if no other worker is at it.
"""

from datetime import datetime, timedelta

from django.db import transaction

from ripresa.contracts.events import ContactBlock, EventType, StoreEvent
from ripresa.core.ids import new_id
from ripresa.domain.contacts import queries as contacts
from ripresa.domain.inbox import operations as inbox
from ripresa.domain.inbox.operations import BY_HAND, Delivery
from ripresa.usecases.fold_events import fold_shop

_LATER = timedelta(milliseconds=1)


class NeverHers(Exception):
    """The key never claimed that number; nothing was changed."""


def give_back_phone(*, shop_id: int, phone: str, key: str, now: datetime) -> bool:
    """Let `key` (`email:…`, `customer:…`) own `phone` (E.164) again.

    Returns whether it does by now; if not, the next fold sees to it. Raises NeverHers.
    """
    claims = contacts.claims_on_phone(shop_id, phone)
    if key not in {claim.key for claim in claims}:
        raise NeverHers(f"{key} never had the number {phone}")
    if claims[-1].key == key:
        return True
    # A shop's clock may run ahead of ours; a claim of its future must not undo the undoing.
    at = max(now, claims[-1].latest_at + _LATER)
    event = StoreEvent(
        id=f"{contacts.HAND}{new_id(now)}",
        type=EventType.CONTACT_IDENTIFIED,
        occurred_at=at,
        contact=_named(key, phone),
    )
    with transaction.atomic():
        inbox.store(shop_id=shop_id, deliveries=[Delivery(event, now, source=BY_HAND)])
    fold_shop(shop_id=shop_id, now=now)
    return contacts.claims_on_phone(shop_id, phone)[-1].key == key


def _named(key: str, phone: str) -> ContactBlock:
    kind, _, value = key.partition(":")
    if kind == "email":
        return ContactBlock(email=value, phone=phone)
    return ContactBlock(customer_id=value, phone=phone)
