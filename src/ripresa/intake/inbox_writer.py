"""Putting rows into the inbox: many in one transaction, and no row can spoil it for the others."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import psycopg
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from ripresa.core.sql import statement
from ripresa.intake.committer import DatabaseAway
from ripresa.intake.rows import InboxRow

CONNECT_SECONDS = 2.0
# Classes of SQLSTATE that speak of a row's values: data, constraint, size. The others speak of the
# server or of us.
_ABOUT_VALUES = ("22", "23", "54")
_COLUMNS = 9

Connection = psycopg.AsyncConnection[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Written:
    """What became of a batch: every row is new but these. `refused`: PostgreSQL won't take it."""

    known: set[UUID] = field(default_factory=set)
    refused: set[UUID] = field(default_factory=set)


class InboxWriter:
    """Writes batches of rows, each batch in one transaction."""

    def __init__(self, pool: AsyncConnectionPool[Connection]) -> None:
        self._pool = pool

    async def write(self, rows: Sequence[InboxRow]) -> Written:
        """Store `rows`; returns only after the commit. Raises DatabaseAway.

        A row whose values PostgreSQL refuses is found by halving the batch; it alone stays out.
        """
        written = Written()
        in_order = sorted(rows, key=lambda row: (row.shop_id, row.source, row.external_id))
        await self._write_sorted(in_order, written)
        return written

    async def _write_sorted(self, rows: list[InboxRow], written: Written) -> None:
        try:
            written.known.update(await self._insert(rows))
        except PoolTimeout as away:
            raise DatabaseAway("no connection to the database") from away
        except (psycopg.Error, UnicodeError) as refusal:
            if not _speaks_of_values(refusal):
                await self._drop_broken_connections()
                raise DatabaseAway(str(refusal)) from refusal
            if len(rows) == 1:
                written.refused.add(rows[0].id)
                return
            middle = len(rows) // 2
            await self._write_sorted(rows[:middle], written)
            await self._write_sorted(rows[middle:], written)

    async def _insert(self, rows: list[InboxRow]) -> set[UUID]:
        """Insert in one transaction; the ids of rows whose events were known already."""
        orders = [row for row in rows if row.order_keys]
        async with self._pool.connection(timeout=CONNECT_SECONDS) as connection:
            if not orders:  # one statement is a transaction of its own: one round trip
                return await _insert_events(connection, rows)
            async with connection.transaction():
                known = await _insert_events(connection, rows)
                await _insert_order_keys(connection, [row for row in orders if row.id not in known])
            return known

    async def _drop_broken_connections(self) -> None:
        """One connection broke, so all may have: the next batch shall get a good one."""
        try:
            await self._pool.check()
        except (psycopg.Error, PoolTimeout):
            return


async def _insert_events(connection: Connection, rows: list[InboxRow]) -> set[UUID]:
    columns = [list(column) for column in zip(*rows, strict=True)][:_COLUMNS]
    cursor = await connection.execute(
        statement("ripresa.intake", "insert_events"), columns, prepare=True
    )
    if cursor.rowcount == len(rows):
        return set()
    return {row.id for row in rows} - {new[0] for new in await cursor.fetchall()}


async def _insert_order_keys(connection: Connection, rows: list[InboxRow]) -> None:
    keys = [(row.shop_id, key, row.id) for row in rows for key in row.order_keys]
    if keys:
        columns = [list(column) for column in zip(*keys, strict=True)]
        await connection.execute(statement("ripresa.intake", "insert_order_keys"), columns)


def _speaks_of_values(refusal: Exception) -> bool:
    if isinstance(refusal, psycopg.Error) and refusal.sqlstate is not None:
        return refusal.sqlstate.startswith(_ABOUT_VALUES)
    return isinstance(refusal, psycopg.DataError | UnicodeError)  # before the server saw it
