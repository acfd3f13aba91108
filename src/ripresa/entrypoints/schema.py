"""Laying the tables: whoever starts first does it, whoever starts beside him waits."""

import time
from collections.abc import Callable
from pathlib import Path

import psycopg
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from ripresa.core.embedded.progress import Progress
from ripresa.core.pg import connect

# Any number will do, as long as nothing else of ours locks it.
_LOCK = 7_295_113_842
_POLL_SECONDS = 0.2
# What all migrations come to, as this PostgreSQL writes it (scripts/tables.py): others may read it otherwise.
_TABLES = Path(__file__).with_name("tables.sql")
_WRITTEN_BY = 18
_HAS_NOTHING = """
SELECT current_schema() = 'public' AND current_setting('server_version_num')::int / 10000 = %s
   AND NOT EXISTS (SELECT FROM pg_class WHERE relnamespace = to_regnamespace('public'))
"""


def pending() -> list[str]:
    """The migrations that the database at Django's connection has not seen, by name."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def lay(url: str, report: Callable[[str], None]) -> None:
    """Bring the tables of the database at `url` up to date. Django is set up on it."""
    if not pending():
        return
    # A session of its own holds the lock, and it is asked for again and again, not waited for: a
    # statement that waits would hold up an index that another process makes concurrently.
    with connect(url, autocommit=True) as session:
        progress = Progress(report)
        while not _lock(session):
            progress.tick("Another process is laying the tables")
            time.sleep(_POLL_SECONDS)
        _fill_if_empty(session, report)
        if names := pending():
            report(f"Laying the tables ({len(names)} migrations)")
            call_command("migrate", verbosity=0, interactive=False)


def _fill_if_empty(session: psycopg.Connection[tuple[bool]], report: Callable[[str], None]) -> None:
    """Lay all tables at once where there are none: the migrations take ten times as long."""
    row = session.execute(_HAS_NOTHING, [_WRITTEN_BY]).fetchone()
    if row is not None and row[0]:
        report("Laying the tables")
        with session.transaction():
            session.execute(_TABLES.read_bytes())


def _lock(session: psycopg.Connection[tuple[bool]]) -> bool:
    row = session.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK]).fetchone()
    return row is not None and row[0]
