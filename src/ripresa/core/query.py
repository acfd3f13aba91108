"""Run a named statement over Django's connection: `run("ripresa.domain.carts", "due", shop_id=1)`.

Lists travel as array literals that we write ourselves: the driver dumps lists element by element in Python,
which costs more than PostgreSQL's whole work on them. Every statement says the array's type, as in
`%(ids)s::uuid[]`, or compares it with a column.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from psycopg.types.datetime import TimestamptzLoader

from ripresa.core.sql import statement

_ROWS_AT_ONCE = 2_000
_PREPARED_AFTER = 2  # runs of a statement on a connection


def run(package: str, name: str, /, **values: Any) -> list[tuple[Any, ...]]:
    """The rows of `<package>/sql/<name>.sql`; an empty list where it returns none."""
    for key, value in values.items():
        if isinstance(value, list):
            values[key] = array(value)
    with connection.cursor() as cursor:
        # Django's own loader is written in Python; the driver's is not, and UTC is UTC.
        cursor.cursor.adapters.register_loader("timestamptz", TimestamptzLoader)
        cursor.execute(statement(package, name), values)
        return cursor.fetchall() if cursor.description else []


def each(package: str, name: str, /, **values: Any) -> Iterator[tuple[Any, ...]]:
    """As `run`, for more rows than should be in memory: the server keeps those not read yet."""
    with connection.chunked_cursor() as cursor:
        cursor.cursor.adapters.register_loader("timestamptz", TimestamptzLoader)
        cursor.execute(statement(package, name), values)
        while rows := cursor.fetchmany(_ROWS_AT_ONCE):
            yield from rows


def run_often(package: str, name: str, /, **values: Any) -> list[tuple[Any, ...]]:
    """As `run`, for a hot path: PostgreSQL plans the statement once a connection, not at each call.

    Only for statements whose plan is right for a table of any size: key by key, never a join of lists
    that a small table makes cheap. What a parameter is must be plain from its place, or said by a cast.
    """
    with planned_once():
        return run(package, name, **values)


@contextmanager
def planned_once() -> Iterator[None]:
    """Within, every statement of this connection is as one of `run_often`, whoever runs it."""
    connection.ensure_connection()
    driver: Any = connection.connection
    before = driver.prepare_threshold
    driver.prepare_threshold = _PREPARED_AFTER
    try:
        yield
    finally:
        driver.prepare_threshold = before


def array(values: Sequence[Any]) -> str:
    """A PostgreSQL array literal (documentation, section 8.15.6) of values of one type, or None."""
    kind = next((type(value) for value in values if value is not None), str)
    write = _WRITERS.get(kind, _text)
    return "{" + ",".join(["NULL" if value is None else write(value) for value in values]) + "}"


def _text(value: str) -> str:
    if "\\" in value or '"' in value:
        value = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{value}"'


def _bool(value: bool) -> str:  # noqa: FBT001  (a value, not a switch)
    return "t" if value else "f"


_WRITERS: dict[type, Callable[[Any], str]] = {
    str: _text,
    int: str,
    bool: _bool,
    UUID: lambda value: value.hex,
    datetime: datetime.isoformat,
}
