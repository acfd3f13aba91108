"""WooCommerce's REST API: addresses, keys, and lists a page at a time.

Over HTTPS the keys go by HTTP Basic. Over plain HTTP, which is asked on this machine alone, WooCommerce
wants OAuth 1.0a with one leg, HMAC-SHA256 (RFC 5849; WC_REST_Authentication).
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlsplit

from ripresa.contracts.calling.sayings import either, say
from ripresa.contracts.provider import BadSettings
from ripresa.contracts.shops.asking import ShopClient, asking
from ripresa.contracts.shops.connector import NotLetIn, Remedy, ShopAway
from ripresa.core.clock import WALL
from ripresa.core.http.client import basic

PAGE = 100
V3, STORE = "wc/v3", "wc/store/v1"
# Of our plugin; WooCommerce takes its keys there, for it begins with wc-.
PLUGIN = "wc-ripresa/v1"
_KEYS_TAKEN = "wp-json/wc/"
_SAFE = "-._~"
Query = Mapping[str, str]


class Rest:
    """The API of the shop that `settings` lead to. All calls raise ShopAway, NotLetIn."""

    def __init__(self, shop: ShopClient, settings: Mapping[str, str]) -> None:
        self._shop = shop
        self._settings = settings

    def get(self, what: str, query: Query | None = None) -> Any:
        """The JSON behind `what`, such as `orders/7`."""
        url, headers = self._call("GET", f"{V3}/{what}", query or {})
        return self._shop.get(url, (), headers)

    def find(self, what: str, root: str = V3) -> Any:
        """The same; None where this shop has no such thing."""
        url, headers = self._call("GET", f"{root}/{what}", {})
        return self._shop.find(url, (), headers)

    def post(self, what: str, value: Any, root: str = V3) -> Any:
        """The JSON that answers `value`."""
        url, headers = self._call("POST", f"{root}/{what}", {})
        return self._shop.post(url, value, headers)

    def page(self, what: str, query: Query, number: int) -> tuple[list[Any], bool]:
        """A page of a list, from 1, and whether there is another one."""
        fields = {**query, "page": str(number), "per_page": str(PAGE)}
        url, headers = self._call("GET", f"{V3}/{what}", fields)
        rows, told = self._shop.read(url, (), headers)
        if not isinstance(rows, list):
            raise ShopAway(say("{url} answers with something else than a list", url=url))
        # A host may cut pages short, so what it says counts more than how many came.
        pages = told.get("x-wp-totalpages", "")
        return rows, number < int(pages) if pages.isdecimal() else len(rows) >= PAGE

    def whole(self, what: str, query: Query) -> list[Any]:
        """All pages of a list that is short by nature."""
        rows, number, is_more = [], 1, True
        while is_more:
            some, is_more = self.page(what, query, number)
            rows += some
            number += 1
        return rows

    def shown(self, what: str, query: Query) -> Any:
        """The JSON of the Store API: what any visitor is shown, so no keys go there."""
        url, fields = self._address(f"{STORE}/{what}")
        return self._shop.get(url, {**fields, **query}, {})

    def _address(self, route: str) -> tuple[str, dict[str, str]]:
        """Where a route is. Without permalinks WordPress takes it as a parameter.

        Of index.php by name, as its own pages do: some servers redirect a POST to the folder, and the
        signature covers the path. WooCommerce takes keys only where it finds /wp-json/wc/ in the address.
        """
        base = self._settings["url"].rstrip("/")
        if self._settings["permalinks"] == "plain":
            return f"{base}/index.php", {"rest_route": f"/{route}", "as": f"/{_KEYS_TAKEN}"}
        return f"{base}/wp-json/{route}", {}

    def _call(self, method: str, route: str, query: Query) -> tuple[str, dict[str, str]]:
        """The whole address, and the headers."""
        url, fields = self._address(route)
        fields |= query
        key, secret = self._settings["consumer_key"], self._settings["consumer_secret"]
        if not key or not secret:
            raise NotLetIn(
                say("the connection has no REST key yet: give one, or let the shop hand one over"),
                Remedy.INSTALL,
            )
        if urlsplit(url).scheme == "http":
            return _joined(url, _signed(method, url, fields, (key, secret))), {}
        if self._settings["keys_in"] == "query":
            keys = {"consumer_key": key, "consumer_secret": secret}
            return _joined(url, {**fields, **keys}), {}
        return _joined(url, fields), basic(key, secret)


@contextmanager
def rest(settings: Mapping[str, str], *, within: timedelta | None = None) -> Iterator[Rest]:
    """The API of a shop, for as long as the `with` lasts. Raises BadSettings."""
    _check(settings)
    with asking(settings["url"], within=within) as shop:
        yield Rest(shop, settings)


def _check(settings: Mapping[str, str]) -> None:
    """Raises BadSettings for a word that means nothing."""
    for name, words in {
        "permalinks": ("pretty", "plain"),
        "keys_in": ("header", "query"),
        "checkout_links": ("yes", "no"),
    }.items():
        if settings[name] not in words:
            raise BadSettings(
                say(
                    "{name} is {known}, not {value!r}",
                    name=name,
                    known=either(words),
                    value=settings[name],
                )
            )


def _signed(
    method: str, url: str, fields: Mapping[str, str], keys: tuple[str, str]
) -> dict[str, str]:
    """The parameters with a signature over method, address and parameters (RFC 5849, section 3.4)."""
    all_fields = {
        **fields,
        "oauth_consumer_key": keys[0],
        "oauth_nonce": secrets.token_hex(16),
        "oauth_signature_method": "HMAC-SHA256",
        "oauth_timestamp": str(int(WALL.now().timestamp())),
    }
    pairs = sorted((quote(name, _SAFE), quote(value, _SAFE)) for name, value in all_fields.items())
    joined = "&".join(f"{name}={value}" for name, value in pairs)
    base = "&".join(quote(part, _SAFE) for part in (method, url, joined))
    digest = hmac.new(f"{keys[1]}&".encode(), base.encode(), hashlib.sha256).digest()
    return {**all_fields, "oauth_signature": base64.b64encode(digest).decode()}


def _joined(url: str, fields: Mapping[str, str]) -> str:
    """Slashes stay: WooCommerce looks for them."""
    query = "&".join(
        f"{quote(name, _SAFE)}={quote(value, _SAFE + '/')}" for name, value in fields.items()
    )
    return f"{url}?{query}" if query else url
