"""The catalogue as it stands: is it there, at what price, how many are left, and what it looks like."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from ripresa.connectors.shopify.admin.client import Admin, opened
from ripresa.connectors.shopify.admin.documents import SHELF
from ripresa.contracts.catalogue import CatalogueItem, Gone, ItemState, Offered
from ripresa.core.money import NotMoney, parse_minor

# Shopify takes 250 at once; so many fit into the smallest bucket.
_MOST_IDS = 100
_ON_SALE = "ACTIVE"
_NO_VARIANT = "Default Title"
_Node = Mapping[str, Any]


def look(
    settings: Mapping[str, str],
    items: Sequence[CatalogueItem],
    currency: str,
    timeout: timedelta,
) -> list[ItemState]:
    """How each of `items` stands. Prices are told where `currency` is the shop's own.

    Raises ShopAway, NotLetIn.
    """
    ids = list(dict.fromkeys(gid for item in items if (gid := _gid(item)) is not None))
    found: dict[str, _Node | None] = {}
    own_currency = ""
    with opened(settings, within=timeout) as admin:
        for some in _slices(ids):
            own_currency, nodes = _read(admin, some)
            found |= zip(some, nodes, strict=False)
    shown = currency if own_currency == currency else None
    return [_state(item, found, shown) for item in items]


def _slices(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(ids), _MOST_IDS):
        yield ids[start : start + _MOST_IDS]


def _read(admin: Admin, ids: Sequence[str]) -> tuple[str, list[_Node | None]]:
    data = admin.run(SHELF, {"ids": list(ids)})
    shop, nodes = data.get("shop") or {}, data.get("nodes") or []
    return str(shop.get("currencyCode") or ""), nodes


def _gid(item: CatalogueItem) -> str | None:
    """What to ask for: the variant, else the product among whose variants it is."""
    for kind, number in (("ProductVariant", item.variant_id), ("Product", item.product)):
        if number.isascii() and number.isdecimal():
            return f"gid://shopify/{kind}/{number}"
    return None


def _state(item: CatalogueItem, found: Mapping[str, _Node | None], shown: str | None) -> ItemState:
    gid = _gid(item)
    if gid is None or gid not in found:
        return Offered()
    node = found[gid]
    if node is None:
        return Gone()
    is_variant = node.get("__typename") == "ProductVariant"
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
