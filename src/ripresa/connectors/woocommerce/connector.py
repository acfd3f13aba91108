"""WooCommerce as a connector: webhooks believed when signed, and orders asked for.

WooCommerce repeats no failed delivery and switches a webhook off after five, so orders are asked for as well.
Source: WC_Webhook and the REST API documentation, version 3.
"""

import json
from collections.abc import Callable, Mapping
from html import unescape

from ripresa.connectors.woocommerce import webhooks
from ripresa.connectors.woocommerce.catalogue import look
from ripresa.connectors.woocommerce.changes import ask, back_fill, find_orders
from ripresa.connectors.woocommerce.coupons import look_at_codes, mint
from ripresa.connectors.woocommerce.installing import (
    accept_install,
    install_address,
    receive_keys,
)
from ripresa.connectors.woocommerce.orders import (
    events_of_customer,
    events_of_deleted_order,
    events_of_order,
)
from ripresa.connectors.woocommerce.plugin import with_whole_numbers
from ripresa.connectors.woocommerce.restoring import restore_link
from ripresa.connectors.woocommerce.watching import watch
from ripresa.contracts.calling.sayings import say
from ripresa.contracts.decoding import Outcome, decode_events
from ripresa.contracts.feedback import HookRefused, HookRequest
from ripresa.contracts.provider import Setting
from ripresa.contracts.rejections import BadBody
from ripresa.contracts.shops.connector import Ability, Connector, Heard, Sums
from ripresa.contracts.shops.errands import Registered
from ripresa.contracts.shops.installing import Install
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


def hear(call: HookRequest, settings: Mapping[str, str]) -> Heard:
    """The events of one webhook. Raises HookRefused."""
    if _is_ping(call.body):
        return Heard()
    # WooCommerce decodes HTML entities in the secret before it signs.
    secret = unescape(settings["webhook_secret"])
    if not is_signed(call.body, secret, call.headers.get("x-wc-webhook-signature", "")):
        raise HookRefused(
            say("the signature (X-WC-Webhook-Signature) is not made with this secret")
        )
    topic = call.headers.get("x-wc-webhook-topic", "")
    try:
        if topic == PLUGIN_TOPIC:
            return Heard(tuple(decode_events(with_whole_numbers(call.body))))
        payload = json.loads(call.body)
    except (ValueError, BadBody) as wrong:
        raise HookRefused(
            say("the body is no JSON that can be read: {wrong}", wrong=wrong)
        ) from None
    if topic == _DELETED:
        return Heard(tuple(events_of_deleted_order(payload, at=call.received_at)))
    reader = _READERS.get(topic)
    return Heard() if reader is None else Heard(tuple(reader(payload)))


def register(settings: Mapping[str, str], address: str) -> Registered:
    """Have the shop call `address`, with our secret. Raises ShopAway, NotLetIn."""
    return webhooks.register(settings, address, CONNECTOR.topics)


def _is_ping(body: bytes) -> bool:
    """What WooCommerce sends when a webhook is made: unsigned, and to be answered with 200."""
    name, _, number = body.partition(b"=")
    return name == b"webhook_id" and number.isdigit()


CONNECTOR = Connector(
    name="woocommerce",
    label="WooCommerce",
    settings=(
        Setting("url", "The address of the shop, as WordPress has it: https://shop.example."),
        Setting(
            "webhook_secret",
            "The secret of the webhooks, without any of & < > \" '.",
            is_secret=True,
        ),
        Setting(
            "consumer_key",
            "A REST key that may read and write; left out, the shop is asked for one.",
            is_secret=True,
            default="",
        ),
        Setting("consumer_secret", "Its secret.", is_secret=True, default=""),
        Setting(
            "permalinks",
            "pretty, or plain where the shop's addresses are of the kind ?p=7.",
            default="pretty",
        ),
        Setting(
            "keys_in",
            "header, or query where the shop's server keeps the Authorization header to itself.",
            default="header",
        ),
        Setting(
            "checkout_links",
            "yes: the shop follows /checkout-link/, as WooCommerce 10 and later do; else no.",
            default="yes",
        ),
    ),
    abilities=frozenset({Ability.CARTS, Ability.CHECKOUTS, Ability.ORDERS, Ability.CUSTOMERS}),
    hear=hear,
    ask=ask,
    topics=(*_READERS, _DELETED),
    back_fill=back_fill,
    register=register,
    look=look,
    find_orders=find_orders,
    mint=mint,
    sums=Sums.OWN,
    look_at_codes=look_at_codes,
    restore_link=restore_link,
    watch=watch,
    install=Install(install_address, accept_install, receive_keys),
)
