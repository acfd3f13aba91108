"""Answers of the platforms as their own repositories record them: every order and customer is understood."""

import json
from decimal import Decimal

import pytest

from ripresa.connectors.billbee.orders import events_of_order as billbee_order
from ripresa.connectors.woocommerce.orders import events_of_customer, events_of_order
from ripresa.contracts.events import StoreEvent
from tests.foreign import FOREIGN

pytestmark = pytest.mark.foreign
PAYLOADS = FOREIGN / "payloads"


def woo(resource: str) -> list[dict]:
    found = []
    for file in sorted(PAYLOADS.glob(f"woocommerce_docs/*wp-api-v3__{resource}*.json")):
        read = json.loads(file.read_text())
        found += [each for each in (read if isinstance(read, list) else [read]) if "id" in each]
    return found


def test_orders_of_woocommerce():
    orders = [each for each in woo("orders") if "order_key" in each]
    assert len(orders) >= 6
    for order in orders:
        events = [each for each in events_of_order(order) if isinstance(each, StoreEvent)]
        placed = [each for each in events if each.type == "order.placed"]
        assert {each.order.id for each in placed} == {str(order["id"])}
        assert {each.order.total for each in placed} == {order["total"]}
        assert {each.contact.email for each in placed} == {order["billing"]["email"].lower()}
        refunded = {each.refund.id: each.refund.amount for each in events if each.refund}
        told = {str(each["id"]): each["total"].lstrip("-") for each in order["refunds"]}
        assert {i: Decimal(a) for i, a in refunded.items()} == {i: Decimal(a) for i, a in told.items()}  # fmt: skip


def test_customers_of_woocommerce():
    customers = [each for each in woo("customers") if "billing" in each]
    assert len(customers) >= 5
    for customer in customers:
        (event,) = (each for each in events_of_customer(customer) if isinstance(each, StoreEvent))
        assert event.contact.customer_id == str(customer["id"])
        assert event.contact.email == customer["email"].lower()


def test_orders_of_billbee():
    read = json.loads((PAYLOADS / "billbee/Model/order.json").read_text(), parse_float=Decimal)
    events = [each for each in billbee_order(read) if isinstance(each, StoreEvent)]
    assert [(each.type, each.order.id, each.order.total) for each in events] == [
        ("order.placed", "Id", "170.76")
    ] * 2
    assert events[0].contact.address.lines == ("Firma", "Zusatz", "Str hausnummer")
    assert events[0].contact.customer_id == "billbee-100000150176895"
