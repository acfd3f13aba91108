"""Which rooms of the console belong to a feature that a shop may have switched off."""

from collections.abc import Mapping

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


def is_open(shop: Shop, path: str) -> bool:
    """Whether the page at `path`, as the browser names it, is one that the shop uses."""
    rest = path.removeprefix(f"/{shop.slug}/")
    return all(is_on(shop, feature) for start, feature in _ROOMS.items() if rest.startswith(start))
