"""Shopify as a connector: webhooks, believed when signed.

Delivery as of API version 2026-10: at least once, in any order, eight retries in four hours. The headers
are not signed. Source: shopify.dev, apps/build/webhooks/delivery-structure.
"""

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial

from ripresa.connectors.shopify.carts import events_of_cart, events_of_checkout
from ripresa.connectors.shopify.customers import events_of_customer
from ripresa.connectors.shopify.orders import events_of_order, events_of_refund
from ripresa.contracts.decoding import Outcome
from ripresa.contracts.feedback import HookRefused, HookRequest
from ripresa.contracts.provider import Setting
from ripresa.contracts.shops.connector import Ability, Connector, Heard
from ripresa.core.http.signing import is_signed

# Retries go on for four hours; whoever sends an older call again has copied it.
_OLDEST = timedelta(hours=24)

_READERS: Mapping[str, Callable[[object], list[Outcome]]] = {
    "checkouts/create": events_of_checkout,
    "checkouts/update": events_of_checkout,
    "orders/create": events_of_order,
    "orders/updated": events_of_order,
    "orders/cancelled": events_of_order,
    "customers/create": events_of_customer,
    "customers/update": events_of_customer,
}
_CARTS = ("carts/create", "carts/update")
_REFUNDS = "refunds/create"
_UNINSTALLED = "app/uninstalled"


def hear(call: HookRequest, settings: Mapping[str, str]) -> Heard:
    """The events of one webhook. Raises HookRefused."""
    _believe(call, settings)
    topic = call.headers.get("x-shopify-topic", "")
    if topic == _UNINSTALLED:
        return Heard(has_ended=True)
    reader = _READERS.get(topic)
    currency = settings["currency"]
    if topic in _CARTS:
        reader = partial(events_of_cart, currency=currency)
    elif topic == _REFUNDS:
        reader = partial(events_of_refund, currency=None)
    if reader is None:
        return Heard(is_ignored=True)
    return Heard(tuple(reader(_json(call.body))))


def _believe(call: HookRequest, settings: Mapping[str, str]) -> None:
    shop = call.headers.get("x-shopify-shop-domain", "").lower()
    if shop != settings["shop"].lower():
        raise HookRefused(
            f"the call is of the shop {shop!r}, this connection of {settings['shop']!r}"
        )
    signature = call.headers.get("x-shopify-hmac-sha256", "")
    secrets = (settings["client_secret"], settings["old_client_secret"])
    if not any(secret and is_signed(call.body, secret, signature) for secret in secrets):
        raise HookRefused(
            "the signature (X-Shopify-Hmac-Sha256) is not made with this client secret"
        )
    triggered = _instant(call.headers.get("x-shopify-triggered-at"))
    if triggered is not None and call.received_at - triggered > _OLDEST:
        raise HookRefused(
            f"the call is of {triggered.isoformat()}: Shopify repeats none for so long"
        )


def _instant(text: str | None) -> datetime | None:
    try:
        instant = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return instant if instant.tzinfo else None


def _json(body: bytes) -> object:
    try:
        return json.loads(body)
    except ValueError:
        raise HookRefused("the body is not JSON") from None


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
        Setting("currency", "The shop's own currency: carts name none.", default="EUR"),
    ),
    abilities=frozenset({Ability.CARTS, Ability.CHECKOUTS, Ability.ORDERS, Ability.CUSTOMERS}),
    hear=hear,
    topics=(*_CARTS, *_READERS, _REFUNDS, _UNINSTALLED),
)
