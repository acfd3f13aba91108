"""A Medusa 2 shop that is asked: orders by the admin API, prices and stock by the store API.

Sources: docs.medusajs.com, api/admin and api/store; tried against Medusa 2.21. The admin API lets a secret
key in by HTTP Basic; the store API wants a publishable key, and a region for prices.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from ripresa.connectors.medusa.entities import events_of_order
from ripresa.contracts.calling.sayings import say
from ripresa.contracts.catalogue import CatalogueItem, Gone, ItemState, Offered
from ripresa.contracts.decoding import Outcome
from ripresa.contracts.shops.asking import ShopClient, asking
from ripresa.contracts.shops.connector import NotLetIn, ShopAway
from ripresa.contracts.shops.errands import Buyers, RestoredCart
from ripresa.core.http.client import basic
from ripresa.core.money import NotMoney, parse_minor

_PAGE = 100
_FIELDS = "*,+email,*customer,*shipping_address,*billing_address,cart.id"
_WITH_PRICES = "id,+status,*variants.calculated_price,+variants.inventory_quantity"


def ask(settings: Mapping[str, str], since: datetime) -> Iterator[list[Outcome]]:
    """The orders that changed since an instant, oldest change first. Raises ShopAway, NotLetIn."""
    yield from _orders(settings, since, None)


def find_orders(
    settings: Mapping[str, str],
    buyers: Buyers,  # noqa: ARG001  (all are asked for: see below)
    since: datetime,
    timeout: timedelta,
) -> list[Outcome]:
    """All orders that changed since an instant: those of `buyers` among them. Raises ShopAway, NotLetIn.

    The admin API searches orders by words (`q`) in an e-mail address, one at a time, but by no phone and no
    cart: to ask for the addresses alone would miss the orders that only these tell.
    """
    return [one for page in _orders(settings, since, timeout) for one in page]


def look(
    settings: Mapping[str, str],
    items: Sequence[CatalogueItem],
    currency: str,
    timeout: timedelta,
) -> list[ItemState]:
    """Prices and stock. What is not in the shop's sales channel any more is gone. Raises as `ask`."""
    if not items:
        return []
    url, key = told_with(settings, "publishable_key")
    headers = {"x-publishable-api-key": key}
    wanted = sorted({item.product for item in items})
    with asking(url, within=timeout) as shop:
        query = [("fields", _WITH_PRICES), ("limit", str(len(wanted)))]
        if region := _region(shop, url, headers, currency):
            query.append(("region_id", region))
        query += [("id[]", product) for product in wanted]
        products = listed(shop.get(f"{url}/store/products", query, headers), "products")
    found = {
        str(variant.get("id")): variant
        for product in products
        for variant in product.get("variants") or []
    }
    return [_state(item, products, found, currency) for item in items]


def restore_link(settings: Mapping[str, str], cart: RestoredCart) -> str | None:
    """The storefront's way back to a cart, as Medusa's own guide for abandoned carts makes it."""
    storefront = settings.get("storefront", "").rstrip("/")
    if not storefront:
        return None
    code = f"?code={quote(cart.code, safe='')}" if cart.code else ""
    return f"{storefront}/cart/recover/{quote(cart.token, safe='')}{code}"


def _orders(
    settings: Mapping[str, str], since: datetime, timeout: timedelta | None
) -> Iterator[list[Outcome]]:
    url, key = told_with(settings, "secret_key")
    query = {
        "fields": _FIELDS,
        "order": "updated_at",
        "updated_at[$gte]": since.astimezone(UTC).isoformat(),
        "limit": str(_PAGE),
    }
    with asking(url, within=timeout) as shop:
        offset, count = 0, 1
        while offset < count:
            page = query | {"offset": str(offset)}
            told = shop.get(f"{url}/admin/orders", page, basic(key, ""))
            orders = listed(told, "orders")
            count = told.get("count") if isinstance(told.get("count"), int) else len(orders)
            yield [one for order in orders for one in events_of_order(_linked(order))]
            offset += _PAGE


def _linked(order: Any) -> Any:
    """The cart's id beside the order's fields, where the subscriber puts it too."""
    if not isinstance(order, dict):
        return order
    cart = order.get("cart")
    return {**order, "cart_id": cart.get("id") if isinstance(cart, dict) else None}


def _region(shop: ShopClient, url: str, headers: Mapping[str, str], currency: str) -> str | None:
    """A region whose prices are in `currency`; None: there is none, so prices can't be told."""
    regions = listed(shop.get(f"{url}/store/regions", {"limit": "100"}, headers), "regions")
    for region in regions:
        if str(region.get("currency_code")).upper() == currency:
            return str(region.get("id"))
    return None


def _state(
    item: CatalogueItem,
    products: Sequence[Mapping[str, Any]],
    variants: Mapping[str, Mapping[str, Any]],
    currency: str,
) -> ItemState:
    if not item.variant_id:
        there = any(product.get("id") == item.product for product in products)
        return Offered() if there else Gone()
    variant = variants.get(item.variant_id)
    if variant is None:
        return Gone()
    left = variant.get("inventory_quantity") if variant.get("manage_inventory") else None
    if variant.get("allow_backorder") or not isinstance(left, int):
        left = None
    return Gone() if left is not None and left <= 0 else Offered(_price(variant, currency), left)


def _price(variant: Mapping[str, Any], currency: str) -> int | None:
    price = variant.get("calculated_price")
    if not isinstance(price, dict) or str(price.get("currency_code")).upper() != currency:
        return None
    amount = price.get("calculated_amount")
    if not isinstance(amount, int | Decimal):
        return None
    try:
        return parse_minor(str(amount), currency)
    except NotMoney:
        return None


def listed(told: Any, name: str) -> list[Any]:
    """The list under `name` in an answer. Raises ShopAway."""
    if not isinstance(told, dict) or not isinstance(told.get(name), list):
        raise ShopAway(say("the shop answers with something else than {name}", name=name))
    found: list[Any] = told[name]
    return found


def told_with(settings: Mapping[str, str], key: str) -> tuple[str, str]:
    """The address and a key. Raises NotLetIn: it was not told one of them."""
    for name in ("url", key):
        if not settings.get(name):
            raise NotLetIn(say("the connection was not told {name}", name=name))
    return settings["url"].rstrip("/"), settings[key]
