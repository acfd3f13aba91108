"""Install by OAuth: the user is sent to the shop, agrees, and comes back with a code for a token.

Source: shopify.dev, apps/build/authentication-authorization/access-tokens/authorization-code-grant.
"""

import hmac
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from ripresa.connectors.shopify.scopes import SCOPES
from ripresa.connectors.shopify.tokens import Way, granted, way_of
from ripresa.contracts.calling.sayings import say
from ripresa.contracts.feedback import HookRefused

_SHOP = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9-]*\.myshopify\.com")
# As strict as Shopify's own library.
_TOLERANCE = timedelta(seconds=90)
_LONGEST_INSTANT = 11


def install_address(settings: Mapping[str, str], back: str, state: str) -> str | None:
    """Where the user agrees; `back` is the address registered with the app. None: nothing to agree to."""
    if way_of(settings) is not Way.OAUTH:
        return None
    asked = {
        "client_id": settings["client_id"],
        "scope": ",".join(SCOPES),
        "redirect_uri": back,
        "state": state,
    }
    return f"https://{settings['shop'].lower()}/admin/oauth/authorize?{urlencode(asked)}"


def accept_install(
    settings: Mapping[str, str], query: Mapping[str, str], now: datetime
) -> Mapping[str, str]:
    """What to keep of the token that the code was changed for. Raises HookRefused, ShopAway, NotLetIn."""
    _believe(settings, query, now)
    if not query.get("code"):
        raise HookRefused(say("Shopify sent no code: the app was not allowed"))
    asked = {
        "client_id": settings["client_id"],
        "client_secret": settings["client_secret"],
        "code": query["code"],
        "expiring": "1",
    }
    return granted(settings, asked, now)


def is_shop(text: str) -> bool:
    """Whether it is a shop's own name at Shopify."""
    return _SHOP.fullmatch(text) is not None


def _believe(settings: Mapping[str, str], query: Mapping[str, str], now: datetime) -> None:
    shop = query.get("shop", "").lower()
    if not is_shop(shop) or shop != settings["shop"].lower():
        raise HookRefused(
            say(
                "the answer is of the shop {shop}, not of {other}",
                shop=shop,
                other=settings["shop"],
            )
        )
    signed = "&".join(
        f"{name}={value}"
        for name, value in sorted(query.items())
        if name not in {"hmac", "signature"}
    )
    expected = hmac.new(settings["client_secret"].encode(), signed.encode(), "sha256").hexdigest()
    if not hmac.compare_digest(expected, query.get("hmac", "")):
        raise HookRefused(say("the answer is not signed with this client secret"))
    said = query.get("timestamp", "")
    if not said.isascii() or not said.isdecimal() or len(said) > _LONGEST_INSTANT:
        raise HookRefused(say("the answer does not say when it was made"))
    if abs(now - datetime.fromtimestamp(int(said), UTC)) > _TOLERANCE:
        raise HookRefused(say("the answer is old, or a clock is wrong: begin again"))
