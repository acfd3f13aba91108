"""The stage editor: what the columns of the board are called, in which order, and what they mean."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ripresa.console.layout.access import changes_shop, shop_page
from ripresa.console.layout.pages import show
from ripresa.console.layout.request import ConsoleRequest
from ripresa.console.layout.typed import line
from ripresa.console.layout.writing import language
from ripresa.domain.deals.default_pipeline import CHECK_OUT_ABANDONED, shipped
from ripresa.domain.deals.pipeline import PipelineView, StageRow
from ripresa.domain.deals.stages import LONGEST_NAME, NotAStage, StageNeeded
from ripresa.usecases.agents import edit_pipeline

MEANINGS: Mapping[str, Promise | str] = {
    "open": gettext_lazy("Open: somebody is at it"),
    "won": gettext_lazy("Won: an order came"),
    "lost": gettext_lazy("Lost: it came to nothing"),
}
_LONGEST_KEY = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One stage as the editor shows it. `stays`: why it can't be removed, "" if it can."""

    stage: StageRow
    meaning: Promise | str
    is_first: bool
    is_last: bool
    stays: str


@shop_page
@changes_shop
def stages(request: ConsoleRequest) -> HttpResponse:
    """The stages in their order; a POST changes one thing and leads back."""
    if request.method != "POST":
        return _page(request)
    view = _view(request)
    problem = ""
    try:
        problem = _DOINGS[request.POST.get("do", "")](request, view)
    except KeyError:
        problem = _("That can’t be done with a stage.")
    except (NotAStage, StageNeeded):
        # All that can be said before is said at the field; this is what somebody else did meanwhile.
        problem = _("Somebody has changed the stages meanwhile; nothing was changed.")
    if problem:
        return _page(request, problem, status=422)
    messages.success(request, _("Saved."))
    return redirect("pipeline-stages", request.shop.slug)


def _page(request: ConsoleRequest, problem: str = "", status: int = 200) -> HttpResponse:
    view = _view(request)
    return show(
        request,
        "console/pipeline/stages.html",
        "pipeline",
        status=status,
        view=view,
        lines=lines_of(view),
        meanings=MEANINGS,
        problem=problem,
        most=LONGEST_NAME,
    )


def _view(request: ConsoleRequest) -> PipelineView:
    return edit_pipeline.show(shop_id=request.shop.id, language=language(), now=request.now)


def lines_of(view: PipelineView) -> list[Line]:
    """The stages with what can be done with each."""
    last = len(view.stages) - 1
    return [
        Line(stage, MEANINGS[stage.kind], place == 0, place == last, _stays(stage, view))
        for place, stage in enumerate(view.stages)
    ]


def _stays(stage: StageRow, view: PipelineView) -> str:
    if stage.key == CHECK_OUT_ABANDONED:
        return _("Stays: large abandoned carts are opened here.")
    if stage.kind != "open" and sum(one.kind == stage.kind for one in view.stages) == 1:
        return _("Stays: it is the only one with this meaning.")
    if stage.deals:
        return _("Stays as long as deals stand here: move them first.")
    return ""


def _name_pipeline(request: ConsoleRequest, view: PipelineView) -> str:
    name = line(request.POST.get("name"))
    if len(name) > LONGEST_NAME:
        return _("A name has at most %(most)s characters.") % {"most": LONGEST_NAME}
    if name == view.name:  # as it is shown: a name that ships stays one in every language
        return ""
    edit_pipeline.rename_pipeline(shop_id=request.shop.id, name=name, now=request.now)
    return ""


def _rename(request: ConsoleRequest, view: PipelineView) -> str:
    name, stage = line(request.POST.get("name")), _stage(request, view)
    ships = any(one.key == stage.key for one in shipped().stages)
    if (name or not ships) and (problem := _wrong_name(name, view, besides=stage.key)):
        return problem
    if name != stage.name:
        edit_pipeline.rename_stage(
            shop_id=request.shop.id, key=stage.key, name=name, now=request.now
        )
    return ""


def _up(request: ConsoleRequest, view: PipelineView) -> str:
    place = view.stages.index(_stage(request, view))
    return _put(request, view, place, view.stages[max(place - 1, 0)].key)


def _down(request: ConsoleRequest, view: PipelineView) -> str:
    place = view.stages.index(_stage(request, view))
    beyond = view.stages[place + 2].key if place + 2 < len(view.stages) else None
    return _put(request, view, place, beyond)


def _put(request: ConsoleRequest, view: PipelineView, place: int, before: str | None) -> str:
    key = view.stages[place].key
    if before != key:
        edit_pipeline.move_stage(shop_id=request.shop.id, key=key, before=before, now=request.now)
    return ""


def _remove(request: ConsoleRequest, view: PipelineView) -> str:
    stage = _stage(request, view)
    if stays := _stays(stage, view):
        return f"{stage.name}: {stays}"
    edit_pipeline.remove_stage(shop_id=request.shop.id, key=stage.key, now=request.now)
    return ""


def _add(request: ConsoleRequest, view: PipelineView) -> str:
    name = line(request.POST.get("name"))
    if problem := _wrong_name(name, view):
        return problem
    kind = request.POST.get("kind", "open")
    # An open stage comes before what closes a deal, as the work goes.
    closing = next((one.key for one in view.stages if one.kind != "open"), None)
    edit_pipeline.add_stage(
        shop_id=request.shop.id,
        key=key_of(name, {one.key for one in view.stages}),
        name=name,
        kind=kind if kind in MEANINGS else "open",
        before=closing if kind == "open" else None,
        now=request.now,
    )
    return ""


_DOINGS: Mapping[str, Callable[[ConsoleRequest, PipelineView], str]] = {
    "name": _name_pipeline,
    "rename": _rename,
    "up": _up,
    "down": _down,
    "remove": _remove,
    "add": _add,
}


def _stage(request: ConsoleRequest, view: PipelineView) -> StageRow:
    key = request.POST.get("stage", "")
    found = next((one for one in view.stages if one.key == key), None)
    if found is None:
        raise NotAStage(key)
    return found


def _wrong_name(name: str, view: PipelineView, besides: str = "") -> str:
    told: dict[str, Any] = {"name": name, "most": LONGEST_NAME}
    if not name:
        return _("A stage needs a name.")
    if len(name) > LONGEST_NAME:
        return _("A name has at most %(most)s characters.") % told
    if any(one.name.casefold() == name.casefold() and one.key != besides for one in view.stages):
        return _("There is a stage called “%(name)s” already.") % told
    return ""


def key_of(name: str, taken: set[str]) -> str:
    """A key for scenario files that is made from a name: small letters, digits, underscores."""
    made = slugify(name).replace("-", "_")[:_LONGEST_KEY].strip("_")
    made = made if made[:1].isalpha() else f"stage_{made}".strip("_")
    numbers = (f"{made}_{number}" for number in range(2, len(taken) + 3))
    return next(key for key in (made, *numbers) if key not in taken)
