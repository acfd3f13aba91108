"""CUS-4: an import that is ended by kill -9, again and again, is gone on with; every row comes in once.

`RIPRESA_IMPORT_ROWS` sets the size; the figures of docs/how-to/import-files.md are those of 1,000,000.
"""

import os
import signal
import time
from pathlib import Path

import psycopg
import pytest

from ripresa.core.throwaway import throwaway_database
from tests.installs import Install, Run

ROWS = int(os.environ.get("RIPRESA_IMPORT_ROWS", "30000"))
KILLED_AT = (0.2, 0.5, 0.8)
# Whoever was at it a moment ago is at it still: so long the next one waits.
HANDS_OFF = 15
MOST_MEGABYTES = 250
pytestmark = [pytest.mark.slow, pytest.mark.timeout(7200)]


def write(path: Path) -> int:
    """A file of contacts, one in three with a consent; returns how many facts are in it."""
    with path.open("w", encoding="utf-8") as out:
        out.write("email;first name;phone;country;newsletter;consent date;consent source\n")
        for number in range(ROWS):
            yes = "yes;2026-03-01 10:00;checkout" if number % 3 == 0 else ";;"
            out.write(f"p{number}@example.test;P{number % 977};+39333{number:07d};IT;{yes}\n")
    return ROWS + len(range(0, ROWS, 3))


def peak_megabytes(run: Run) -> float:
    """The most memory that a process ever held; 0: it has ended."""
    lines = Path(f"/proc/{run.process.pid}/status").read_text(encoding="ascii").splitlines()
    return max(
        (int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:")), default=0.0
    )


def follow(run: Run, database: psycopg.Connection, until: float | None) -> float:
    """Kill it as it has come so far, or let it come to its end; returns the most memory it held."""
    peak = 0.0
    while run.process.poll() is None:
        peak = max(peak, peak_megabytes(run))
        reached = database.execute("SELECT coalesce(max(position), 0) FROM file_import").fetchone()
        if until is not None and reached[0] >= until:
            run.end(signal.SIGKILL)
        time.sleep(0.1)
    assert run.process.returncode == (0 if until is None else -signal.SIGKILL), run.said
    return peak


def test_killed_at_any_time_it_is_gone_on_with_and_every_row_comes_once(
    postgres_url, tmp_path, capsys
):
    file = tmp_path / "people.csv"
    facts = write(file)
    install, peak, begun = Install(), 0.0, time.monotonic()
    try:
        with (
            throwaway_database(postgres_url) as dsn,
            psycopg.connect(dsn, autocommit=True) as database,
        ):
            made = install.run("shop", "create", "wines", DATABASE_URL=dsn)
            assert made.process.returncode == 0, made.said
            words = ["import", "contacts", str(file), "--shop", "wines"]

            for share in (*KILLED_AT, None):
                run = install.start(*words, DATABASE_URL=dsn)
                words = [*words[:5], "--resume"]
                peak = max(peak, follow(run, database, share and share * ROWS))
            seconds = time.monotonic() - begun
            done = database.execute("SELECT state, good, wrong, fresh FROM file_import").fetchone()
            told = "SELECT count(*), count(DISTINCT external_id) FROM inbox"
            stored = database.execute(told).fetchone()
    finally:
        install.close()
    with capsys.disabled():
        working = seconds - HANDS_OFF * len(KILLED_AT)
        print(
            f"\n{ROWS} rows, killed {len(KILLED_AT)} times: {seconds:.0f} s, "
            f"{ROWS / working:.0f} rows a second without the waits; {peak:.0f} MB"
        )
    assert done == ("done", ROWS, 0, facts)
    assert stored == (facts, facts)
    assert peak < MOST_MEGABYTES
