"""Orders, refunds and customers as store events.

Field names are those of REST API version 3 and of the topics order.* and customer.*. WooCommerce's `_gmt`
instants carry no offset and are UTC.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial

from ripresa.connectors.woocommerce.people import buyer_of, customer_of
from ripresa.contracts.decoding import Outcome
from ripresa.contracts.mapping.finishing import Draft, draft, mapped, said
from ripresa.contracts.mapping.reading import Fields
from ripresa.contracts.rejections import Invalid
from ripresa.contracts.rejections import RejectionCode as Code

# Under this key the plugin leaves the cart's token in the order.
CART_TOKEN = "_ripresa_cart"  # noqa: S105  (the name of a field)
# A form that was sent off but not paid is no purchase: who failed to pay is the one to remind.
_PLACED = frozenset({"processing", "completed", "on-hold", "refunded"})
_GONE = frozenset({"cancelled", "trash"})
_ORIGINS = {"admin": "staff", "subscription": "renewal"}


def events_of_order(payload: object) -> list[Outcome]:
    """Events of order.created, order.updated or an order, then rejections.

    An unpaid or failed order gives none: it is the checkout of somebody who is still to be reminded.
    """
    return mapped("woocommerce:order", payload, "id", _order)


def events_of_deleted_order(payload: object, *, at: datetime) -> list[Outcome]:
    """Events of order.deleted, whose body is an id alone; `at`: when it was heard."""
    return mapped("woocommerce:order", payload, "id", partial(_deleted, at=at))


def events_of_customer(payload: object) -> list[Outcome]:
    """Events of customer.created, customer.updated or a customer, then rejections."""
    return mapped("woocommerce:customer", payload, "id", _customer)


def _order(order: Fields) -> Iterator[Draft]:
    status = order.text("status") or ""
    created, modified = _at(order, "date_created_gmt"), _at(order, "date_modified_gmt")
    if created is None:
        raise Invalid("date_created_gmt", Code.MISSING, "is needed")
    # Cancelled before it was ever paid: it was never placed, so there is nothing to take back.
    was_placed = status in _PLACED or (status in _GONE and order.has("date_paid_gmt"))
    if not was_placed:
        return
    yield from _placed(order, created, modified)
    if status in _GONE:
        ident = order.required("id")
        yield draft("order.cancelled", modified or created, order={"id": ident})
    for refund in order.parts("refunds"):
        try:
            yield _refund(refund, order, modified or created)
        except Invalid as wrong:
            order.note(wrong)


def _placed(order: Fields, created: datetime, modified: datetime | None) -> Iterator[Draft]:
    """One event at the purchase, and one at the latest change: the later one's contents count."""
    contact, names = buyer_of(order)
    total = order.amount("total")
    if total is None:
        raise Invalid("total", Code.MISSING, "is needed")
    block = said(
        {
            "id": order.required("id"),
            "number": order.text("number"),
            "currency": order.text("currency"),
            "total": total,
            "discount_total": order.amount("discount_total"),
            "tax_total": order.amount("total_tax"),
            "shipping_total": order.amount("shipping_total"),
            "discount_codes": [line.text("code") for line in order.parts("coupon_lines")],
            "cart_token": _cart_token(order),
            "origin": _ORIGINS.get(order.text("created_via") or "", "web"),
        }
    )
    names |= {
        "order.number": "number",
        "order.currency": "currency",
        "order.total": "total",
        "order.discount_codes": "coupon_lines",
        "order.cart_token": "meta_data",
    }
    # An order that changed is told twice; a customer who pays later has bought when she paid.
    for at in dict.fromkeys([created, modified or created]):
        yield draft("order.placed", at, names=names, contact=contact, order=block)


def _cart_token(order: Fields) -> str | None:
    for entry in order.parts("meta_data"):
        if entry.values.get("key") == CART_TOKEN:
            return entry.text("value")
    return None


def _refund(refund: Fields, order: Fields, at: datetime) -> Draft:
    """Money paid back: a negative amount, without an instant of its own, in the order's currency."""
    text = refund.text("total")
    amount = refund.amount("total") if not (text or "").startswith("-") else (text or "")[1:]
    if amount is None:
        raise Invalid(refund.at("total"), Code.MISSING, "is needed")
    block = {
        "id": refund.required("id"),
        "order_id": order.required("id"),
        "amount": str(Decimal(amount)),
        "currency": order.text("currency"),
    }
    return draft("order.refunded", at, refund=block)


def _deleted(order: Fields, at: datetime) -> Iterator[Draft]:
    yield draft("order.cancelled", at, order={"id": order.required("id")})


def _customer(customer: Fields) -> Iterator[Draft]:
    at = _at(customer, "date_modified_gmt") or _at(customer, "date_created_gmt")
    if at is None:
        raise Invalid("date_modified_gmt", Code.MISSING, "is needed")
    contact, names = customer_of(customer)
    # The contract tells who somebody is only of a browser or a cart; this browser is never seen
    # anywhere, so it joins nobody.
    visitor = f"woocommerce-customer-{customer.required('id')}"
    yield draft("contact.identified", at, names=names, visitor_id=visitor, contact=contact)


def _at(fields: Fields, name: str) -> datetime | None:
    return fields.instant(name, without_offset=UTC) if fields.values.get(name) else None
