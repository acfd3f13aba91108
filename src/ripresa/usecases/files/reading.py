"""Read a file group by group: which column is which, then store events and complaints."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import msgspec

from ripresa.contracts.calling.sayings import either, said_by, say
from ripresa.contracts.events import EventType, StoreEvent
from ripresa.contracts.mapping.finishing import checked
from ripresa.contracts.rejections import Invalid, Rejection
from ripresa.core.delimited.amounts import guess_mark
from ripresa.core.delimited.instants import guess_order
from ripresa.core.delimited.named_columns import (
    ColumnUnclear,
    NamedColumns,
    choose_named,
    first_row,
    plain_name,
)
from ripresa.core.delimited.reading import DelimitedFile, Unreadable, look_into
from ripresa.domain.imports.operations import Complaint
from ripresa.domain.inbox.operations import FROM_FILE
from ripresa.usecases.files.fields import KINDS
from ripresa.usecases.files.kinds import AS_READ, DRAW
from ripresa.usecases.files.manner import Manner
from ripresa.usecases.files.rows import Row, WrongCell
from ripresa.usecases.tables.importing import NotImportable

# Enough rows for a column to show how it writes its dates and amounts.
_SAMPLE_ROWS = 1000
# A group without end would fill the memory; no cart has so many lines.
_MOST_LINES = 500

Progress = Callable[[int], None]
_Numbered = tuple[int, list[str]]


class Taken(NamedTuple):
    """What one row, or the rows of one cart or order, came to. `row`: the latest read."""

    row: int
    rows: int
    events: Sequence[StoreEvent]
    problems: Sequence[Complaint]

    @property
    def is_good(self) -> bool:
        """Whether it is stored, if perhaps without a detail."""
        return not any(problem.is_lost for problem in self.problems)


@dataclass(frozen=True, slots=True)
class OpenFile:
    """A file whose shape and columns are known, with the manner in which all of it is read."""

    kind: str
    file: DelimitedFile
    columns: NamedColumns
    manner: Manner

    def groups(
        self, now: datetime, *, after: int = 0, progress: Progress = lambda _: None
    ) -> Iterator[Taken]:
        """What the rows after row `after` come to, group by group. Raises NotImportable."""
        held: list[Row] = []
        field = KINDS[self.kind].group
        for number, cells in self._rows(after, progress):
            row = Row(number, self.columns.cells(cells), self.manner)
            key = field and row.cells.get(field)
            if held and key and len(held) < _MOST_LINES and held[0].cells.get(field or "") == key:
                held.append(row)
                continue
            if held:
                yield self._taken(held, now)
            held = [row]
        if held:
            yield self._taken(held, now)

    def _rows(self, after: int, progress: Progress) -> Iterator[_Numbered]:
        is_header = self.columns.names is not None
        try:
            for number, cells in self.file.rows(progress):
                if not any(cell.strip() for cell in cells):
                    continue
                if is_header:
                    is_header = False
                elif number > after:
                    yield number, cells
        except Unreadable as wrong:
            raise NotImportable(said_by(wrong)) from None

    def _taken(self, rows: list[Row], now: datetime) -> Taken:
        first, rejections = rows[0], list[Rejection]()
        events: list[StoreEvent] = []
        lost: list[Complaint] = []
        try:
            for draft in DRAW[self.kind](rows, now):
                before = len(rejections)
                event = checked(f"{FROM_FILE}{self.kind}", draft, rejections)
                if event is not None:
                    events.append(_finished(event, now))
                else:
                    last = rejections.pop() if len(rejections) > before else None
                    raise _in_cell(last)
        except WrongCell as wrong:
            events = []
            told = (wrong.field, wrong.code, str(wrong))
            lost = [self._problem(first, *told, is_lost=True)]
            first.left_out = [each for each in first.left_out if each[0] != wrong.field]
        except Invalid as wrong:
            events, lost = (
                [],
                [self._problem(first, "", wrong.code.value, str(wrong), is_lost=True)],
            )
        for each in rejections:
            first.leave_out(each.field, each.code.value, each.message)
        soft = [self._problem(first, *each, is_lost=False) for each in first.left_out]
        return Taken(rows[-1].number, len(rows), events, [*lost, *dict.fromkeys(soft)])

    def _problem(
        self, row: Row, field: str, code: str, message: str, *, is_lost: bool
    ) -> Complaint:
        place = self.columns.places.get(field)
        if place is None:
            column = field
        elif self.columns.names is not None:
            column = self.columns.names[place].strip()
        else:
            column = str(place + 1)
        return Complaint(row.number, column, code, message, is_lost)


def _finished(event: StoreEvent, now: datetime) -> StoreEvent:
    """With its instant, and without the visitor that the contract asks for beside a lone key."""
    at = now if event.occurred_at == AS_READ else event.occurred_at
    is_person = event.type == EventType.CONTACT_IDENTIFIED
    visitor = None if is_person else event.visitor_id
    return msgspec.structs.replace(event, occurred_at=at, visitor_id=visitor)


def _in_cell(wrong: Rejection | None) -> WrongCell:
    if wrong is None:
        return WrongCell("", "wrong", "the row makes no event")
    return WrongCell(wrong.field, wrong.code.value, wrong.message)


def open_file(path: Path, kind: str, manner: Manner) -> OpenFile:
    """Find out a file's shape, its columns, and how it writes dates and amounts.

    Raises NotImportable.
    """
    seen = see(path, kind, manner)
    for group in KINDS[kind].needs:
        if not any(field in seen.columns.places for field in group):
            raise NotImportable(
                say(
                    "which column holds {fields}? Say its name or number: the first row is {row}",
                    fields=either(group),
                    row=first_row(seen.sample[0]),
                )
            )
    return OpenFile(kind, seen.file, seen.columns, seen.manner)


class Seen(NamedTuple):
    """What shows of a file at first sight. `sample`: its first rows, those with names included."""

    file: DelimitedFile
    columns: NamedColumns
    manner: Manner
    sample: Sequence[list[str]]


def see(path: Path, kind: str, manner: Manner) -> Seen:
    """A file's shape and its columns, whether they suffice or not. Raises NotImportable."""
    try:
        file = look_into(path, encoding=manner.encoding, delimiter=manner.delimiter)
        filled = (row for _, row in file.rows() if any(cell.strip() for cell in row))
        sample = list(islice(filled, _SAMPLE_ROWS))
        if not sample:
            raise NotImportable(say("{file} has no row with anything in it", file=path.name))
        said = dict(manner.columns) if manner.is_complete else _chosen(kind, manner, sample[0])
        words = KINDS[kind].words
        columns = choose_named(
            sample,
            words={field: words[field] for field in said} if manner.is_complete else words,
            said=said,
            has_names=manner.header,
        )
    except (Unreadable, ColumnUnclear) as wrong:
        raise NotImportable(said_by(wrong)) from None
    found = [columns.cells(row) for row in sample[1 if columns.names else 0 :]]
    return Seen(file, columns, _guessed(kind, manner, found), sample)


def _chosen(kind: str, manner: Manner, first: Sequence[str]) -> dict[str, str]:
    """The columns that are said; of a named mapping those that this file has; then what they are called.

    Of two columns that may be meant, the one whose name stands earlier in the list of words is.
    """
    at_name: dict[str, list[int]] = {}
    for at, cell in enumerate(first):
        at_name.setdefault(plain_name(cell), []).append(at)
    chosen = {} if manner.is_named else dict(manner.columns)
    for field, names in manner.columns.items() if manner.is_named else ():
        found = [
            name for name in names.split("|") if name.isdecimal() or plain_name(name) in at_name
        ]
        if found:
            chosen[field] = found[0].strip()
    taken = {plain_name(name) for name in chosen.values()}
    for field, words in KINDS[kind].words.items() if manner.header is not False else ():
        unique = (word for word in words.split() if len(at_name.get(word, ())) == 1)
        best = next((word for word in unique if word not in taken), None)
        if field not in chosen and best is not None:
            chosen[field] = first[at_name[best][0]].strip()
            taken.add(best)
    return chosen


def _guessed(kind: str, manner: Manner, rows: Sequence[Mapping[str, str]]) -> Manner:
    amounts = [text for row in rows for name in KINDS[kind].amounts if (text := row.get(name))]
    instants = [text for row in rows for name in KINDS[kind].instants if (text := row.get(name))]
    return msgspec.structs.replace(
        manner,
        decimal=manner.decimal or guess_mark(amounts),
        dates=manner.dates or guess_order(instants),
    )
