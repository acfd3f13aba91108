"""`ripresa coupon import`: fill a pool from a file."""

from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from ripresa.entrypoints.cli import home, tables
from ripresa.entrypoints.cli.problem import Problem
from ripresa.entrypoints.cli.results import json_text
from ripresa.entrypoints.cli.shops import AsJson, find_shop
from ripresa.entrypoints.cli.waiting import bar

if TYPE_CHECKING:
    from ripresa.usecases.coupons.import_coupons import Import

app = typer.Typer()

_SHOWN_ROWS = 5
_SHOWN_PROBLEMS = 10


@dataclass(frozen=True, slots=True)
class _Manner:
    """What to do with what was read, and how to say it."""

    file: Path
    zone: ZoneInfo
    pool: str
    only_look: bool
    ask: bool
    as_json: bool


@app.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(help="A text file with a code in each row, such as CSV.")],
    shop_slug: Annotated[str, typer.Option("--shop", help="The shop's short name.")],
    pool_name: Annotated[str, typer.Option("--pool", help="The pool to fill.")],
    column: Annotated[str, typer.Option(help="Where the codes are: name, or number from 1.")] = "",
    expiry_column: Annotated[
        str, typer.Option(help="Where it stands how long a code is good; none: nowhere.")
    ] = "",
    encoding: tables.Encoding = "",
    delimiter: tables.Delimiter = "",
    header: tables.Header = None,
    dates: Annotated[str, typer.Option(help="What 03/04/2027 begins with: dmy or mdy.")] = "",
    preview: tables.Preview = False,
    yes: tables.Yes = False,
    as_json: AsJson = False,
) -> None:
    """Fill a pool from a file. What would be stored is shown first; wrong rows are left out."""
    if as_json and not yes and not preview:
        raise Problem("--json does not ask: say --yes to store, or --preview to look only")
    with home.ready() as config, ExitStack() as stack:
        from ripresa.domain.coupons.ends import DateOrder
        from ripresa.domain.coupons.pools import NoSuchPool, get_pool
        from ripresa.usecases.coupons.import_coupons import NotImportable, Said, reading

        if dates and dates not in list(DateOrder):
            raise Problem(f"--dates is dmy or mdy, not {dates!r}")
        order = DateOrder(dates) if dates else None
        said = Said(column, expiry_column, encoding, tables.sign_of(delimiter), header, order)
        shop = find_shop(shop_slug)
        now = config.clock.now()
        try:
            pool = get_pool(shop.id, pool_name)
            size = file.stat().st_size if file.is_file() else 0
            with bar(f"Reading {file.name}", size) as tell:
                read = reading(shop=shop, pool=pool, path=file, said=said, now=now, progress=tell)
                found = stack.enter_context(read)
        except (NoSuchPool, NotImportable) as wrong:
            raise Problem(str(wrong)) from None
        zone = ZoneInfo(shop.timezone)
        _settle(found, _Manner(file, zone, pool.name, preview, not yes, as_json))


def _settle(found: "Import", manner: _Manner) -> None:
    """Show what was read; store it if that is wanted."""
    counts = found.staging.counts
    if not manner.as_json:
        _show(found, manner)
    stored = 0
    if counts.new and not manner.only_look:
        if manner.ask:
            codes = "1 code" if counts.new == 1 else f"{counts.new:,} codes"
            typer.confirm(f"Store {codes} in the pool {manner.pool!r}?", abort=True)
        with bar(f"Storing in {manner.pool}", counts.latest_row) as tell:
            stored = found.store(tell)
    if manner.as_json:
        _tell_json(found, stored)
    elif manner.only_look:
        typer.echo("Nothing was stored: this was a preview.")
    else:
        typer.echo(f"{stored:,} stored in the pool {manner.pool!r}.")


def _show(found: "Import", manner: _Manner) -> None:
    source, counts = found.source, found.staging.counts
    columns = source.columns
    parts = {"\t": "a tab"}.get(source.file.delimiter, repr(source.file.delimiter))
    end = "" if columns.end is None else f", their end in column {columns.name(columns.end)}"
    first = "the first row has the names" if columns.names else "no row with names"
    typer.echo(
        f"{manner.file.name}: {source.file.encoding}, columns parted by {parts}, {first}, "
        f"codes in column {columns.name(columns.code)}{end}"
    )
    for row, code, expires_at in found.staging.first_new(_SHOWN_ROWS):
        until = expires_at and f"  until {expires_at.astimezone(manner.zone):%Y-%m-%d %H:%M}"
        typer.echo(f"  row {row}: {code}{until or ''}")
    if counts.new > _SHOWN_ROWS:
        typer.echo(f"  … and {counts.new - _SHOWN_ROWS:,} more")
    known = counts.known + counts.elsewhere
    typer.echo(
        f"{counts.new:,} new, {counts.repeated:,} repeated, {known:,} already known, "
        f"{source.wrong:,} wrong, {source.blank:,} blank."
    )
    problems = found.problems()
    for problem in problems[:_SHOWN_PROBLEMS]:
        typer.echo(f"  {manner.file.name}:{problem.row}: {problem.message} ({problem.code})")
    others = counts.repeated + known + source.wrong - _SHOWN_PROBLEMS
    if others > 0:
        typer.echo(f"  … and {others:,} more; --json tells more of them")


def _tell_json(found: "Import", stored: int) -> None:
    source, counts = found.source, found.staging.counts
    columns = source.columns
    told = {
        "stored": stored,
        "new": counts.new,
        "repeated": counts.repeated,
        "known": counts.known,
        "known_elsewhere": counts.elsewhere,
        "wrong": source.wrong,
        "blank": source.blank,
        "encoding": source.file.encoding,
        "delimiter": source.file.delimiter,
        "header": columns.names is not None,
        "column": columns.code + 1,
        "expiry_column": None if columns.end is None else columns.end + 1,
        "problems": [problem._asdict() for problem in found.problems()],
    }
    typer.echo(json_text(told))
