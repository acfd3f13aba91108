"""Import coupon codes from a table in a text file: look at all of it, then store what is new.

Nothing is stored before `Import.store`; a file that was imported can be imported again.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from ripresa.contracts.calling.sayings import said_by, say
from ripresa.core.delimited.named_columns import ColumnUnclear
from ripresa.core.delimited.reading import DelimitedFile, Unreadable, look_into
from ripresa.domain.coupons.columns import Columns, choose_columns
from ripresa.domain.coupons.ends import DateOrder, NotADate, SlashedDates, read_end
from ripresa.domain.coupons.models import CouponPool
from ripresa.domain.coupons.rules import fault_of_code
from ripresa.domain.coupons.staging import CodeRow, Staging, staged
from ripresa.domain.shops.models import Shop

# A file of a million wrong rows must not fill the memory with complaints.
MOST_PROBLEMS = 1000
_SAMPLE_ROWS = 100

Progress = Callable[[int], None]


class NotImportable(Exception):
    """The file, or its columns, can't be made sense of; nothing was stored. The message says why."""


class Said(NamedTuple):
    """What the user says of the file; what is empty or None is found out."""

    column: str = ""
    expiry_column: str = ""
    encoding: str = ""
    delimiter: str = ""
    has_header: bool | None = None
    dates: DateOrder | None = None


class Problem(NamedTuple):
    """Why a row is not stored: its number, a short word, a sentence."""

    row: int
    code: str
    message: str


@dataclass(slots=True)
class Source:
    """A file whose shape is known, and what has turned up while reading it."""

    file: DelimitedFile
    columns: Columns
    dates: DateOrder | None = None
    blank: int = 0
    wrong: int = 0
    problems: list[Problem] = field(default_factory=list)

    def complain(self, row: int, code: str, message: str) -> None:
        """Count a wrong row, and keep the first ones."""
        self.wrong += 1
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(Problem(row, code, message))


class Import(NamedTuple):
    """A file that has been read, waiting to be stored."""

    source: Source
    staging: Staging

    def store(self, progress: Progress = lambda _: None) -> int:
        """Store the new codes, all or nothing; returns how many."""
        return self.staging.store(progress)

    def problems(self) -> list[Problem]:
        """Why rows are not stored, by row; at most MOST_PROBLEMS."""
        told = list(self.source.problems)
        for row, code, first_row, pool in self.staging.not_new(MOST_PROBLEMS):
            if pool is not None:
                told.append(Problem(row, "known", f"{code} is in the pool {pool!r} already"))
            else:
                told.append(Problem(row, "repeated", f"{code} stands in row {first_row} as well"))
        return sorted(told)[:MOST_PROBLEMS]


@contextmanager
def reading(
    *,
    shop: Shop,
    pool: CouponPool,
    path: Path,
    said: Said,
    now: datetime,
    progress: Progress = lambda _: None,
) -> Iterator[Import]:
    """Read a file for a dynamic pool and compare it with what the shop has. Raises NotImportable.

    `progress` hears how many more bytes were read.
    """
    if pool.kind != "dynamic":
        raise NotImportable(
            say("{name!r} has one code for everybody; import into a dynamic pool", name=pool.name)
        )
    zone = ZoneInfo(shop.timezone)
    try:
        source = look(path, said)
        rows = _code_rows(source, zone, now, progress)
        with staged(shop_id=shop.id, pool_id=pool.id, rows=rows, now=now) as staging:
            yield Import(source, staging)
    except (Unreadable, ColumnUnclear) as wrong:
        raise NotImportable(said_by(wrong)) from None


def look(path: Path, said: Said) -> Source:
    """Find out what the user has not said. Raises Unreadable, ColumnUnclear, NotImportable."""
    file = look_into(path, encoding=said.encoding, delimiter=said.delimiter)
    filled = (row for _, row in file.rows() if any(cell.strip() for cell in row))
    sample = list(islice(filled, _SAMPLE_ROWS))
    if not sample:
        raise NotImportable(say("{file} has no row with anything in it", file=path.name))
    columns = choose_columns(
        sample, code=said.column, end=said.expiry_column, has_names=said.has_header
    )
    return Source(file, columns, said.dates or _order_of_dates(file, columns))


def _order_of_dates(file: DelimitedFile, columns: Columns) -> DateOrder | None:
    """Whether the day or the month comes first, told from all dates of the file together."""
    if columns.end is None:
        return None
    seen = SlashedDates()
    for _, row in file.rows():
        if len(row) > columns.end:
            seen.see(row[columns.end])
    if seen.is_unclear:
        raise NotImportable(
            say(
                "{name}: dates like 03/04/2027 can be read in two ways. Say whether the "
                "day (dmy) or the month (mdy) comes first",
                name=file.path.name,
            )
        )
    return seen.order


def _code_rows(
    source: Source, zone: ZoneInfo, now: datetime, progress: Progress
) -> Iterator[CodeRow]:
    """The rows that can be stored; of the others the source takes notice."""
    is_header = source.columns.names is not None
    for number, row in source.file.rows(progress):
        if not any(cell.strip() for cell in row):
            source.blank += 1
        elif is_header:
            is_header = False
        else:
            found = _code_row(source, number, row, zone)
            if found is None:
                continue
            if found.expires_at is not None and found.expires_at <= now:
                source.complain(number, "ended", f"{found.code} has ended already")
            else:
                yield found


def _code_row(source: Source, number: int, row: list[str], zone: ZoneInfo) -> CodeRow | None:
    columns = source.columns
    code = row[columns.code].strip() if len(row) > columns.code else ""
    if fault := fault_of_code(code):
        source.complain(number, *fault)
        return None
    end = row[columns.end] if columns.end is not None and len(row) > columns.end else ""
    try:
        return CodeRow(number, code, read_end(end, zone=zone, order=source.dates))
    except NotADate as wrong:
        source.complain(number, "not_a_date", str(wrong))
        return None
