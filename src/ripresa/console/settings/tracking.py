"""What mails tell of clicks and opens, and how orders are credited."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ripresa.console.layout.request import ConsoleRequest
from ripresa.console.settings.fields import Form, typed_whole
from ripresa.console.settings.saving import form_room
from ripresa.core.config import load
from ripresa.domain.attribution.rolling import settings_of
from ripresa.domain.scenarios.durations import Duration, NotADuration, parse_duration
from ripresa.usecases.reporting.keeping import LONGEST_WINDOW, change_settings
from ripresa.usecases.shops.change_shop import change_shop


def _shown(request: ConsoleRequest) -> tuple[Form, Mapping[str, Any]]:
    reports = settings_of(request.shop.id)
    form = Form()
    form.show("window", _days_or_more(reports.window))
    form.show("margin", "" if reports.margin is None else f"{reports.margin / 100:g}")
    return form, {"with_opens": reports.with_opens, "short_url": load().short_url}


def _saved(request: ConsoleRequest, form: Form) -> None:
    window, margin = _typed_window(request.POST), request.POST.get("margin", "").strip()
    if not window or window > LONGEST_WINDOW:
        form["window"].problem = _("From 1 to 365 days.")
    hundredths = _hundredths(margin)
    if margin and hundredths is None:
        form["margin"].problem = _("A number from 0 to 100.")
    if form.problems or window is None:
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
            window=window,
            with_opens=request.POST.get("with_opens") == "yes",
            margin=hundredths,
        )


def _days_or_more(window: timedelta) -> str:
    """The days of a window; one of other hours, as the command line can set it, in its words: 36h."""
    if window % timedelta(days=1):
        return str(Duration(seconds=int(window.total_seconds())))
    return str(window.days)


def _typed_window(post: Mapping[str, str]) -> timedelta | None:
    """What was typed: days, or a duration such as 1d12h; None: neither."""
    days = typed_whole(post, "window")
    if days is not None:
        return timedelta(days=days)
    try:
        return parse_duration(post.get("window", "").strip().lower()).at_most()
    except NotADuration:
        return None


def _hundredths(text: str) -> int | None:
    """Per cent with at most two decimals, in hundredths; None: nothing, or wrong."""
    whole, _point, part = text.replace(",", ".").removesuffix("%").strip().partition(".")
    digits = whole + part.ljust(2, "0")
    if not text.strip():
        return None
    if not (digits.isascii() and digits.isdigit()) or len(part) > 2 or int(digits) > 10_000:  # noqa: PLR2004
        return None
    return int(digits)


view = form_room(
    "settings-tracking",
    "console/settings/tracking.html",
    _shown,
    _saved,
    switches={"clicks": "track_clicks", "opens": "track_opens"},
    words={
        "window": (gettext_lazy("Days before an order that count"), {}),
        "margin": (gettext_lazy("Margin in per cent"), {}),
    },
)
