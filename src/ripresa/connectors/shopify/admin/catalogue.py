"""The catalogue as it stands: is it there, at what price, how many are left, and what it looks like."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from ripresa.connectors.shopify.admin.client import opened, reading
from ripresa.connectors.shopify.admin.documents import PRODUCTS, VARIANTS
from ripresa.contracts.catalogue import CatalogueItem, Gone, ItemState, Offered
from ripresa.core.money import NotMoney, parse_minor

# A product comes with up to 50 variants; an answer may hold a thousand objects.
_VARIANTS_AT_ONCE, _PRODUCTS_AT_ONCE = 50, 5
_VARIANT, _PRODUCT = "ProductVariant", "Product"
_ON_SALE = "ACTIVE"
_NO_VARIANT = "Default Title"
_Node = Mapping[str, Any]
_Name = tuple[str, str]  # the kind of thing, and its number
_KINDS = (
    (_VARIANT, VARIANTS, _VARIANTS_AT_ONCE),
    (_PRODUCT, PRODUCTS, _PRODUCTS_AT_ONCE),
)


def look(
    settings: Mapping[str, str],
    items: Sequence[CatalogueItem],
    currency: str,
    timeout: timedelta,
) -> list[ItemState]:
    """How each of `items` stands. Prices are told where `currency` is the shop's own.

    Raises ShopAway, NotLetIn.
    """
    named = {item: _named(item) for item in items}
    found: dict[_Name, _Node | None] = {}
    currencies: set[str] = set()
    with opened(settings, within=timeout) as admin, reading("products"):
        for kind, document, size in _KINDS:
            names = sorted({name for name in named.values() if name and name[0] == kind})
            for start in range(0, len(names), size):
                some = names[start : start + size]
                ids = [f"gid://shopify/{kind}/{number}" for _, number in some]
                data = admin.run(document, {"ids": ids})
                currencies.add(data["shop"]["currencyCode"])
                found |= zip(some, data["nodes"], strict=True)
        shown = currency if currencies == {currency} else None
        return [_state(item, named[item], found, shown) for item in items]


def _named(item: CatalogueItem) -> _Name | None:
    """What to ask for: the variant, else the product among whose variants it is."""
    for kind, number in ((_VARIANT, item.variant_id), (_PRODUCT, item.product)):
        if number.isascii() and number.isdecimal():
            return kind, number
    return None


def _state(
    item: CatalogueItem,
    name: _Name | None,
    found: Mapping[_Name, _Node | None],
    shown: str | None,
) -> ItemState:
    if name is None:
        return Offered()
    node = found[name]
    if node is None:
        return Gone()
    is_variant = name[0] == _VARIANT
    product = (node.get("product") or {}) if is_variant else node
    variant = node if is_variant else _variant_of(node, item)
    if product.get("status") != _ON_SALE:
        return Gone()
    url, image = str(product.get("onlineStoreUrl") or ""), _image(node, product)
    if variant is None:
        return Offered(url=url, image_url=image)
    if not variant.get("availableForSale"):
        return Gone()
    return Offered(_price(variant, shown), _left(variant), url, image)


def _variant_of(product: _Node, item: CatalogueItem) -> _Node | None:
    """The variant that a cart names by its sku, or by its title; None: that can't be told."""
    variants: list[_Node] = [
        each for each in (product.get("variants") or {}).get("nodes") or () if each
    ]
    if len(variants) == 1:
        return variants[0]
    for name, wanted in (("sku", item.sku), ("title", item.variant or _NO_VARIANT)):
        alike = [each for each in variants if wanted and each.get(name) == wanted]
        if len(alike) == 1:
            return alike[0]
    return None


def _price(variant: _Node, currency: str | None) -> int | None:
    try:
        return None if currency is None else parse_minor(str(variant.get("price")), currency)
    except NotMoney:
        return None


def _left(variant: _Node) -> int | None:
    """Pieces; None where nobody counts, or where the shop sells what it does not have."""
    counted = (variant.get("inventoryItem") or {}).get("tracked")
    left = variant.get("inventoryQuantity")
    if not counted or variant.get("inventoryPolicy") != "DENY" or not isinstance(left, int):
        return None
    return max(left, 0)


def _image(node: _Node, product: _Node) -> str:
    own = (node.get("media") or {}).get("nodes") or []
    for media in (*own, product.get("featuredMedia")):
        url = (((media or {}).get("preview") or {}).get("image") or {}).get("url")
        if url:
            return str(url)
    return ""
