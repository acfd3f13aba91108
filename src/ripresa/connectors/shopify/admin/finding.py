"""Orders of a few people, looked for just before something is sent to them.

Orders can be searched by e-mail, customer and tokens, not by phone and not by checkout: so customers are
looked up by phone first, and checkouts are looked at themselves, which say when they were completed.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from ripresa.connectors.shopify.admin import documents
from ripresa.connectors.shopify.admin.client import Admin, opened, reading
from ripresa.connectors.shopify.admin.history import (
    changed_since,
    checkout_nodes,
    checkout_reader,
    nodes,
    order_outcomes,
)
from ripresa.connectors.shopify.admin.shapes import number_of
from ripresa.contracts.decoding import Outcome
from ripresa.contracts.shops.errands import Buyers

# How many keys one search names; a page of each kind is what the answers mostly are.
_KEYS = 40
_PAGE = 25


def find_orders(
    settings: Mapping[str, str], buyers: Buyers, since: datetime, timeout: timedelta
) -> list[Outcome]:
    """Orders that any of `buyers` placed or changed, and how their checkouts ended.

    Raises ShopAway, NotLetIn.
    """
    changed = changed_since(since)
    read_checkout = checkout_reader(settings)
    found: list[Outcome] = []
    with opened(settings, within=timeout) as admin:
        customers = buyers.customer_ids | frozenset(_customers(admin, buyers.phones))
        terms = [
            *_terms("email", buyers.emails),
            *_terms("customer_id", filter(_is_number, customers)),
            *_terms("cart_token", buyers.cart_tokens),
            *_terms("checkout_token", buyers.cart_tokens),
        ]
        for search in _searches(terms):
            asked = f"{changed} AND ({search})"
            for page in nodes(admin, documents.orders_page(), asked, _PAGE):
                with reading("orders"):
                    found += [outcome for node in page for outcome in order_outcomes(node)]
        for search in _searches(_terms("id", filter(_is_number, buyers.checkout_ids))):
            for page in checkout_nodes(admin, search):
                ended = [node for node in page if node.get("completedAt")]
                with reading("checkouts"):
                    found += [outcome for node in ended for outcome in read_checkout(node)]
    return found


def _customers(admin: Admin, phones: Iterable[str]) -> Iterator[str]:
    for search in _searches(_terms("phone", phones)):
        for page in nodes(admin, documents.CUSTOMER_IDS, search, _PAGE):
            yield from filter(None, (number_of(node.get("id")) for node in page))


def _terms(name: str, values: Iterable[str]) -> list[str]:
    """Search terms; a quote in a value would end it, so it is escaped."""
    plain = (value.replace("\\", "\\\\").replace("'", "\\'") for value in sorted(values))
    return [f"{name}:'{value}'" for value in plain]


def _searches(terms: Sequence[str]) -> Iterator[str]:
    for start in range(0, len(terms), _KEYS):
        yield " OR ".join(terms[start : start + _KEYS])


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal()
