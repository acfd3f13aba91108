"""Who an order or a customer record is about."""

from collections.abc import Mapping
from typing import Any

from ripresa.contracts.mapping.finishing import said
from ripresa.contracts.mapping.people import Named, first, joined, phone
from ripresa.contracts.mapping.reading import Fields

_ADDRESS = {
    "postal_code": "postcode", "city": "city", "region": "state", "country": "country",
}  # fmt: skip
_LINES = ("company", "address_1", "address_2")


def buyer_of(order: Fields) -> Named:
    """The contact of an order: who pays, and where it goes if that is somewhere else."""
    billing, shipping = order.part("billing"), order.part("shipping")
    return joined(
        [
            first("email", (billing, "email")),
            phone(billing.text("country"), (billing, "phone"), (shipping, "phone")),
            _account(order, "customer_id"),
            _name(billing, shipping),
            _address(shipping) or _address(billing) or ({}, {}),
        ]
    )


def customer_of(customer: Fields) -> Named:
    """The contact of a customer's own record."""
    billing, shipping = customer.part("billing"), customer.part("shipping")
    return joined(
        [
            first("email", (customer, "email"), (billing, "email")),
            phone(billing.text("country"), (billing, "phone")),
            _account(customer, "id"),
            _name(customer, billing, shipping),
            _address(shipping) or _address(billing) or ({}, {}),
        ]
    )


def _account(record: Fields, name: str) -> Named:
    """0 is what WooCommerce calls a guest."""
    ident = record.text(name)
    return ({"customer_id": ident}, {"contact.customer_id": name}) if ident != "0" else ({}, {})


def _name(*places: Fields) -> Named:
    for fields in places:
        name = said({key: fields.text(key) for key in ("first_name", "last_name")})
        if name:
            return name, {f"contact.{key}": fields.at(key) for key in name}
    return {}, {}


def _address(fields: Fields) -> Named | None:
    """None where there is none: a country alone is a default of the form."""
    written = {name: fields.text(name) for name in _LINES}
    lines = {name: line for name, line in written.items() if line}
    names = [fields.text("first_name"), fields.text("last_name")]
    address: Mapping[str, Any] = said(
        {
            "name": " ".join(filter(None, names)),
            "lines": list(lines.values()),
            **{ours: fields.text(theirs) for ours, theirs in _ADDRESS.items()},
        }
    )
    if not address.keys() - {"name", "country"}:
        return None
    theirs = {f"lines[{index}]": name for index, name in enumerate(lines)} | _ADDRESS
    paths = {f"contact.address.{ours}": fields.at(name) for ours, name in theirs.items()}
    return {"address": dict(address)}, {"contact.address": fields.path, **paths}
