"""Webhooks, believed when signed.

Delivery as of API version 2026-10: at least once, in any order, eight retries in four hours. The headers
are not signed, so a topic alone closes and erases nothing: the body has to name the shop as well.
Source: shopify.dev, apps/build/webhooks/delivery-structure.
"""

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial

from ripresa.connectors.shopify.carts import events_of_cart, events_of_checkout
from ripresa.connectors.shopify.compliance import COMPLIANCE
from ripresa.connectors.shopify.customers import (
    events_of_customer,
    events_of_email_consent,
    events_of_sms_consent,
)
from ripresa.connectors.shopify.orders import events_of_order, events_of_refund
from ripresa.connectors.shopify.restoring import keeps_url
from ripresa.contracts.calling.sayings import say
from ripresa.contracts.decoding import Outcome
from ripresa.contracts.feedback import HookRefused, HookRequest
from ripresa.contracts.shops.connector import Heard
from ripresa.core.http.signing import is_signed

# Retries go on for four hours; whoever sends an older call again has copied it.
_OLDEST = timedelta(hours=24)

_READERS: Mapping[str, Callable[[object], list[Outcome]]] = {
    "orders/create": events_of_order,
    "orders/updated": events_of_order,
    "orders/cancelled": events_of_order,
    "customers/create": events_of_customer,
    "customers/update": events_of_customer,
    "customers/email_marketing_consent/update": events_of_email_consent,
    "customers/marketing_consent/update": events_of_sms_consent,
    "refunds/create": events_of_refund,
}
_CARTS = ("carts/create", "carts/update")
_CHECKOUTS = ("checkouts/create", "checkouts/update")
_UNINSTALLED = "app/uninstalled"
TOPICS = (*_CARTS, *_CHECKOUTS, *_READERS, _UNINSTALLED)


def hear(call: HookRequest, settings: Mapping[str, str]) -> Heard:
    """What one webhook tells. Raises HookRefused."""
    _believe(call, settings)
    topic = call.headers.get("x-shopify-topic", "")
    if topic == _UNINSTALLED:
        _require_shop(_json(call.body), "myshopify_domain", settings)
        return Heard(has_ended=True)
    if topic in COMPLIANCE:
        body = _json(call.body)
        _require_shop(body, "shop_domain", settings)
        return Heard(request=COMPLIANCE[topic](body))
    reader = _READERS.get(topic)
    if topic in _CARTS:
        reader = partial(events_of_cart, currency=settings["currency"])
    elif topic in _CHECKOUTS:
        reader = partial(events_of_checkout, keep_url=keeps_url(settings))
    if reader is None:
        return Heard()
    return Heard(tuple(reader(_json(call.body))))


def _believe(call: HookRequest, settings: Mapping[str, str]) -> None:
    shop = call.headers.get("x-shopify-shop-domain", "").lower()
    if shop != settings["shop"].lower():
        raise HookRefused(
            say(
                "the call is of the shop {shop}, this connection of {other}",
                shop=shop,
                other=settings["shop"],
            )
        )
    signature = call.headers.get("x-shopify-hmac-sha256", "")
    secrets = (settings["client_secret"], settings["old_client_secret"])
    if not any(secret and is_signed(call.body, secret, signature) for secret in secrets):
        raise HookRefused(
            say("the signature (X-Shopify-Hmac-Sha256) is not made with this client secret")
        )
    triggered = _instant(call.headers.get("x-shopify-triggered-at"))
    if triggered is not None and call.received_at - triggered > _OLDEST:
        raise HookRefused(
            say(
                "the call is of {triggered}: Shopify repeats none for so long",
                triggered=triggered.isoformat(),
            )
        )


def _require_shop(body: object, name: str, settings: Mapping[str, str]) -> None:
    named = body.get(name) if isinstance(body, dict) else None
    if str(named or "").lower() != settings["shop"].lower():
        raise HookRefused(say("the body does not name this shop in {name}", name=name))


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
        raise HookRefused(say("the body is not JSON")) from None
