"""Codes out of a file, between reading and storing: looked at as a whole before one of them is stored.

The rows wait in a table of the database session, so that a file of any size takes little memory and
whoever is asked "store these?" may take her time: nothing is locked and no transaction stands open.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from itertools import islice
from typing import NamedTuple
from uuid import UUID

from django.db import connection, transaction

from ripresa.core import query
from ripresa.core.ids import ids_in_order
from ripresa.core.sql import statement

run = partial(query.run, "ripresa.domain.coupons")

_ROWS_AT_ONCE = 2_000
_STORED_AT_ONCE = 20_000
_NULL = "\\N"
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


class CodeRow(NamedTuple):
    """A row of a file: its number, its code, and how long that is good."""

    row: int
    code: str
    expires_at: datetime | None


class NotNew(NamedTuple):
    """A row that is not stored: it repeats `first_row`, or `pool` has its code already."""

    row: int
    code: str
    first_row: int
    pool: str | None


class Counts(NamedTuple):
    """Rows by what becomes of them. `known`: in this pool already; `elsewhere`: in another one."""

    new: int
    repeated: int
    known: int
    elsewhere: int
    latest_row: int


class Staging:
    """The rows of one file for one pool. Use it through `staged`."""

    def __init__(self, shop_id: int, pool_id: UUID, counts: Counts) -> None:
        self.counts = counts
        self._shop_id = shop_id
        self._pool_id = pool_id

    def first_new(self, limit: int) -> list[CodeRow]:
        """The first rows that will be stored."""
        return [CodeRow(*row) for row in run("first_new_rows", limit=limit)]

    def not_new(self, limit: int) -> list[NotNew]:
        """The first rows that will not."""
        return [NotNew(*row) for row in run("rows_not_new", shop_id=self._shop_id, limit=limit)]

    @transaction.atomic
    def store(self, progress: Callable[[int], None] = lambda _: None) -> int:
        """Store what is new, all of it or nothing; returns how many codes that were.

        `progress` hears how many more rows are done.
        """
        at = {"shop_id": self._shop_id, "pool_id": self._pool_id}
        run("take_import_turn", shop_id=self._shop_id)
        stored = 0
        for after in range(0, self.counts.latest_row, _STORED_AT_ONCE):
            until = min(after + _STORED_AT_ONCE, self.counts.latest_row)
            [(more,)] = run("store_rows", after=after, until=until, **at)
            stored += more
            progress(until - after)
        if stored:
            run("tell_low_again", **at)
        return stored


@contextmanager
def staged(
    *, shop_id: int, pool_id: UUID, rows: Iterable[CodeRow], now: datetime
) -> Iterator[Staging]:
    """Lay `rows` out in the database and judge them; on leaving, they are gone."""
    try:
        run("open_staging")
        _copy(rows, now)
        [counts] = run("judge_rows", shop_id=shop_id, pool_id=pool_id)
        yield Staging(shop_id, pool_id, Counts(*counts))
    finally:
        run("close_staging")


def _copy(rows: Iterable[CodeRow], now: datetime) -> None:
    ids = ids_in_order(now)
    lines = (
        f"{row}\t{row_id.hex}\t{code.translate(_ESCAPES)}\t{end.isoformat() if end else _NULL}\n"
        for row_id, (row, code, end) in zip(ids, rows, strict=False)
    )
    with (
        connection.cursor() as cursor,
        cursor.copy(statement("ripresa.domain.coupons", "copy_rows")) as copy,
    ):
        # What the file can't give is told only behind the copying: broken off, it would break a transaction.
        while (batch := _next_batch(lines)) and isinstance(batch, str):
            copy.write(batch)
    if isinstance(batch, Exception):
        raise batch


def _next_batch(lines: Iterator[str]) -> str | Exception:
    try:
        return "".join(islice(lines, _ROWS_AT_ONCE))
    except Exception as wrong:  # noqa: BLE001  (raised again)
        return wrong
