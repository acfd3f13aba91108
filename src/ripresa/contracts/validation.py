"""Whether a well-formed event keeps the contract, and its values in one agreed form.

Types and lengths are held by the structs of `events`; here is what they cannot say. Written for
speed: every event of a busy shop passes through.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from msgspec.structs import replace

from ripresa.contracts import plain_values as plain
from ripresa.contracts.events import (
    CartBlock,
    CartItem,
    ContactBlock,
    EventType,
    OrderBlock,
    RefundBlock,
    StoreEvent,
)
from ripresa.contracts.rejections import Invalid
from ripresa.contracts.rejections import RejectionCode as Code
from ripresa.core.money import MAX_MINOR, parse_minor

_FIRST_YEAR = 1970
_LAST_YEAR = 2100
# 500 lines of this size cannot add up to more than money may be, in any currency.
_SMALL_QUANTITY = 20
_SMALL_PRICE_CHARS = 7


def check_event(event: StoreEvent) -> StoreEvent:
    """The event with e-mail, phone, country and instants in their agreed form. Raises Invalid."""
    _NEEDS[event.type](event)
    _ids(event)
    if event.cart is not None:
        _cart(event.cart)
    if event.order is not None:
        _order(event.order)
    if event.refund is not None:
        _refund(event.refund)
    changes = _instants(event)
    if event.contact is not None:
        _contact_tags(event.contact)
        contact = _contact(event.contact)
        if contact is not event.contact:
            changes["contact"] = contact
    # What only Ripresa itself may say is not heard from outside.
    if event.split is not None:
        changes["split"] = None
    if event.merge is not None:
        changes["merge"] = None
    return replace(event, **changes) if changes else event


def _ids(event: StoreEvent) -> None:
    if not plain.is_id(event.id):
        raise Invalid("id", Code.NOT_AN_ID)
    if event.visitor_id is not None and not plain.is_id(event.visitor_id):
        raise Invalid("visitor_id", Code.NOT_AN_ID)


def _instants(event: StoreEvent) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    if event.occurred_at.tzinfo is not UTC or not _in_years(event.occurred_at):
        changes["occurred_at"] = utc_instant("occurred_at", event.occurred_at)
    if event.received_at is not None:
        changes["received_at"] = utc_instant("received_at", event.received_at)
    return changes


def _in_years(instant: datetime) -> bool:
    return _FIRST_YEAR <= instant.year <= _LAST_YEAR


def utc_instant(field: str, instant: datetime) -> datetime:
    """`instant` in UTC. Raises Invalid outside the years 1970 to 2100."""
    try:
        instant = instant.astimezone(UTC)
    except OverflowError:
        raise Invalid(field, Code.NOT_AN_INSTANT) from None
    if not _in_years(instant):
        raise Invalid(field, Code.NOT_AN_INSTANT)
    return instant


def _contact(contact: ContactBlock) -> ContactBlock:
    changes: dict[str, Any] = {}
    if contact.email is not None:
        email = plain.normalise_email(contact.email)
        if email != contact.email:
            changes["email"] = _agreed("contact.email", email, Code.NOT_AN_EMAIL)
    if contact.phone is not None:
        phone = plain.normalise_phone(contact.phone)
        if phone != contact.phone:
            changes["phone"] = _agreed("contact.phone", phone, Code.NOT_A_PHONE)
    if contact.agent is not None:
        changes["agent"] = _agreed(
            "contact.agent", plain.normalise_email(contact.agent), Code.NOT_AN_EMAIL
        )
    if contact.address is not None and contact.address.country is not None:
        country = plain.normalise_country(contact.address.country)
        agreed = _agreed("contact.address.country", country, Code.NOT_A_COUNTRY)
        if agreed != contact.address.country:
            changes["address"] = replace(contact.address, country=agreed)
    return replace(contact, **changes) if changes else contact


def _agreed(field: str, value: str | None, code: Code) -> str:
    if value is None:
        raise Invalid(field, code)
    return value


def _contact_tags(contact: ContactBlock) -> None:
    if contact.customer_id is not None and not plain.is_id(contact.customer_id):
        raise Invalid("contact.customer_id", Code.NOT_AN_ID)
    if contact.locale is not None and not plain.is_locale(contact.locale):
        raise Invalid("contact.locale", Code.NOT_A_LOCALE)
    if contact.timezone is not None and not plain.is_timezone(contact.timezone):
        raise Invalid("contact.timezone", Code.NOT_A_TIMEZONE)


def _cart(cart: CartBlock) -> None:
    if cart.token is not None and not plain.is_id(cart.token):
        raise Invalid("cart.token", Code.NOT_AN_ID)
    if cart.checkout_id is not None and not plain.is_id(cart.checkout_id):
        raise Invalid("cart.checkout_id", Code.NOT_AN_ID)
    if cart.restored_from is not None and not plain.is_id(cart.restored_from):
        raise Invalid("cart.restored_from", Code.NOT_AN_ID)
    _currency("cart.currency", cart.currency)
    _amount("cart.total", cart.total, cart.currency)
    _url("cart.restore_url", cart.restore_url)
    if cart.items is not None and not all(map(_is_small, cart.items)):
        _items(cart, cart.items)


def _is_small(item: CartItem) -> object:
    """Whether it is surely right: known by something, of a price and number such as shops have."""
    price = item.unit_price
    return (
        (item.product_id is not None or item.sku is not None or item.title is not None)
        and (price is None or (len(price) <= _SMALL_PRICE_CHARS and plain.is_decimal(price)))
        and item.quantity <= _SMALL_QUANTITY
        and (item.url is None or plain.is_url(item.url))
        and (item.image_url is None or plain.is_url(item.image_url))
    )


def _items(cart: CartBlock, items: tuple[CartItem, ...]) -> None:
    """Every item on its own; and what a database sums must fit its integers."""
    total = 0
    for index, item in enumerate(items):
        place = f"cart.items[{index}]"
        if item.product_id is None and item.sku is None and item.title is None:
            raise Invalid(f"{place}.product_id", Code.MISSING)
        _amount(f"{place}.unit_price", item.unit_price, cart.currency)
        _url(f"{place}.url", item.url)
        _url(f"{place}.image_url", item.image_url)
        total += item.quantity * parse_minor(item.unit_price or "0", cart.currency or "EUR")
        if total > MAX_MINOR:
            advice = "makes the cart's sum too large"
            raise Invalid(f"{place}.quantity", Code.OUT_OF_RANGE, advice)


def _order(order: OrderBlock) -> None:
    for field, value in (
        ("order.id", order.id),
        ("order.cart_token", order.cart_token),
        ("order.checkout_id", order.checkout_id),
    ):
        if value is not None and not plain.is_id(value):
            raise Invalid(field, Code.NOT_AN_ID)
    _currency("order.currency", order.currency)
    _amount("order.total", order.total, order.currency)
    _amount("order.discount_total", order.discount_total, order.currency)
    _amount("order.tax_total", order.tax_total, order.currency)
    _amount("order.shipping_total", order.shipping_total, order.currency)


def _refund(refund: RefundBlock) -> None:
    for field, value in (("refund.id", refund.id), ("refund.order_id", refund.order_id)):
        if not plain.is_id(value):
            raise Invalid(field, Code.NOT_AN_ID)
    _currency("refund.currency", refund.currency)
    _amount("refund.amount", refund.amount, refund.currency)


def _currency(field: str, value: str | None) -> None:
    if value is not None and not plain.is_currency(value):
        raise Invalid(field, Code.NOT_A_CURRENCY)


def _amount(field: str, value: str | None, currency: str | None) -> None:
    if value is None:
        return
    if not plain.is_decimal(value):
        raise Invalid(field, Code.NOT_A_DECIMAL)
    if not plain.is_in_range(value, currency):
        raise Invalid(field, Code.OUT_OF_RANGE)


def _url(field: str, value: str | None) -> None:
    if value is not None and not plain.is_url(value):
        raise Invalid(field, Code.NOT_A_URL)


def _needs_cart(event: StoreEvent) -> None:
    if event.cart is None:
        raise Invalid("cart", Code.MISSING)
    if event.cart.token is None:
        raise Invalid("cart.token", Code.MISSING)


def _needs_items(event: StoreEvent) -> None:
    _needs_cart(event)
    if event.cart is not None and event.cart.items is None:
        raise Invalid("cart.items", Code.MISSING)


def _needs_person(event: StoreEvent) -> ContactBlock:
    contact = event.contact
    if contact is None:
        raise Invalid("contact", Code.MISSING)
    if contact.email is None and contact.phone is None and contact.customer_id is None:
        raise Invalid("contact.email", Code.MISSING, "or a phone or customer_id is needed here")
    return contact


def _needs_two_keys(event: StoreEvent) -> None:
    if event.visitor_id is None and (event.cart is None or event.cart.token is None):
        raise Invalid("visitor_id", Code.MISSING, "or cart.token is needed by this type of event")
    _needs_person(event)


def _needs_consent(event: StoreEvent) -> None:
    consent = _needs_person(event).consent
    if consent is None or not any(consent.items()):
        raise Invalid("contact.consent", Code.MISSING)


def _needs_order(event: StoreEvent) -> None:
    if event.order is None:
        raise Invalid("order", Code.MISSING)


def _needs_priced_order(event: StoreEvent) -> None:
    _needs_order(event)
    for field in ("currency", "total"):
        if getattr(event.order, field) is None:
            raise Invalid(f"order.{field}", Code.MISSING)


def _needs_refund(event: StoreEvent) -> None:
    if event.refund is None:
        raise Invalid("refund", Code.MISSING)


def _is_internal(event: StoreEvent) -> None:
    raise Invalid("type", Code.FORBIDDEN_TYPE, f"{event.type} is made by Ripresa alone")


_NEEDS: Mapping[EventType, Callable[[StoreEvent], None]] = {
    EventType.CART_UPDATED: _needs_items,
    EventType.CART_EMPTIED: _needs_cart,
    EventType.CHECKOUT_STARTED: _needs_cart,
    EventType.CHECKOUT_LEFT: _needs_cart,
    EventType.CART_VIEWED: _needs_cart,
    EventType.CONTACT_IDENTIFIED: _needs_two_keys,
    EventType.CONSENT_CHANGED: _needs_consent,
    EventType.ORDER_PLACED: _needs_priced_order,
    EventType.ORDER_CANCELLED: _needs_order,
    EventType.ORDER_REFUNDED: _needs_refund,
    EventType.CONTACT_MERGE: _is_internal,
    EventType.CONTACT_SPLIT: _is_internal,
}
