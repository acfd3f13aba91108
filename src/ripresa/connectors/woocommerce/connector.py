"""WooCommerce as a connector: webhooks believed when signed, and orders asked for.

WooCommerce repeats no failed delivery and switches a webhook off after five, so orders are asked for as well.
Source: WC_Webhook and the REST API documentation, version 3.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from html import unescape

from ripresa.connectors.woocommerce.orders import (
    events_of_customer,
    events_of_deleted_order,
    events_of_order,
)
from ripresa.contracts.decoding import Outcome, decode_events
from ripresa.contracts.feedback import HookRefused, HookRequest
from ripresa.contracts.provider import Setting
from ripresa.contracts.rejections import BadBody
from ripresa.contracts.shops.asking import asking
from ripresa.contracts.shops.connector import Ability, Connector, Heard, ShopAway
from ripresa.core.http.client import basic
from ripresa.core.http.signing import is_signed

_READERS: Mapping[str, Callable[[object], list[Outcome]]] = {
    "order.created": events_of_order,
    "order.updated": events_of_order,
    "order.restored": events_of_order,
    "customer.created": events_of_customer,
    "customer.updated": events_of_customer,
}
_DELETED = "order.deleted"
# What our plugin in the shop calls its own calls: store events as they are, signed like a webhook.
PLUGIN_TOPIC = "ripresa.events"
_PAGE = 100
_MOST_PAGES = 1_000_000


def hear(call: HookRequest, settings: Mapping[str, str]) -> Heard:
    """The events of one webhook. Raises HookRefused."""
    if _is_ping(call.body):
        return Heard(is_ignored=True)
    # WooCommerce decodes HTML entities in the secret before it signs.
    secret = unescape(settings["webhook_secret"])
    if not is_signed(call.body, secret, call.headers.get("x-wc-webhook-signature", "")):
        raise HookRefused("the signature (X-WC-Webhook-Signature) is not made with this secret")
    topic = call.headers.get("x-wc-webhook-topic", "")
    try:
        if topic == PLUGIN_TOPIC:
            return Heard(tuple(decode_events(call.body)))
        payload = json.loads(call.body)
    except (ValueError, BadBody) as wrong:
        raise HookRefused(f"the body is no JSON that can be read: {wrong}") from None
    if topic == _DELETED:
        return Heard(tuple(events_of_deleted_order(payload, at=call.received_at)))
    reader = _READERS.get(topic)
    return Heard(is_ignored=True) if reader is None else Heard(tuple(reader(payload)))


def ask(settings: Mapping[str, str], since: datetime) -> Iterator[list[Outcome]]:
    """The orders that changed since an instant, oldest change first. Raises ShopAway, NotLetIn."""
    query = {
        "modified_after": since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S"),
        "dates_are_gmt": "true",
        "orderby": "modified",
        "order": "asc",
        "per_page": str(_PAGE),
    }
    url = settings["url"].rstrip("/") + "/wp-json/wc/v3/orders"
    headers = basic(settings["consumer_key"], settings["consumer_secret"])
    with asking(url) as shop:
        for page in range(1, _MOST_PAGES):
            orders = shop.get(url, query | {"page": str(page)}, headers)
            if not isinstance(orders, list):
                raise ShopAway(f"{url} answers with something else than a list of orders")
            yield [outcome for order in orders for outcome in events_of_order(order)]
            if len(orders) < _PAGE:
                return


def _is_ping(body: bytes) -> bool:
    """What WooCommerce sends when a webhook is made: unsigned, and to be answered with 200."""
    name, _, number = body.partition(b"=")
    return name == b"webhook_id" and number.isdigit()


CONNECTOR = Connector(
    name="woocommerce",
    label="WooCommerce",
    settings=(
        Setting("url", "The address of the shop: https://shop.example."),
        Setting(
            "webhook_secret",
            "The secret of the webhooks, without any of & < > \" '.",
            is_secret=True,
        ),
        Setting("consumer_key", "A REST key that may read orders.", is_secret=True),
        Setting("consumer_secret", "Its secret.", is_secret=True),
    ),
    abilities=frozenset({Ability.CARTS, Ability.CHECKOUTS, Ability.ORDERS, Ability.CUSTOMERS}),
    hear=hear,
    ask=ask,
    topics=(*_READERS, _DELETED),
)
