"""Who takes a branch, and when a step is sent at all: the condition of one, row by row."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ripresa.console.conditions import asked, facts, tree, words
from ripresa.console.conditions.words import Vocabulary
from ripresa.console.layout.access import changes_shop, shop_page
from ripresa.console.layout.pages import show_part
from ripresa.console.layout.request import ConsoleRequest
from ripresa.console.layout.typed import line
from ripresa.console.layout.writing import language
from ripresa.console.overtaking.marks import seen_of
from ripresa.console.steps.titles import numbered
from ripresa.console.wizard.adjust import numbers, rows
from ripresa.console.wizard.takers import counted
from ripresa.console.wizard.views import frame_of, get_draft, holds, keep, meanwhile
from ripresa.domain.deals.pipeline import stage_names
from ripresa.domain.scenarios.drafting.asking import as_written, is_same, read_asked
from ripresa.domain.scenarios.file.editing import Path, ScenarioText, branches_of
from ripresa.domain.scenarios.models import ScenarioDraft
from ripresa.usecases.scenarios.publish_scenario import surroundings_of


@dataclass(slots=True)
class Asked:
    """A condition at work. `name`: of its branch, else None; `step`: whose it is, called `title`.

    `top` None: it says more than rows can, and stays as it is. `may_go`: it can be taken away.
    """

    path: Path
    raw: Any
    name: str | None
    step: str
    may_go: bool
    title: str = ""
    top: tree.Group | None = None
    problem: str = ""

    @property
    def written(self) -> str:
        """As the file has it."""
        return as_written(self.raw)


@require_http_methods(["GET", "POST"])
@shop_page
@changes_shop
def edit_condition(request: ConsoleRequest, draft_id: UUID, place: str) -> HttpResponse:
    """The condition of a branch (`b0`) or of a step (`b0s1`)."""
    draft = get_draft(request, draft_id)
    scenario = ScenarioText(draft.text)
    found = _find(scenario, place)
    stages = stage_names(shop_id=request.shop.id, language=language())
    vocabulary = facts.carts(stages)
    if request.method != "POST":
        _open(request, found, vocabulary)
        return _page(request, draft, found)
    do = request.POST.get("do", "")
    if do == "clear" and found.may_go:
        scenario.put(found.path, None)
        keep(request, draft, scenario)
        return redirect("wizard-adjust", request.shop.slug, draft.id)
    _typed(request, scenario, found, vocabulary)
    if do == "save":
        return _saved(request, draft, scenario, found)
    if do in {"", "look"} and request.htmx:
        return show_part(request, "console/wizard/_takers.html", **_counted(request, draft, found))
    if found.top is not None:
        tree.change(found.top, do, vocabulary)
        asked.written(found.top, request.shop.currency)
    if request.htmx:
        shown = {**_shown(found), **_counted(request, draft, found)}
        return show_part(request, "console/wizard/_asked.html", **shown)
    return _page(request, draft, found)


def _find(scenario: ScenarioText, place: str) -> Asked:
    """The branch or step of that key. Raises Http404."""
    branches = list(branches_of(scenario))
    for number, (path, branch) in enumerate(branches):
        if place == f"b{number}" and path[0] == "branches":
            may_go = number == len(branches) - 1
            name = str(branch.get("name", ""))
            return Asked((*path[:-1], "when"), branch.get("when"), name, "", may_go)
    for path, key, step in rows(scenario):
        if key == place:
            step_id = str(step.get("id", ""))
            asked_of = (*path, "only_if"), step.get("only_if"), None, step_id
            return Asked(*asked_of, may_go=True, title=numbered(numbers(scenario)[key]))
    raise Http404("no such branch or step in this draft")


def _open(request: ConsoleRequest, found: Asked, vocabulary: Vocabulary) -> None:
    """Show it in rows, if rows hold all that it says."""
    if found.raw is None:
        found.top = tree.numbered(
            tree.Group("all", [tree.Row("cart_value", vocabulary=vocabulary)])
        )
        return
    condition = read_asked(found.raw, surroundings_of(request.shop))
    found.top = None if condition is None else asked.tree_of(condition, vocabulary)


def _typed(
    request: ConsoleRequest, scenario: ScenarioText, found: Asked, vocabulary: Vocabulary
) -> None:
    """What the form holds: rows, where it had rows, and the name of the branch."""
    if "0:kind" in request.POST:
        found.top = tree.read(request.POST, vocabulary)
        asked.written(found.top, request.shop.currency)
    if found.name is None:
        return
    others = {
        str(branch.get("name"))
        for path, branch in branches_of(scenario)
        if path[:-1] != found.path[:-1]
    }
    found.name = line(request.POST.get("name"))
    if not found.name:
        found.problem = _("It needs a name.")
    elif found.name in others:
        found.problem = _("There is a branch of this name already.")


def _saved(
    request: ConsoleRequest, draft: ScenarioDraft, scenario: ScenarioText, found: Asked
) -> HttpResponse:
    """Into the file, where it says something else than what stands there."""
    if found.problem or (found.top is not None and not tree.is_right(found.top)):
        return _page(request, draft, found, status=422)
    if found.name is not None and found.name != scenario.get(*found.path[:-1], "name"):
        scenario.put((*found.path[:-1], "name"), found.name)
    if found.top is not None:
        around = surroundings_of(request.shop)
        raw = asked.written(found.top, request.shop.currency)
        before = None if found.raw is None else read_asked(found.raw, around)
        if not is_same(before, read_asked(raw, around)):
            scenario.put(found.path, raw)
    if holds(request, draft, scenario):
        told = {"meanwhile": meanwhile(draft, scenario.text()), "seen": seen_of(request)}
        return _page(request, draft, found, status=409, **told)
    keep(request, draft, scenario)
    return redirect("wizard-adjust", request.shop.slug, draft.id)


def _counted(request: ConsoleRequest, draft: ScenarioDraft, found: Asked) -> dict[str, Any]:
    """How many carts it takes with what is typed; nothing is saved."""
    if found.top is not None and not tree.is_right(found.top):
        return {"edited": found, "takers": None}
    trial = ScenarioText(draft.text)
    if found.top is not None:
        trial.put(found.path, asked.written(found.top, request.shop.currency))
    lane = f"b{found.path[1]}" if found.path[0] == "branches" else ""
    takers = counted(request, trial.text(), branch=lane, step_id=found.step)
    return {"edited": found, **takers}


def _page(
    request: ConsoleRequest,
    draft: ScenarioDraft,
    found: Asked,
    status: int = 200,
    **told: Any,
) -> HttpResponse:
    shown = {**_shown(found), **told}
    return frame_of(
        request, draft, "adjust", "console/wizard/condition.html", status=status, **shown
    )


def _shown(found: Asked) -> dict[str, Any]:
    return {
        "edited": found,
        "words": words,
        "of_what": _("The condition"),
        "form_id": "builder-form",
    }
