"""What all commands share that import a table from a file: columns, preview, question, complaints."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ripresa.entrypoints.cli.problem import Problem
from ripresa.entrypoints.cli.results import json_text
from ripresa.entrypoints.cli.waiting import bar

if TYPE_CHECKING:
    from ripresa.usecases.tables.importing import Manner, TableImport

_SHOWN_PROBLEMS = 10
_DELIMITERS = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";"}

File = Annotated[Path, typer.Argument(help="A text file with a row for each, such as CSV.")]
Column = Annotated[
    list[str] | None,
    typer.Option(help="Where something is: FIELD=NAME, or number from 1. May be repeated."),
]
Encoding = Annotated[str, typer.Option(help="utf-8, utf-16, cp1252 … if it is misread.")]
Delimiter = Annotated[str, typer.Option(help="What parts the columns; tab for a tab.")]
Header = Annotated[
    bool | None, typer.Option("--header/--no-header", help="Whether the first row has names.")
]
Preview = Annotated[bool, typer.Option("--preview", help="Only show what would be done.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]


@dataclass(frozen=True, slots=True)
class Way:
    """What to do with what was read, and how to say it. `thing`: one row, `things`: many."""

    thing: str
    things: str
    only_look: bool
    ask: bool
    as_json: bool

    def __post_init__(self) -> None:
        """Refuse to ask where nobody reads. Raises Problem."""
        if self.as_json and self.ask and not self.only_look:
            raise Problem("--json does not ask: say --yes to store, or --preview to look only")


def manner_of(
    *, column: list[str] | None, encoding: str, delimiter: str, header: bool | None
) -> "Manner":
    """What the user says of the file. Raises Problem."""
    from ripresa.usecases.tables.importing import Manner

    columns = {}
    for each in column or []:
        field, sign, place = each.partition("=")
        if not sign or not field.strip() or not place.strip():
            raise Problem(f"--column is FIELD=NAME or FIELD=NUMBER, not {each!r}")
        columns[field.strip().lower()] = place.strip()
    return Manner(columns, encoding, sign_of(delimiter), header)


def sign_of(delimiter: str) -> str:
    """The character that `--delimiter` says; "": it is to be found out. Raises Problem."""
    sign = _DELIMITERS.get(delimiter.lower(), delimiter)
    if len(sign) > 1 or sign in {'"', "\n", "\r"}:
        raise Problem(f"--delimiter is one character, or tab, not {delimiter!r}")
    return sign


def settle(found: "TableImport[Any]", way: Way) -> None:
    """Look at the file, show what it holds, and store it if that is wanted. Raises Problem."""
    from ripresa.usecases.tables.importing import NotImportable

    stored = 0
    try:
        with bar(f"Reading {found.file.path.name}", found.file.size) as tell:
            found.look(tell)
        if not way.as_json:
            _show(found)
        if found.good and not way.only_look:
            if way.ask:
                many = f"1 {way.thing}" if found.good == 1 else f"{found.good:,} {way.things}"
                typer.confirm(f"Store {many}?", abort=True)
            with bar("Storing", found.file.size) as tell:
                stored = found.store(tell)
    except NotImportable as wrong:
        raise Problem(str(wrong)) from None
    if way.as_json:
        _tell_json(found, stored)
    elif way.only_look:
        typer.echo("Nothing was stored: this was a preview.")
    else:
        typer.echo(f"{stored:,} new, {found.good - stored:,} known already.")


def _show(found: "TableImport[Any]") -> None:
    columns, name = found.columns, found.file.path.name
    parts = {"\t": "a tab"}.get(found.file.delimiter, repr(found.file.delimiter))
    first = "the first row has the names" if columns.names else "no row with names"
    places = ", ".join(f"{field} in column {at + 1}" for field, at in columns.places.items())
    typer.echo(f"{name}: {found.file.encoding}, columns parted by {parts}, {first}, {places}")
    for row, line in found.first:
        typer.echo(f"  row {row}: {line}")
    if found.good > len(found.first):
        typer.echo(f"  … and {found.good - len(found.first):,} more")
    typer.echo(f"{found.good:,} good, {found.wrong:,} wrong, {found.blank:,} blank.")
    for problem in found.problems[:_SHOWN_PROBLEMS]:
        typer.echo(f"  {name}:{problem.row}: {problem.message} ({problem.code})")
    if found.wrong > _SHOWN_PROBLEMS:
        typer.echo(f"  … and {found.wrong - _SHOWN_PROBLEMS:,} more; --json tells more of them")


def _tell_json(found: "TableImport[Any]", stored: int) -> None:
    told = {
        "stored": stored,
        "good": found.good,
        "wrong": found.wrong,
        "blank": found.blank,
        "encoding": found.file.encoding,
        "delimiter": found.file.delimiter,
        "header": found.columns.names is not None,
        "columns": {field: at + 1 for field, at in found.columns.places.items()},
        "problems": [problem._asdict() for problem in found.problems],
    }
    typer.echo(json_text(told))
