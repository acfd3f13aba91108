"""Where a cart comes back (MSG-7): the platform's own link where it has one, else the cart's own address."""

from collections.abc import Mapping

import msgspec

from ripresa.contracts.provider import BadSettings
from ripresa.contracts.shops.connector import Connector
from ripresa.contracts.shops.errands import RestoredCart, RestoredItem
from ripresa.core.config import ConfigError
from ripresa.core.secrets.box import CannotOpen
from ripresa.domain.carts.models import Cart
from ripresa.domain.carts.rules import Line
from ripresa.domain.connections import queries
from ripresa.usecases.connections import Connections


def find_restore_link(
    *, cart: Cart, own_url: str | None, code: str, connectors: Mapping[str, Connector]
) -> str | None:
    """The address at the shop that puts the cart back, its coupon applied; None: no platform has one.

    `own_url` is what the cart itself says, where that may be trusted. Asks nobody.
    """
    connections = Connections(connectors)
    for connection in queries.list_open(cart.shop_id):
        connector = connectors.get(connection.platform)
        if connector is None or connector.restore_link is None:
            continue
        try:
            settings = connections.settings_of(connection)
        except (BadSettings, CannotOpen, ConfigError):
            continue  # the cart's own address still leads into the shop
        if link := connector.restore_link(settings, _restored(cart, own_url, code)):
            return link
    return None


def _restored(cart: Cart, own_url: str | None, code: str) -> RestoredCart:
    lines = msgspec.convert(cart.items, list[Line])
    items = tuple(
        RestoredItem(line.product, line.variant, line.variant_id, line.sku, line.quantity)
        for line in lines
    )
    return RestoredCart(cart.token, items, cart.currency.strip(), own_url, code)
