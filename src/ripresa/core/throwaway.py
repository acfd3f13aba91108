"""Databases that live as long as one `with`: for tests and for `ripresa simulate`.

The maker keeps one session open whose application_name is the database's name. Whoever makes the
next throwaway database sweeps away those without such a session. So the server itself says whose
maker is dead, on whatever machine and in whatever container he was.
"""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo
from psycopg.rows import TupleRow

from ripresa.core.database_problem import DatabaseProblem
from ripresa.core.pg import connect, describe

PREFIX = "ripresa_throwaway_"

# Only databases of our own role: sessions of other roles may be hidden from us.
_ABANDONED = """
SELECT d.datname
  FROM pg_database AS d
 WHERE starts_with(d.datname, %(prefix)s)
   AND pg_get_userbyid(d.datdba) = current_user
   AND NOT EXISTS (SELECT FROM pg_stat_activity AS a WHERE a.application_name = d.datname)
"""

_END_OWN_SESSIONS = """
SELECT pg_terminate_backend(pid, 5000)
  FROM pg_stat_activity
 WHERE datname = %(name)s
   AND usename = current_user
"""


@contextmanager
def throwaway_database(url: str, template: str | None = None) -> Iterator[str]:
    """Make a database on the server of `url`, yield its DSN, drop it with all its sessions.

    `template` names a database to copy; nobody may be connected to that one. Raises
    DatabaseProblem.
    """
    name = f"{PREFIX}{os.getpid()}_{secrets.token_hex(4)}"
    with connect(url, autocommit=True, application_name=name) as session:
        _sweep(session)
        _create(session, name, template, url)
        try:
            yield make_conninfo(url, dbname=name)
        finally:
            _drop(session, name)


def _create(
    session: psycopg.Connection[TupleRow], name: str, template: str | None, url: str
) -> None:
    statement = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
    if template is not None:
        statement += sql.SQL(" TEMPLATE {}").format(sql.Identifier(template))
    try:
        session.execute(statement)
    except psycopg.errors.ObjectInUse:
        raise DatabaseProblem(
            f"The database {template} can't be copied while somebody is connected to it."
        ) from None
    except psycopg.errors.InsufficientPrivilege:
        raise DatabaseProblem(
            f"The user of DATABASE_URL may not create databases beside this one: {describe(url)}. "
            "Allow it (ALTER ROLE … CREATEDB), or unset DATABASE_URL to use the embedded database."
        ) from None
    except psycopg.Error as refusal:
        raise DatabaseProblem(
            f"No database could be made: {refusal.diag.message_primary}"
        ) from None


def _sweep(session: psycopg.Connection[TupleRow]) -> None:
    for (name,) in session.execute(_ABANDONED, {"prefix": PREFIX}).fetchall():
        # A neighbour may be sweeping the same one; what stays is swept the next time.
        with suppress(psycopg.Error):
            _drop(session, name)


def _drop(session: psycopg.Connection[TupleRow], name: str) -> None:
    statement = sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name))
    try:
        session.execute(statement + sql.SQL(" WITH (FORCE)"))
    except psycopg.errors.InsufficientPrivilege:
        # Autovacuum is at work there, and FORCE would have to end what is not ours. Without FORCE
        # PostgreSQL ends it by itself, once our own sessions are gone.
        session.execute(_END_OWN_SESSIONS, {"name": name})
        session.execute(statement)
