"""The store event, contract version 1: what connectors, script, files and programs say.

Reading and checking them is `ripresa.contracts.decoding`; the keys they carry are
`ripresa.contracts.keys`. Lengths count characters. Optional values are None when absent; an empty
string counts as absent.
"""

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

MAX_EVENTS = 1000
MAX_QUANTITY = 1_000_000

Id = Annotated[str, Meta(min_length=1, max_length=200)]
OptionalId = Annotated[str, Meta(max_length=200)] | None
Name = Annotated[str, Meta(max_length=200)] | None
Title = Annotated[str, Meta(max_length=500)] | None
Url = Annotated[str, Meta(max_length=2000)] | None
Email = Annotated[str, Meta(max_length=254)] | None
Short = Annotated[str, Meta(max_length=50)] | None
Amount = Annotated[str, Meta(max_length=40)]
Currency = Annotated[str, Meta(max_length=3)]
Instant = Annotated[datetime, Meta(tz=True)]
Labels = Annotated[tuple[Annotated[str, Meta(max_length=200)], ...], Meta(max_length=50)]


class EventType(StrEnum):
    """What happened. The closed list of version 1, and one type that Ripresa itself makes."""

    CART_UPDATED = "cart.updated"
    CART_EMPTIED = "cart.emptied"
    CHECKOUT_STARTED = "checkout.started"
    CHECKOUT_LEFT = "checkout.left"
    CART_VIEWED = "cart.viewed"
    CONTACT_IDENTIFIED = "contact.identified"
    CONSENT_CHANGED = "consent.changed"
    ORDER_PLACED = "order.placed"
    ORDER_CANCELLED = "order.cancelled"
    ORDER_REFUNDED = "order.refunded"
    # Internal, never accepted from outside: a person joins two people, or takes a merge back.
    CONTACT_MERGE = "contact.merge"
    CONTACT_SPLIT = "contact.split"


class ConsentState(StrEnum):
    """What a person said about one channel."""

    GRANTED = "granted"
    DENIED = "denied"
    UNKNOWN = "unknown"


class _Block(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """Unknown fields are ignored; fields at their default are left out when written."""


class ConsentBlock(_Block, frozen=True):
    """Consent per channel; None: nothing was said about this channel."""

    email: ConsentState | None = None
    sms: ConsentState | None = None
    letter: ConsentState | None = None

    def items(self) -> Iterator[tuple[str, ConsentState]]:
        """(channel, state) for each channel about which something was said."""
        for channel in ("email", "sms", "letter"):
            state = getattr(self, channel)
            if state is not None:
                yield channel, state


class AddressBlock(_Block, frozen=True):
    """A postal address as the shop has it."""

    name: Name = None
    lines: Annotated[tuple[Annotated[str, Meta(max_length=200)], ...], Meta(max_length=10)] = ()
    postal_code: Annotated[str, Meta(max_length=32)] | None = None
    city: Name = None
    region: Name = None
    country: str | None = None  # ISO 3166, two capitals


class ContactBlock(_Block, frozen=True):
    """Who it is, as far as known: `email` and `agent` in lower case, `phone` in E.164."""

    email: Email = None
    phone: Short = None
    customer_id: OptionalId = None
    first_name: Name = None
    last_name: Name = None
    locale: Annotated[str, Meta(max_length=35)] | None = None
    timezone: Annotated[str, Meta(max_length=64)] | None = None
    agent: Email = None
    consent: ConsentBlock | None = None
    consent_source: Name = None
    consent_text: Annotated[str, Meta(max_length=5000)] | None = None
    consent_version: Short = None
    consent_ip: Short = None
    address: AddressBlock | None = None


class CartItem(_Block, frozen=True):
    """A line of a cart. At least one of `sku`, `product_id`, `title` is there."""

    quantity: Annotated[int, Meta(ge=1, le=MAX_QUANTITY)]
    sku: OptionalId = None
    product_id: OptionalId = None
    title: Title = None
    variant: Title = None
    unit_price: Amount | None = None
    url: Url = None
    image_url: Url = None
    categories: Labels = ()
    variant_id: OptionalId = None


class CartBlock(_Block, frozen=True):
    """A cart as it is now. `items` None: nothing is said about them; `total` None: their sum.

    `restored_from`: the cart that was put back under this token, by its own or by our reference to it.
    """

    token: OptionalId = None
    checkout_id: OptionalId = None
    currency: Currency | None = None
    items: Annotated[tuple[CartItem, ...], Meta(max_length=500)] | None = None
    total: Amount | None = None
    restore_url: Url = None
    restored_from: OptionalId = None


class OrderBlock(_Block, frozen=True):
    """An order. Amounts are decimal strings in `currency`."""

    id: Id
    number: OptionalId = None
    currency: Currency | None = None
    total: Amount | None = None
    discount_total: Amount | None = None
    tax_total: Amount | None = None
    shipping_total: Amount | None = None
    discount_codes: Labels = ()
    cart_token: OptionalId = None
    checkout_id: OptionalId = None
    origin: Short = None
    test: bool = False


class RefundBlock(_Block, frozen=True):
    """Money given back for one order."""

    id: Id
    order_id: Id
    amount: Amount
    currency: Currency


class SplitBlock(_Block, frozen=True):
    """The keys that a split takes out of a person."""

    keys: tuple[str, ...]


class MergeBlock(_Block, frozen=True):
    """Two keys that are one person, a person says."""

    keys: tuple[str, str]


class StoreEvent(_Block, frozen=True):
    """One normalised fact from a shop. `received_at` is read from files only."""

    id: Id
    type: EventType
    occurred_at: Instant
    received_at: Instant | None = None
    visitor_id: OptionalId = None
    user_agent: Annotated[str, Meta(max_length=1000)] | None = None
    contact: ContactBlock | None = None
    cart: CartBlock | None = None
    order: OrderBlock | None = None
    refund: RefundBlock | None = None
    split: SplitBlock | None = None
    merge: MergeBlock | None = None


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(StoreEvent).decode


def encode_event(event: StoreEvent) -> bytes:
    """Compact JSON in UTF-8, defaults left out; `decode_stored` reads it back equal."""
    return _encode(event)


def decode_stored(payload: bytes | str) -> StoreEvent:
    """An event that was checked when it was stored. Raises msgspec.DecodeError if it is none."""
    return _decode(payload)
