"""What mails tell of clicks and opens, and how orders are credited."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from ripresa.console.layout.request import ConsoleRequest
from ripresa.console.settings.fields import Form, typed_whole
from ripresa.console.settings.saving import form_room
from ripresa.core.config import load
from ripresa.domain.attribution.rolling import settings_of
from ripresa.usecases.change_shop import change_shop
from ripresa.usecases.reporting.keeping import LONGEST_WINDOW, change_settings


def _shown(request: ConsoleRequest) -> tuple[Form, Mapping[str, Any]]:
    reports = settings_of(request.shop.id)
    form = Form()
    form.show("window", reports.window.days)
    form.show("margin", "" if reports.margin is None else f"{reports.margin / 100:g}")
    return form, {"with_opens": reports.with_opens, "short_url": load().short_url}


def _saved(request: ConsoleRequest, form: Form) -> None:
    days, margin = typed_whole(request.POST, "window"), request.POST.get("margin", "").strip()
    if not days or timedelta(days=days) > LONGEST_WINDOW:
        form["window"].problem = _("From 1 to 365 days.")
    hundredths = _hundredths(margin)
    if margin and hundredths is None:
        form["margin"].problem = _("A number from 0 to 100.")
    if form.problems or days is None:
        return
    with transaction.atomic():
        change_shop(
            shop_id=request.shop.id,
            now=request.now,
            track_clicks=request.POST.get("clicks") == "yes",
            track_opens=request.POST.get("opens") == "yes",
        )
        change_settings(
            shop_id=request.shop.id,
            now=request.now,
            window=timedelta(days=days),
            with_opens=request.POST.get("with_opens") == "yes",
            margin=hundredths,
        )


def _hundredths(text: str) -> int | None:
    """Per cent with at most two decimals, in hundredths; None: nothing, or wrong."""
    whole, _point, part = text.replace(",", ".").removesuffix("%").strip().partition(".")
    digits = whole + part.ljust(2, "0")
    if not (digits.isascii() and digits.isdigit()) or len(part) > 2 or int(digits) > 10_000:  # noqa: PLR2004
        return None
    return int(digits)


view = form_room("settings-tracking", "console/settings/tracking.html", _shown, _saved)
