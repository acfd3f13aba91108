"""All tables as one file: src/ripresa/entrypoints/tables.sql, from which an empty database is filled.

`python scripts/tables.py` lays the tables by the migrations in a database of its own and writes down what
came of it. A test does the same and compares.
"""

import re
import subprocess
import sys
from pathlib import Path

from ripresa.core import config
from ripresa.core.embedded.binaries import find_binaries
from ripresa.core.embedded.database import embedded_database
from ripresa.core.throwaway import throwaway_database

ROOT = Path(__file__).resolve().parent.parent
FILE = ROOT / "src" / "ripresa" / "entrypoints" / "tables.sql"
_HEAD = """\
-- All tables with their constraints and indexes, and what the migrations have put into them. Made from the
-- migrations by `make tables`, never by hand: a database that has nothing in it is filled from here at once,
-- where running every migration would take ten times as long.
"""
# What psql alone understands, what holds anyway, and what differs from one run to the next.
_LEFT_OUT = re.compile(r"(--|\\|SET |SELECT pg_catalog\.set_config).*")
_INSTANT = re.compile(r"'\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[^']*'")


def tables_as_sql(server: str) -> str:
    """The statements that lay the tables, from a database of `server` on which the migrations ran."""
    with throwaway_database(server) as url:
        environment = {**config.environment_as_found(), "DATABASE_URL": url}
        django = (sys.executable, "-m", "django", "migrate", "--verbosity=0")
        settings = {"DJANGO_SETTINGS_MODULE": "ripresa.entrypoints.settings"}
        subprocess.run(django, env=environment | settings, check=True)  # noqa: S603
        return written(url)


def written(url: str) -> str:
    """The statements that lay what is in the database at `url`."""
    options = ("--inserts", "--rows-per-insert=1000", "--no-owner", "--no-privileges")
    done = subprocess.run(  # noqa: S603
        (find_binaries().program("pg_dump"), *options, f"--dbname={url}"),
        capture_output=True,
        check=True,
        text=True,
    )
    lines = (line for line in done.stdout.splitlines() if line and not _LEFT_OUT.fullmatch(line))
    return _HEAD + "".join(f"{_INSTANT.sub('now()', line)}\n" for line in lines)


if __name__ == "__main__":
    # The tests' own server: root keeps the data of one elsewhere, where nobody would throw it away.
    with embedded_database(ROOT / ".dev" / "test-postgres", durable=False, report=print) as server:
        FILE.write_text(tables_as_sql(server), encoding="utf-8")
