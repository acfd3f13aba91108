"""Which events may be folded together with their neighbours in time, and which may change the past.

Folding many instants at once hides what held only in between. That does no harm where an event can change
nothing before its own instant. Two kinds can: what is told late, and what shows that two things that were
there before, a cart, a browser, an address, belong together: a cart may then be hers who had bought by then.
"""

from collections import deque
from collections.abc import Iterable
from itertools import combinations

from ripresa.contracts.events import StoreEvent
from ripresa.domain.inbox.operations import Delivery


def told_apart(deliveries: Iterable[Delivery]) -> deque[bool]:
    """For each of these deliveries, in order, whether it must be folded at an instant of its own."""
    seen: set[str] = set()
    linked: set[tuple[str, str]] = set()
    apart: deque[bool] = deque()
    for delivery in deliveries:
        names = _names(delivery.event)
        pairs = set(combinations(names, 2))
        known = {(one, other) for one, other in pairs if one in seen and other in seen}
        is_late = delivery.event.occurred_at < delivery.received_at
        apart.append(is_late or not known <= linked)
        seen.update(names)
        linked |= pairs
    return apart


def _names(event: StoreEvent) -> list[str]:
    """What an event speaks of, in one order."""
    cart, order, contact = event.cart, event.order, event.contact
    named: dict[str, set[str | None]] = {
        "visitor": {event.visitor_id},
        "token": {cart.token if cart else None, order.cart_token if order else None},
        "checkout": {cart.checkout_id if cart else None, order.checkout_id if order else None},
        "email": {contact.email if contact else None},
        "customer": {contact.customer_id if contact else None},
        "phone": {contact.phone if contact else None},
    }
    return sorted(f"{kind}:{name}" for kind, some in named.items() for name in some if name)
