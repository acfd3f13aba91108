"""Orders and customers as they are now: what changed, a history, and the orders of some people."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from ripresa.connectors.woocommerce.orders import events_of_customer, events_of_order
from ripresa.connectors.woocommerce.rest import Rest, rest
from ripresa.contracts.decoding import Outcome
from ripresa.contracts.shops.errands import Buyers, HistoryPage

_ORDERS = "orders"
_SECOND = timedelta(seconds=1)
# Before a hand-over: what changed lately is read whole, older orders are searched for by person.
_NEWEST_PAGES = 3
_MOST_SEARCHES = 10
# Everybody with an account is listed as a customer, those who run the shop as well.
_STAFF = frozenset({"administrator", "editor", "author", "contributor", "shop_manager"})


def ask(settings: Mapping[str, str], since: datetime) -> Iterator[list[Outcome]]:
    """The orders that changed since an instant, oldest change first. Raises ShopAway, NotLetIn."""
    with rest(settings) as shop:
        for orders, _ in _changed(shop, since):
            yield _told(orders)


def back_fill(settings: Mapping[str, str], since: datetime) -> Iterator[HistoryPage]:
    """The same, after all customers: the shop can't tell which of them changed. Raises ShopAway, NotLetIn."""
    with rest(settings) as shop:
        for customers in _customers(shop):
            some = [one for one in customers if (at := _modified(one)) is None or at >= since]
            yield HistoryPage([told for one in some for told in events_of_customer(one)])
        for orders, until in _changed(shop, since):
            yield HistoryPage(_told(orders), until)


def find_orders(
    settings: Mapping[str, str], buyers: Buyers, since: datetime, timeout: timedelta
) -> list[Outcome]:
    """Orders of any of `buyers` that changed since an instant, among others. Raises ShopAway, NotLetIn.

    The shop knows no search by phone or cart, so the newest 300 are read; if there are more, orders are
    searched for by address and account as well.
    """
    query = _since(since) | {"order": "desc"}
    with rest(settings, within=timeout) as shop:
        orders, is_more = [], True
        for number in range(1, _NEWEST_PAGES + 1):
            some, is_more = shop.page(_ORDERS, query, number)
            orders += some
            if not is_more:
                break
        for search in _searches(buyers)[: _MOST_SEARCHES if is_more else 0]:
            orders += shop.page(_ORDERS, query | search, 1)[0]
    return _told(orders)


def _searches(buyers: Buyers) -> list[dict[str, str]]:
    accounts = [one for one in sorted(buyers.customer_ids) if one.isdecimal()]
    return [
        *({"search": email} for email in sorted(buyers.emails)),
        *({"customer": ident} for ident in accounts),
    ]


def _told(orders: list[Any]) -> list[Outcome]:
    return [outcome for order in orders for outcome in events_of_order(order)]


def _since(instant: datetime) -> dict[str, str]:
    return {
        "modified_after": instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S"),
        "dates_are_gmt": "true",
        "orderby": "modified",
    }


def _changed(shop: Rest, since: datetime) -> Iterator[tuple[list[Any], datetime | None]]:
    """Orders, oldest change first, and until when all changes have been told.

    Begun anew behind each page: an order that changes meanwhile leaves its place, and those behind it
    would move up onto a page that was read already. A whole second is turned over by page numbers.
    """
    number, is_more = 1, True
    while is_more:
        orders, is_more = shop.page(_ORDERS, _since(since) | {"order": "asc"}, number)
        latest = max((at for order in orders if (at := _modified(order))), default=None)
        # The page may end within a second, of which there may be more.
        begin = latest and latest - _SECOND
        if begin is not None and begin > since:
            since, number = begin, 1
        else:
            number += 1
        yield orders, begin


def _customers(shop: Rest) -> Iterator[list[Any]]:
    number, is_more = 1, True
    while is_more:
        query = {"role": "all", "orderby": "id", "order": "asc"}
        customers, is_more = shop.page("customers", query, number)
        yield [one for one in customers if isinstance(one, dict) and one.get("role") not in _STAFF]
        number += 1


def _modified(record: Any) -> datetime | None:
    """When it changed; None where that can't be read, which is for the mapping to complain of."""
    text = record.get("date_modified_gmt") if isinstance(record, dict) else None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=UTC) if isinstance(text, str) else None
    except ValueError:
        return None
