"""Medusa 2: a subscriber of ours calls, signed as Standard Webhooks asks; its two APIs are asked."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from urllib.parse import parse_qsl, urlsplit

from ripresa.connectors.medusa.connector import CONNECTOR
from ripresa.contracts.catalogue import CatalogueItem, Gone, Offered
from ripresa.contracts.shops.errands import Buyers, CouponWanted, RestoredCart, RestoredItem
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


class MedusaShop:
    """Orders, promotions, campaigns and prices, behind the keys that each API wants."""

    def __init__(self) -> None:
        self.faults: list = []
        self.orders = [_order(number) for number in range(103)]
        self.promotions: list[dict] = []
        self.campaigns: list[dict] = []
        self.url = ""

    @property
    def settings(self) -> dict[str, str]:
        return CONNECTOR.complete({"webhook_secret": calls.WHSEC, "url": self.url, **_KEYS})

    def answer(self, heard: Heard) -> object:
        if self.faults:
            return self.faults.pop(0)
        _, side, what = heard.path.split("/")
        if side == "admin":
            if heard.headers.get("authorization") != basic("sk_1", "")["authorization"]:
                return Said(401, {"message": "Unauthorized"})
            return self._orders(heard) if what == "orders" else self._kept(heard, what)
        if heard.headers.get("x-publishable-api-key") != "pk_1":
            return Said(400, {"type": "not_allowed"})
        if what == "regions":
            return Said(200, {"regions": [{"id": "reg_1", "currency_code": "eur"}]})
        asked = [value for name, value in _query(heard) if name == "id[]"]
        return Said(200, {"products": [one for one in _PRODUCTS if one["id"] in asked]})

    def _orders(self, heard: Heard) -> Said:
        start = int(heard.query["offset"])
        page = self.orders[start : start + int(heard.query["limit"])]
        return Said(200, {"orders": page, "count": len(self.orders), "offset": start})

    def _kept(self, heard: Heard, name: str) -> Said:
        """Promotions and campaigns, as strict as Medusa about a code that is taken."""
        rows = {"promotions": self.promotions, "campaigns": self.campaigns}[name]
        if heard.method == "GET":
            wanted = {value for _, value in _query(heard)}
            keys = ("code", "campaign_identifier")
            found = [one for one in rows if wanted & {one.get(key) for key in keys}]
            return Said(200, {name: found, "count": len(found)})
        told = dict(heard.json)
        if "code" in told and any(one["code"] == told["code"] for one in rows):
            return Said(400, {"type": "invalid_data", "message": "Promotion already exists"})
        campaign = next(
            (one for one in self.campaigns if one["id"] == told.get("campaign_id")), None
        )
        rows.append({**told, "id": f"{name}_{len(rows)}", "used": 0, "campaign": campaign})
        return Said(200, {name.removesuffix("s"): rows[-1]})


def _query(heard: Heard) -> list[tuple[str, str]]:
    return parse_qsl(urlsplit(heard.target).query)


@contextmanager
def shop() -> Iterator[MedusaShop]:
    medusa = MedusaShop()
    with ScriptedApi(medusa.answer) as api:
        medusa.url = api.url
        yield medusa


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
    wanted=CouponWanted(
        "Ripresa back",
        ("BACKAAAA11", "BACKBBBB22"),
        Decimal("12.50"),
        "EUR",
        is_percent=True,
        valid_until=datetime(2099, 1, 1, tzinfo=UTC),
    ),
    cart=RestoredCart("cart_1", (RestoredItem("prod_1", "", "var_1", "", 2),), "EUR"),
)
