"""How far an import is, and what came of it: may be left, and is found again."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ripresa.console.connections.left_out import PROBLEMS
from ripresa.console.imports import words
from ripresa.console.imports.troubles import told_trouble
from ripresa.console.imports.views import get_import
from ripresa.console.layout.access import changes_shop, shop_page
from ripresa.console.layout.pages import show, show_part
from ripresa.console.layout.request import ConsoleRequest
from ripresa.core.delimited.writing import as_csv
from ripresa.domain.imports import operations
from ripresa.domain.imports.models import FileImport
from ripresa.usecases.files.mending import rows_to_mend
from ripresa.usecases.tables.importing import NotImportable

SHOWN = 100
_CSV = "text/csv; charset=utf-8"


@shop_page
def page(request: ConsoleRequest, import_id: UUID) -> HttpResponse:
    """How it stands. htmx asks for the state alone, again and again while it runs."""
    one = get_import(request, import_id)
    context = _standing(request, one)
    if request.htmx:
        return show_part(request, "console/imports/_standing.html", **context)
    return show(request, "console/imports/import.html", "customers", **context)


def _standing(request: ConsoleRequest, one: FileImport) -> dict[str, Any]:
    after = request.GET.get("after", "")
    row = int(after) if after.isascii() and after.isdecimal() and len(after) < _DIGITS else 0
    found = (
        operations.first_problems(one, after=row, most=SHOWN + 1) if one.state != "running" else []
    )
    problems = found[:SHOWN]
    return {
        "one": one,
        "trouble": told_trouble(one.trouble),
        "kind": words.KINDS[one.kind],
        "state": words.STATES[one.state],
        "percent": 100 * one.done_bytes // one.size if one.size else 0,
        "problems": [(each, PROBLEMS.get(each.code, each.message)) for each in problems],
        "next_row": problems[-1].row if len(found) > SHOWN else None,
    }


_DIGITS = 12


@require_POST
@shop_page
@changes_shop
def stop(request: ConsoleRequest, import_id: UUID) -> HttpResponse:
    """Let it stand where it is; what was stored stays."""
    one = get_import(request, import_id)
    if operations.stop(one):
        messages.info(request, _("Stopped. What was taken in stays; you can go on any time."))
    return redirect("import", request.shop.slug, one.id)


@require_POST
@shop_page
@changes_shop
def resume(request: ConsoleRequest, import_id: UUID) -> HttpResponse:
    """Go on from where it stands."""
    one = get_import(request, import_id)
    if one.state != "waiting" and operations.start(one, request.now):
        messages.success(request, _("It goes on where it stood."))
    return redirect("import", request.shop.slug, one.id)


@shop_page
def errors(request: ConsoleRequest, import_id: UUID) -> HttpResponse:
    """Every complaint as CSV."""
    one = get_import(request, import_id)
    rows = [("row", "column", "problem", "left_out")]
    for each in operations.problems_of(one):
        said = str(PROBLEMS.get(each.code, each.message))
        rows.append((str(each.row), each.column, said, "yes" if each.is_lost else "no"))
    return _file(as_csv(rows), f"{one.id}-errors.csv")


@shop_page
@changes_shop
def mend(request: ConsoleRequest, import_id: UUID) -> HttpResponse:
    """The rows that were left out, with what is wrong: to be mended and brought again."""
    one = get_import(request, import_id)
    try:
        return _file(rows_to_mend(one), f"{one.id}-mend.csv")
    except NotImportable:
        messages.warning(
            request, _("The file is not kept any more, so its rows can't be taken from it.")
        )
        return redirect("import", request.shop.slug, one.id)


def _file(text: str, name: str) -> HttpResponse:
    # With its mark: a spreadsheet takes it for another encoding otherwise.
    answer = HttpResponse("\ufeff" + text, content_type=_CSV)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
