"""What a shop uses: each feature with what it is for, and a switch."""

from collections.abc import Mapping
from typing import Any

from ripresa.console.layout.request import ConsoleRequest
from ripresa.console.layout.switches import WORDS
from ripresa.console.settings.fields import Form
from ripresa.console.settings.saving import form_room
from ripresa.usecases.shops.features import list_features, switch_features


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


view = form_room(
    "settings-features",
    "console/settings/features.html",
    _shown,
    _saved,
    switches={"features": "features_off"},
)
