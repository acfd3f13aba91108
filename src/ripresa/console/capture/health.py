"""Capture health (OPS-3): whether everything is heard, and everything leaves."""

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from ripresa.console.connections.sayings import told_now
from ripresa.console.layout.access import changes_shop, shop_page
from ripresa.console.layout.badges import Badge
from ripresa.console.layout.request import ConsoleRequest
from ripresa.console.layout.writing import day_in_words, number_in_words
from ripresa.console.settings.fields import UNITS, Form, show_span, typed_span
from ripresa.console.settings.frame import show_settings
from ripresa.contracts.calling.sayings import said_by
from ripresa.core.config import load
from ripresa.domain.carts.models import CaptureAlarm
from ripresa.usecases.health.hours import HourOfCarts
from ripresa.usecases.health.probing import DidNotArrive, probe
from ripresa.usecases.health.telling import tell_health
from ripresa.usecases.shops.change_shop import change_shop
from ripresa.usecases.shops.page_key import find_page_key

PERIODS = (7, 30, 90)
MOST_ALARMS = 5
PROBE_SECONDS = 15.0
LONGEST_PATIENCE = timedelta(days=30)
STATES = {
    True: Badge(gettext_lazy("Quiet"), "red"),
    False: Badge(gettext_lazy("As usual"), "green"),
    None: Badge(gettext_lazy("Too early to tell"), "plain"),
}
DEVICES = {
    "desktop": gettext_lazy("Desktop"),
    "mobile": gettext_lazy("Phone"),
    "tablet": gettext_lazy("Tablet"),
    "unknown": gettext_lazy("Unknown"),
}


@dataclass(frozen=True, slots=True)
class Chart:
    """Carts by the hour, for the picture (`data`) and the table beside it (`rows`)."""

    data: str
    rows: list[tuple[str, HourOfCarts]]


@shop_page
def health(request: ConsoleRequest) -> HttpResponse:
    """What `ripresa health` tells, with carts by the hour beside the usual."""
    shop = request.shop
    days = next((each for each in PERIODS if str(each) == request.GET.get("days")), PERIODS[0])
    found = tell_health(shop_id=shop.id, now=request.now, days=days)
    alarms = CaptureAlarm.objects.filter(shop_id=shop.id).order_by("-began_at")
    return show_settings(
        request,
        "console/capture/health.html",
        "health",
        found=found,
        state=STATES[found.is_quiet],
        known=[(one, DEVICES.get(one.device, one.device)) for one in found.known_orders],
        days=days,
        periods=PERIODS,
        chart=_chart(found.by_hour),
        alarms=list(alarms[:MOST_ALARMS]),
        form=_patience(request),
        units=UNITS,
    )


@require_POST
@shop_page
@changes_shop
def send_probe(request: ConsoleRequest) -> HttpResponse:
    """Send one cart as a page does, and wait a little for it."""
    key = find_page_key(request.shop.id)
    if key is None:
        messages.warning(request, _("There is no key for the pages yet: make one first."))
        return redirect("storefront", request.shop.slug)
    try:
        arrived = probe(
            shop=request.shop,
            key=key,
            public_url=load().public_url,
            within=PROBE_SECONDS,
            now_text=request.now.isoformat(),
        )
    except DidNotArrive as wrong:
        messages.error(request, _("The probe did not arrive: %s") % told_now(said_by(wrong)).text)
    else:
        told = _(
            "The probe was taken after %(answered)s s and stood among the carts after %(folded)s s."
        )
        messages.success(
            request,
            told
            % {
                "answered": number_in_words(arrived.answered, 2, least=2),
                "folded": number_in_words(arrived.folded, 2, least=2),
            },
        )
    return redirect("health", request.shop.slug)


@require_POST
@shop_page
@changes_shop
def set_patience(request: ConsoleRequest) -> HttpResponse:
    """How long a platform may be silent before it is asked, right before a message leaves; or never."""
    span = typed_span(request.POST, "ask_after") if request.POST.get("asks") == "yes" else None
    if request.POST.get("asks") == "yes" and not (span and span <= LONGEST_PATIENCE):
        messages.warning(request, _("From 1 minute to 30 days; nothing was changed."))
    else:
        change_shop(shop_id=request.shop.id, now=request.now, ask_after=span)
        messages.success(request, _("Saved."))
    return redirect("health", request.shop.slug)


def _patience(request: ConsoleRequest) -> Form:
    form = Form()
    show_span(form, "ask_after", request.shop.ask_after or timedelta(minutes=15))
    return form


def _chart(hours: list[HourOfCarts]) -> Chart | None:
    """None: nothing was heard, and nothing is usual."""
    if not any(hour.seen or hour.usual for hour in hours):
        return None
    rows = [(_hour_in_words(hour), hour) for hour in hours]
    data: dict[str, list[Any]] = {
        "hours": [text for text, _hour in rows],
        "seen": [hour.seen for hour in hours],
        "usual": [hour.usual for hour in hours],
    }
    return Chart(json.dumps(data), rows)


def _hour_in_words(hour: HourOfCarts) -> str:
    local = timezone.localtime(hour.at)
    return f"{day_in_words(local.date(), with_year=False)}, {local:%H:%M}"
