"""Going live, pausing and resuming: each asks first, on a page that says what will follow."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from ripresa.console.layout.access import changes_shop, shop_page
from ripresa.console.layout.pages import show
from ripresa.console.layout.request import ConsoleRequest
from ripresa.console.layout.typed import line
from ripresa.console.scenarios.views import get_scenario
from ripresa.domain.scenarios import figures
from ripresa.usecases.scenarios import activate_scenario
from ripresa.usecases.scenarios.activate_scenario import NotPossible


@require_http_methods(["GET", "POST"])
@shop_page
@changes_shop
def activate(request: ConsoleRequest, scenario_id: UUID) -> HttpResponse:
    """GET shows whom it would reach at once (CAP-8); POST goes live, with them or without."""
    found = get_scenario(request, scenario_id)
    shop_id = request.shop.id
    if request.method != "POST":
        reach = activate_scenario.count_existing(
            shop_id=shop_id, scenario_id=scenario_id, now=request.now
        )
        return show(
            request,
            "console/scenarios/activate.html",
            "scenarios",
            scenario=found,
            reach=reach,
            rivals=[
                one
                for one in figures.list_scenarios(shop_id)
                if one.state == "live" and one.id != scenario_id
            ],
        )
    try:
        done = activate_scenario.activate(
            shop_id=shop_id,
            scenario_id=scenario_id,
            now=request.now,
            include_existing=request.POST.get("existing") == "yes",
        )
    except activate_scenario.NotApproved:
        return redirect("approval-ask", request.shop.slug, "scenario", scenario_id)
    except activate_scenario.SwitchedOff as lacking:
        messages.warning(request, _("That is not possible: %s") % lacking)
    except NotPossible:
        messages.warning(request, _("It is not a draft any more; nothing was changed."))
    else:
        messages.success(request, _is_live(done.taken_along))
    return redirect("scenario", request.shop.slug, scenario_id)


def _is_live(taken_along: int) -> str:
    if not taken_along:
        return _("Live. Carts that are left from now on are taken up.")
    text = ngettext(
        "Live. %d cart left before is taken along.",
        "Live. %d carts left before are taken along.",
        taken_along,
    )
    return text % taken_along


@require_http_methods(["GET", "POST"])
@shop_page
@changes_shop
def pause(request: ConsoleRequest, scenario_id: UUID) -> HttpResponse:
    """GET asks, and for what reason; POST pauses."""
    found = get_scenario(request, scenario_id)
    if request.method != "POST":
        return show(request, "console/scenarios/pause.html", "scenarios", scenario=found)
    try:
        activate_scenario.pause(
            shop_id=request.shop.id,
            scenario_id=scenario_id,
            why=line(request.POST.get("why")),
            now=request.now,
        )
    except NotPossible:
        messages.warning(request, _("It is not live; nothing was changed."))
    else:
        messages.success(request, _("Paused: nothing of this scenario leaves."))
    return redirect("scenario", request.shop.slug, scenario_id)


@require_http_methods(["GET", "POST"])
@shop_page
@changes_shop
def resume(request: ConsoleRequest, scenario_id: UUID) -> HttpResponse:
    """GET shows how much has fallen due meanwhile; POST resumes."""
    found = get_scenario(request, scenario_id)
    if request.method != "POST":
        held = figures.held_messages(request.shop.id, scenario_id)
        return show(
            request,
            "console/scenarios/resume.html",
            "scenarios",
            scenario=found,
            held=held,
        )
    try:
        activate_scenario.resume(shop_id=request.shop.id, scenario_id=scenario_id, now=request.now)
    except NotPossible:
        messages.warning(request, _("It is not paused; nothing was changed."))
    else:
        messages.success(request, _("Live again: what is still due goes out."))
    return redirect("scenario", request.shop.slug, scenario_id)
