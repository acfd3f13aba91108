"""Keys handed over by the shop: the user agrees there, the shop calls us with a key, the user comes back.

Source: WooCommerce REST API documentation, authentication end point; WC_Auth. It calls https addresses alone,
and lets go of the key again where we do not answer with 200.
"""

import json
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from urllib.parse import quote, urlencode, urlsplit

from ripresa.connectors.woocommerce.rest import rest
from ripresa.contracts.calling.sayings import say
from ripresa.contracts.feedback import HookRefused
from ripresa.contracts.shops.connector import NotLetIn, ShopAway

_OURS = ("consumer_key", "consumer_secret")
_BEGIN = {"consumer_key": "ck_", "consumer_secret": "cs_"}
_KEY = re.compile(r"[a-z]{2}_[0-9A-Za-z]{1,100}")
# The shop waits for us meanwhile, so it is asked one short question.
_PATIENCE = timedelta(seconds=10)


def install_address(settings: Mapping[str, str], back: str, state: str) -> str | None:
    """Where the user lets us in. None: it was told a key, or we have no https address to be called at."""
    if settings.get("consumer_key", "not to be known") or urlsplit(back).scheme != "https":
        return None
    asked = {
        "app_name": "Ripresa",
        "scope": "read_write",
        "user_id": "ripresa",
        "return_url": f"{back}?{urlencode({'state': state})}",
        "callback_url": f"{back}/{quote(state, safe='')}",
    }
    base = settings["url"].rstrip("/")
    if settings.get("permalinks") == "plain":
        asked |= {"wc-auth-version": "1", "wc-auth-route": "authorize"}
        return f"{base}/index.php?{urlencode(asked)}"
    return f"{base}/wc-auth/v1/authorize?{urlencode(asked)}"


def receive_keys(settings: Mapping[str, str], body: bytes) -> Mapping[str, str]:
    """The key that the shop called with, tried there. Raises HookRefused, NotLetIn."""
    try:
        told = json.loads(body)
        keys = {name: str(told[name]) for name in _OURS}
    except (ValueError, KeyError, TypeError):
        raise HookRefused(
            say("the body is not JSON with consumer_key and consumer_secret")
        ) from None
    for name, key in keys.items():
        if not _KEY.fullmatch(key) or not key.startswith(_BEGIN[name]):
            raise HookRefused(say("{name} does not look like one of WooCommerce's", name=name))
    if told.get("key_permissions") != "read_write":
        raise HookRefused(say("the key may not read and write"))
    try:
        with rest({**settings, **keys}, within=_PATIENCE) as shop:
            shop.get("orders", {"per_page": "1"})
    except ShopAway:
        # A shop that does one thing at a time can't answer while it waits for us. Whoever calls knows an
        # address that only this shop and its user were told, a moment ago.
        return keys
    except NotLetIn as wrong:
        raise HookRefused(say("the shop takes no such key: {wrong}", wrong=wrong)) from None
    return keys


def accept_install(
    settings: Mapping[str, str],
    query: Mapping[str, str],
    now: datetime,  # noqa: ARG001  (what comes back has no time limit of its own)
) -> Mapping[str, str]:
    """Nothing is kept: the key came by a call. Raises HookRefused where it did not."""
    if query.get("success") != "1":
        raise HookRefused(say("the shop was not allowed to let us in"))
    if not settings["consumer_key"]:
        raise HookRefused(
            say("the shop has not sent its key: its server has to reach this address by https")
        )
    return {}
