"""What a user has to know of the shop: reminders of its own, scopes that are missing, data held back."""

from collections.abc import Mapping

from ripresa.connectors.shopify.admin import documents
from ripresa.connectors.shopify.admin.client import AccessDenied, Admin, opened, reading
from ripresa.connectors.shopify.scopes import SCOPES, missing
from ripresa.contracts.calling.sayings import said_by, say
from ripresa.contracts.shops.reminders import AlsoReminds

_OWN_REMINDERS = "(email_state:sent OR email_state:scheduled)"
_NO_RECOVERY_URLS = say(
    "Shopify keeps the recovery addresses of checkouts from this app: links lead to a cart with the "
    "same items instead. Name, e-mail, phone and address have to be allowed for it."
)


def watch(settings: Mapping[str, str]) -> tuple[str, ...]:
    """Sentences for the user. Raises ShopAway, NotLetIn."""
    with opened(settings) as admin:
        standing = admin.run(documents.STANDING)
        granted = _granted(standing)
        told: list[str] = [
            say("The scope {scope} is missing: {why}.", scope=scope, why=SCOPES[scope])
            for scope in missing(granted)
        ]
        told += _currency(standing, settings["currency"])
        if "read_orders" not in missing(granted):
            told += _reminders(admin) + _recovery_urls(admin) + _held_back(admin)
    return tuple(told)


def _granted(standing: Mapping[str, object]) -> frozenset[str]:
    app = standing.get("currentAppInstallation")
    scopes = app.get("accessScopes") if isinstance(app, dict) else None
    return frozenset(str(each.get("handle")) for each in scopes or () if isinstance(each, dict))


def _currency(standing: Mapping[str, object], ours: str) -> list[str]:
    shop = standing.get("shop")
    theirs = shop.get("currencyCode") if isinstance(shop, dict) else None
    if theirs in (None, ours):
        return []
    told = say(
        "The shop's own currency is {theirs}, and this connection says {ours}: change it.",
        theirs=theirs,
        ours=ours,
    )
    return [told]


def _reminders(admin: Admin) -> list[str]:
    found = admin.run(documents.OWN_REMINDERS, {"query": _OWN_REMINDERS})
    nodes = (found.get("abandonedCheckouts") or {}).get("nodes") or []
    if not nodes:
        return []
    day = str(nodes[0].get("createdAt"))[:10]
    told = say(
        "Shopify itself reminds of left checkouts (the latest one is of {day}), so people may hear "
        "twice: switch its automation off, under Marketing, or ours.",
        day=day,
    )
    return [AlsoReminds.told(told, by="Shopify")]


def _recovery_urls(admin: Admin) -> list[str]:
    try:
        found = admin.run(documents.RECOVERY_URLS)
    except AccessDenied:
        return [_NO_RECOVERY_URLS]
    with reading("checkouts"):
        nodes = found["abandonedCheckouts"]["nodes"]
        are_held_back = any(node[documents.RECOVERY_URL] is None for node in nodes)
    return [_NO_RECOVERY_URLS] if are_held_back else []


def _held_back(admin: Admin) -> list[str]:
    """Personal data that orders come without. Asked last: what was denied before is none of it."""
    admin.denied.clear()
    try:
        admin.run(documents.HELD_BACK)
    except AccessDenied as denied:
        return [said_by(denied)]
    if not admin.denied:
        return []
    names = ", ".join(sorted(admin.denied))
    told = say(
        "Shopify keeps {names} from this app, so some people can't be reached or known again: "
        "allow it protected customer data.",
        names=names,
    )
    return [told]
