"""Store events without what they say of people who were erased. Pure, but for the question who that is."""

from collections.abc import Sequence
from dataclasses import replace as replace_row

from msgspec.structs import replace

from ripresa.contracts.events import EventType, SplitBlock, StoreEvent
from ripresa.domain.contacts.claims import strong_keys
from ripresa.domain.contacts.erasure import tombstones
from ripresa.domain.inbox.operations import Arrival

# Without a person these say nothing.
_OF_PEOPLE = {EventType.CONTACT_IDENTIFIED, EventType.CONSENT_CHANGED}


def screen(shop_id: int, arrivals: Sequence[Arrival]) -> list[Arrival | None]:
    """Each arrival as it may be folded, in order; None: nothing of it is left.

    What is not about erased people comes back as it was, the same object.
    """
    if not tombstones.has_any(shop_id):
        return list(arrivals)
    keys = {key for arrival in arrivals for key in _keys(arrival.event)}
    erased = tombstones.erased_among(shop_id, keys)
    if not erased:
        return list(arrivals)
    return [_screened(arrival, erased) for arrival in arrivals]


def _keys(event: StoreEvent) -> list[str]:
    keys = list(event.split.keys) if event.split is not None else []
    keys += event.merge.keys if event.merge is not None else ()
    if event.contact is not None:
        keys += strong_keys(event.contact)
        if event.contact.phone:
            keys.append(f"phone:{event.contact.phone}")
    return keys


def _screened(arrival: Arrival, erased: frozenset[str]) -> Arrival | None:
    event = forget(arrival.event, erased)
    if event is arrival.event:
        return arrival
    return None if event is None else replace_row(arrival, event=event)


def forget(event: StoreEvent, erased: frozenset[str]) -> StoreEvent | None:
    """`event` without erased people; the same object if none is in it, None if nothing is left."""
    if event.split is not None:
        left = tuple(key for key in event.split.keys if key not in erased)
        if left == event.split.keys:
            return event
        return replace(event, split=SplitBlock(left)) if left else None
    if event.merge is not None:
        return event if erased.isdisjoint(event.merge.keys) else None
    contact = event.contact
    if contact is None or erased.isdisjoint(_keys(event)):
        return event
    strong = strong_keys(contact)
    if strong and erased.isdisjoint(strong):
        # A number alone is no person: who shares it with her stays, without it.
        return replace(event, contact=replace(contact, phone=None))
    return _without_her(event)


def _without_her(event: StoreEvent) -> StoreEvent | None:
    if event.type in _OF_PEOPLE:
        return None
    cart = event.cart
    if cart is not None and cart.restore_url is not None:
        cart = replace(cart, restore_url=None)
    return replace(event, contact=None, visitor_id=None, user_agent=None, cart=cart)
