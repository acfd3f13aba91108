"""A test of ways against each other: written in a draft, ended from the page of its scenario."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ripresa.console.layout.access import changes_shop, shop_page
from ripresa.console.layout.forms import UNITS
from ripresa.console.layout.request import ConsoleRequest
from ripresa.console.layout.typed import line
from ripresa.console.overtaking.marks import seen_of
from ripresa.console.scenarios.views import get_scenario
from ripresa.console.wizard import arms, design
from ripresa.console.wizard.views import (
    frame_of,
    get_draft,
    holds,
    keep,
    meanwhile,
    show_overtaken,
    when_saved,
)
from ripresa.domain.coupons.queries import pool_ids
from ripresa.domain.scenarios import figures
from ripresa.domain.scenarios.drafting.trying import keep_arm
from ripresa.domain.scenarios.file.editing import ScenarioText
from ripresa.domain.scenarios.models import ScenarioDraft
from ripresa.domain.scenarios.plans_in_force import plan_of
from ripresa.domain.shops.features import Feature, is_on
from ripresa.domain.templates.shelf import Texts
from ripresa.usecases.drafts import writing
from ripresa.usecases.reporting.tests_of_scenario import list_tests


@require_http_methods(["GET", "POST"])
@shop_page
@changes_shop
def edit_test(request: ConsoleRequest, draft_id: UUID) -> HttpResponse:
    """GET shows the arms; POST saves them, and begins, changes or ends the test."""
    draft = get_draft(request, draft_id)
    scenario = ScenarioText(draft.text)
    taken, held = _published(draft, scenario)
    if request.method != "POST":
        return _page(request, draft, held, {})
    do = request.POST.get("do", "")
    if do == "begin" and not is_on(request.shop, Feature.TESTS):
        return redirect("wizard-test", request.shop.slug, draft.id)
    wrong = arms.take(scenario, request.POST.dict(), held)
    arms.change(scenario, do, taken)
    if holds(request, draft, scenario):
        return _overtaken(request, draft, scenario, held)
    wrong |= keep(request, draft, scenario)
    if request.htmx:
        return when_saved(request, draft, "adjust", wrong)
    if wrong:
        return _page(request, draft, held, wrong)
    following = {"next": "wizard-adjust", "keep": "wizard-review", "drop": "wizard-adjust"}
    name = following.get(do.partition(" ")[0], "wizard-test")
    return redirect(name, request.shop.slug, draft.id)


def _published(draft: ScenarioDraft, scenario: ScenarioText) -> tuple[list[str], frozenset[str]]:
    """The names of tests that there were, and the arms that people may be in by now."""
    found = draft.scenario_id and figures.find_scenario(draft.shop_id, draft.scenario_id)
    if not found:
        return [], frozenset()
    test = plan_of(draft.shop_id, found.version_id).test
    is_same = test is not None and test.name == scenario.get("test", "name")
    held = frozenset(arm.name for arm in test.arms) if test and is_same else frozenset()
    return list_tests(found), held


def _overtaken(
    request: ConsoleRequest, draft: ScenarioDraft, scenario: ScenarioText, held: frozenset[str]
) -> HttpResponse:
    """Nothing is saved; the page goes on showing hers."""
    told = {"meanwhile": meanwhile(draft, scenario.text()), "seen": seen_of(request)}
    if request.htmx:
        return show_overtaken(request, told)
    draft.text = scenario.text()
    return _page(request, draft, held, {}, status=409, **told)


def _page(
    request: ConsoleRequest,
    draft: ScenarioDraft,
    held: frozenset[str],
    wrong: dict[str, str],
    **told: Any,
) -> HttpResponse:
    form, shown, tried = arms.show(ScenarioText(draft.text), held)
    form.typed(request.POST, wrong)
    fits = design.fitting(Texts(request.shop.id), [one.channels for one in tried])
    return frame_of(
        request,
        draft,
        "adjust",
        "console/wizard/test.html",
        form=form,
        arms=shown,
        tried=list(zip(tried, fits, strict=True)),
        held=held,
        may_test=is_on(request.shop, Feature.TESTS),
        asked=request.GET.get("step", ""),
        pools=sorted(pool_ids(request.shop.id)),
        units=UNITS,
        wrong=wrong,
        **{"status": 422 if wrong else 200, **told},
    )


@require_POST
@shop_page
@changes_shop
def end_test(request: ConsoleRequest, scenario_id: UUID) -> HttpResponse:
    """The next version goes on with what one arm says, for everybody; Review publishes it."""
    draft = writing.begin_from_scenario(
        scenario=get_scenario(request, scenario_id),
        who=request.user.get_username(),
        now=request.now,
    )
    scenario = ScenarioText(draft.text)
    arm = line(request.POST.get("arm"))
    if not keep_arm(scenario, arm):
        messages.warning(request, _("The changes that wait here have no such arm any more."))
        return redirect("wizard-test", request.shop.slug, draft.id)
    keep(request, draft, scenario)
    said = _("Publish this, and everybody gets what “%s” got. Until then the test goes on.")
    messages.success(request, said % arm)
    return redirect("wizard-review", request.shop.slug, draft.id)
