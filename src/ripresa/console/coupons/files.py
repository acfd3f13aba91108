"""Codes out of a file: brought, looked at with its columns chosen, and only then stored."""

from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, cast
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from ripresa.console.coupons.pools import get_pool
from ripresa.console.layout.access import changes_shop, shop_page
from ripresa.console.layout.pages import show
from ripresa.console.layout.request import ConsoleRequest
from ripresa.console.layout.typed import cleaned
from ripresa.core.delimited.named_columns import ColumnUnclear
from ripresa.core.delimited.reading import Unreadable, look_into
from ripresa.domain.coupons.columns import NO_COLUMN
from ripresa.domain.coupons.ends import DateOrder
from ripresa.domain.coupons.models import CouponPool
from ripresa.domain.coupons.staging import Counts
from ripresa.domain.imports.models import FileImport
from ripresa.usecases.coupons import files
from ripresa.usecases.coupons.import_coupons import Import, NotImportable, Said, reading
from ripresa.usecases.coupons.import_coupons import look as look_inside
from ripresa.usecases.coupons.keeping import tell_imported

SHOWN_ROWS, SHOWN_PROBLEMS = 5, 10
ENCODINGS = ("utf-8", "utf-16", "cp1252", "cp1250", "cp1251")
DELIMITERS: Mapping[str, tuple[str, Promise | str]] = {
    "comma": (",", gettext_lazy("Comma")),
    "semicolon": (";", gettext_lazy("Semicolon")),
    "tab": ("\t", gettext_lazy("Tab")),
}
_WRONG: Mapping[str, Promise | str] = {
    "no_code": gettext_lazy("There is no code in this row."),
    "too_long": gettext_lazy("The code is too long."),
    "not_printable": gettext_lazy("The code has characters that nobody can type."),
    "rounded": gettext_lazy("A spreadsheet has rounded this number: save that column as text."),
    "not_a_date": gettext_lazy("The end is no date."),
    "ended": gettext_lazy("The code has ended already."),
    "known": gettext_lazy("The code is in a pool already."),
    "repeated": gettext_lazy("The code stands in the file twice."),
}


class Seen(NamedTuple):
    """What was found in a file: its first rows as they stand, and what would be stored."""

    sample: list[list[str]]
    columns: list[tuple[str, str]]
    code: str = ""
    end: str = ""
    first: Sequence[tuple[int, str, Any]] = ()
    counts: Counts | None = None
    wrong: int = 0
    blank: int = 0
    problems: Sequence[tuple[int, Promise | str]] = ()
    asks: str = ""


@require_POST
@shop_page
@changes_shop
def bring(request: ConsoleRequest, pool_id: UUID) -> HttpResponse:
    """Keep the file; nothing of it is stored yet."""
    pool, file = get_pool(request, pool_id), request.FILES.get("file")
    if file is None:
        messages.warning(request, _("Choose a file first."))
        return redirect("coupon-pool", request.shop.slug, pool_id)
    try:
        kept = files.keep_codes(
            shop=request.shop,
            pool=pool,
            name=file.name or "",
            content=cast("BinaryIO", file.file),
            now=request.now,
        )
    except NotImportable:
        messages.warning(
            request, _("That file can’t be taken: at most 32 MB, into a pool of single codes.")
        )
        return redirect("coupon-pool", request.shop.slug, pool_id)
    return redirect("coupon-file", request.shop.slug, pool_id, kept.id)


@require_http_methods(["GET", "POST"])
@shop_page
@changes_shop
def look(request: ConsoleRequest, pool_id: UUID, file_id: UUID) -> HttpResponse:
    """GET shows what would be stored, by the columns in the address; POST stores it, or lets it go."""
    pool = get_pool(request, pool_id)
    kept = files.find_codes(shop=request.shop, pool=pool, file_id=file_id)
    if kept is None:
        if request.method == "POST" or not files.was_kept(
            shop=request.shop, pool=pool, file_id=file_id
        ):
            raise Http404("no such file waits for this pool")
        # The back button leads here after storing: a dead end would look like a loss.
        messages.info(request, _("That file waits no more: it was stored, or let go."))
        return redirect("coupon-pool", request.shop.slug, pool_id)
    asked = request.POST if request.method == "POST" else request.GET
    if request.POST.get("do") == "discard":
        files.let_go(kept, request.now)
        messages.info(request, _("Nothing was stored."))
        return redirect("coupon-pool", request.shop.slug, pool_id)
    said = _said(asked)
    if request.POST.get("do") == "store" and (stored := _store(request, pool, kept, said)) >= 0:
        text = ngettext("%d code is stored.", "%d codes are stored.", stored)
        messages.success(request, text % stored)
        return redirect("coupon-pool", request.shop.slug, pool_id)
    seen = _seen(request, pool, kept, said)
    return show(
        request,
        "console/coupons/file.html",
        "coupons",
        status=422 if request.method == "POST" else 200,
        pool=pool,
        kept=kept,
        seen=seen,
        asked={name: asked.get(name, "") for name in ("encoding", "delimiter", "header", "dates")},
        encodings=ENCODINGS,
        delimiters=[(code, name) for code, (_sign, name) in DELIMITERS.items()],
        none=NO_COLUMN,
        known=0 if seen.counts is None else seen.counts.known + seen.counts.elsewhere,
    )


def _said(asked: QueryDict) -> Said:
    """What the address or form says; what makes no sense says nothing."""
    encoding, dates = asked.get("encoding", ""), asked.get("dates", "")
    sign = DELIMITERS.get(asked.get("delimiter", ""))
    return Said(
        column=cleaned(asked.get("column")),
        expiry_column=cleaned(asked.get("expiry_column")),
        encoding=encoding if encoding in ENCODINGS else "",
        delimiter=sign[0] if sign else "",
        has_header={"yes": True, "no": False}.get(asked.get("header", "")),
        dates=DateOrder(dates) if dates in list(DateOrder) else None,
    )


def _store(request: ConsoleRequest, pool: CouponPool, kept: FileImport, said: Said) -> int:
    """How many were stored; -1: the file can't be read so, and the page says why."""
    try:
        with (
            files.spooled(kept) as path,
            reading(shop=request.shop, pool=pool, path=path, said=said, now=request.now) as found,
        ):
            stored = found.store()
            tell_imported(pool, stored, request.now)
    except NotImportable:
        return -1
    files.let_go(kept, request.now)
    return stored


def _seen(request: ConsoleRequest, pool: CouponPool, kept: FileImport, said: Said) -> Seen:
    try:
        with files.spooled(kept) as path:
            sample = _sample(path, said)
            seen = Seen(sample, _columns(sample), said.column, said.expiry_column)
            if asks := _what_is_unclear(path, said, sample):
                return seen._replace(asks=asks)
            with reading(
                shop=request.shop, pool=pool, path=path, said=said, now=request.now
            ) as found:
                return _told(seen, found)
    except (Unreadable, NotImportable):
        return Seen([], [], asks="file")


def _sample(path: Path, said: Said) -> list[list[str]]:
    file = look_into(path, encoding=said.encoding, delimiter=said.delimiter)
    filled = (row for _, row in file.rows() if any(cell.strip() for cell in row))
    return list(islice(filled, SHOWN_ROWS + 1))


def _columns(sample: list[list[str]]) -> list[tuple[str, str]]:
    """Number from 1 and first cell of each column."""
    width = max(map(len, sample), default=0)
    first = (sample[0] if sample else []) + [""] * width
    return [(str(at + 1), first[at].strip()[:40]) for at in range(width)]


def _what_is_unclear(path: Path, said: Said, sample: list[list[str]]) -> str:
    """column, dates or file; empty: all is clear."""
    if not sample:
        return "file"
    try:
        look_inside(path, said)
    except ColumnUnclear:
        return "column"
    except NotImportable:
        return "dates"
    return ""


def _told(seen: Seen, found: Import) -> Seen:
    columns = found.source.columns
    problems = found.problems()[:SHOWN_PROBLEMS]
    return seen._replace(
        code=str(columns.code + 1),
        end=NO_COLUMN if columns.end is None else str(columns.end + 1),
        first=list(found.staging.first_new(SHOWN_ROWS)),
        counts=found.staging.counts,
        wrong=found.source.wrong,
        blank=found.source.blank,
        problems=[(one.row, _WRONG.get(one.code, one.message)) for one in problems],
    )
