"""Medusa 2 as a connector: a subscriber in the shop (shops/medusa) calls us, signed by Standard Webhooks."""

import json
from collections.abc import Callable, Mapping
from decimal import Decimal

from ripresa.connectors.medusa.api import ask, find_orders, look, restore_link
from ripresa.connectors.medusa.coupons import look_at_codes, mint
from ripresa.connectors.medusa.entities import events_of_cart, events_of_customer, events_of_order
from ripresa.contracts.calling.sayings import say
from ripresa.contracts.decoding import Outcome
from ripresa.contracts.feedback import HookRefused, HookRequest
from ripresa.contracts.provider import Setting
from ripresa.contracts.shops.connector import Ability, Connector, Heard, Sums
from ripresa.core.http.signing import is_standard_webhook

_READERS: Mapping[str, Callable[[object], list[Outcome]]] = {
    "cart": events_of_cart,
    "order": events_of_order,
    "customer": events_of_customer,
}
TOPICS = (
    "cart.created", "cart.updated", "cart.customer_updated", "order.placed", "order.updated",
    "order.canceled", "customer.created", "customer.updated",
)  # fmt: skip


def hear(call: HookRequest, settings: Mapping[str, str]) -> Heard:
    """The events of `{"type": "cart.updated", "data": {…}}`. Raises HookRefused."""
    secret = settings["webhook_secret"]
    if not is_standard_webhook(call.body, secret, call.headers, now=call.received_at):
        raise HookRefused(
            say("the signature (webhook-signature) is wrong, or older than five minutes")
        )
    try:
        body = json.loads(call.body, parse_float=Decimal)
        kind, data = body["type"], body["data"]
    except (ValueError, KeyError, TypeError):
        raise HookRefused(say("the body is not JSON with a type and data")) from None
    reader = _READERS.get(str(kind).partition(".")[0]) if kind in TOPICS else None
    return Heard() if reader is None else Heard(tuple(reader(data)))


CONNECTOR = Connector(
    name="medusa",
    label="Medusa 2",
    settings=(
        Setting(
            "webhook_secret", "The secret that the subscriber signs with: whsec_…", is_secret=True
        ),
        Setting("url", "The address of the Medusa server, to ask it.", default=""),
        Setting(
            "secret_key",
            "A secret API key, for orders and coupons: sk_…",
            is_secret=True,
            default="",
        ),
        Setting("publishable_key", "A publishable API key, for prices: pk_…", default=""),
        Setting(
            "storefront", "The storefront with its /cart/recover/ID, for the way back.", default=""
        ),
    ),
    abilities=frozenset({Ability.CARTS, Ability.CHECKOUTS, Ability.ORDERS, Ability.CUSTOMERS}),
    hear=hear,
    ask=ask,
    find_orders=find_orders,
    look=look,
    mint=mint,
    sums=Sums.ANY,
    look_at_codes=look_at_codes,
    restore_link=restore_link,
    topics=TOPICS,
)
