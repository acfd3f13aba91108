"""WooCommerce: webhooks signed over the body, and a shop that speaks REST version 3 and the Store API."""

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

from ripresa.connectors.woocommerce.connector import CONNECTOR
from ripresa.contracts.catalogue import CatalogueItem, Gone, Offered
from ripresa.contracts.shops.errands import Buyers, CouponWanted, RestoredCart, RestoredItem
from tests.contracts.shops.frame import Fault, Platform
from tests.scripted_http import Heard, Said, ScriptedApi
from tests.unit.connectors import calls
from tests.unit.connectors.calls import T0
from tests.unit.connectors.test_hearing import WOO_ORDER

KEY, SECRET = "ck_1", "cs_1"
# A host that hands out less than is asked for, so that two pages cost little.
PAGE, ORDERS = 20, 23
TOKEN = "wc_" + "0f" * 16
_SAFE = "-._~"


def an_order(number: int, changed: datetime, **fields: Any) -> dict:
    return WOO_ORDER | {
        "id": number,
        "date_modified_gmt": changed.strftime("%Y-%m-%dT%H:%M:%S"),
        "billing": {"email": f"p{number}@example.test"},
        "customer_id": number,
        **fields,
    }


def a_product(ident: int, **fields: Any) -> dict:
    prices = {"price": "2990", "currency_code": "EUR", "currency_minor_unit": 2}
    return {
        "id": ident, "type": "simple", "sku": "", "prices": prices, "is_in_stock": True,
        "is_purchasable": True, "is_on_backorder": False, "low_stock_remaining": None, **fields,
    }  # fmt: skip


class WooShop:
    """The shop: what it holds is changed by calls, and by tests. `served`: calls by route."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.page_size = PAGE
        self.permalinks = "pretty"
        self.lock = threading.RLock()
        self.orders = [an_order(n, T0 - timedelta(minutes=n % 90)) for n in range(1, ORDERS + 1)]
        self.customers = [
            {
                "id": 1,
                "role": "administrator",
                "email": "boss@wines.test",
                "date_modified_gmt": "2026-11-02T10:00:00",
            },
            {
                "id": 5,
                "role": "customer",
                "email": "ada@example.test",
                "date_modified_gmt": "2026-11-02T10:00:00",
            },
        ]
        self.webhooks: list[dict] = []
        self.coupons: list[dict] = []
        self.products = [
            a_product(7, sku="A1"),
            a_product(8, is_in_stock=False),
            a_product(9, low_stock_remaining=3),
            a_product(19, type="variable", sku="S"),
            a_product(20, type="variation", sku="S-L", prices={
                "price": "1250", "currency_code": "EUR", "currency_minor_unit": 2}),
            a_product(30, prices={"price": "99", "currency_code": "USD", "currency_minor_unit": 2}),
        ]  # fmt: skip
        self.plugins = ["woocommerce/woocommerce.php 10.3.0", "ripresa/ripresa.php 0.1.0"]
        # What the plugin says of itself; None: it is not there.
        self.plugin: dict | None = None
        self.served: list[str] = []
        self.url = ""

    @property
    def settings(self) -> dict[str, str]:
        given = {"webhook_secret": "woo", "consumer_key": KEY, "consumer_secret": SECRET}
        return CONNECTOR.complete({**given, "url": self.url, "permalinks": self.permalinks})

    def answer(self, heard: Heard) -> Any:
        with self.lock:
            if self.faults:
                return self.faults.pop(0)
            route, query = self._route(heard)
            if route is None:
                return Said(404, "<html>not found")
            self.served.append(f"{heard.method} {route}")
            if route.startswith("/wc/store/v1/"):
                return Said(200, self._shown(query))
            if not self._is_signed(heard):
                told = {
                    "code": "woocommerce_rest_authentication_error",
                    "message": "Invalid signature.",
                }
                return Said(401, told)
            if route == "/wc-ripresa/v1/connection":
                return self._asked_of_plugin(heard)
            return self._managed(heard, route.removeprefix("/wc/v3/"), query)

    def _route(self, heard: Heard) -> tuple[str | None, dict[str, str]]:
        query = heard.query
        if self.permalinks == "plain":
            return query.pop("rest_route", None), query
        prefix, _, route = heard.path.partition("/wp-json")
        return (route or None) if not prefix else None, query

    def _is_signed(self, heard: Heard) -> bool:
        """RFC 5849 as WC_REST_Authentication reads it: parameters of the address, no body.

        It looks at keys only where the address says that it is for WooCommerce or a plugin of its.
        """
        if not {"/wp-json/wc/", "/wp-json/wc-"} & {
            heard.target[at : at + 12] for at in range(len(heard.target))
        }:
            return False
        given = dict(parse_qsl(urlsplit(heard.target).query, keep_blank_values=True))
        signature = given.pop("oauth_signature", "")
        pairs = sorted((quote(name, _SAFE), quote(value, _SAFE)) for name, value in given.items())
        base = "&".join(
            quote(part, _SAFE)
            for part in (
                heard.method,
                self.url + heard.path,
                "&".join(f"{name}={value}" for name, value in pairs),
            )
        )
        digest = hmac.new(f"{SECRET}&".encode(), base.encode(), hashlib.sha256).digest()
        is_recent = abs(int(given.get("oauth_timestamp", 0)) - datetime.now(UTC).timestamp()) < 900
        is_known = given.get("oauth_consumer_key") == KEY
        return is_recent and is_known and signature == base64.b64encode(digest).decode()

    def _managed(self, heard: Heard, what: str, query: dict[str, str]) -> Any:
        if heard.method == "POST":
            return Said(200, self._batch(what, heard.json))
        lists = {"orders": self._some_orders, "customers": lambda _: self.customers,
                 "webhooks": lambda _: self._without_secrets(), "coupons": self._some_coupons}  # fmt: skip
        if what in lists:
            return self._paged(lists[what](query), query)
        single: dict[str, Any] = {
            "data/currencies/current": {"code": "EUR"},
            "system_status": {"active_plugins": [
                {"plugin": file, "version": version}
                for file, version in (one.split() for one in self.plugins)]},
        }  # fmt: skip
        if what in single:
            return Said(200, single[what])
        return Said(404, {"code": "rest_no_route", "message": "No route was found."})

    def _asked_of_plugin(self, heard: Heard) -> Said:
        if self.plugin is None:
            return Said(404, {"code": "rest_no_route", "message": "No route was found."})
        if heard.method == "POST":
            mark = hmac.new(heard.json["secret"].encode(), b"ripresa webhook", hashlib.sha256)
            self.plugin |= {"address": heard.json["address"], "mark": mark.hexdigest()[:6]}
        return Said(200, self.plugin)

    def _paged(self, rows: list, query: dict[str, str]) -> Said:
        size = min(int(query.get("per_page", 10)), self.page_size)
        number = int(query.get("page", 1))
        pages = -(-len(rows) // size)
        headers = {"X-WP-Total": str(len(rows)), "X-WP-TotalPages": str(pages)}
        return Said(200, rows[size * (number - 1) : size * number], headers)

    def _some_orders(self, query: dict[str, str]) -> list:
        rows = [one for one in self.orders if one["date_modified_gmt"] > query["modified_after"]]
        if "search" in query:
            rows = [one for one in rows if query["search"] in json.dumps(one["billing"])]
        if "customer" in query:
            rows = [one for one in rows if str(one["customer_id"]) == query["customer"]]
        return sorted(
            rows, key=lambda one: one["date_modified_gmt"], reverse=query["order"] == "desc"
        )

    def _some_coupons(self, query: dict[str, str]) -> list:
        return [one for one in self.coupons if one["code"] == query["code"].lower()]

    def _without_secrets(self) -> list:
        return [{k: v for k, v in one.items() if k != "secret"} for one in self.webhooks]

    def _batch(self, what: str, work: dict) -> dict:
        rows = {"webhooks/batch": self.webhooks, "coupons/batch": self.coupons}[what]
        told: dict[str, list] = {"create": [], "update": [], "delete": []}
        for new in work.get("create", []):
            if "code" in new and any(one["code"] == new["code"].lower() for one in rows):
                error = {"code": "woocommerce_rest_coupon_code_already_exists", "message": "…"}
                told["create"].append({"id": 0, "error": error})
                continue
            rows.append({**new, "id": 100 + len(rows), "usage_count": 0})
            if "code" in new:
                rows[-1]["code"] = new["code"].lower()
            told["create"].append(rows[-1])
        for change in work.get("update", []):
            (row,) = (one for one in rows if one["id"] == change["id"])
            row.update(change)
            told["update"].append(row)
        for ident in work.get("delete", []):
            rows[:] = [one for one in rows if one["id"] != ident]
            told["delete"].append({"id": ident})
        return told

    def _shown(self, query: dict[str, str]) -> list:
        if "sku" in query:
            return [one for one in self.products if one["sku"] in query["sku"].split(",")]
        asked = set(query["include"].split(","))
        is_variation = query.get("type") == "variation"
        return [
            one
            for one in self.products
            if str(one["id"]) in asked and (one["type"] == "variation") is is_variation
        ]


@contextmanager
def shop() -> Iterator[WooShop]:
    woo = WooShop()
    with ScriptedApi(woo.answer) as api:
        woo.url = api.url
        yield woo


def switch_off(woo: WooShop) -> None:
    """As WooCommerce does it after five deliveries that failed."""
    woo.webhooks[0]["status"] = "disabled"


SECRETS = CONNECTOR.complete(calls.SETTINGS["woocommerce"])
CART = {
    "id": "e1", "type": "cart.updated", "occurred_at": "2026-11-02T14:00:00Z",
    "cart": {"token": TOKEN, "currency": "EUR", "items": [{"product_id": "7", "quantity": 2}]},
}  # fmt: skip
WOOCOMMERCE = Platform(
    CONNECTOR,
    shop=shop,
    secrets=SECRETS,
    calls=[
        calls.woocommerce("order.created", WOO_ORDER),
        calls.woocommerce("ripresa.events", [CART]),
    ],
    forge=lambda _: calls.woocommerce("order.created", WOO_ORDER, secret="other"),
    buyers=[
        Buyers(emails=frozenset({"p7@example.test"})),
        Buyers(phones=frozenset({"+393331234567"})),
        Buyers(customer_ids=frozenset({"7"})),
        Buyers(cart_tokens=frozenset({"tok"})),
    ],
    items=[
        (CatalogueItem("7", "", "A1"), Offered(2990)),
        (CatalogueItem("8", "", ""), Gone()),
        (CatalogueItem("9", "", ""), Offered(2990, 3)),
        (CatalogueItem("19", "L", "S-L", "20"), Offered(1250)),
        (CatalogueItem("19", "M", "S-M", "21"), Gone()),
        (CatalogueItem("19", "", ""), Offered(None)),
        (CatalogueItem("30", "", ""), Offered(None)),
        (CatalogueItem("404", "", ""), Gone()),
        (CatalogueItem("", "", "S-L"), Offered(1250)),
        (CatalogueItem("Barolo", "", ""), Offered()),
    ],
    wanted=CouponWanted(
        "Ripresa: back", ("BACKAAAA11", "BACKBBBB22"), Decimal("10.00"), "EUR", is_percent=False,
        minimum=Decimal(30), valid_until=datetime(2099, 1, 1, tzinfo=UTC),
    ),
    cart=RestoredCart(TOKEN, (RestoredItem("7", "", "", "A1", 2),), "EUR", None, "BACK10"),
    switch_off=switch_off,
)  # fmt: skip
