"""Billbee as a connector: it calls nobody, so it is asked. Source: OrdersEndpoint of its PHP SDK, API v1.

Two calls a second for each endpoint; more are answered with 429.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from ripresa.connectors.billbee.orders import events_of_order
from ripresa.contracts.decoding import Outcome
from ripresa.contracts.provider import Setting
from ripresa.contracts.shops.asking import asking
from ripresa.contracts.shops.connector import Ability, Connector, ShopAway
from ripresa.core.http.client import basic

_PAGE = 250


def ask(settings: Mapping[str, str], since: datetime) -> Iterator[list[Outcome]]:
    """The orders that changed since an instant, a page at a time. Raises ShopAway, NotLetIn."""
    url = settings["url"].rstrip("/") + "/orders"
    headers = basic(settings["user"], settings["password"])
    headers["x-billbee-api-key"] = settings["api_key"]
    query = [("modifiedAtMin", since.isoformat()), ("pageSize", str(_PAGE))]
    # Orders of marketplaces come along; they would count as recovered by themselves.
    query += [("shopId", shop.strip()) for shop in settings["shops"].split(",") if shop.strip()]
    page = pages = 1
    with asking(url) as shop:
        while page <= pages:
            answer = shop.get(url, [*query, ("page", str(page))], headers)
            orders, pages = _read(url, answer)
            yield [outcome for order in orders for outcome in events_of_order(order)]
            page += 1


def _read(url: str, answer: Any) -> tuple[list[Any], int]:
    try:
        orders, pages = answer["Data"], int(answer["Paging"]["TotalPages"])
    except (KeyError, TypeError, ValueError):
        raise ShopAway(f"{url} answers with something else than Data and Paging") from None
    if not isinstance(orders, list):
        raise ShopAway(f"{url} answers with something else than a list of orders")
    return orders, pages


CONNECTOR = Connector(
    name="billbee",
    label="Billbee",
    settings=(
        Setting("user", "The Billbee user."),
        Setting("password", "The API password set in the account.", is_secret=True),
        Setting("api_key", "The developer key from Billbee.", is_secret=True),
        Setting(
            "shops", "Ids of the shops to take orders from, with commas; empty: all.", default=""
        ),
        Setting("url", "The address of the API.", default="https://api.billbee.io/api/v1"),
    ),
    abilities=frozenset({Ability.ORDERS}),
    ask=ask,
)
