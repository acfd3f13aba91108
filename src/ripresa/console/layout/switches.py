"""Which rooms of the console belong to a feature that a shop may have switched off."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ripresa.domain.shops.features import Feature, is_on
from ripresa.domain.shops.models import Shop

# How the addresses of a room begin, after the shop's short name.
_ROOMS: Mapping[str, Feature] = {
    "scenarios/": Feature.SCENARIOS,
    "campaigns/": Feature.CAMPAIGNS,
    "coupons/": Feature.COUPONS,
    "pipeline/": Feature.PIPELINE,
    "settings/popup/": Feature.POPUP,
}
# What a feature is called, and what it is for.
WORDS: Mapping[str, tuple[Promise | str, Promise | str]] = {
    "scenarios": (_("Scenarios"), _("Reminders of carts that were left behind.")),
    "campaigns": (_("Campaigns"), _("Mails, SMS and letters to a segment, once or continuously.")),
    "sms": (_("SMS"), _("In scenarios, campaigns and by hand.")),
    "letters": (_("Letters"), _("Printed and posted; each costs money.")),
    "pipeline": (_("Agents and pipeline"), _("Notices to agents, deals and the board.")),
    "coupons": (_("Coupons"), _("Pools of codes, and steps that offer one.")),
    "tests": (_("A/B tests"), _("Scenarios that try several ways against each other.")),
    "popup": (_("Pop-up"), _("The storefront script asks for an address and a yes.")),
}


def closed_by(shop: Shop, path: str) -> Feature | None:
    """The feature that is off and closes the page at `path`, as the browser names it; None: it is open."""
    rest = path.removeprefix(f"/{shop.slug}/")
    for start, feature in _ROOMS.items():
        if rest.startswith(start) and not is_on(shop, feature):
            return feature
    return None


def is_open(shop: Shop, path: str) -> bool:
    """Whether the page at `path` is one that the shop uses."""
    return closed_by(shop, path) is None


def address_if_open(shop: Shop, name: str, *args: Any) -> str:
    """The address of a page of the shop, to lead somebody there; empty where its room is closed."""
    where = reverse(name, args=[shop.slug, *args])
    return where if is_open(shop, where) else ""
