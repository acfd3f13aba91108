"""How often people hear from the shop, how much may leave in an hour, and the quiet hours of scenarios."""

from collections.abc import Mapping
from typing import Any, NamedTuple
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ripresa.console.layout.request import ConsoleRequest
from ripresa.console.layout.writing import in_words
from ripresa.console.settings.fields import UNITS, Form, show_span, typed_span, typed_whole
from ripresa.console.settings.own_hours import shown
from ripresa.console.settings.saving import form_room
from ripresa.domain.scenarios.hours.document import read_hours
from ripresa.domain.scenarios.models import Scenario
from ripresa.domain.scenarios.plan import Window
from ripresa.domain.scenarios.plans_in_force import plan_of
from ripresa.usecases.shops.change_shop import change_shop

_LONGEST_DAYS = 365


class Hours(NamedTuple):
    """What a scenario says of times: windows by channel, and its limits."""

    id: UUID
    name: str
    state: str
    windows: list[tuple[str, str, str]]
    not_more_often_than: str
    stale_after: str


def _shown(request: ConsoleRequest) -> tuple[Form, Mapping[str, Any]]:
    form = Form()
    show_span(form, "min_gap", request.shop.min_gap)
    form.show("volume_limit", request.shop.volume_limit)
    own = read_hours(request.shop.hours)
    return form, {
        "units": UNITS,
        "hours": _hours(request.shop.id),
        "weeks": shown(own),
        "holidays": own.holidays,
    }


def _hours(shop_id: int) -> list[Hours]:
    found = Scenario.objects.filter(shop_id=shop_id).exclude(state="ended").order_by("name")
    rows = []
    for one in found:
        plan = plan_of(shop_id, one.version_id)
        windows = [
            (channel, _said(window), window.zone or "")
            for channel, window in sorted(plan.quiet_hours.items())
        ]
        gap = in_words(plan.not_more_often_than) if plan.not_more_often_than else ""
        rows.append(Hours(one.id, one.name, one.state, windows, gap, in_words(plan.stale_after)))
    return rows


def _said(window: Window) -> str:
    return f"{_clock(window.start)}–{_clock(window.until)}"


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _saved(request: ConsoleRequest, form: Form) -> None:
    gap = typed_span(request.POST, "min_gap")
    if gap is None or gap.days > _LONGEST_DAYS:
        form["min_gap"].problem = _("From 0 to 365 days.")
    limit = typed_whole(request.POST, "volume_limit")
    if request.POST.get("volume_limit", "").strip() and not limit:
        form["volume_limit"].problem = _("A whole number of up to six digits, or nothing.")
    if not form.problems:
        change_shop(
            shop_id=request.shop.id, now=request.now, min_gap=gap, volume_limit=limit or None
        )


view = form_room(
    "settings-hours",
    "console/settings/hours.html",
    _shown,
    _saved,
    words={
        "min_gap": (gettext_lazy("Least time between two messages to a person"), {}),
        "volume_limit": (gettext_lazy("Most messages in an hour"), {}),
    },
)
