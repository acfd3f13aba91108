"""Prices and stock as a shopper sees them, from the Store API: with the shop's taxes, and without keys.

REST version 3 would tell prices as they were entered, which is before or after tax as the shop likes.
Source: Store API, products.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from ripresa.connectors.woocommerce.rest import PAGE, Rest, rest
from ripresa.contracts.calling.sayings import said_by, say
from ripresa.contracts.catalogue import CatalogueItem, Gone, ItemState, Offered
from ripresa.contracts.shops.connector import NotLetIn, ShopAway
from ripresa.core.money import NotMoney, parse_minor

_VARIABLE = "variable"


def look(
    settings: Mapping[str, str], items: Sequence[CatalogueItem], currency: str, timeout: timedelta
) -> list[ItemState]:
    """How each of `items` stands now, in order; what the shop does not show is gone. Raises ShopAway."""
    if not items:
        return []
    with rest(settings, within=timeout) as shop:
        try:
            shown = _Shown(shop, items)
        except NotLetIn as refusal:
            # No key of ours is asked for there, so there is none to mend.
            raise ShopAway(
                say("the shop's Store API is closed: {refusal}", refusal=said_by(refusal))
            ) from None
    # One that goes by its name alone can't be looked up, which says nothing against it.
    return [
        _state(shown.of(item), currency) if _has_id(item) or item.sku else Offered()
        for item in items
    ]


class _Shown:
    """What the shop shows of some items, by id and by SKU."""

    def __init__(self, shop: Rest, items: Sequence[CatalogueItem]) -> None:
        variations = {item.variant_id for item in items if item.variant_id.isdecimal()}
        products = {item.product for item in items if item.product.isdecimal()}
        skus = {item.sku for item in items if item.sku and not _has_id(item)}
        self._by_id: dict[str, Any] = {}
        self._by_sku: dict[str, Any] = {}
        for name, some, query in (
            ("include", products, {}),
            ("include", variations, {"type": "variation"}),
            ("sku", skus, {}),
        ):
            for part in _parts(sorted(some)):
                asked = {name: ",".join(part), "per_page": str(PAGE), **query}
                for row in _rows(shop.shown("products", asked)):
                    self._by_id[str(row.get("id"))] = row
                    self._by_sku.setdefault(str(row.get("sku")), row)

    def of(self, item: CatalogueItem) -> Any:
        """What is shown of `item`; None: nothing."""
        if item.variant_id.isdecimal():
            parent = self._by_id.get(item.product) if item.product.isdecimal() else True
            return self._by_id.get(item.variant_id) if parent else None
        return self._by_id.get(item.product) if _has_id(item) else self._by_sku.get(item.sku)


def _has_id(item: CatalogueItem) -> bool:
    return item.variant_id.isdecimal() or item.product.isdecimal()


def _parts(some: Sequence[str]) -> Iterable[Sequence[str]]:
    return (some[start : start + PAGE] for start in range(0, len(some), PAGE))


def _rows(told: Any) -> list[Any]:
    if not isinstance(told, list) or not all(isinstance(row, dict) for row in told):
        raise ShopAway(
            say("the shop's Store API answers with something else than a list of products")
        )
    return told


def _state(row: Any, currency: str) -> ItemState:
    if row is None or row.get("is_in_stock") is False or row.get("is_purchasable") is False:
        return Gone()
    left = row.get("low_stock_remaining")
    is_counted = (
        isinstance(left, int) and not isinstance(left, bool) and not row.get("is_on_backorder")
    )
    # A product with variations is shown at the price of its cheapest one.
    unit = None if row.get("type") == _VARIABLE else _price(row.get("prices"), currency)
    return Offered(unit, left if is_counted else None)


def _price(prices: Any, currency: str) -> int | None:
    """In minor units. WooCommerce counts as many digits as the shop shows, which may differ from ours."""
    try:
        if prices["currency_code"] != currency:
            return None
        value = Decimal(prices["price"]).scaleb(-int(prices["currency_minor_unit"]))
        return parse_minor(format(value, "f"), currency)
    except (KeyError, TypeError, ValueError, ArithmeticError, NotMoney):
        return None
