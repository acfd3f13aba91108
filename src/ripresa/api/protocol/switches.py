"""Which addresses belong to a feature that a shop may have switched off."""

from ripresa.api.protocol.problems import Refused
from ripresa.domain.shops.features import Feature, is_on
from ripresa.domain.shops.models import Shop

_ROOT = "/api/v1/"
_FEATURES = {
    "scenarios": Feature.SCENARIOS,
    "campaigns": Feature.CAMPAIGNS,
    "coupons": Feature.COUPONS,
    "pipeline": Feature.PIPELINE,
    "deals": Feature.PIPELINE,
    "agents": Feature.PIPELINE,
    "letters": Feature.LETTERS,
    "shop/popup": Feature.POPUP,
}


def refuse_switched_off(shop: Shop, path: str) -> None:
    """Let a call pass, or raise Refused: its feature is switched off for this shop."""
    rest = path.removeprefix(_ROOT)
    for start, feature in _FEATURES.items():
        if rest.startswith(start) and not is_on(shop, feature):
            raise Refused(403, f"{feature.value} is switched off for this shop")
