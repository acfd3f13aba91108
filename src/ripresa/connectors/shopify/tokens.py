"""How we are let in: a token for ever, one of 24 hours, or one of an hour with a refresh token.

Sources: shopify.dev, apps/build/authentication-authorization/access-tokens: client-credentials-grant,
authorization-code-grant, offline-access-tokens. Admin-made apps of before 2026 have a token that never ends.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from ripresa.contracts.calling.sayings import say
from ripresa.contracts.shops.asking import asking
from ripresa.contracts.shops.connector import NotLetIn, Remedy, ShopAway
from ripresa.core.http.client import Call

# Renewed so long before the end: a day's token in time for an outage, an hour's one sooner.
_AHEAD = timedelta(hours=2)
_AHEAD_OF_SHORT = timedelta(minutes=10)
_SHORT = timedelta(hours=2)
_OK = 200
_REFUSALS = range(400, 500)


class Way(StrEnum):
    """How the app gets in, as the setting `auth` says it."""

    TOKEN = "token"  # noqa: S105
    OWN = "client_credentials"
    OAUTH = "oauth"
    NONE = ""


def way_of(settings: Mapping[str, str]) -> Way:
    """How we get in; NONE: only webhooks are heard. Raises NotLetIn for a word that is none."""
    said = settings.get("auth", "")
    if said:
        try:
            return Way(said)
        except ValueError:
            ways = ", ".join(way for way in Way if way)
            raise NotLetIn(
                say("auth is one of {ways}, not {said}", ways=ways, said=repr(said))
            ) from None
    if settings.get("access_token"):
        return Way.TOKEN
    return Way.OWN if settings.get("client_id") else Way.NONE


def address_of(settings: Mapping[str, str]) -> str:
    """Where the shop's API is."""
    return settings.get("api_url", "").rstrip("/") or f"https://{settings['shop'].lower()}"


def token_of(settings: Mapping[str, str]) -> str:
    """The token to show. Raises NotLetIn: there is none."""
    way = way_of(settings)
    if way is Way.NONE:
        raise NotLetIn(say("this connection only hears: give it client_id, or access_token"))
    token = settings.get("access_token", "") if way is Way.TOKEN else _kept(settings)
    if token:
        return token
    if way is Way.OAUTH:
        told = say("the app is not installed yet: open the connection's install address")
        raise NotLetIn(told, Remedy.INSTALL)
    raise NotLetIn(say("there is no access token"))


def renew(settings: Mapping[str, str], now: datetime) -> Mapping[str, str] | None:
    """A new token where the one we have ends soon. Raises ShopAway, NotLetIn."""
    way = way_of(settings)
    if way not in {Way.OWN, Way.OAUTH} or not _ends_soon(settings, now):
        return None
    client = {"client_id": settings["client_id"], "client_secret": settings["client_secret"]}
    if way is Way.OWN:
        return granted(settings, {**client, "grant_type": "client_credentials"}, now)
    refresh = settings.get("kept_refresh", "")
    if not _kept(settings) or not refresh:
        return None
    asked = {**client, "grant_type": "refresh_token", "refresh_token": refresh}
    return granted(settings, asked, now)


def granted(settings: Mapping[str, str], asked: Mapping[str, str], now: datetime) -> dict[str, str]:
    """What is to be kept of a grant. Raises ShopAway, NotLetIn."""
    url = f"{address_of(settings)}/admin/oauth/access_token"
    with asking(url) as shop:
        answer = shop.ask(Call.json(url, dict(asked), {"accept": "application/json"}))
    if answer.status in _REFUSALS:
        raise NotLetIn(
            say(
                "Shopify grants no token ({status}): check client id and secret, that the app is "
                "installed in this shop, and belongs to its organisation",
                status=answer.status,
            )
        )
    if answer.status != _OK:
        raise ShopAway(say("Shopify grants no token just now ({status})", status=answer.status))
    try:
        told = answer.json()
        return _keep(settings, told, now)
    except (ValueError, KeyError, TypeError):
        raise ShopAway(say("Shopify answers with something else than a token")) from None


def _keep(settings: Mapping[str, str], told: Any, now: datetime) -> dict[str, str]:
    seconds = told.get("expires_in")
    ends = "" if seconds is None else (now + timedelta(seconds=int(seconds))).isoformat()
    return {
        "kept_token": str(told["access_token"]),
        "kept_since": now.isoformat(),
        "kept_until": ends,
        "kept_refresh": str(told.get("refresh_token") or ""),
        "kept_scopes": str(told.get("scope") or ""),
        "kept_for": _made_for(settings),
    }


def _kept(settings: Mapping[str, str]) -> str:
    """The token that was granted to this app in this shop, not to one that stood here before."""
    is_ours = settings.get("kept_for") == _made_for(settings)
    return settings.get("kept_token", "") if is_ours else ""


def _made_for(settings: Mapping[str, str]) -> str:
    said = "\n".join(
        settings.get(name, "") for name in ("shop", "client_id", "client_secret", "auth")
    )
    return hashlib.sha256(said.encode()).hexdigest()


def _ends_soon(settings: Mapping[str, str], now: datetime) -> bool:
    if not _kept(settings):
        return True
    ends = settings.get("kept_until", "")
    if not ends:
        return False
    until, since = datetime.fromisoformat(ends), datetime.fromisoformat(settings["kept_since"])
    ahead = _AHEAD_OF_SHORT if until - since <= _SHORT else _AHEAD
    return until - now <= ahead
