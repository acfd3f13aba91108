"""The way of a file in: bring it, choose its columns, see what will happen, let it begin."""

from typing import BinaryIO, cast
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ripresa.console.connections.left_out import PROBLEMS
from ripresa.console.imports import forms, words
from ripresa.console.imports.troubles import told_trouble
from ripresa.console.layout.access import changes_shop, shop_page
from ripresa.console.layout.pages import show
from ripresa.console.layout.request import ConsoleRequest
from ripresa.contracts.calling.sayings import said_by
from ripresa.domain.imports import operations
from ripresa.domain.imports.models import FileImport
from ripresa.usecases.files import bringing
from ripresa.usecases.files.bringing import Brought
from ripresa.usecases.files.fields import KINDS
from ripresa.usecases.files.manner import Manner
from ripresa.usecases.files.mappings import list_mappings
from ripresa.usecases.files.previewing import Preview
from ripresa.usecases.files.sampling import Sample, sample_of, say_anew
from ripresa.usecases.tables.importing import NotImportable

SHOWN = 50
# All of a file of this size is looked at before it begins; of a larger one, so many people or carts.
LOOKED_AT_WHOLE = 4 << 20
LOOKED_AT = 10_000


def get_import(request: ConsoleRequest, import_id: UUID) -> FileImport:
    """One import of this shop, or 404."""
    found = operations.find(request.shop.id, import_id)
    if found is None:
        raise Http404("no such import in this shop")
    return found


class _Wrong(Exception):
    """The file can't be brought; the message says why, to whoever sent it."""


@require_http_methods(["GET", "POST"])
@shop_page
def import_list(request: ConsoleRequest) -> HttpResponse:
    """The imports there were, and the form that brings a file."""
    problem = ""
    if request.method == "POST":
        try:
            return changes_shop(_bring)(request)
        except _Wrong as wrong:
            problem = str(wrong)
    kind = request.POST.get("kind") or request.GET.get("kind") or "contacts"
    return show(
        request,
        "console/imports/list.html",
        "customers",
        status=_WRONG if problem else 200,
        problem=problem,
        kind=kind,
        kinds=words.KINDS,
        mappings={name: _(one.label) for name, one in list_mappings().items()},
        rows=[
            (one, words.KINDS[one.kind], words.STATES[one.state])
            for one in operations.list_imports(request.shop.id, limit=SHOWN)
        ],
    )


_WRONG = 422


def _bring(request: ConsoleRequest) -> HttpResponse:
    """Keep the file that was sent. Raises _Wrong."""
    made = _keep(request)
    known = operations.find_unfinished(request.shop.id, made.kind, bytes(made.digest), but=made.id)
    if known is not None:
        operations.forget(made)
        messages.info(
            request, _("You have brought this file before, and it is not done: go on here.")
        )
        return redirect("import", request.shop.slug, known.id)
    _read_alike(request, made)
    try:
        sample_of(made)
    except NotImportable as wrong:
        operations.forget(made)
        raise _Wrong(told_trouble(said_by(wrong))) from None
    return redirect("import-columns", request.shop.slug, made.id)


def _keep(request: ConsoleRequest) -> FileImport:
    file, kind = request.FILES.get("file"), request.POST.get("kind", "")
    mapping = request.POST.get("mapping", "")
    named = list_mappings().get(mapping)
    if not isinstance(file, UploadedFile) or not file.name or file.file is None:
        raise _Wrong(_("Choose a file first."))
    if not file.size:
        raise _Wrong(_("The file is empty."))
    kind = named.kind if named else kind
    if kind not in KINDS:
        raise _Wrong(_("What is in the file?"))
    try:
        return bringing.bring(
            shop=request.shop,
            brought=Brought(kind, file.name, mapping if named else "", Manner()),
            content=cast("BinaryIO", file.file),
            now=request.now,
        )
    except NotImportable as wrong:
        raise _Wrong(told_trouble(said_by(wrong))) from None


def _read_alike(request: ConsoleRequest, made: FileImport) -> None:
    """Rows that were mended are read as the file was that they come from."""
    try:
        like = get_import(request, UUID(request.POST.get("like", "")))
    except (ValueError, Http404):
        return
    if like.kind == made.kind:
        operations.say_anew(made, like.mapping, {**like.manner, "encoding": ""})
        made.refresh_from_db()


@require_http_methods(["GET", "POST"])
@shop_page
@changes_shop
def columns(request: ConsoleRequest, import_id: UUID) -> HttpResponse:
    """Which column holds what, beside the first rows; and whether these people agreed to anything."""
    one = get_import(request, import_id)
    if one.state != "waiting":
        return redirect("import", request.shop.slug, one.id)
    try:
        sample = sample_of(one)
        choice = forms.chosen_before(sample)
        if request.method == "POST":
            choice = forms.read(request.POST, one, sample, request.now)
            if not choice.problems and say_anew(one, request.shop, choice.manner(request.shop)):
                if "again" in request.POST:
                    return redirect("import-columns", request.shop.slug, one.id)
                return redirect("import-confirm", request.shop.slug, one.id)
    except NotImportable as wrong:
        return _not_importable(request, one, said_by(wrong))
    return show(
        request,
        "console/imports/columns.html",
        "customers",
        status=_WRONG if choice.problems else 200,
        one=one,
        sample=sample,
        choice=choice,
        rows=_rows(sample),
        held_by=_held_by(choice, sample),
        fields={name: words.FIELDS[name] for name in KINDS[one.kind].words},
        encodings=sorted({*words.ENCODINGS, sample.encoding}),
        delimiters={sample.delimiter: repr(sample.delimiter), **words.DELIMITERS},
        kind=words.KINDS[one.kind],
        step=2,
    )


def _held_by(choice: forms.Choice, sample: Sample) -> dict[int, str]:
    """The field of each column by its number; "" where it holds none."""
    held = {number: name for name, number in choice.columns.items()}
    return {column.number: held.get(str(column.number), "") for column in sample.columns}


def _rows(sample: Sample) -> list[list[str]]:
    return [list(row) for row in zip(*(column.cells for column in sample.columns), strict=True)]


@require_http_methods(["GET", "POST"])
@shop_page
@changes_shop
def confirm(request: ConsoleRequest, import_id: UUID) -> HttpResponse:
    """What will happen, in numbers, without doing it; POST lets it begin."""
    one = get_import(request, import_id)
    if one.state != "waiting":
        return redirect("import", request.shop.slug, one.id)
    if request.method == "POST":
        operations.start(one, request.now)
        messages.success(request, _("The import has begun. You may leave; it goes on by itself."))
        return redirect("import", request.shop.slug, one.id)
    try:
        most = None if one.size <= LOOKED_AT_WHOLE else LOOKED_AT
        seen = bringing.look_at(one, now=request.now, most=most)
    except NotImportable as wrong:
        return _not_importable(request, one, said_by(wrong))
    return show(
        request,
        "console/imports/confirm.html",
        "customers",
        one=one,
        seen=seen,
        kind=words.KINDS[one.kind],
        will=_will(seen),
        problems=[(each, PROBLEMS.get(each.code, each.message)) for each in seen.problems[:20]],
        agreed=seen.file.manner.agreed,
        manner=seen.file.manner,
        step=3,
    )


def _will(seen: Preview) -> list[tuple[str, int]]:
    """What would be stored, in words, with its number."""
    named = {
        "contact.identified": _("people with what the file says of them"),
        "consent.changed": _("consents, each with its proof"),
        "cart.updated": _("carts as they were left"),
        "order.placed": _("orders"),
        "order.cancelled": _("cancellations"),
        "order.refunded": _("refunds"),
    }
    return [(named[kind], count) for kind, count in seen.events.items() if kind in named]


def _not_importable(request: ConsoleRequest, one: FileImport, problem: str) -> HttpResponse:
    return show(
        request,
        "console/imports/unreadable.html",
        "customers",
        status=_WRONG,
        one=one,
        problem=told_trouble(problem),
    )
