"""What of Ripresa a shop uses: the one place that answers whether something is switched on.

Everything is on until somebody says otherwise. A shop's owner switches `features_off`; whoever runs the
install withholds `features_withheld`, which no shop can switch on.
"""

from enum import StrEnum

from ripresa.domain.shops.models import Shop


class Feature(StrEnum):
    """What can be switched. One more is one more line here, and its words in the console."""

    SCENARIOS = "scenarios"
    CAMPAIGNS = "campaigns"
    SMS = "sms"
    LETTERS = "letters"
    PIPELINE = "pipeline"
    COUPONS = "coupons"
    TESTS = "tests"
    POPUP = "popup"


def features_off(shop: Shop) -> frozenset[str]:
    """What is not on in `shop`, as it was read."""
    return frozenset((*shop.features_off, *shop.features_withheld))


def is_on(shop: Shop, feature: Feature) -> bool:
    """Whether `shop` uses it, as it was read."""
    return feature.value not in features_off(shop)
