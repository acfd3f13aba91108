"""The page of long work."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.urls import NoReverseMatch
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ripresa.console.connections.reasons import told_reason
from ripresa.console.connections.sayings import Told, told_now
from ripresa.console.imports.troubles import told_trouble
from ripresa.console.imports.words import STATES
from ripresa.console.layout.access import shop_page
from ripresa.console.layout.badges import Badge
from ripresa.console.layout.pages import show, show_part
from ripresa.console.layout.request import ConsoleRequest
from ripresa.console.layout.switches import address_if_open
from ripresa.usecases.work_under_way import Work, list_works

KINDS = {
    "import": _("Import"),
    "history": _("History of a connected shop"),
    "campaign": _("Campaign"),
    "replay": _("Replay over the past"),
}
# The page on which a piece of work is looked after.
_PAGES = {"import": "import", "campaign": "campaign", "history": "connection", "replay": "replay"}


@dataclass(frozen=True, slots=True)
class Line:
    """One piece of work as the page shows it."""

    work: Work
    kind: Promise | str
    badge: Badge
    address: str
    trouble: Told


@shop_page
def work(request: ConsoleRequest) -> HttpResponse:
    """What runs, and what ended of late. htmx asks for the list alone while something runs."""
    lines = [
        Line(one, KINDS[one.kind], STATES[one.state], _address(request, one), trouble_of(one))
        for one in list_works(request.shop.id, now=request.now)
    ]
    context: dict[str, Any] = {
        "lines": lines,
        "is_running": any(one.work.state == "running" for one in lines),
    }
    if request.htmx:
        return show_part(request, "console/work/_list.html", **context)
    return show(request, "console/work/work.html", "", **context)


def trouble_of(one: Work) -> Told:
    """Why it does not get on, in the reader's language; empty where it does."""
    match one.kind:
        case "import":
            return Told(told_trouble(one.trouble), is_foreign=False)
        case "campaign":
            return told_reason(one.trouble)
        case _:
            return told_now(one.trouble)


def _address(request: ConsoleRequest, one: Work) -> str:
    try:
        return address_if_open(request.shop, _PAGES[one.kind], one.id)
    except NoReverseMatch:
        return ""
