"""The builder: a condition row by row, or as its file, with the people it has while one edits."""

import difflib
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ripresa.console.conditions import tree, words
from ripresa.console.layout.access import changes_shop, shop_page
from ripresa.console.layout.forms import UNITS
from ripresa.console.layout.pages import show, show_part
from ripresa.console.layout.request import ConsoleRequest
from ripresa.console.layout.typed import line
from ripresa.console.overtaking.marks import asked, differences, is_overtaken, mark, seen_of
from ripresa.console.segments import presets, written
from ripresa.console.segments.views import get_segment, people_shown
from ripresa.domain.scenarios.file.document import Problem, ScenarioInvalid
from ripresa.domain.segments import queries
from ripresa.domain.segments.models import Segment
from ripresa.domain.segments.reading import SegmentFile, parse_segment
from ripresa.usecases.segments import keep, reach

_MOST_UPLOADED = 64 * 1024
_FILE = "segment.yaml"


@dataclass(slots=True)
class Edited:
    """A segment at work. `top` None: it is edited as a file. `stored` None: a new one."""

    stored: Segment | None
    name: str
    text: str
    top: tree.Group | None = None
    problems: tuple[Problem, ...] = ()
    wrong: dict[str, str] = field(default_factory=dict)
    read: SegmentFile | None = None

    @property
    def changes(self) -> list[tuple[str, str]]:
        """What saving would change in the file: a mark and a line."""
        before = self.stored.text.splitlines() if self.stored else []
        lines = difflib.ndiff(before, self.text.splitlines())
        told = [(line[0], line[2:]) for line in lines if line[0] != "?"]
        return told if any(sign != " " for sign, _line in told) else []


@require_http_methods(["GET", "POST"])
@shop_page
@changes_shop
def new(request: ConsoleRequest) -> HttpResponse:
    """A new segment, from a proposal or from nothing."""
    return _answer(request, None)


@require_http_methods(["GET", "POST"])
@shop_page
@changes_shop
def edit(request: ConsoleRequest, segment_id: UUID) -> HttpResponse:
    """A stored segment."""
    return _answer(request, get_segment(request, segment_id))


def _answer(request: ConsoleRequest, stored: Segment | None) -> HttpResponse:
    if request.method != "POST":
        return _page(request, _opened(request, stored))
    edited = _typed(request, stored)
    do = request.POST.get("do", "")
    if do == "reach":
        return _reach(request, edited)
    if do == "save" and stored and is_overtaken(request, mark(stored.text)):
        found = differences(stored.text, edited.text)
        return _page(request, edited, 409, **asked(request, found, mark(stored.text)))
    if do == "save":
        return _saved(request, edited)
    if edited.top is not None:
        tree.change(edited.top, do)
        _write(request, edited)
    if not request.htmx:
        return _page(request, edited)
    part = "_people" if do in {"", "look"} else "_shaped"
    return show_part(request, f"console/segments/{part}.html", **_shown(request, edited))


def _opened(request: ConsoleRequest, stored: Segment | None) -> Edited:
    as_file = request.GET.get("as") == "file"
    if stored is None:
        preset = request.GET.get("preset", "")
        name = str(presets.PRESETS[preset].title) if preset in presets.PRESETS else ""
        edited = Edited(None, name, "", presets.tree_for(preset))
    else:
        top = written.tree_of(queries.condition_of(stored))
        edited = Edited(stored, stored.name, stored.text, top)
    if edited.top is not None and stored is None:
        _write(request, edited)
    else:
        _read(request, edited)
    if as_file:
        edited.top = None
    return edited


def _typed(request: ConsoleRequest, stored: Segment | None) -> Edited:
    """What the form holds: rows, or a file."""
    name = line(request.POST.get("name"))
    if "text" in request.POST:
        edited = Edited(stored, name, uploaded(request))
        _read(request, edited)
    else:
        edited = Edited(stored, name, "", tree.read(request.POST))
        _write(request, edited)
    return edited


def uploaded(request: ConsoleRequest) -> str:
    """The file that came along, else the text that was typed."""
    sent = request.FILES.get("file")
    if sent is not None and not isinstance(sent, list):
        return bytes(sent.read(_MOST_UPLOADED)).decode("utf-8", errors="replace")
    return request.POST.get("text", "")[:_MOST_UPLOADED].replace("\r\n", "\n")


def _write(request: ConsoleRequest, edited: Edited) -> None:
    """The file of the rows, and what is meant by it where they are right."""
    if edited.top is None:
        return
    # What has no name yet is counted all the same.
    edited.text = written.text_of(edited.name or "?", edited.top, request.shop.currency)
    edited.read = None
    if tree.is_right(edited.top):
        _read(request, edited)


def _read(request: ConsoleRequest, edited: Edited) -> None:
    try:
        edited.read = parse_segment(edited.text, file_name=_FILE, currency=request.shop.currency)
        edited.problems = ()
    except ScenarioInvalid as wrong:
        edited.problems = wrong.problems


def _saved(request: ConsoleRequest, edited: Edited) -> HttpResponse:
    if edited.top is not None and not edited.name:
        edited.wrong["name"] = _("It needs a name.")
    if edited.read is None or edited.wrong:
        return _page(request, edited, status=422)
    try:
        saved = keep.save(
            shop_id=request.shop.id,
            segment_id=edited.stored.id if edited.stored else None,
            segment=edited.read,
            text=edited.text,
            now=request.now,
        )
    except keep.NameTaken:
        edited.wrong["name"] = _("There is a segment of this name already.")
    except keep.InUse:
        edited.wrong["name"] = _("It keeps its name while something is for it.")
    else:
        messages.success(request, _("%s is saved.") % saved.name)
        return redirect("segment", request.shop.slug, saved.id)
    return _page(request, edited, status=422)


def _reach(request: ConsoleRequest, edited: Edited) -> HttpResponse:
    reached = None
    if edited.read is not None:
        reached = reach.reach(request.shop, edited.read.condition, now=request.now)
    return show_part(request, "console/segments/_reach.html", reached=reached)


def _page(request: ConsoleRequest, edited: Edited, status: int = 200, **told: Any) -> HttpResponse:
    now = mark(edited.stored.text) if edited.stored else ""
    shown = {"seen": seen_of(request) or now, **_shown(request, edited), **told}
    return show(request, "console/segments/edit.html", "segments", status=status, **shown)


def _shown(request: ConsoleRequest, edited: Edited) -> dict[str, Any]:
    people = people_shown(request, edited.read.condition) if edited.read else {}
    return {"edited": edited, "segment": edited.stored, "words": words, "units": UNITS, **people}
