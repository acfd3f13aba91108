"""Shopify: webhooks signed over the body, headers that are not."""

from datetime import timedelta

from ripresa.connectors.shopify.connector import CONNECTOR
from tests.contracts.shops.frame import Platform
from tests.unit.connectors import calls
from tests.unit.connectors.calls import T0
from tests.unit.connectors.test_hearing import CHECKOUT

SHOPIFY = Platform(
    CONNECTOR,
    secrets=calls.SETTINGS["shopify"],
    calls=[calls.shopify("checkouts/update", CHECKOUT)],
    forge=lambda _: calls.shopify("checkouts/update", CHECKOUT, secret="other"),
    late=lambda _: calls.shopify("checkouts/update", CHECKOUT, sent=T0 - timedelta(days=2)),
)
