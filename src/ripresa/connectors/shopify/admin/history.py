"""What changed in a shop, asked page by page: orders first, for they stop what is planned."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from ripresa.connectors.shopify.admin import documents
from ripresa.connectors.shopify.admin.client import (
    AccessDenied,
    Admin,
    TooCostly,
    opened,
    reading,
)
from ripresa.connectors.shopify.admin.shapes import checkout_of, customer_of, order_of
from ripresa.connectors.shopify.carts import events_of_checkout
from ripresa.connectors.shopify.customers import events_of_customer
from ripresa.connectors.shopify.orders import events_of_order
from ripresa.connectors.shopify.restoring import keeps_url
from ripresa.contracts.calling.sayings import say
from ripresa.contracts.decoding import Outcome
from ripresa.contracts.shops.connector import ShopAway

# A page may cost a thousand points: one for each object in it, those of lines included.
_ORDERS, _CHECKOUTS, _CUSTOMERS = 25, 5, 50
Node = Mapping[str, Any]


def ask(settings: Mapping[str, str], since: datetime) -> Iterator[list[Outcome]]:
    """What changed since an instant, a page at a time. Raises ShopAway, NotLetIn."""
    with opened(settings) as admin:
        yield from pages(admin, since, checkout_reader(settings))


def pages(
    admin: Admin, since: datetime, checkout_outcomes: Callable[[Node], list[Outcome]]
) -> Iterator[list[Outcome]]:
    """Orders, checkouts and customers that changed since an instant."""
    changed = changed_since(since)
    yield from _told(nodes(admin, documents.orders_page(), changed, _ORDERS), order_outcomes)
    checkouts = ([_whole(admin, one) for one in page] for page in checkout_nodes(admin, changed))
    yield from _told(checkouts, checkout_outcomes)
    customers = nodes(admin, documents.customers_page(), changed, _CUSTOMERS)
    yield from _told(customers, customer_outcomes)


def changed_since(since: datetime) -> str:
    """Shopify's search syntax for what changed at or after an instant."""
    return f"updated_at:>='{since.isoformat(timespec='seconds').replace('+00:00', 'Z')}'"


def order_outcomes(node: Node) -> list[Outcome]:
    """The events of an Order."""
    return events_of_order(order_of(node))


def checkout_reader(settings: Mapping[str, str]) -> Callable[[Node], list[Outcome]]:
    """What gives the events of an AbandonedCheckout with its lines inside."""

    def outcomes(node: Node) -> list[Outcome]:
        lines = (node.get("lineItems") or {}).get("nodes") or ()
        return events_of_checkout(checkout_of(node, lines), keep_url=keeps_url(settings))

    return outcomes


def customer_outcomes(node: Node) -> list[Outcome]:
    """The events of a Customer."""
    return events_of_customer(customer_of(node))


def may_see_urls(denied: AccessDenied) -> bool:
    """Whether something else than the recovery URL was refused."""
    return documents.RECOVERY_URL not in denied.fields


def _told(
    found: Iterable[list[Node]], outcomes: Callable[[Node], list[Outcome]]
) -> Iterator[list[Outcome]]:
    for page in found:
        with reading("what the schema has"):
            told = [outcome for node in page for outcome in outcomes(node)]
        yield told


def checkout_nodes(admin: Admin, query: str) -> Iterator[list[Node]]:
    """Checkouts; without their recovery URLs where the app is kept from those."""
    try:
        with_url = documents.checkouts_page(with_url=True)
        yield from nodes(admin, with_url, query, _CHECKOUTS)
    except AccessDenied as denied:
        if may_see_urls(denied):
            raise
        without = documents.checkouts_page(with_url=False)
        yield from nodes(admin, without, query, _CHECKOUTS)


def _whole(admin: Admin, checkout: Node) -> Node:
    """A checkout with all of its lines, however many; of a completed one they say nothing any more.

    Raises ShopAway, NotLetIn.
    """
    connection = checkout.get("lineItems")
    if checkout.get("completedAt") or not isinstance(connection, dict):
        return checkout
    with reading("lines"):
        lines, page = list(connection["nodes"]), connection["pageInfo"]
    while page["hasNextPage"]:
        after = page["endCursor"]
        asked = {"id": checkout.get("id"), "after": after}
        found = admin.run(documents.MORE_LINES, asked).get("node")
        if not found:
            break  # it was deleted a moment ago: what was told of it is what it was
        with reading("lines"):
            lines += found["lineItems"]["nodes"]
            page = found["lineItems"]["pageInfo"]
            if page["hasNextPage"] and page["endCursor"] in {None, after}:
                raise ShopAway(say("Shopify says that there are more lines, and not where"))
    return {**checkout, "lineItems": {"nodes": lines}}


def nodes(admin: Admin, document: str, query: str, size: int) -> Iterator[list[Node]]:
    """The nodes of a document that reads one connection, a page at a time. Raises ShopAway, NotLetIn."""
    after = None
    now = size
    while True:
        try:
            data = admin.run(document, {"query": query, "first": now, "after": after})
        except TooCostly:
            if now == 1:
                raise
            now = size = now // 2
            continue
        now = admin.fitting(size, now)
        with reading("a page"):
            [connection] = data.values()
            told: list[Node] = [each for each in connection["nodes"] if isinstance(each, dict)]
            more, cursor = (
                connection["pageInfo"]["hasNextPage"],
                connection["pageInfo"]["endCursor"],
            )
        yield told
        if not more:
            return
        if cursor is None or cursor == after:
            raise ShopAway(say("Shopify says that there is more, and not where"))
        after = cursor
