"""What a shop uses: each feature with what it is for, and a switch."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ripresa.console.layout.request import ConsoleRequest
from ripresa.console.settings.fields import Form
from ripresa.console.settings.saving import form_room
from ripresa.usecases.features import list_features, switch_features

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


def _shown(request: ConsoleRequest) -> tuple[Form, Mapping[str, Any]]:
    rows = [(one, *WORDS[one.name]) for one in list_features(request.shop)]
    return Form(), {"features": rows}


def _saved(request: ConsoleRequest, form: Form) -> None:
    del form  # switches can't be typed wrong
    wanted = {
        one.name: request.POST.get(one.name) == "yes"
        for one in list_features(request.shop)
        if not one.is_withheld
    }
    switch_features(shop_id=request.shop.id, wanted=wanted, now=request.now)


view = form_room("settings-features", "console/settings/features.html", _shown, _saved)
