"""Shopify as a connector: what it is told and what it can do. Each part of it is a module of its own."""

from collections.abc import Mapping

from ripresa.connectors.shopify.admin import webhooks
from ripresa.connectors.shopify.admin.bulk import back_fill
from ripresa.connectors.shopify.admin.catalogue import look
from ripresa.connectors.shopify.admin.discounts import look_at_codes, mint
from ripresa.connectors.shopify.admin.finding import find_orders
from ripresa.connectors.shopify.admin.history import ask
from ripresa.connectors.shopify.admin.watching import watch
from ripresa.connectors.shopify.hooks import TOPICS, hear
from ripresa.connectors.shopify.installing import accept_install, install_address
from ripresa.connectors.shopify.restoring import restore_link
from ripresa.connectors.shopify.tokens import renew
from ripresa.contracts.provider import Setting
from ripresa.contracts.shops.connector import Ability, Connector, Sums
from ripresa.contracts.shops.errands import Registered
from ripresa.contracts.shops.installing import Install


def register(settings: Mapping[str, str], address: str) -> Registered:
    """Have the shop call `address`. Raises ShopAway, NotLetIn."""
    return webhooks.register(settings, address, TOPICS)


CONNECTOR = Connector(
    name="shopify",
    label="Shopify",
    settings=(
        Setting("shop", "The shop's own name at Shopify, such as example.myshopify.com."),
        Setting(
            "client_secret",
            "The client secret of your app: webhooks are signed with it.",
            is_secret=True,
        ),
        Setting(
            "old_client_secret",
            "The secret before it, for the hour in which Shopify signs with either.",
            is_secret=True,
            default="",
        ),
        Setting("client_id", "The client id of your app, to ask the shop.", default=""),
        Setting(
            "access_token",
            "A token that never ends, of an app made in the shop's admin before 2026.",
            is_secret=True,
            default="",
        ),
        Setting(
            "auth",
            "client_credentials (an app of your own organisation), oauth (an app to be installed) or "
            "token; empty: token where there is one, else client_credentials.",
            default="",
        ),
        Setting("currency", "The shop's own currency: carts name none.", default="EUR"),
        Setting(
            "restore_by",
            "Where restore links lead: cart, the same items in a new cart; or checkout, Shopify's own "
            "address, which shows the buyer's data to whoever opens it.",
            default="cart",
        ),
        Setting("storefront", "The shop's public domain; empty: that of Shopify.", default=""),
        Setting("api_url", "Where the shop is asked; empty: at Shopify. For trials.", default=""),
    ),
    abilities=frozenset({Ability.CARTS, Ability.CHECKOUTS, Ability.ORDERS, Ability.CUSTOMERS}),
    hear=hear,
    ask=ask,
    topics=TOPICS,
    back_fill=back_fill,
    renew=renew,
    register=register,
    look=look,
    find_orders=find_orders,
    mint=mint,
    sums=Sums.OWN,
    look_at_codes=look_at_codes,
    restore_link=restore_link,
    watch=watch,
    install=Install(install_address, accept_install),
)
