"""The platforms that the suite goes over: a line each."""

from tests.contracts.shops.billbee import BILLBEE
from tests.contracts.shops.frame import Platform
from tests.contracts.shops.medusa import MEDUSA
from tests.contracts.shops.shopify import SHOPIFY
from tests.contracts.shops.woocommerce import WOOCOMMERCE

PLATFORMS: tuple[Platform, ...] = (SHOPIFY, WOOCOMMERCE, MEDUSA, BILLBEE)
