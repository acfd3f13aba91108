"""Orders, and what became of them, read from a set of events (CAP-6, CAP-7, CAP-9)."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from .events_reading import Event
from .people_reading import People, Person


@dataclass(eq=False)
class Order:
    """One order, however often it was told."""

    id: str
    event_id: str
    at: datetime
    test: bool
    origin: str
    cart_token: str | None
    checkout_id: str | None
    people: set[Person]
    phones: set[str]
    undone_at: datetime | None  # cancelled or wholly refunded
    codes: frozenset[str] = frozenset()  # of coupons, in small letters
    buyers: set[Person] = field(default_factory=set)  # people, and who was behind the named cart

    @property
    def counts(self) -> bool:
        """Orders entered by staff count; tests, drafts and renewals don't (CAP-9)."""
        return not self.test and self.origin not in ("draft", "renewal")


def read_orders(people: People) -> list[Order]:
    told: dict[str, list[Event]] = {}
    for event in people.events:
        if event.order:
            told.setdefault(event.order.id, []).append(event)
    return [_order(events, people) for events in told.values()]


def _order(events: list[Event], people: People) -> Order:
    facts = [event.order for event in events if event.order]
    buyers = {person for event in events if (person := people.of_event(event))}
    first, at = facts[0], events[0].at
    undone_at = _undone_at(people.events, first.id, first.total, first.currency)
    return Order(
        id=first.id,
        event_id=events[0].id,
        at=at,
        test=first.test,
        origin=first.origin,
        cart_token=next((e_token for e in events if (e_token := _token(e))), None),
        checkout_id=next((fact.checkout_id for fact in facts if fact.checkout_id), None),
        people=buyers,
        phones={event.phone for event in events if event.phone},
        undone_at=max(at, undone_at) if undone_at else None,
        codes=frozenset(code.lower() for code in first.codes),
        buyers=set(buyers),
    )


def _token(event: Event) -> str | None:
    return (event.order and event.order.cart_token) or event.token


def _undone_at(events: list[Event], order: str, total: Decimal, currency: str) -> datetime | None:
    """The cancellation, or the refund that makes the refunds add up to the order."""
    refunded: dict[str, Decimal] = {}
    for event in events:
        if event.cancelled_order == order:
            return event.at
        refund = event.refund
        if refund and refund.order_id == order and refund.currency == currency:
            refunded.setdefault(refund.id, refund.amount)
            if sum(refunded.values()) >= total:
                return event.at
    return None
