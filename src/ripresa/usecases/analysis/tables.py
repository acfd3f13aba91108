"""Tables of facts that somebody hands us: columns found by their usual names, an error for each bad row."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from ripresa.core.delimited.reading import Unreadable, look_into

T = TypeVar("T")
_MOST_TOLD = 20
_YES = frozenset({"1", "true", "t", "yes", "y"})
_NO = frozenset({"", "0", "false", "f", "no", "n"})


class BadTable(Exception):
    """The table can't be used; the message names file, row and column of all that is wrong with it."""


class BadCell(ValueError):
    """One cell can't be read; the message says why."""


@dataclass(frozen=True, slots=True)
class Column:
    """One thing wanted of each row: its own name first, then other names that people give it."""

    names: tuple[str, ...]
    is_needed: bool = True


@dataclass(frozen=True, slots=True)
class Row:
    """A row under the names of the columns that were wanted; absent ones are empty."""

    number: int
    cells: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        return self.cells.get(name, "")


def read_table(path: Path, columns: Sequence[Column], make: Callable[[Row], T]) -> list[T]:
    """What `make` makes of each row, in order. Raises BadTable; `make` may raise BadCell."""
    made, wrong = [], []
    rows = _lines(path)
    header = [cell.strip().lower() for cell in next(rows, (0, ()))[1]]
    places = _find(path, header, columns)
    needed = [column.names[0] for column in columns if column.is_needed]
    for number, cells in rows:
        try:
            made.append(make(_row(number, cells, header, places, needed)))
        except BadCell as why:
            wrong.append(f"{path.name}, row {number}: {why}")
    if wrong:
        more = len(wrong) - _MOST_TOLD
        told = wrong[:_MOST_TOLD] + ([f"and {more} more rows"] if more > 0 else [])
        raise BadTable("\n  ".join(["these rows can't be read:", *told]))
    return made


def _lines(path: Path) -> Iterator[tuple[int, list[str]]]:
    """The rows that say anything, by number."""
    try:
        for number, cells in look_into(path).rows():
            if any(cell.strip() for cell in cells):
                yield number, cells
    except Unreadable as wrong:
        raise BadTable(str(wrong)) from None


def _row(
    number: int,
    cells: Sequence[str],
    header: Sequence[str],
    places: Mapping[str, int],
    needed: Sequence[str],
) -> Row:
    """Refuses rows in which a cell may stand under another's name: a comma in an amount, a file cut off."""
    if any(cell.strip() for cell in cells[len(header) :]):
        raise BadCell(f"{len(cells)} cells, but the first row names {len(header)}")
    if absent := [name for name in needed if places[name] >= len(cells)]:
        raise BadCell(f"it ends before {absent[0]!r}")
    got = {name: cells[place].strip() for name, place in places.items() if place < len(cells)}
    return Row(number, got)


def _find(path: Path, header: Sequence[str], columns: Sequence[Column]) -> dict[str, int]:
    places = {}
    for column in columns:
        found = [name for name in column.names if name in header]
        if found and header.count(found[0]) > 1:
            raise BadTable(f"{path.name}: the column {found[0]!r} stands there twice")
        if found:
            places[column.names[0]] = header.index(found[0])
        elif column.is_needed:
            raise BadTable(
                f"{path.name} has no column {column.names[0]!r} (or {', '.join(column.names[1:])}); "
                f"its first row says: {', '.join(header)}"
            )
    return places


def read_instant(text: str) -> datetime:
    """An ISO 8601 instant in UTC; without a zone it is taken for UTC. Raises BadCell."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise BadCell(f"{text!r} is no instant such as 2026-11-02T14:30:00Z") from None
    return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)


def read_yes_no(text: str) -> bool:
    """Yes or no in the words of spreadsheets and databases. Raises BadCell."""
    word = text.lower()
    if word not in _YES | _NO:
        raise BadCell(f"{text!r} is neither yes nor no")
    return word in _YES
