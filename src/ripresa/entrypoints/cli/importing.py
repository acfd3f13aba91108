"""`ripresa import`: contacts, orders and carts from files."""

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple
from uuid import UUID

import typer
from rich.progress import Progress

from ripresa.core.delimited.writing import write_csv
from ripresa.entrypoints.cli import home
from ripresa.entrypoints.cli.problem import Problem
from ripresa.entrypoints.cli.results import json_text
from ripresa.entrypoints.cli.shops import AsJson, find_shop
from ripresa.entrypoints.cli.waiting import bar

if TYPE_CHECKING:
    from ripresa.core.config import Config
    from ripresa.domain.imports.models import FileImport
    from ripresa.domain.shops.models import Shop
    from ripresa.usecases.files.bringing import Brought
    from ripresa.usecases.files.manner import Manner

app = typer.Typer(help="Bring contacts, orders and carts in from files.", no_args_is_help=True)

File = Annotated[Path, typer.Argument(help="A text file with a row for each, such as CSV.")]
OfShop = Annotated[str, typer.Option("--shop", help="The shop's short name.")]
Mapping = Annotated[str, typer.Option(help="A named mapping, or a file of one.")]
Columns = Annotated[
    str, typer.Option(help="FIELD=NAME,FIELD=NAME …, or a number from 1 instead of a name.")
]
Encoding = Annotated[str, typer.Option(help="utf-8, utf-16, cp1252 … if it is misread.")]
Delimiter = Annotated[str, typer.Option(help="What parts the columns; tab for a tab.")]
Header = Annotated[
    bool | None, typer.Option("--header/--no-header", help="Whether the first row has names.")
]
Decimal = Annotated[str, typer.Option(help="What parts the decimals of amounts: . or ,")]
Dates = Annotated[str, typer.Option(help="Which comes first in 03/04/2026: dmy or mdy.")]
Zone = Annotated[str, typer.Option(help="Of times without a zone; not given: the shop's.")]
Currency = Annotated[str, typer.Option(help="Of amounts without one; not given: the shop's.")]
Source = Annotated[str, typer.Option(help="Whose carts and orders: the connection's, or shop.")]
Preview = Annotated[bool, typer.Option("--preview", help="Only show what would be done.")]
Resume = Annotated[bool, typer.Option("--resume", help="Go on with this file where it stands.")]

_SHOWN_PROBLEMS = 10
_PATIENCE_SECONDS = 0.3


class _Way(NamedTuple):
    """What to do with the file, and how to say it."""

    preview: bool
    resume: bool
    as_json: bool


def _said(columns: str, delimiter: str, **rest: Any) -> "Manner":
    from ripresa.usecases.files.manner import Manner

    chosen = {}
    for each in columns.split(",") if columns else ():
        field, sign, name = each.partition("=")
        if not sign or not field.strip() or not name.strip():
            raise Problem(f"--columns is FIELD=NAME,FIELD=NAME …, not {each!r}")
        chosen[field.strip().lower()] = name.strip()
    mark = {"tab": "\t", "\\t": "\t"}.get(delimiter.lower(), delimiter)
    return Manner(columns=chosen, delimiter=mark, **rest)


def _command(kind: str) -> Any:
    def run(
        file: File, shop_slug: OfShop, mapping: Mapping = "", columns: Columns = "",
        encoding: Encoding = "", delimiter: Delimiter = "", header: Header = None,
        decimal: Decimal = "", dates: Dates = "", zone: Zone = "", currency: Currency = "",
        source: Source = "shop", preview: Preview = False, resume: Resume = False,
        as_json: AsJson = False,
    ) -> None:  # fmt: skip
        if not file.is_file():
            raise Problem(f"there is no file {file}")
        said = _said(
            columns, delimiter, encoding=encoding, header=header, decimal=decimal, dates=dates,
            zone=zone, currency=currency.upper(), source=source,
        )  # fmt: skip
        _take(file, shop_slug, (kind, file.name, mapping, said), _Way(preview, resume, as_json))

    run.__doc__ = f"Import {kind} from a file; rows that are wrong are told and left out."
    return run


for _kind in ("contacts", "orders", "carts"):
    app.command(_kind)(_command(_kind))


def _take(file: Path, slug: str, said: tuple[str, str, str, "Manner"], way: _Way) -> None:
    with home.ready() as config:
        from ripresa.usecases.files import bringing
        from ripresa.usecases.tables.importing import NotImportable

        shop, brought = find_shop(slug), bringing.Brought(*said)
        try:
            if way.preview:
                _show_preview(file, shop, brought, config, as_json=way.as_json)
                return
            if way.resume:
                one = bringing.find_same(shop_id=shop.id, kind=brought.kind, path=file)
                if one is None:
                    raise Problem(f"no import of {file.name} waits to be gone on with")
            else:
                _open(file, shop, brought)
                with file.open("rb") as content:
                    one = bringing.bring(
                        shop=shop, brought=brought, content=content, now=config.clock.now()
                    )
        except NotImportable as wrong:
            raise Problem(str(wrong)) from None
        one = _go_on(one, config)
        _tell(one, as_json=way.as_json)


def _open(file: Path, shop: "Shop", brought: "Brought") -> Any:
    """The file with its columns. Raises NotImportable."""
    from ripresa.usecases.files.reading import open_file

    return open_file(file, brought.kind, brought.manner(shop))


def _show_preview(
    file: Path, shop: "Shop", brought: "Brought", config: "Config", *, as_json: bool
) -> None:
    from ripresa.usecases.files.previewing import preview

    found = _open(file, shop, brought)
    with bar(f"Looking at {file.name}", found.file.size) as tell:
        seen = preview(found, now=config.clock.now(), progress=tell)
    told = seen.plain()
    if as_json:
        typer.echo(json_text(told))
        return
    places = ", ".join(f"{field} in {name!r}" for field, name in told["columns"].items())
    typer.echo(f"{file.name}: {told['encoding']}, {places}")
    if told["unused"]:
        typer.echo(f"Not used: {', '.join(told['unused'])}")
    for row, says in seen.first:
        typer.echo(f"  row {row}: {says}")
    typer.echo(f"{seen.good:,} {brought.kind} would be taken in, {seen.wrong:,} left out.")
    for each in seen.problems[:_SHOWN_PROBLEMS]:
        typer.echo(f"  {file.name}:{each.row}: {each.column}: {each.message} ({each.code})")
    typer.echo("Nothing was stored: this was a preview.")


def _go_on(one: "FileImport", config: "Config") -> "FileImport":
    """Take it in to its end, together with whatever worker is at it."""
    from ripresa.domain.imports import operations
    from ripresa.domain.inbox.operations import is_behind
    from ripresa.usecases.files.bringing import find_import
    from ripresa.usecases.files.taking import MOST_WAITING, FileTaker
    from ripresa.usecases.fold_events import fold_shop

    operations.start(one, config.clock.now())
    taker = FileTaker()
    with Progress(console=home.screen, transient=True) as shown:
        task = shown.add_task(f"Importing {one.name}", total=one.size)
        while (one := find_import(one.shop_id, one.id)).state == "running":
            shown.update(task, completed=one.done_bytes)
            now = config.clock.now()
            if is_behind(shop_id=one.shop_id, most=MOST_WAITING):
                read = fold_shop(shop_id=one.shop_id, now=now)
            else:
                read = taker.take(shop_id=one.shop_id, import_id=one.id, now=now)
            if not read:
                time.sleep(_PATIENCE_SECONDS)
    return one


def _tell(one: "FileImport", *, as_json: bool) -> None:
    from ripresa.domain.imports import operations
    from ripresa.usecases.files.bringing import plain

    if as_json:
        problems = [
            {"row": each.row, "column": each.column, "code": each.code, "message": each.message,
             "lost": each.is_lost}
            for _, each in zip(range(1000), operations.problems_of(one), strict=False)
        ]  # fmt: skip
        typer.echo(json_text(plain(one) | {"problems": problems}))
        return
    if one.state != "done":
        raise Problem(f"{one.name}: {one.state} at row {one.position}. {one.trouble}".strip())
    typer.echo(
        f"{one.good:,} {one.kind} taken in ({one.fresh:,} new facts), {one.wrong:,} left out, "
        f"{one.flawed:,} without some detail."
    )
    for _, each in zip(range(_SHOWN_PROBLEMS), operations.problems_of(one), strict=False):
        typer.echo(f"  {one.name}:{each.row}: {each.column}: {each.message} ({each.code})")
    if one.wrong + one.flawed > _SHOWN_PROBLEMS:
        typer.echo(f"  … all of them: ripresa import errors {one.id}")


@app.command("list")
def list_imports(shop_slug: OfShop, as_json: AsJson = False) -> None:
    """The imports of a shop, the newest first, and how far each has come."""
    with home.ready():
        from ripresa.domain.imports import operations
        from ripresa.usecases.files.bringing import plain

        rows = [plain(one) for one in operations.list_imports(find_shop(shop_slug).id)]
    if as_json:
        typer.echo(json_text({"imports": rows}))
        return
    for row in rows:
        share = 100 * row["done_bytes"] // max(row["size"], 1)
        typer.echo(
            f"{row['id']}  {row['kind']}  {row['name']}  {row['state']}  {share} %  row "
            f"{row['position']}: {row['good']} good, {row['wrong']} left out  {row['trouble']}"
        )


@app.command("errors")
def errors(
    import_id: Annotated[UUID, typer.Argument(help="The import's id.")], shop_slug: OfShop
) -> None:
    """What was wrong, row by row, as CSV."""
    with home.ready():
        from ripresa.domain.imports import operations
        from ripresa.usecases.files.bringing import NoSuchImport, find_import

        try:
            one = find_import(find_shop(shop_slug).id, import_id)
        except NoSuchImport as wrong:
            raise Problem(str(wrong)) from None
        write_csv([("row", "column", "code", "message", "left_out")], sys.stdout)
        for each in operations.problems_of(one):
            cells = (each.row, each.column, each.code, each.message, each.is_lost)
            write_csv([tuple(map(str, cells))], sys.stdout)


@app.command("mappings")
def mappings(as_json: AsJson = False) -> None:
    """The named mappings, and what each was checked against."""
    from ripresa.usecases.files.mappings import list_mappings

    rows = [
        {"name": name, "kind": one.kind, "label": one.label, "verified": one.verified}
        for name, one in list_mappings().items()
    ]
    if as_json:
        typer.echo(json_text({"mappings": rows}))
        return
    for row in rows:
        typer.echo(f"{row['name']}  {row['kind']}  {row['label']}  (by {row['verified']})")
