"""The rules of legal bases in the reader's words, and what a shop asks beyond a preset."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ripresa.console.settings.shop import countries_by_name
from ripresa.domain.scenarios.legal_basis.own import stored_bases

RULES: Mapping[str, Promise | str] = {
    "consent": _("Said yes to this channel"),
    "not_refused": _("Has not said no"),
    "earlier_sale": _("She bought before"),
    "recent_sale": _("Bought in the last two years"),
    "one_text": _("A yes, within two days of leaving the cart, and no SMS about it before"),
    "one_reminder": _("One reminder, without an offer, within three days"),
}


def own_rows(said: Any) -> list[dict[str, Any]]:
    """What a shop asks beyond a preset, as pages show it."""
    bases, names = stored_bases(said), dict(countries_by_name())
    return [
        {
            "country": one.country,
            "place": names.get(one.country, one.country),
            "channel": one.channel,
            "rule": RULES.get(one.rule, one.rule),
        }
        for one in bases
    ]
