"""Shopify's recovery URLs: secrets that open a checkout filled in with somebody's data."""

import re
from urllib.parse import urlsplit

# /<shop id>/checkouts/<token>/recover, or with `ac` or `cn` before a token that is then the cart's.
_PATH = re.compile(r"/checkouts/(?:(?:ac|cn|c)/)?([A-Za-z0-9_-]{8,200})(?:/recover)?/?$")


def token_in(url: object) -> str | None:
    """The token of the checkout, or of its cart, that a recovery URL names; None: none is to be seen."""
    if not isinstance(url, str):
        return None
    found = _PATH.search(urlsplit(url).path)
    return found[1] if found else None
