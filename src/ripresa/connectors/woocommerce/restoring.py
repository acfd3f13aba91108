"""The way back into a cart: WooCommerce's own checkout links (version 10 and later), or our plugin's.

Source: WooCommerce, shareable checkout links: `/checkout-link/?products=123:2,456:1&coupon=CODE`.
"""

import re
from collections.abc import Mapping
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from ripresa.contracts.shops.errands import RestoredCart, RestoredItem

# What the plugin makes; taken over from the link, so that the cart stays one cart.
_TOKEN = re.compile(r"wc_[0-9a-f]{32}")
_ID = re.compile(r"[1-9][0-9]{0,18}")
_LONGEST = 2000


def restore_link(settings: Mapping[str, str], cart: RestoredCart) -> str | None:
    """Where the cart comes back, the code applied; None: this shop can't be told so. Talks to nobody."""
    link = _of_shop(settings["url"], cart.url_from_shop) or _native(settings, cart)
    if link is None:
        return None
    link = _with_code(link, cart.code) if cart.code else link
    return link if len(link) <= _LONGEST else None


def _of_shop(shop: str, url: str | None) -> str | None:
    """What the shop said itself, if it leads there: a script in a page may have said it, too."""
    try:
        parts, own = urlsplit(url or ""), urlsplit(shop)
    except ValueError:
        return None
    is_own = (parts.scheme, parts.netloc) == (own.scheme, own.netloc)
    return url if is_own and url and url.isascii() and url.isprintable() else None


def _native(settings: Mapping[str, str], cart: RestoredCart) -> str | None:
    if settings["checkout_links"] != "yes" or not cart.items:
        return None
    lines: dict[str, int] = {}
    for item in cart.items:
        ident = _ident(item)
        # A cart that came back without one of its things would be another cart.
        if ident is None or item.quantity < 1:
            return None
        lines[ident] = lines.get(ident, 0) + item.quantity
    query = "products=" + ",".join(f"{ident}:{quantity}" for ident, quantity in lines.items())
    if _TOKEN.fullmatch(cart.token):
        query += f"&ripresa_cart={cart.token}"
    if settings["permalinks"] == "plain":
        return f"{settings['url'].rstrip('/')}/?checkout-link=true&{query}"
    return f"{settings['url'].rstrip('/')}/checkout-link/?{query}"


def _ident(item: RestoredItem) -> str | None:
    """A variation goes by its own id."""
    ident = item.variant_id or item.product
    return ident if _ID.fullmatch(ident) else None


def _with_code(link: str, code: str) -> str:
    parts = urlsplit(link)
    kept = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] != "coupon"]
    # Ids, colons and commas stay readable, as WooCommerce itself writes them.
    query = urlencode([*kept, ("coupon", code)], safe=":,", quote_via=quote)
    return urlunsplit(parts._replace(query=query, fragment=""))
