"""Databases that live as long as one `with`, and what they are copied from: for tests and `ripresa simulate`.

The maker keeps one session open whose application_name is the database's name. Whoever makes the
next throwaway database sweeps away those without such a session. So the server itself says whose
maker is dead, on whatever machine and in whatever container he was.
"""

import os
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.rows import TupleRow

from ripresa.core.database_problem import DatabaseProblem
from ripresa.core.pg import connect, describe

PREFIX = "ripresa_throwaway_"
# Databases that are kept to be copied: filling one takes long, copying it does not.
TEMPLATE_PREFIX = "ripresa_template_"
# Any number will do, as long as nothing else of ours locks it.
_TEMPLATE_LOCK = 7_295_113_843
_POLL_SECONDS = 0.1

# Only databases of our own role: sessions of other roles may be hidden from us.
_ABANDONED = """
SELECT d.datname
  FROM pg_database AS d
 WHERE starts_with(d.datname, %(prefix)s)
   AND pg_get_userbyid(d.datdba) = current_user
   AND NOT EXISTS (SELECT FROM pg_stat_activity AS a WHERE a.application_name = d.datname)
"""

_TEMPLATES = """
SELECT datname
  FROM pg_database
 WHERE starts_with(datname, %(prefix)s)
   AND pg_get_userbyid(datdba) = current_user
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


def kept_template(
    url: str, version: str, fill: Callable[[str], None], *, prefix: str = TEMPLATE_PREFIX
) -> str:
    """The name of a database that `fill`, called with its DSN, has filled: now or in an earlier run.

    Nobody is connected to it. Those of other versions are dropped. Raises DatabaseProblem.
    """
    name = prefix + version
    with connect(url, autocommit=True) as session:
        # Waited for on our side: a statement that waits would hold up others' work on indexes.
        while not _is_mine(session):
            time.sleep(_POLL_SECONDS)
        there = {row[0] for row in session.execute(_TEMPLATES, {"prefix": prefix})}
        if name not in there:
            for old in there:
                with suppress(psycopg.Error):  # somebody copies it just now
                    session.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(old)))
            with throwaway_database(url) as dsn:
                fill(dsn)
                # Filled as a whole or not there at all.
                rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
                made = conninfo_to_dict(dsn)["dbname"]
                session.execute(rename.format(sql.Identifier(str(made)), sql.Identifier(name)))
    return name


def _is_mine(session: psycopg.Connection[TupleRow]) -> bool:
    row = session.execute("SELECT pg_try_advisory_lock(%s)", [_TEMPLATE_LOCK]).fetchone()
    return row is not None and bool(row[0])


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
