"""An empty database is filled from one file, and gets what the migrations would have made."""

import os
import subprocess
import sys

import pytest

from ripresa.core.pg import connect
from ripresa.core.throwaway import throwaway_database
from scripts.tables import FILE, tables_as_sql, written

MIGRATE = (sys.executable, "-m", "ripresa.entrypoints", "db", "migrate")


def migrate(url: str) -> str:
    environment = {**os.environ, "DATABASE_URL": url}
    done = subprocess.run(MIGRATE, env=environment, capture_output=True, text=True, check=True)
    return done.stderr


def tables(url: str) -> int:
    with connect(url) as session:
        [(count,)] = session.execute(
            "SELECT count(*) FROM pg_class WHERE relkind IN ('r', 'p')"
            " AND relnamespace = current_schema()::regnamespace"
        ).fetchall()
    return count


@pytest.mark.long
def test_the_file_is_what_the_migrations_come_to(postgres_url):
    assert FILE.read_text(encoding="utf-8") == tables_as_sql(postgres_url), "run `make tables`"


def test_an_empty_database_is_filled_without_running_a_migration(postgres_url):
    with throwaway_database(postgres_url) as url:
        assert "migrations" not in migrate(url)
        assert written(url) == FILE.read_text(encoding="utf-8"), "what is filled is another thing"
        assert "migrations" not in migrate(url)


@pytest.mark.slow  # all migrations, once more
@pytest.mark.parametrize(
    "before",
    [
        "CREATE TABLE somebody_else_s (id int)",
        # As some servers are set up: tables stand in a schema of one's own, and public is gone.
        "DROP SCHEMA public; CREATE SCHEMA ripresa; ALTER DATABASE {} SET search_path TO ripresa",
    ],
)
def test_one_that_is_not_empty_is_migrated(before, postgres_url):
    with throwaway_database(postgres_url) as url:
        with connect(url) as session:
            session.execute(before.format(session.info.dbname))
        assert "migrations" in migrate(url)
        assert tables(url) > 60
