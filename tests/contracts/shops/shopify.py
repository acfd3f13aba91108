"""Shopify: webhooks signed over the body, headers that are not; the shop of tests/shopify is asked by GraphQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal

from ripresa.connectors.shopify.connector import CONNECTOR
from ripresa.contracts.catalogue import CatalogueItem, Gone, Offered
from ripresa.contracts.shops.errands import Buyers, CouponWanted, RestoredCart, RestoredItem
from tests.contracts.shops.frame import Platform
from tests.shopify.nodes import order, variant
from tests.shopify.server import ShopifyShop
from tests.unit.connectors import calls
from tests.unit.connectors.calls import T0
from tests.unit.connectors.test_hearing import CHECKOUT

_URL, _PICTURE = "https://wines.test/products/barolo", "https://cdn.test/barolo.jpg"


class _OwnApp(ShopifyShop):
    """A shop that lets us in by client credentials: a token of 24 hours, which we have got."""

    kept: dict[str, str] = {}  # noqa: RUF012  (each shop has its own, see below)

    @property
    def settings(self) -> dict[str, str]:
        own = {"auth": "client_credentials", "client_id": "cid", "access_token": ""}
        return {**super().settings, **own, **self.kept}


@contextmanager
def shop() -> Iterator[ShopifyShop]:
    with _OwnApp() as one:
        one.kept = dict(CONNECTOR.renew(one.settings, T0) or {})
        one.orders += [order(number) for number in range(1001, 1009)]
        for node in (variant(411), variant(420, availableForSale=False)):
            one.things[node["id"]] = node
        yield one


def _forget_one(one: ShopifyShop) -> None:
    one.webhooks = [each for each in one.webhooks if each["topic"] != "ORDERS_UPDATED"]


SHOPIFY = Platform(
    CONNECTOR,
    shop=shop,
    secrets=calls.SETTINGS["shopify"],
    calls=[calls.shopify("checkouts/update", CHECKOUT)],
    forge=lambda _: calls.shopify("checkouts/update", CHECKOUT, secret="other"),
    late=lambda _: calls.shopify("checkouts/update", CHECKOUT, sent=T0 - timedelta(days=2)),
    buyers=[Buyers(emails=frozenset({"p1001@mail.test"}))],
    items=[
        (CatalogueItem("41", "", "", "411"), Offered(2990, 6, _URL, _PICTURE)),
        (CatalogueItem("41", "", "", "420"), Gone()),
        (CatalogueItem("41", "", "", "499"), Gone()),
    ],
    wanted=CouponWanted("Ripresa back10", ("AAAAAAAA", "BBBBBBBB"), Decimal(10), "EUR", True),
    cart=RestoredCart("cart", (RestoredItem("41", "", "411", "", 2),), "EUR"),
    expire=lambda one: one.tokens.clear(),
    switch_off=_forget_one,
)
