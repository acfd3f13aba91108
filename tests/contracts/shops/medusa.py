"""Medusa 2: a subscriber of ours calls, signed as Standard Webhooks asks; its two APIs are asked."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from types import SimpleNamespace
from urllib.parse import parse_qsl, urlsplit

from ripresa.connectors.medusa.connector import CONNECTOR
from ripresa.contracts.catalogue import CatalogueItem, Gone, Offered
from ripresa.contracts.shops.errands import Buyers, RestoredCart, RestoredItem
from ripresa.core.http.client import basic
from tests.contracts.shops.frame import Platform
from tests.scripted_http import Heard, Said, ScriptedApi
from tests.unit.connectors import calls
from tests.unit.connectors.test_hearing import MEDUSA_CART

_KEYS = {"secret_key": "sk_1", "publishable_key": "pk_1", "storefront": "https://wines.test"}


def _order(number: int) -> dict:
    return {
        "id": f"order_{number}", "display_id": number, "currency_code": "eur", "total": 59.8,
        "status": "pending", "email": f"p{number}@example.test", "cart": {"id": f"cart_{number}"},
        "created_at": "2026-11-02T14:10:00.123Z", "updated_at": "2026-11-02T14:10:00.123Z",
    }  # fmt: skip


def _variant(name: str, **more: object) -> dict:
    price = {"calculated_amount": 29.9, "currency_code": "eur"}
    return {"id": name, "calculated_price": price, "manage_inventory": True, **more}


_PRODUCTS = [
    {"id": "prod_1", "variants": [
        _variant("var_1", inventory_quantity=7), _variant("var_2", inventory_quantity=0),
        _variant("var_3", inventory_quantity=0, allow_backorder=True),
        _variant("var_4", manage_inventory=False),
    ]},
]  # fmt: skip


@contextmanager
def shop() -> Iterator[SimpleNamespace]:
    faults: list = []
    orders = [_order(number) for number in range(103)]

    def answer(heard: Heard) -> object:
        if faults:
            return faults.pop(0)
        if heard.path == "/admin/orders":
            if heard.headers["authorization"] != basic("sk_1", "")["authorization"]:
                return Said(401, {"message": "Unauthorized"})
            start = int(heard.query["offset"])
            page = orders[start : start + int(heard.query["limit"])]
            return Said(200, {"orders": page, "count": len(orders), "offset": start})
        if heard.headers.get("x-publishable-api-key") != "pk_1":
            return Said(400, {"type": "not_allowed"})
        if heard.path == "/store/regions":
            return Said(200, {"regions": [{"id": "reg_1", "currency_code": "eur"}]})
        asked = [value for name, value in parse_qsl(urlsplit(heard.target).query) if name == "id[]"]
        return Said(200, {"products": [one for one in _PRODUCTS if one["id"] in asked]})

    with ScriptedApi(answer) as api:
        given = {"webhook_secret": calls.WHSEC, "url": api.url, **_KEYS}
        yield SimpleNamespace(settings=CONNECTOR.complete(given), faults=faults)


def _item(variant: str, product: str = "prod_1") -> CatalogueItem:
    return CatalogueItem(product, "", "", variant)


MEDUSA = Platform(
    CONNECTOR,
    shop=shop,
    secrets=calls.SETTINGS["medusa"] | _KEYS,
    calls=[
        calls.medusa("cart.updated", MEDUSA_CART | {"told_at": "2026-11-02T14:29:00Z"}),
        calls.medusa("order.placed", {**_order(5), "cart_id": "cart_5"}),
    ],
    forge=lambda call: calls.medusa(
        "cart.updated", MEDUSA_CART, secret=calls.WHSEC.replace("A", "B")
    ),
    late=lambda call: calls.medusa("cart.updated", MEDUSA_CART, late=timedelta(minutes=6)),
    buyers=[Buyers(emails=frozenset({"p7@example.test"}))],
    items=[
        (_item("var_1"), Offered(2990, 7)),
        (_item("var_2"), Gone()),
        (_item("var_3"), Offered(2990, None)),
        (_item("var_4"), Offered(2990, None)),
        (_item("", "prod_1"), Offered()),
        (_item("var_9", "prod_9"), Gone()),
    ],
    cart=RestoredCart("cart_1", (RestoredItem("prod_1", "", "var_1", "", 2),), "EUR"),
)
