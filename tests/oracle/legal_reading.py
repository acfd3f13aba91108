"""docs/reference/legal-bases.md: who may be written to that has said neither yes nor no."""

from dataclasses import dataclass
from datetime import timedelta

SOON = timedelta(hours=72)
EU = {"email": "earlier_sale", "sms": "earlier_sale"}
# By country and channel; what isn't named asks for a yes. The countries the tests speak of.
RULES = {
    "IT": {"email": "one_reminder"},
    "DE": {"letter": "not_refused"},
    "GB": {"email": "earlier_sale"},
    "US": {"email": "not_refused"},
    "FR": EU,
    "RO": EU,
    "AT": EU,
}


@dataclass(frozen=True)
class Relation:
    """What the rules ask about: her orders, and this recovery so far."""

    country: str
    has_bought: bool
    other_steps_sent: bool
    since_left: timedelta
    with_coupon: bool = False  # whether the step names one, had or not


def allows(preset: str, channel: str, relation: Relation) -> bool:
    """Without a yes or a no of hers."""
    match preset:
        case "any":
            rule = "not_refused"
        case "one_reminder":
            rule = "one_reminder" if channel == "email" else "consent"
        case "by_country":
            rule = RULES.get(relation.country, {}).get(channel, "consent")
        case _:
            rule = "consent"
    return {
        "consent": False,
        "not_refused": True,
        "earlier_sale": relation.has_bought,
        "one_reminder": not (relation.other_steps_sent or relation.with_coupon)
        and relation.since_left <= SOON,
    }[rule]
