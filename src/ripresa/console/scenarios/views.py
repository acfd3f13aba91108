"""The list of scenarios, and one scenario with its plan and figures."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse

from ripresa.console.layout.access import shop_page
from ripresa.console.layout.pages import show
from ripresa.console.layout.request import ConsoleRequest
from ripresa.console.layout.writing import in_words, share_in_words
from ripresa.console.scenarios import timeline
from ripresa.console.scenarios.earning import earned_by_step
from ripresa.console.scenarios.second_person import question_about
from ripresa.domain.providers.queries import recorded_only
from ripresa.domain.scenarios import figures
from ripresa.domain.scenarios.models import Scenario
from ripresa.domain.scenarios.plan import WHOLE_SHARE, Plan
from ripresa.domain.scenarios.plans_in_force import plan_of
from ripresa.domain.scenarios.trial.arms import people_in_arms
from ripresa.usecases.drafts.writing import draft_of, list_new_drafts

PERIODS = {"7": timedelta(days=7), "30": timedelta(days=30), "90": timedelta(days=90)}
PERIOD = "30"


@shop_page
def scenario_list(request: ConsoleRequest) -> HttpResponse:
    """All scenarios of the shop, with how many recoveries stand where."""
    plans = figures.list_scenarios(request.shop.id)
    runs = figures.run_figures(request.shop.id, [plan.id for plan in plans])
    rows = [(plan, runs.get(plan.id, {})) for plan in plans]
    return show(
        request,
        "console/scenarios/list.html",
        "scenarios",
        rows=rows,
        drafts=list_new_drafts(request.shop.id) if request.may_change else [],
    )


@shop_page
def scenario(request: ConsoleRequest, scenario_id: UUID) -> HttpResponse:
    """The plan as a line of time, figures per step for a period, what guards it, its file."""
    found = get_scenario(request, scenario_id)
    period = request.GET.get("days", PERIOD)
    if period not in PERIODS:
        period = PERIOD
    version, draft = figures.version_of(found), draft_of(found)
    plan = plan_of(request.shop.id, version.id)
    steps = figures.step_figures(
        request.shop.id, scenario_id, planned_from=request.now - PERIODS[period]
    )
    return show(
        request,
        "console/scenarios/scenario.html",
        "scenarios",
        scenario=found,
        draft=draft,
        question=question_about(request, found, version, draft),
        version=version,
        plan=plan,
        idle=in_words(plan.idle),
        reaches_nobody=timeline.channels_of(plan) & recorded_only(request.shop.id),
        stops=timeline.stops(
            request.shop.id, plan, steps, earned_by_step(request, scenario_id, PERIODS[period])
        ),
        test_arms=_arms(found, plan),
        guards=timeline.guards(plan),
        runs=figures.run_figures(request.shop.id, [scenario_id]).get(scenario_id, {}),
        on_older=figures.runs_on_older_versions(found),
        period=period,
        periods=PERIODS,
    )


def _arms(scenario: Scenario, plan: Plan) -> list[dict[str, Any]]:
    """The arms of the test in force, with how many people are in each."""
    if plan.test is None:
        return []
    drawn = people_in_arms(scenario.shop_id, scenario.id, plan.test.name)
    return [
        {
            "name": arm.name,
            "share": share_in_words(arm.share / WHOLE_SHARE, 2),
            "people": drawn.get(arm.name, 0),
        }
        for arm in plan.test.arms
    ]


def get_scenario(request: ConsoleRequest, scenario_id: UUID) -> Scenario:
    """A scenario of the shop. Raises Http404."""
    found = figures.find_scenario(request.shop.id, scenario_id)
    if found is None:
        raise Http404("no such scenario in this shop")
    return found
