"""Files: contacts, orders and carts taken in from tables, and told as tables."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpResponse
from ninja import Query, Router
from ninja.responses import Status
from pydantic import BaseModel, Field

from ripresa.api.protocol.access import READ, WRITE, ApiRequest
from ripresa.api.protocol.pages import Page, Paging, at_id, by_id, cut
from ripresa.api.protocol.problems import NotFound, Refused
from ripresa.api.protocol.values import Asked, Maybe, Words
from ripresa.core.delimited.writing import as_csv
from ripresa.domain.imports import operations
from ripresa.domain.imports.models import FileImport
from ripresa.usecases.files import bringing
from ripresa.usecases.files.bringing import Brought
from ripresa.usecases.files.exporting import TABLES, export_page
from ripresa.usecases.files.manner import Manner
from ripresa.usecases.tables.importing import NotImportable

router = Router(tags=["files"])

_CSV = "text/csv"
_PIECE: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}
_TABLE: dict[str, Any] = {
    "responses": {200: {"description": "OK", "content": {_CSV: {"schema": {"type": "string"}}}}}
}
_MOST_PIECES = 100_000
_PREVIEWED = 1000

KindOfFile = Literal["contacts", "orders", "carts"]
KindOfTable = Literal["contacts", "carts", "orders", "messages"]


class ImportShape(BaseModel):
    """A file and how far it was taken in.

    `state`: waiting, running, stopped, failed (see `trouble`) or done. `position`: rows read, as a
    spreadsheet counts; `done_bytes` of `size`. `good`: people, orders or carts taken in; `fresh`: what of
    it was not known; `wrong`: left out; `flawed`: taken in without a detail.
    """

    id: UUID
    kind: str
    name: str
    mapping: str
    state: str
    trouble: str
    size: int
    done_bytes: int
    position: int
    good: int
    wrong: int
    flawed: int
    fresh: int
    created_at: datetime
    ended_at: datetime | None

    @classmethod
    def of(cls, one: FileImport) -> "ImportShape":
        """The same, as it travels."""
        return cls(**bringing.plain(one))


class NewImport(Asked):
    """A file to come, and what is known of it; the rest is found out.

    `columns`: heading, or number from 1, by field. `mapping`: a named one. `source`: the connection whose
    orders and carts these are.
    """

    kind: KindOfFile
    name: Annotated[Words, Field(min_length=1)]
    mapping: Maybe[Words] = None
    columns: Annotated[dict[Words, Words], Field(default_factory=dict, max_length=100)]
    encoding: Maybe[Words] = None
    delimiter: Maybe[Words] = None
    header: Maybe[bool] = None
    decimal: Maybe[Words] = None
    dates: Maybe[Words] = None
    zone: Maybe[Words] = None
    currency: Maybe[Words] = None
    source: Maybe[Words] = None

    def brought(self) -> Brought:
        """As the use case knows it; mappings in files are for the command line."""
        if self.mapping is not None and not self.mapping.replace("-", "").isalnum():
            raise Refused.field("mapping", "is the name of a mapping")
        known = {
            "encoding",
            "delimiter",
            "header",
            "decimal",
            "dates",
            "zone",
            "currency",
            "source",
        }
        said = self.model_dump(include=known, exclude_none=True)
        return Brought(self.kind, self.name, self.mapping or "", Manner(self.columns, **said))


class Complained(BaseModel):
    """What is wrong in a row. `is_lost`: it is left out; else only what is said here."""

    row: int
    column: str
    code: str
    message: str
    is_lost: bool


class Example(BaseModel):
    """What a row would become."""

    row: int
    says: str


class FilePreviewShape(BaseModel):
    """What an import would do, told from its first rows; `whole_file`: these are all."""

    kind: str
    encoding: str
    delimiter: str
    header: bool
    columns: dict[str, str]
    unused: list[str]
    decimal: str
    dates: str
    zone: str
    rows: int
    good: int
    wrong: int
    whole_file: bool
    events: dict[str, int]
    first: list[Example]
    problems: list[Complained]


@router.post("/imports", response={201: ImportShape}, auth=WRITE, operation_id="create_import")
def create_import(request: ApiRequest, asked: NewImport) -> Status[ImportShape]:
    """Announce a file. Then send it in pieces, look at the preview, and start it."""
    try:
        made = bringing.expect(shop=request.shop, brought=asked.brought(), now=request.now)
    except NotImportable as wrong:
        raise Refused(422, str(wrong)) from None
    return Status(201, ImportShape.of(made))


@router.get("/imports", response=Page[ImportShape], auth=READ, operation_id="list_imports")
def list_imports(request: ApiRequest, asked: Query[Paging]) -> Page[ImportShape]:
    """The imports of the shop, the newest first."""
    found = operations.list_imports(
        request.shop.id, older_than=by_id(request, asked), limit=asked.limit + 1
    )
    rows, following = cut(request, asked, found, lambda row: at_id(row.id))
    return Page[ImportShape](items=[ImportShape.of(row) for row in rows], next=following)


@router.get("/imports/{import_id}", response=ImportShape, auth=READ, operation_id="get_import")
def get_import(request: ApiRequest, import_id: UUID) -> ImportShape:
    """How far it is."""
    return ImportShape.of(_find(request, import_id))


@router.put(
    "/imports/{import_id}/pieces/{number}",
    response=ImportShape,
    auth=WRITE,
    operation_id="put_import_piece",
    openapi_extra=_PIECE,
)
def put_piece(request: ApiRequest, import_id: UUID, number: int) -> ImportShape:
    """A piece of the file, at most 2 MiB, cut behind an end of line; from 0, in order. Safe to repeat."""
    one = _find(request, import_id)
    if request.content_type not in {"application/octet-stream", _CSV}:
        raise Refused(415, "send the piece as application/octet-stream")
    if not 0 <= number < _MOST_PIECES:
        raise NotFound("piece")
    if not request.body:
        raise Refused(400, "the piece is empty")
    try:
        bringing.put_piece(one, number, request.body)
    except operations.PieceRefused as wrong:
        raise Refused(409, str(wrong)) from None
    except operations.FileTooLarge as wrong:
        raise Refused(413, str(wrong)) from None
    return ImportShape.of(_find(request, import_id))


@router.get(
    "/imports/{import_id}/preview",
    response=FilePreviewShape,
    auth=READ,
    operation_id="preview_import",
)
def preview_import(request: ApiRequest, import_id: UUID) -> FilePreviewShape:
    """What it would do, told from the first thousand people, orders or carts. Nothing is stored."""
    try:
        seen = bringing.look_at(_find(request, import_id), now=request.now, most=_PREVIEWED)
    except NotImportable as wrong:
        raise Refused(409, str(wrong)) from None
    return FilePreviewShape(**seen.plain())


@router.post(
    "/imports/{import_id}/start", response=ImportShape, auth=WRITE, operation_id="start_import"
)
def start_import(request: ApiRequest, import_id: UUID) -> ImportShape:
    """Take it in, from where it stands; a worker does it. Twice is the same as once."""
    one = _find(request, import_id)
    if not one.size:
        raise Refused(409, "no piece of the file is here yet")
    operations.start(one, request.now)
    return ImportShape.of(_find(request, import_id))


@router.post(
    "/imports/{import_id}/stop", response=ImportShape, auth=WRITE, operation_id="stop_import"
)
def stop_import(request: ApiRequest, import_id: UUID) -> ImportShape:
    """Let it stand where it is; what was stored stays."""
    operations.stop(_find(request, import_id))
    return ImportShape.of(_find(request, import_id))


@router.get(
    "/imports/{import_id}/errors",
    auth=READ,
    operation_id="get_import_errors",
    openapi_extra=_TABLE,
)
def get_errors(request: ApiRequest, import_id: UUID) -> HttpResponse:
    """Every complaint, row by row, as CSV."""
    rows = [("row", "column", "code", "message", "left_out")]
    for each in operations.problems_of(_find(request, import_id)):
        lost = "yes" if each.is_lost else "no"
        rows.append((str(each.row), each.column, each.code, each.message, lost))
    return HttpResponse(as_csv(rows), content_type=f"{_CSV}; charset=utf-8")


class Part(Asked):
    """Which part of which table: rows behind the id `after`."""

    kind: KindOfTable
    after: Maybe[UUID] = None


@router.get("/exports", auth=READ, operation_id="export_table", openapi_extra=_TABLE)
def export(request: ApiRequest, asked: Query[Part]) -> HttpResponse:
    """Contacts, carts, orders or messages as CSV, 2,000 rows at a time: follow the `Link` to the next."""
    rows, last = export_page(asked.kind, shop_id=request.shop.id, after=asked.after)
    headings = [] if asked.after else [TABLES[asked.kind].columns]
    answer = HttpResponse(as_csv([*headings, *rows]), content_type=f"{_CSV}; charset=utf-8")
    if last is not None:
        answer.headers["Link"] = f'<{request.path}?kind={asked.kind}&after={last}>; rel="next"'
    return answer


def _find(request: ApiRequest, import_id: UUID) -> FileImport:
    found = operations.find(request.shop.id, import_id)
    if found is None:
        raise NotFound("import")
    return found
