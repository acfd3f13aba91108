"""Orders as store events. Field names are those of API version 1, parsed with `parse_float=Decimal`."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from ripresa.contracts.decoding import Outcome
from ripresa.contracts.mapping.finishing import Draft, draft, mapped, said
from ripresa.contracts.mapping.people import Named, first, joined, phone
from ripresa.contracts.mapping.reading import Fields
from ripresa.contracts.rejections import Invalid
from ripresa.contracts.rejections import RejectionCode as Code

# OrderState: 6 Deleted, 8 Canceled; 14 Offered is no order yet.
_GONE = frozenset({"6", "8"})
_OFFERED = "14"
_LINES = ("Company", "NameAddition")


def events_of_order(payload: object) -> list[Outcome]:
    """Events of an order of GET /orders, then rejections; an offer gives none."""
    return mapped("billbee:order", payload, "BillBeeOrderId", _order)


def _order(order: Fields) -> Iterator[Draft]:
    state = order.text("State") or ""
    if state == _OFFERED:
        return
    created, updated = _at(order, "CreatedAt"), _at(order, "UpdatedAt")
    if created is None:
        raise Invalid("CreatedAt", Code.MISSING, "is needed")
    total = order.amount("TotalCost")
    if total is None:
        raise Invalid("TotalCost", Code.MISSING, "is needed")
    contact, names = _buyer(order)
    block = said(
        {
            # The shop's own id, so that it is one order with what the shop itself tells.
            "id": order.text("Id") or order.required("BillBeeOrderId"),
            "number": order.text("OrderNumber"),
            "currency": order.text("Currency"),
            "total": total,
            "shipping_total": order.amount("ShippingCost"),
            "origin": "web",
        }
    )
    names |= {"order.total": "TotalCost", "order.currency": "Currency", "order.id": "Id"}
    for at in dict.fromkeys([created, updated or created]):
        yield draft("order.placed", at, names=names, contact=contact, order=block)
    if state in _GONE:
        yield draft("order.cancelled", updated or created, order={"id": block["id"]})


def _buyer(order: Fields) -> Named:
    invoice, shipping = order.part("InvoiceAddress"), order.part("ShippingAddress")
    buyer, customer = order.part("Buyer"), order.part("Customer")
    return joined(
        [
            first(
                "email", (invoice, "Email"), (shipping, "Email"), (customer, "Email"),
                (buyer, "Email"),
            ),
            phone(invoice.text("CountryISO2"), (invoice, "Phone"), (shipping, "Phone")),
            _account(customer),
            first("first_name", (invoice, "FirstName"), (shipping, "FirstName")),
            first("last_name", (invoice, "LastName"), (shipping, "LastName")),
            _address(shipping if shipping.values else invoice),
        ]
    )  # fmt: skip


def _account(customer: Fields) -> Named:
    """Billbee's own number, told apart from the shop's: alike, they would make two people one."""
    ident = customer.text("Id")
    name = {"contact.customer_id": customer.at("Id")}
    return ({"customer_id": f"billbee-{ident}"}, name) if ident else ({}, {})


def _address(fields: Fields) -> Named:
    """Street and house number stand apart in Billbee."""
    street = " ".join(filter(None, (fields.text("Street"), fields.text("HouseNumber"))))
    lines = [line for line in (*map(fields.text, _LINES), street) if line]
    names = [fields.text("FirstName"), fields.text("LastName")]
    address: dict[str, Any] = said(
        {
            "name": " ".join(filter(None, names)),
            "lines": lines,
            "postal_code": fields.text("Zip"),
            "city": fields.text("City"),
            "country": fields.text("CountryISO2"),
        }
    )
    if not address.keys() - {"name", "country"}:
        return {}, {}
    return {"address": address}, {"contact.address": fields.path}


def _at(fields: Fields, name: str) -> datetime | None:
    return fields.instant(name, without_offset=UTC) if fields.values.get(name) else None
