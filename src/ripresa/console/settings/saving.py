"""A room that is one form: GET shows it, POST saves all of it or says at each field what is wrong."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ripresa.console.layout.access import shop_page
from ripresa.console.layout.request import MAY_CHANGE, ConsoleRequest, OnlyFor
from ripresa.console.overtaking.marks import Difference, is_overtaken, mark, seen_of
from ripresa.console.settings.fields import UNITS, Form
from ripresa.console.settings.frame import show_settings
from ripresa.domain.audit.queries import AuditFilter, list_entries
from ripresa.domain.shops.models import Shop

Shown = Callable[[ConsoleRequest], tuple[Form, Mapping[str, Any]]]
# Takes what was typed; writes problems into the form where it can't be saved, and then saves nothing.
Saved = Callable[[ConsoleRequest, Form], None]
Words = tuple[Promise | str, Mapping[str, Promise | str]]
_NONE: Mapping[str, str] = {}
_NO_WORDS: Mapping[str, Words] = {}


def form_room(
    room: str,
    template: str,
    shown: Shown,
    saved: Saved,
    *,
    switches: Mapping[str, str] = _NONE,
    words: Mapping[str, Words] = _NO_WORDS,
) -> Callable[..., HttpResponse]:
    """The view of the room whose address is called `room`.

    `switches`: what it shows beside its fields, the shop's columns by their names in the form.
    `words`: see `overtaken`.
    """

    @require_http_methods(["GET", "POST"])
    @shop_page
    def view(request: ConsoleRequest) -> HttpResponse:
        form, context = shown(request)
        marked = _mark_of_room(request.shop, form, context, switches)
        told: dict[str, Any] = {"seen": marked}
        if request.method == "POST":
            _refuse_lookers(request)
            if is_overtaken(request, marked):
                told = overtaken(request, form, marked, words)
                _show_hers(request, switches)
            else:
                saved(request, form)
            if "meanwhile" not in told and not form.problems:
                messages.success(request, _("Saved."))
                return redirect(room, request.shop.slug)
            for name, field in form.items():
                field.value = request.POST.get(name, "")[:500]
                field.unit = request.POST.get(f"{name}-unit", field.unit)
        status = 409 if "meanwhile" in told else 422 if form.problems else 200
        shown_too = {**context, **told}
        return show_settings(request, template, room, status=status, form=form, **shown_too)

    return view


def _refuse_lookers(request: ConsoleRequest) -> None:
    if not request.may_change:
        raise OnlyFor(MAY_CHANGE)


def _mark_of_room(
    shop: Shop, form: Form, context: Mapping[str, Any], switches: Mapping[str, str]
) -> str:
    columns = [getattr(shop, column) for column in switches.values()]
    is_on = sorted(each for each in context.items() if isinstance(each[1], bool))
    return mark_of(form, columns, is_on)


def _show_hers(request: ConsoleRequest, switches: Mapping[str, str]) -> None:
    """On this page, and nowhere else, the shop is as she wants it."""
    for name, column in switches.items():
        if isinstance(getattr(request.shop, column), bool):
            setattr(request.shop, column, request.POST.get(name) == "yes")


def mark_of(form: Form, *also: object) -> str:
    """What a page of these fields is marked with."""
    return mark(sorted((each.name, each.value, each.unit) for each in form.values()), *also)


def overtaken(
    request: ConsoleRequest, form: Form, marked: str, words: Mapping[str, Words] = _NO_WORDS
) -> dict[str, Any]:
    """What was changed since her page was shown; the fields hold what is stored until now.

    Nothing is saved, and the page goes on showing hers. `words`: of fields, what they are called, and
    what their values stand for, where those aren't words themselves.
    """
    # The latest line of the log is what came between, nearly always; the fields say the rest.
    latest = next(iter(list_entries(request.shop.id, AuditFilter(action="changed"), limit=1)), None)
    told = {
        "entry": latest,
        "differences": _differing(request, form, words),
        "mark": marked,
    }
    return {"meanwhile": told, "seen": seen_of(request)}


def _differing(request: ConsoleRequest, form: Form, words: Mapping[str, Words]) -> list[Difference]:
    """The fields in which hers is another than what is stored."""
    found = []
    for name, field in form.items():
        typed = request.POST.get(name, "").replace("\r\n", "\n").strip()
        unit = request.POST.get(f"{name}-unit", field.unit)
        if (typed, unit) != (field.value, field.unit):
            title, choices = words.get(name, ("", {}))
            theirs = _said(choices.get(field.value, field.value), field.unit)
            hers = _said(choices.get(typed, typed[:500]), unit)
            found.append(Difference(theirs, hers, field.id, str(title)))
    return found


def _said(value: Promise | str, unit: str) -> str:
    return " ".join(filter(None, [str(value), str(UNITS.get(unit, ""))]))
