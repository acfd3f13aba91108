"""What each step of the wizard shows, and how it takes what was typed."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from itertools import groupby
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ripresa.console.conditions.told import stages_asked, told
from ripresa.console.layout.forms import UNITS, Form, Taking
from ripresa.console.layout.language import ENDONYMS
from ripresa.console.layout.request import ConsoleRequest
from ripresa.console.layout.writing import in_words
from ripresa.console.scenarios import timeline
from ripresa.console.scenarios.earning import earned_by_step
from ripresa.console.wizard import adjust, arms, design, texts
from ripresa.domain.contacts.queries import count_by_language
from ripresa.domain.coupons.queries import pool_ids
from ripresa.domain.messages.senders import list_senders
from ripresa.domain.providers.queries import recorded_only
from ripresa.domain.scenarios import figures
from ripresa.domain.scenarios.file.editing import ScenarioText
from ripresa.domain.scenarios.legal_basis.presets import preset_names
from ripresa.domain.scenarios.models import ScenarioDraft
from ripresa.domain.scenarios.plan import Plan
from ripresa.domain.segments.queries import list_segments
from ripresa.domain.shops.features import Feature, is_on
from ripresa.usecases.replay import asked

Shown = dict[str, Any]
_PERIOD = timedelta(days=30)

# A replay goes back as far as what happened to a cart is kept (usecases/replay).
REPLAY_DAYS = ("7", "30", "90")

PRESETS: Mapping[str, tuple[Promise | str, Promise | str]] = {
    "three_reminders": (
        gettext_lazy("Three reminders by e-mail"),
        gettext_lazy("After a few hours, two days and a week. Each stops when the person buys."),
    ),
    "mail_and_sms": (
        gettext_lazy("E-mail and SMS at the checkout"),
        gettext_lazy("Both an hour after a checkout was left, a last mail three days later."),
    ),
    "agent_first": (
        gettext_lazy("Large carts: the agent first"),
        gettext_lazy("From 2,000 on the agent is told and has 48 hours; below, a mail goes out."),
    ),
}
WORDS: Mapping[str, Mapping[str, Promise | str]] = {
    "on": {
        "any": gettext_lazy("A cart or a checkout is left behind"),
        "cart": gettext_lazy("A cart is left behind"),
        "checkout": gettext_lazy("A checkout is left behind"),
    },
    "customers": {
        "all": gettext_lazy("Everyone"),
        "new": gettext_lazy("People who never bought"),
        "inactive": gettext_lazy("People who bought, but not for a while"),
    },
    "base": {
        "left": gettext_lazy("after the person left"),
        "abandoned": gettext_lazy("after the cart is taken up"),
        "previous": gettext_lazy("after the step before"),
    },
    "on_reabandon": {
        "restart": gettext_lazy("Starts again"),
        "ignore": gettext_lazy("Does not start again"),
    },
    "on_second_cart": {
        "newest": gettext_lazy("The newest one wins"),
        "each": gettext_lazy("Each on its own"),
    },
}


def _start(request: ConsoleRequest, draft: ScenarioDraft, plan: Plan | None) -> Shown:
    form = Form()
    form.show("name", ScenarioText(draft.text).get("name"))
    return {"form": form, **_line(request, plan)}


def _line(request: ConsoleRequest, plan: Plan | None) -> Shown:
    """The plan as a line of time, where it is one."""
    if plan is None:
        return {"stops": []}
    return {
        "stops": timeline.stops(request.shop.id, plan, {}, {}),
        "idle": in_words(plan.idle),
    }


def _adjust(request: ConsoleRequest, draft: ScenarioDraft, plan: Plan | None) -> Shown:
    scenario = ScenarioText(draft.text)
    form, lanes = adjust.show(scenario, _conditions(request, plan))
    bases = timeline.legal_bases()
    return {
        "form": form,
        "lanes": lanes,
        "units": UNITS,
        "words": WORDS,
        "channels": adjust.CHANNELS,
        "segments": [segment.name for segment in list_segments(request.shop.id)],
        "bases": [(name, bases.get(name, name)) for name in preset_names()],
        "most_steps": request.shop.max_steps,
        "tested": arms.in_words(scenario),
        "may_test": is_on(request.shop, Feature.TESTS),
        **_line(request, plan),
    }


def _conditions(request: ConsoleRequest, plan: Plan | None) -> dict[str, str]:
    """The conditions of a plan in words, by the keys of branches and steps."""
    if plan is None:
        return {}
    stages = stages_asked(request.shop.id, plan)
    said: dict[str, str] = {}
    alike = groupby(plan.branches, key=lambda branch: branch.base)
    for lane, (_base, (branch, *_arms)) in enumerate(alike):
        asked = [(f"b{lane}", branch.when)]
        asked += [(f"b{lane}s{place}", step.only_if) for place, step in enumerate(branch.steps)]
        said |= {key: told(each, stages) for key, each in asked if each is not None}
    return said


def _language(request: ConsoleRequest, draft: ScenarioDraft, _plan: Plan | None) -> Shown:
    scenario = ScenarioText(draft.text)
    form, speaks = texts.show_language(scenario, request.shop.language)
    counted = count_by_language(request.shop.id)
    known = texts.languages_known(scenario)
    return {
        "form": form,
        "speaks": speaks,
        "languages": [(code, ENDONYMS.get(code, code), counted.get(code, 0)) for code in known],
        "contacts": sum(counted.values()),
        "most_common": max(counted, key=lambda code: counted[code]) if counted else "",
        "count_of_languages": len([code for code in counted if code]),
    }


def _sender(request: ConsoleRequest, draft: ScenarioDraft, _plan: Plan | None) -> Shown:
    form, rows = texts.show_sender(ScenarioText(draft.text))
    return {
        "form": form,
        "rows": rows,
        "senders": list_senders(request.shop.id),
        "written_out": texts.WRITTEN_OUT,
    }


def _design(request: ConsoleRequest, draft: ScenarioDraft, _plan: Plan | None) -> Shown:
    return design.show(request, draft)


def _coupons(request: ConsoleRequest, draft: ScenarioDraft, _plan: Plan | None) -> Shown:
    form, rows = texts.show_coupons(ScenarioText(draft.text))
    fields = ("percent", "sum", "currency")
    shown = [(row, *(form[f"{row.key}_{name}"] for name in fields)) for row in rows]
    return {
        "form": form,
        "rows": shown,
        "pools": sorted(pool_ids(request.shop.id)),
        "units": UNITS,
    }


def _review(request: ConsoleRequest, draft: ScenarioDraft, plan: Plan | None) -> Shown:
    scenario = (
        figures.find_scenario(request.shop.id, draft.scenario_id) if draft.scenario_id else None
    )
    silent = timeline.channels_of(plan) & recorded_only(request.shop.id) if plan else frozenset()
    return {
        "scenario": scenario,
        "reaches_nobody": silent,
        "all_days": REPLAY_DAYS,
        "days": REPLAY_DAYS[1],
        "replay": asked.latest_of(draft),
        "guards": timeline.guards(plan) if plan else [],
        **_line(request, plan),
    }


def _reports(request: ConsoleRequest, draft: ScenarioDraft, plan: Plan | None) -> Shown:
    if draft.scenario_id is None or plan is None:
        return {"stops": []}
    counted = figures.step_figures(
        request.shop.id, draft.scenario_id, planned_from=request.now - _PERIOD
    )
    earned = earned_by_step(request, draft.scenario_id, _PERIOD)
    return {
        "stops": timeline.stops(request.shop.id, plan, counted, earned),
        "idle": in_words(plan.idle),
    }


def _take_start(scenario: ScenarioText, request: ConsoleRequest) -> dict[str, str]:
    taking = Taking(scenario, request.POST.dict())
    if not taking.post.get("name", "").strip():
        return {"name": _("It needs a name.")}
    taking.word("name", ("name",))
    return taking.wrong


def change(scenario: ScenarioText, request: ConsoleRequest, key: str) -> str:
    """What a button of the page does beside saving; the key of a branch that is new."""
    if key != "adjust":
        return ""
    return adjust.change_steps(scenario, request.POST.get("do", ""), request.shop.max_steps)


SHOW: Mapping[str, Callable[[ConsoleRequest, ScenarioDraft, Plan | None], Shown]] = {
    "start": _start,
    "adjust": _adjust,
    "language": _language,
    "sender": _sender,
    "design": _design,
    "coupons": _coupons,
    "review": _review,
    "reports": _reports,
}
TAKE: Mapping[str, Callable[[ScenarioText, ConsoleRequest], dict[str, str]]] = {
    "start": _take_start,
    "adjust": lambda scenario, request: adjust.take(scenario, request.POST.dict()),
    "language": lambda scenario, request: texts.take_language(
        scenario, request.POST.dict(), texts.languages_known(scenario)
    ),
    "sender": lambda scenario, request: texts.take_sender(scenario, request.POST.dict()),
    "design": lambda scenario, request: texts.take_design(scenario, request.POST.dict()),
    "coupons": lambda scenario, request: texts.take_coupons(scenario, request.POST.dict()),
}
