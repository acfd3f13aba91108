"""Lines of an events file, read as contracts/events.md says: valid events, duplicates, rejected."""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

TYPES = (
    "cart.updated",
    "cart.emptied",
    "checkout.started",
    "checkout.left",
    "cart.viewed",
    "contact.identified",
    "consent.changed",
    "order.placed",
    "order.cancelled",
    "order.refunded",
)
CART_TYPES = tuple(name for name in TYPES if name.startswith(("cart.", "checkout.")))
INSTANT = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)")
DECIMAL = re.compile(r"\d+(\.\d+)?")
CURRENCY = re.compile(r"[A-Z]{3}")

SHOP_CURRENCY = "EUR"
CHANNELS = ("email", "sms", "letter")

Items = tuple[tuple[str, str, int], ...]  # (product, variant, quantity), sorted


class Rejected(Exception):
    """The line is no event of the contract; the message says which field is wrong."""


@dataclass(frozen=True)
class Goods:
    """What a cart held as it was told: for conditions; what restarts the clock are its Items."""

    value: Decimal
    currency: str
    pieces: int
    skus: frozenset[str]
    categories: frozenset[str]


@dataclass(frozen=True)
class OrderFact:
    id: str
    currency: str
    total: Decimal
    cart_token: str | None
    checkout_id: str | None
    origin: str
    test: bool
    codes: tuple[str, ...] = ()


@dataclass(frozen=True)
class RefundFact:
    id: str
    order_id: str
    amount: Decimal
    currency: str


@dataclass(frozen=True)
class Event:
    id: str
    type: str
    at: datetime
    delivered_at: datetime
    visitor: str | None = None
    email: str | None = None
    phone: str | None = None
    customer: str | None = None
    timezone: str | None = None
    country: str | None = None
    locale: str | None = None
    agent: str | None = None
    address: str | None = None  # on one line; none without lines of its own
    consent: dict[str, str] = field(default_factory=dict)  # by channel
    user_agent: str | None = None
    token: str | None = None
    checkout_id: str | None = None
    items: Items | None = None
    goods: Goods | None = None
    order: OrderFact | None = None
    cancelled_order: str | None = None
    refund: RefundFact | None = None

    @property
    def names_someone(self) -> bool:
        return bool(self.email or self.customer or self.phone)


def in_order(events: Iterable[Event]) -> list[Event]:
    """By the instant they happened, ties by id (architecture.md, Tables and keys)."""
    return sorted(events, key=lambda event: (event.at, event.id))


@dataclass
class Intake:
    events: list[Event] = field(default_factory=list)
    duplicates: int = 0
    rejected: list[tuple[int, str]] = field(default_factory=list)  # (line number, why)


def read_lines(lines: Sequence[str]) -> Intake:
    """Every line that is not blank. Of the same id the copy that reached us first is the event."""
    intake = Intake()
    read: list[tuple[datetime, str, Event]] = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            raw = _strict_json(line)
            event = read_event(raw)
        except Rejected as why:
            intake.rejected.append((number, str(why)))
        else:
            read.append((event.delivered_at, json.dumps(raw, sort_keys=True), event))
    kept: dict[str, Event] = {}
    for _, _, event in sorted(read, key=lambda entry: entry[:2]):
        kept.setdefault(event.id, event)
    intake.events = in_order(kept.values())
    intake.duplicates = len(read) - len(kept)
    return intake


def read_event(raw: dict[str, Any]) -> Event:
    kind = _text(raw, "type", required=True)
    if kind not in TYPES:
        raise Rejected("type: unknown")
    contact, cart = _object(raw, "contact"), _object(raw, "cart")
    order, refund = _object(raw, "order"), _object(raw, "refund")
    at = _instant(raw, "occurred_at")
    event = Event(
        id=_identifier(raw),
        type=kind,
        at=at,
        delivered_at=max(at, _instant(raw, "received_at")) if "received_at" in raw else at,
        visitor=_text(raw, "visitor_id"),
        **_contact_fields(contact),
        token=_text(cart, "token"),
        checkout_id=_text(cart, "checkout_id"),
        user_agent=_text(raw, "user_agent"),
        items=_items(cart) if kind == "cart.updated" else None,
        goods=_goods(cart) if kind == "cart.updated" else None,
        order=_order(order) if kind == "order.placed" else None,
        cancelled_order=_text(order, "id", required=True) if kind == "order.cancelled" else None,
        refund=_refund(refund) if kind == "order.refunded" else None,
    )
    _check_needs(event, consent=_object(contact, "consent"))
    return event


def _check_needs(event: Event, *, consent: dict[str, Any]) -> None:
    """The column "needs" of the table of event types."""
    if event.type in CART_TYPES and not event.token:
        raise Rejected("cart.token: required")
    if event.type == "contact.identified":
        if not (event.visitor or event.token):
            raise Rejected("visitor_id: this or cart.token is required")
        if not event.names_someone:
            raise Rejected("contact: an e-mail, phone or customer_id is required")
    if event.type == "consent.changed" and not (event.names_someone and consent):
        raise Rejected("contact: a key and a consent are required")


def _contact_fields(contact: dict[str, Any]) -> dict[str, Any]:
    email = _text(contact, "email")
    if email is not None and "@" not in email:
        raise Rejected("contact.email: not an address")
    address = _object(contact, "address")
    consent = _object(contact, "consent")
    for channel, state in consent.items():
        if state not in ("granted", "denied", "unknown"):
            raise Rejected(f"contact.consent.{channel}: granted, denied or unknown")
    return {
        "email": email.strip().lower() if email else None,
        "phone": _text(contact, "phone"),
        "customer": _text(contact, "customer_id"),
        "timezone": _text(contact, "timezone"),
        "country": _text(address, "country"),
        "locale": _text(contact, "locale"),
        "agent": _text(contact, "agent"),
        "address": _on_one_line(address) if address.get("lines") else None,
        "consent": {channel: consent[channel] for channel in CHANNELS if channel in consent},
    }


def _on_one_line(address: dict[str, Any]) -> str:
    place = " ".join(filter(None, (_text(address, "postal_code"), _text(address, "city"))))
    parts = (_text(address, "name"), *address["lines"], place, _text(address, "country"))
    return ", ".join(filter(None, parts))


def _items(cart: dict[str, Any]) -> Items:
    if not isinstance(cart.get("items"), list):
        raise Rejected("cart.items: required, a list")
    quantities: dict[tuple[str, str], int] = {}
    for item in cart["items"]:
        if not isinstance(item, dict):
            raise Rejected("cart.items: a list of objects")
        product = _text(item, "product_id") or _text(item, "sku")
        quantity = item.get("quantity")
        if not product:
            raise Rejected("cart.items: sku or product_id is required")
        if not isinstance(quantity, int) or isinstance(quantity, bool) or quantity < 1:
            raise Rejected("cart.items: quantity is a whole number from 1")
        if "unit_price" in item:
            _decimal(item, "unit_price")
        key = (product, _text(item, "variant") or _text(item, "sku") or "")
        quantities[key] = quantities.get(key, 0) + quantity
    return tuple(sorted((product, variant, n) for (product, variant), n in quantities.items()))


def _goods(cart: dict[str, Any]) -> Goods:
    """The total as told, else the sum of the lines; a line without a price adds nothing."""
    lines = cart["items"]
    told = _decimal(cart, "total") if cart.get("total") is not None else None
    priced = [line for line in lines if "unit_price" in line]
    total = sum((line["quantity"] * _decimal(line, "unit_price") for line in priced), Decimal())
    return Goods(
        value=total if told is None else told,
        currency=_text(cart, "currency") or SHOP_CURRENCY,
        pieces=sum(line["quantity"] for line in lines),
        skus=frozenset(line["sku"] for line in lines if line.get("sku")),
        categories=frozenset(name for line in lines for name in line.get("categories", [])),
    )


def _order(order: dict[str, Any]) -> OrderFact:
    test = order.get("test", False)
    if not isinstance(test, bool):
        raise Rejected("order.test: true or false")
    return OrderFact(
        id=_text(order, "id", required=True),
        currency=_currency(order),
        total=_decimal(order, "total"),
        cart_token=_text(order, "cart_token"),
        checkout_id=_text(order, "checkout_id"),
        origin=_text(order, "origin") or "web",
        test=test,
        codes=tuple(order.get("discount_codes", ())),
    )


def _refund(refund: dict[str, Any]) -> RefundFact:
    return RefundFact(
        id=_text(refund, "id", required=True),
        order_id=_text(refund, "order_id", required=True),
        amount=_decimal(refund, "amount"),
        currency=_currency(refund),
    )


def _strict_json(line: str) -> dict[str, Any]:
    def refuse(name: str) -> Any:
        raise Rejected(f"{name} is not JSON")

    try:
        raw = json.loads(line, parse_constant=refuse)
        line.encode()
        json.dumps(raw, ensure_ascii=False, allow_nan=False).encode()  # surrogates, 1e400
    except (ValueError, RecursionError) as error:
        raise Rejected("not strict JSON") from error
    if not isinstance(raw, dict):
        raise Rejected("not an object")
    if "\\u0000" in json.dumps(raw):
        raise Rejected("a NUL character")
    return raw


def _identifier(raw: dict[str, Any]) -> str:
    identifier: str = _text(raw, "id", required=True)
    if len(identifier) > 200:
        raise Rejected("id: longer than 200 characters")
    return identifier


def _object(raw: dict[str, Any], name: str) -> dict[str, Any]:
    value = raw.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise Rejected(f"{name}: not an object")
    return value


def _text(raw: dict[str, Any], name: str, *, required: bool = False) -> Any:
    value = raw.get(name)
    if value is not None and not isinstance(value, str):
        raise Rejected(f"{name}: not a text")
    if required and not value:
        raise Rejected(f"{name}: required")
    return value or None


def _instant(raw: dict[str, Any], name: str) -> datetime:
    text = _text(raw, name, required=True)
    if not INSTANT.fullmatch(text):
        raise Rejected(f"{name}: not RFC 3339 with zone")
    try:
        return datetime.fromisoformat(text.upper()).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Rejected(f"{name}: no such instant") from error


def _decimal(raw: dict[str, Any], name: str) -> Decimal:
    text = _text(raw, name, required=True)
    if not DECIMAL.fullmatch(text):
        raise Rejected(f"{name}: not a decimal string")
    return Decimal(text)


def _currency(raw: dict[str, Any]) -> str:
    text: str = _text(raw, "currency", required=True)
    if not CURRENCY.fullmatch(text):
        raise Rejected("currency: three capital letters")
    return text
