"""What all reports ask for, and the three ways in which they answer: a table, CSV, JSON."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from ripresa.core.delimited.writing import write_csv
from ripresa.entrypoints.cli import home
from ripresa.entrypoints.cli.problem import Problem
from ripresa.entrypoints.cli.results import json_text
from ripresa.entrypoints.cli.shops import find_shop

if TYPE_CHECKING:
    from ripresa.domain.shops.models import Shop

USUAL = timedelta(days=29)
AsCsv = Annotated[bool, typer.Option("--csv", help="Print the result as CSV.")]
AsParquet = Annotated[
    Path | None, typer.Option("--parquet", help="Write the result to this file, as Parquet.")
]
Begin = Annotated[
    str | None, typer.Option("--from", help="First day, 2026-11-01; else the last 30 days.")
]
End = Annotated[str | None, typer.Option("--until", help="Last day, included; else today.")]


@dataclass(frozen=True, slots=True)
class Asking:
    """A shop whose figures are up to date, and the days that are asked for, both ends included."""

    shop: "Shop"
    begin: date
    end: date
    now: datetime


@contextmanager
def asking(shop_slug: str, begin: str | None = None, end: str | None = None) -> Iterator[Asking]:
    """Open the database, and bring the shop's figures up to date. Raises Problem."""
    first, last = _day("--from", begin), _day("--until", end)
    with home.ready() as config:
        from ripresa.domain.attribution.days import day_of
        from ripresa.domain.attribution.rolling import zone_of
        from ripresa.usecases.reporting.keeping import catch_up

        shop, now = find_shop(shop_slug), config.clock.now()
        catch_up(shop_id=shop.id, now=now)
        last = last or day_of(now, zone_of(shop.id))
        first = first or last - USUAL
        if first > last:
            raise Problem(f"--from {first} lies after --until {last}")
        yield Asking(shop, first, last, now)


def _day(option: str, text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Problem(f"{option} must be a day like 2026-11-01, not {text!r}") from None


def save(lines: Iterable[Sequence[str]], file: Path) -> None:
    """Write lines, the header first, as Parquet. Raises Problem."""
    from ripresa.core.delimited.parquet import NoParquet
    from ripresa.usecases.reporting.columns import write_report

    try:
        with file.open("wb") as to:
            write_report(lines, to)
    except NoParquet as missing:
        raise Problem(str(missing)) from None
    except OSError as wrong:
        raise Problem(f"{file} can't be written: {wrong.strerror}") from None
    typer.echo(f"Written to {file}.")


def answer(
    lines: Iterable[Sequence[str]],
    told: Any,
    *,
    as_csv: bool,
    as_json: bool,
    parquet: Path | None = None,
) -> None:
    """Print lines, the header first, or `told` as JSON; or save the lines as Parquet. Raises Problem."""
    if parquet is not None:
        save(lines, parquet)
        return
    if as_json:
        typer.echo(json_text(told, indent=2))
        return
    if as_csv:
        write_csv(lines, sys.stdout, line_end="\n")
        return
    header, *rows = list(lines)
    shown = Table(*header, box=None, pad_edge=False)
    for row in rows:
        shown.add_row(*row)
    # Columns of figures are wide; a pipe or a file takes them all.
    Console(width=max(200, len(header) * 16), soft_wrap=True).print(shown)
