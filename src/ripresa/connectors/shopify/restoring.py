"""Where a cart comes back: a link that fills a cart with the same items, or the shop's own recovery address.

The first names nobody and logs nobody in, which the second does not promise: it opens a checkout filled
in with its buyer's data. So that is taken only where the first can't be made, or the merchant wants it.
Source: shopify.dev, apps/build/checkout/create-cart-permalinks.
"""

from collections.abc import Mapping
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from ripresa.contracts.shops.errands import RestoredCart

CART, CHECKOUT = "cart", "checkout"


def restore_link(settings: Mapping[str, str], cart: RestoredCart) -> str | None:
    """The address; None: neither way is open for this cart."""
    permalink = _permalink(settings, cart)
    own = _with_code(cart.url_from_shop, cart.code) if cart.url_from_shop else None
    if keeps_url(settings):
        return own or permalink
    return permalink or own


def keeps_url(settings: Mapping[str, str]) -> bool:
    """Whether recovery URLs are kept even where a cart of the same items can be made."""
    return settings.get("restore_by") == CHECKOUT


def _permalink(settings: Mapping[str, str], cart: RestoredCart) -> str | None:
    """A cart with all of its items, or none: half a cart would look like a mistake."""
    variants = [item.variant_id for item in cart.items]
    if not variants or not all(each.isascii() and each.isdecimal() for each in variants):
        return None
    host = settings.get("storefront") or settings["shop"]
    pairs = ",".join(f"{item.variant_id}:{item.quantity}" for item in cart.items)
    code = f"?discount={quote(cart.code, safe='')}" if cart.code else ""
    return f"https://{host.lower()}/cart/{pairs}{code}"


def _with_code(url: str, code: str) -> str:
    if not code:
        return url
    parts = urlsplit(url)
    query = [*parse_qsl(parts.query, keep_blank_values=True), ("discount", code)]
    return urlunsplit(parts._replace(query=urlencode(query)))
