"""Import a table from a text file: look at all of it, then store it batch by batch.

Nothing is kept between the two but counts, the first rows and the first complaints, so a million rows
take the memory of a thousand. Storing must be repeatable: a file that broke off is simply taken again.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Generic, NamedTuple, TypeVar

from ripresa.contracts.calling.sayings import either, said_by, say
from ripresa.core.delimited.named_columns import (
    ColumnUnclear,
    NamedColumns,
    choose_named,
    first_row,
)
from ripresa.core.delimited.reading import DelimitedFile, Unreadable, look_into

# A file of a million wrong rows must not fill the memory with complaints.
MOST_PROBLEMS = 1000
BATCH = 2_000
_SAMPLE_ROWS = 100
_SHOWN_ROWS = 5

Progress = Callable[[int], None]
_T = TypeVar("_T")


class NotImportable(Exception):
    """The file, or its columns, can't be made sense of; nothing was stored. The message says why."""


class WrongRow(Exception):
    """Why one row is not stored: a short word, a sentence."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Manner(NamedTuple):
    """What the user says of the file; what is empty or None is found out."""

    columns: Mapping[str, str]
    encoding: str = ""
    delimiter: str = ""
    has_header: bool | None = None


class Problem(NamedTuple):
    """A row that is not stored."""

    row: int
    code: str
    message: str


class Kind(NamedTuple, Generic[_T]):
    """What is imported: `words` name the columns, one of each group of `needs` must be there.

    `read` makes a row's cells a value, or raises WrongRow; `keep` stores a batch and tells how many are
    new; `show` says a value in a line.
    """

    words: Mapping[str, str]
    needs: Sequence[tuple[str, ...]]
    read: Callable[[Mapping[str, str]], _T]
    keep: Callable[[Sequence[_T]], int]
    show: Callable[[_T], str]


@dataclass(slots=True)
class TableImport(Generic[_T]):
    """A file that has been looked at, waiting to be stored."""

    file: DelimitedFile
    columns: NamedColumns
    kind: Kind[_T]
    good: int = 0
    wrong: int = 0
    blank: int = 0
    first: list[tuple[int, str]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def look(self, progress: Progress = lambda _: None) -> None:
        """Read all rows and take down what they are. Raises NotImportable."""
        for number, value in self.values(progress):
            self.good += 1
            if len(self.first) < _SHOWN_ROWS:
                self.first.append((number, self.kind.show(value)))

    def store(self, progress: Progress = lambda _: None) -> int:
        """Store the good rows; returns how many were new. Again, it stores what is not there yet."""
        fresh = TableImport(self.file, self.columns, self.kind)
        values = (value for _, value in fresh.values(progress))
        stored = 0
        while batch := list(islice(values, BATCH)):
            stored += self.kind.keep(batch)
        return stored

    def values(self, progress: Progress) -> Iterator[tuple[int, _T]]:
        """The good rows by number; of the others notice is taken. Raises NotImportable."""
        is_header = self.columns.names is not None
        try:
            for number, row in self.file.rows(progress):
                if not any(cell.strip() for cell in row):
                    self.blank += 1
                elif is_header:
                    is_header = False
                else:
                    try:
                        yield number, self.kind.read(self.columns.cells(row))
                    except WrongRow as wrong:
                        self._complain(number, wrong)
        except Unreadable as wrong:
            raise NotImportable(said_by(wrong)) from None

    def _complain(self, row: int, wrong: WrongRow) -> None:
        self.wrong += 1
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(Problem(row, wrong.code, str(wrong)))


def open_table(path: Path, manner: Manner, kind: Kind[_T]) -> TableImport[_T]:
    """Find out the shape of a file and which column is which. Raises NotImportable."""
    try:
        file = look_into(path, encoding=manner.encoding, delimiter=manner.delimiter)
        filled = (row for _, row in file.rows() if any(cell.strip() for cell in row))
        sample = list(islice(filled, _SAMPLE_ROWS))
        if not sample:
            raise NotImportable(say("{file} has no row with anything in it", file=path.name))
        columns = choose_named(
            sample, words=kind.words, said=manner.columns, has_names=manner.has_header
        )
    except (Unreadable, ColumnUnclear) as wrong:
        raise NotImportable(said_by(wrong)) from None
    for group in kind.needs:
        if not any(field in columns.places for field in group):
            raise NotImportable(
                say(
                    "which column holds {fields}? Say its name or number: the first row is {row}",
                    fields=either(group),
                    row=first_row(sample[0]),
                )
            )
    return TableImport(file, columns, kind)
