"""Carts, orders and customers as store events.

Field names are those of Medusa 2's entities; amounts are numbers in major units, to be parsed with
`parse_float=Decimal`.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from ripresa.contracts.decoding import Outcome
from ripresa.contracts.mapping.finishing import Draft, draft, mapped, said
from ripresa.contracts.mapping.people import Named, first, is_somebody, joined, phone
from ripresa.contracts.mapping.reading import Fields
from ripresa.contracts.rejections import Invalid
from ripresa.contracts.rejections import RejectionCode as Code

_LINES = ("company", "address_1", "address_2")
_ADDRESS = {"postal_code": "postal_code", "city": "city", "region": "province"}


def events_of_cart(payload: object) -> list[Outcome]:
    """Events of a cart with its items, then rejections; of a completed one, that it is empty."""
    return mapped("medusa:cart", payload, "id", _cart)


def events_of_order(payload: object) -> list[Outcome]:
    """Events of an order, then rejections. `cart_id` stands beside its fields: it is in a link table."""
    return mapped("medusa:order", payload, "id", _order)


def events_of_customer(payload: object) -> list[Outcome]:
    """Events of a customer, then rejections."""
    return mapped("medusa:customer", payload, "id", _customer)


def _cart(cart: Fields) -> Iterator[Draft]:
    # A cart's `updated_at` stays where it is when a line comes, changes or goes (seen in 2.21), so the
    # subscriber says when it looked; without that the latest line has to do.
    lines_at = [line.instant("updated_at") for line in cart.parts("items")]
    at = cart.instant("told_at") or max(
        [_needed(cart, "updated_at"), *(one for one in lines_at if one is not None)]
    )
    keys = {"token": cart.required("id"), "checkout_id": cart.required("id")}
    contact, names = _buyer(cart)
    if is_somebody(contact):
        yield draft("contact.identified", at, names=names, contact=contact, cart=keys)
    completed = cart.instant("completed_at")
    lines = cart.parts("items")
    if completed is not None or not lines:
        # What was completed was bought: its lines are the order's now.
        yield draft("cart.emptied", max(completed or at, at), cart=keys)
        return
    block = said(
        {
            "currency": _currency(cart),
            "items": [_item(line) for line in lines],
            "total": cart.amount("item_total"),
        }
    )
    paths = {f"cart.items[{number}]": line.path for number, line in enumerate(lines)}
    paths |= {"cart.currency": "currency_code", "cart.total": "item_total"}
    yield draft("cart.updated", at, names=paths, cart=keys | block)


def _item(line: Fields) -> dict[str, Any]:
    return said(
        {
            "product_id": line.text("product_id") or line.text("id"),
            "sku": line.text("variant_sku"),
            "title": line.text("product_title") or line.text("title"),
            "variant": line.text("variant_title"),
            "variant_id": line.text("variant_id"),
            "quantity": line.values.get("quantity"),
            "unit_price": line.amount("unit_price"),
            "image_url": line.text("thumbnail"),
        }
    )


def _order(order: Fields) -> Iterator[Draft]:
    created = _needed(order, "created_at")
    updated = order.instant("updated_at") or created
    contact, names = _buyer(order)
    total = order.amount("total")
    if total is None:
        raise Invalid("total", Code.MISSING, "is needed")
    block = said(
        {
            "id": order.required("id"),
            "number": order.text("display_id"),
            "currency": _currency(order),
            "total": total,
            "discount_total": order.amount("discount_total"),
            "tax_total": order.amount("tax_total"),
            "shipping_total": order.amount("shipping_total"),
            "cart_token": order.text("cart_id"),
            "checkout_id": order.text("cart_id"),
        }
    )
    names |= {
        "order.total": "total",
        "order.currency": "currency_code",
        "order.cart_token": "cart_id",
    }
    for at in dict.fromkeys([created, updated]):
        yield draft("order.placed", at, names=names, contact=contact, order=block)
    if order.text("status") == "canceled" or order.has("canceled_at"):
        at = order.instant("canceled_at") or updated
        yield draft("order.cancelled", at, order={"id": block["id"]})


def _customer(customer: Fields) -> Iterator[Draft]:
    at = _needed(customer, "updated_at")
    contact, names = joined(
        [
            first("email", (customer, "email")),
            phone(None, (customer, "phone")),
            first("customer_id", (customer, "id")),
            first("first_name", (customer, "first_name")),
            first("last_name", (customer, "last_name")),
        ]
    )
    # The contract tells who somebody is only of a browser or a cart; this browser is never seen
    # anywhere, so it joins nobody.
    visitor = f"medusa-customer-{customer.required('id')}"
    yield draft("contact.identified", at, names=names, visitor_id=visitor, contact=contact)


def _buyer(record: Fields) -> Named:
    customer = record.part("customer")
    shipping, billing = record.part("shipping_address"), record.part("billing_address")
    places = (shipping, billing)
    country = (shipping.text("country_code") or billing.text("country_code") or "").upper()
    return joined(
        [
            first("email", (record, "email"), (customer, "email")),
            phone(country or None, (shipping, "phone"), (billing, "phone"), (customer, "phone")),
            first("customer_id", (record, "customer_id"), (customer, "id")),
            first("first_name", *((place, "first_name") for place in (*places, customer))),
            first("last_name", *((place, "last_name") for place in (*places, customer))),
            _address(shipping if shipping.values else billing),
        ]
    )


def _address(fields: Fields) -> Named:
    names = [fields.text("first_name"), fields.text("last_name")]
    address: dict[str, Any] = said(
        {
            "name": " ".join(filter(None, names)),
            "lines": [line for line in map(fields.text, _LINES) if line],
            "country": (fields.text("country_code") or "").upper(),
            **{ours: fields.text(theirs) for ours, theirs in _ADDRESS.items()},
        }
    )
    if not address.keys() - {"name", "country"}:
        return {}, {}
    return {"address": address}, {"contact.address": fields.path}


def _currency(record: Fields) -> str:
    return (record.text("currency_code") or "").upper()


def _needed(fields: Fields, name: str) -> datetime:
    at = fields.instant(name)
    if at is None:
        raise Invalid(fields.at(name), Code.MISSING, "is needed")
    return at
