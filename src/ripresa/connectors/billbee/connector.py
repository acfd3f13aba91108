"""Billbee as a connector: it calls nobody, so it is asked.

Source: OrdersEndpoint of its PHP SDK, API v1. Neither that nor its API description knows a webhook.

Two calls a second for each endpoint; more are answered with 429 and the time to wait.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from ripresa.connectors.billbee.orders import events_of_order
from ripresa.contracts.calling.sayings import say
from ripresa.contracts.decoding import Outcome
from ripresa.contracts.provider import Setting
from ripresa.contracts.shops.asking import ShopClient, asking
from ripresa.contracts.shops.connector import Ability, Connector, ShopAway
from ripresa.contracts.shops.errands import Buyers
from ripresa.core.clock import WALL
from ripresa.core.http.client import basic

_PAGE = 250
# How often a list that moves under our hands is read again before it is left to a later round.
_READINGS = 3
# Before a hand-over there is time for so many pages; of a busier account the latest day is read.
_PAGES_IN_HASTE = 6
_LATELY = timedelta(days=1)


def ask(settings: Mapping[str, str], since: datetime) -> Iterator[list[Outcome]]:
    """The orders that changed since an instant, a page at a time. Raises ShopAway, NotLetIn.

    In what order they come Billbee does not say. Those behind one that changes meanwhile may move up onto
    a page that was read already: then fewer were seen than there are, and all are read again.
    """
    with asking(settings["url"]) as shop:
        for _ in range(_READINGS):
            seen: set[str] = set()
            number, pages, rows = 0, 1, 0
            while number < pages:
                number += 1
                page = _page(shop, settings, since, number)
                pages, rows = page.pages, page.rows
                seen |= {str(order.get("BillBeeOrderId")) for order in page.orders}
                yield page.outcomes
            if len(seen) >= rows:
                return
    raise ShopAway(say("Billbee's orders change faster than they can be read"))


def find_orders(
    settings: Mapping[str, str],
    buyers: Buyers,  # noqa: ARG001  (Billbee knows no search by person; all are told)
    since: datetime,
    timeout: timedelta,
) -> list[Outcome]:
    """Whatever changed since an instant, or lately where that is too much. Raises ShopAway, NotLetIn."""
    with asking(settings["url"], within=timeout) as shop:
        first = _page(shop, settings, since, 1)
        if first.pages > _PAGES_IN_HASTE:
            since = max(since, WALL.now() - _LATELY)
            first = _page(shop, settings, since, 1)
        rest = [_page(shop, settings, since, number) for number in range(2, first.pages + 1)]
    return [outcome for page in (first, *rest) for outcome in page.outcomes]


def watch(settings: Mapping[str, str]) -> tuple[str, ...]:
    """What the user has to know. Talks to nobody."""
    if _shops(settings):
        return ()
    return (say("No shops are named: orders from marketplaces stop reminders and count as well."),)


@dataclass(frozen=True, slots=True)
class _Page:
    orders: list[Any]
    pages: int
    rows: int

    @property
    def outcomes(self) -> list[Outcome]:
        return [outcome for order in self.orders for outcome in events_of_order(order)]


def _page(shop: ShopClient, settings: Mapping[str, str], since: datetime, number: int) -> _Page:
    url = settings["url"].rstrip("/") + "/orders"
    headers = basic(settings["user"], settings["password"])
    headers["x-billbee-api-key"] = settings["api_key"]
    query = [("modifiedAtMin", since.isoformat()), ("pageSize", str(_PAGE))]
    # Orders of marketplaces come along; they would count as recovered by themselves.
    query += [("shopId", one) for one in _shops(settings)]
    return _read(url, shop.get(url, [*query, ("page", str(number))], headers))


def _shops(settings: Mapping[str, str]) -> list[str]:
    return [shop.strip() for shop in settings["shops"].split(",") if shop.strip()]


def _read(url: str, answer: Any) -> _Page:
    # What goes wrong may come with status 200, and a number and a sentence in it.
    if isinstance(answer, dict) and answer.get("ErrorCode"):
        said = answer.get("ErrorMessage") or f"error {answer['ErrorCode']}"
        raise ShopAway(say("Billbee says: {said}", said=said))
    try:
        orders, paging = answer["Data"], answer["Paging"]
        pages, rows = int(paging["TotalPages"]), int(paging.get("TotalRows") or 0)
    except (AttributeError, KeyError, TypeError, ValueError):
        raise ShopAway(
            say("{url} answers with something else than Data and Paging", url=url)
        ) from None
    if not isinstance(orders, list) or not all(isinstance(order, dict) for order in orders):
        raise ShopAway(say("{url} answers with something else than a list of orders", url=url))
    return _Page(orders, pages, rows)


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
    find_orders=find_orders,
    watch=watch,
)
