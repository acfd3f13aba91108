"""Our plugin in the shop: set up without copying anything, asked how it fares, its numbers made whole.

It answers to the shop's REST keys, at an address of its own (shops/woocommerce).
"""

import hashlib
import hmac
import json
from collections.abc import Iterator
from typing import Any

from ripresa.connectors.woocommerce.rest import PLUGIN, Rest
from ripresa.contracts.calling.sayings import say
from ripresa.contracts.mapping.people import e164
from ripresa.contracts.shops.connector import NotLetIn, ShopAway

_CONNECTION = "connection"
_MANY = 500
# Beside a number as it was typed at the checkout.
_COUNTRY_OF_PHONE = "phone_country"


def mark_of(secret: str) -> str:
    """What tells one secret from the next without giving either away."""
    return hmac.new(secret.encode(), b"ripresa webhook", hashlib.sha256).hexdigest()[:6]


def set_up(shop: Rest, address: str, secret: str) -> tuple[str, ...]:
    """Tell the plugin where to send carts; sentences on what stands against it. Raises ShopAway, NotLetIn.

    One that was set up for another install stays with it: two would fight over it every hour.
    """
    told = standing(shop)
    if told is None or (told.get("address"), told.get("mark")) == (address, mark_of(secret)):
        return ()
    if told.get("address") not in {"", address}:
        return (
            say("The plugin in the shop sends carts to another address: empty it there first."),
        )
    shop.post(_CONNECTION, {"address": address, "secret": secret}, PLUGIN)
    return ()


def standing(shop: Rest) -> dict[str, Any] | None:
    """How the plugin fares; None: there is none, or one that does not say. Raises ShopAway."""
    try:
        told = shop.find(_CONNECTION, PLUGIN)
    except NotLetIn:
        return None  # keys of somebody who may not run the shop
    if told is not None and not isinstance(told, dict):
        raise ShopAway(say("the plugin in the shop answers with something else than how it stands"))
    return told


def about(told: dict[str, Any]) -> Iterator[str]:
    """Sentences for the user."""
    if told.get("address") == "":
        yield say("The Ripresa plugin is not set up: of carts it tells nothing.")
    if trouble := told.get("trouble"):
        yield say("The Ripresa plugin can't send carts: {trouble}", trouble=trouble)
    if isinstance(waiting := told.get("waiting"), int) and waiting > _MANY:
        yield say(
            "In the shop {waiting} events wait to be sent: do its scheduled actions run?",
            waiting=waiting,
        )
    if dropped := told.get("dropped"):
        yield say(
            "The Ripresa plugin has let {dropped} events go, because too many were waiting.",
            dropped=dropped,
        )


def with_whole_numbers(body: bytes) -> bytes:
    """The body, its numbers with + and country code; one that is none stays, so that it is told.

    Raises ValueError: it is no JSON.
    """
    if f'"{_COUNTRY_OF_PHONE}"'.encode() not in body:
        return body
    told = json.loads(body)
    for event in told if isinstance(told, list) else [told]:
        contact = event.get("contact") if isinstance(event, dict) else None
        if isinstance(contact, dict):
            _make_whole(contact)
    return json.dumps(told).encode()


def _make_whole(contact: dict[str, Any]) -> None:
    country, phone = contact.pop(_COUNTRY_OF_PHONE, None), contact.get("phone")
    if isinstance(country, str) and isinstance(phone, str):
        contact["phone"] = e164(phone, country) or phone
