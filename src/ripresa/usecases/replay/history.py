"""A shop's history told back as store events, from what is kept of it.

A payload is dropped once it is folded; what it said lives on as activity (90 days), people, consent and
orders. A person is told as she is known today, from the instant at which she could first be reached.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import NamedTuple
from uuid import UUID

import msgspec

from ripresa.contracts.events import (
    AddressBlock,
    CartBlock,
    CartItem,
    ConsentBlock,
    ConsentState,
    ContactBlock,
    EventType,
    OrderBlock,
    RefundBlock,
    StoreEvent,
)
from ripresa.core import query
from ripresa.core.money import Money
from ripresa.domain.carts.batch import KINDS, unpack
from ripresa.domain.carts.rules import Activity, Contents, Line
from ripresa.domain.inbox.operations import Delivery

run = partial(query.run, "ripresa.usecases.replay")

_TYPE_OF = {kind: type_ for type_, kind in KINDS.items()}


class _Person(NamedTuple):
    cart_id: UUID
    source: str
    token: str
    known_at: datetime
    contact_id: UUID
    email: str | None
    phone: str | None
    customer_id: str | None
    first_name: str | None
    last_name: str | None
    locale: str | None
    timezone: str | None
    agent: str | None
    address: str | None

    def block(self) -> ContactBlock:
        """Everything that is known of her, consent left out."""
        address = self.address and msgspec.json.decode(self.address, type=AddressBlock)
        return ContactBlock(
            email=self.email,
            phone=self.phone,
            customer_id=self.customer_id,
            first_name=self.first_name,
            last_name=self.last_name,
            locale=self.locale,
            timezone=self.timezone,
            agent=self.agent,
            address=address or None,
        )

    def keys(self) -> ContactBlock:
        """What she is recognised by, and nothing else."""
        return ContactBlock(email=self.email, phone=self.phone, customer_id=self.customer_id)


class _Order(NamedTuple):
    source: str
    external_id: str
    contact_id: UUID
    currency: str
    total_minor: int
    discount_codes: list[str]
    origin: str
    is_test: bool
    placed_at: datetime
    cancelled_at: datetime | None
    refunded_minor: int
    refunded_at: datetime | None
    token: str | None
    checkout_id: str | None


def carts_since(shop_id: int, since: datetime) -> list[UUID]:
    """The carts whose last activity came at `since` or later."""
    return [cart_id for (cart_id,) in run("scope_since", shop_id=shop_id, since=since)]


def history_of(shop_id: int, cart_ids: Sequence[UUID]) -> list[Delivery]:
    """Everything that happened to some carts and the people behind them, in order of time."""
    people = [_Person._make(row) for row in run("people", shop_id=shop_id, cart_ids=list(cart_ids))]
    by_contact = {person.contact_id: person for person in people}
    told = [
        *_activities(shop_id, cart_ids),
        *(_introduction(person) for person in people),
        *_consents(shop_id, by_contact),
        *_orders(shop_id, by_contact),
    ]
    return sorted(told, key=lambda one: (one.received_at, one.event.id))


def _told(source: str, event: StoreEvent) -> Delivery:
    return Delivery(event, event.occurred_at, source)


def _activities(shop_id: int, cart_ids: Sequence[UUID]) -> Iterator[Delivery]:
    rows = run("activities", shop_id=shop_id, cart_ids=list(cart_ids))
    for source, token, at, event_id, kind, payload in rows:
        yield _told(source, _activity(unpack((source, token), at, event_id, kind, payload)))


def _activity(activity: Activity) -> StoreEvent:
    contents = activity.contents
    return StoreEvent(
        id=activity.event_id,
        type=_TYPE_OF[activity.kind],
        occurred_at=activity.at,
        visitor_id=activity.visitor_id,
        user_agent=activity.user_agent,
        cart=CartBlock(
            token=activity.token[1],
            checkout_id=activity.checkout_id,
            restore_url=activity.restore_url,
            restored_from=activity.restored_from,
            currency=(contents.currency or None) if contents else None,
            items=_items(contents) if contents else None,
            total=_amount(contents.total_minor, contents.currency) if contents else None,
        ),
    )


def _items(contents: Contents) -> tuple[CartItem, ...]:
    return tuple(_item(line, contents.currency) for line in contents.lines)


def _item(line: Line, currency: str) -> CartItem:
    return CartItem(
        quantity=line.quantity,
        sku=line.sku or None,
        product_id=line.product or None,
        title=line.title or None,
        variant=line.variant or None,
        variant_id=line.variant_id or None,
        unit_price=_amount(line.unit_minor, currency),
        url=line.url or None,
        image_url=line.image_url or None,
        categories=line.categories,
    )


def _amount(minor: int, currency: str) -> str:
    # A cart without a currency is read as if it had one of two digits (core.money).
    return str(Money(minor, currency or "EUR").decimal())


def _introduction(person: _Person) -> Delivery:
    event = StoreEvent(
        id=f"known:{person.cart_id}",
        type=EventType.CONTACT_IDENTIFIED,
        occurred_at=person.known_at,
        contact=person.block(),
        cart=CartBlock(token=person.token),
    )
    return _told(person.source, event)


def _consents(shop_id: int, people: Mapping[UUID, _Person]) -> Iterator[Delivery]:
    rows = run("consents", shop_id=shop_id, contact_ids=sorted(people))
    for number, row in enumerate(rows):
        contact_id, channel, state, proven, earliest_at, latest_at, source, text = row
        person = people[contact_id]
        # What waits for her own yes was said on a page, and is weighed anew as that.
        waits, said = state == "pending", "granted" if state == "pending" else state
        contact = msgspec.structs.replace(
            person.keys(),
            consent=ConsentBlock(**{channel: ConsentState(said)}),
            consent_source=source or None,
            consent_text=text or None,
        )
        # Only her own word counts as proven, and only an event of this type is her own word.
        kind = EventType.CONSENT_CHANGED if proven else EventType.CONTACT_IDENTIFIED
        for at in sorted({earliest_at, latest_at}):
            event = StoreEvent(
                id=f"consent:{number}:{at.isoformat()}", type=kind, occurred_at=at, contact=contact
            )
            yield replace(_told(person.source, event), trusted=not waits)


def _orders(shop_id: int, people: Mapping[UUID, _Person]) -> Iterator[Delivery]:
    for row in run("orders", shop_id=shop_id, contact_ids=sorted(people)):
        order = _Order._make(row)
        yield _told(order.source, _placed(order, people[order.contact_id]))
        if order.cancelled_at is not None:
            yield _told(order.source, _cancelled(order, order.cancelled_at))
        if order.refunded_minor and order.refunded_at is not None:
            yield _told(order.source, _refunded(order, order.refunded_at))


def _placed(order: _Order, person: _Person) -> StoreEvent:
    return StoreEvent(
        id=f"placed:{order.external_id}",
        type=EventType.ORDER_PLACED,
        occurred_at=order.placed_at,
        contact=person.keys(),
        order=OrderBlock(
            id=order.external_id,
            currency=order.currency,
            total=_amount(order.total_minor, order.currency),
            discount_codes=tuple(order.discount_codes),
            cart_token=order.token,
            checkout_id=order.checkout_id,
            origin=order.origin,
            test=order.is_test,
        ),
    )


def _cancelled(order: _Order, at: datetime) -> StoreEvent:
    return StoreEvent(
        id=f"cancelled:{order.external_id}",
        type=EventType.ORDER_CANCELLED,
        occurred_at=at,
        order=OrderBlock(id=order.external_id),
    )


def _refunded(order: _Order, at: datetime) -> StoreEvent:
    return StoreEvent(
        id=f"refunded:{order.external_id}",
        type=EventType.ORDER_REFUNDED,
        occurred_at=at,
        refund=RefundBlock(
            id="all",
            order_id=order.external_id,
            amount=_amount(order.refunded_minor, order.currency),
            currency=order.currency,
        ),
    )
