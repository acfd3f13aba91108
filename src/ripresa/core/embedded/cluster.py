"""What the server serves: a data directory made by initdb, then our role and our database in it."""

import shutil
import subprocess
import time
from pathlib import Path
from urllib.parse import quote_from_bytes

import psycopg
from psycopg import sql

from ripresa.core.embedded.account import find_account
from ripresa.core.embedded.binaries import find_binaries, reachable_by
from ripresa.core.embedded.conf import DATABASE, OWNER_ROLE, ROLE
from ripresa.core.embedded.place import PORT, Place, note
from ripresa.core.embedded.problems import EmbeddedError, explain
from ripresa.core.embedded.progress import Progress, Report
from ripresa.core.embedded.server import ENVIRONMENT
from ripresa.core.files import sync_folder
from ripresa.core.locks import FileLock

# The locale is PostgreSQL's own: an upgrade of the C library can't change the order of an index.
_INITDB = (
    *("--username", OWNER_ROLE, "--encoding", "UTF8", "--locale", "C"),
    *("--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"),
    *("--data-checksums", "--auth", "peer", "--no-instructions"),
)
# The server takes connections before it can answer while it puts itself right after a child's
# crash.
_NOT_YET = ("starting up", "shutting down", "recovery mode", "not yet accepting", "not accepting")


def ensure_data(place: Place, report: Report) -> Place:
    """Make the data directory unless it exists. It appears complete or not at all."""
    if place.data.is_dir():
        return place if place.has_data else note(place)
    if place.has_data:
        raise EmbeddedError(
            f"The data directory {place.data} is missing. Bring it back from a copy, or move "
            f"{place.home / 'postgres'} "
            "away to begin with an empty database."
        )
    report(f"Making a new database in {place.base}")
    with FileLock(place.server_lock) as lock:
        progress = Progress(report)
        while not lock.try_exclusive():
            progress.tick("Waiting for what is left of an interrupted start")
            time.sleep(0.1)
        _make_data(place, lock, report)
    return note(place)


def _make_data(place: Place, lock: FileLock, report: Report) -> None:
    """Run initdb. It inherits `lock`: if we are killed, no later start works beside it."""
    making = place.base / "data.making"
    shutil.rmtree(making, ignore_errors=True)
    account = find_account(place.data)
    if place.elsewhere:
        report(
            f"It is not in {place.home}, because the system user {account.name} can't enter that "
            "folder"
        )
    making.mkdir(mode=0o700)
    account.give(making)
    done = subprocess.run(  # noqa: S603
        (
            *(reachable_by(account, find_binaries()).program("initdb"), "--pgdata", making),
            *(*_INITDB, *(() if place.durable else ("--no-sync",))),
        ),
        cwd="/",
        env=ENVIRONMENT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        pass_fds=(lock.fileno(),),
        check=False,
        **account.process_options(),
    )
    if done.returncode:
        shutil.rmtree(making, ignore_errors=True)
        raise EmbeddedError(explain(done.stdout.decode(errors="replace"), place.base))
    making.rename(place.data)
    sync_folder(place.base)


def ensure_complete(place: Place, socket_folder: Path, report: Report) -> Place:
    """Make our role and our database unless they exist, then wait until the database answers."""
    if not place.is_complete:
        with _connect(_url(socket_folder, OWNER_ROLE, "postgres"), place, report) as connection:
            _make_role_and_database(connection)
        place = note(place, is_complete=True)
    _connect(url_of(socket_folder), place, report).close()
    return place


def url_of(socket_folder: Path) -> str:
    """The libpq address of our database."""
    return _url(socket_folder, ROLE, DATABASE)


def _url(socket_folder: Path, role: str, database: str) -> str:
    host = quote_from_bytes(bytes(socket_folder), safe="")
    return f"postgresql://{role}@/{database}?host={host}&port={PORT}"


def _make_role_and_database(connection: psycopg.Connection) -> None:
    role, database = sql.Identifier(ROLE), sql.Identifier(DATABASE)
    if not connection.execute("SELECT FROM pg_roles WHERE rolname = %s", [ROLE]).rowcount:
        connection.execute(
            sql.SQL("CREATE ROLE {} LOGIN CREATEDB IN ROLE pg_monitor, pg_checkpoint").format(role)
        )
    if not connection.execute("SELECT FROM pg_database WHERE datname = %s", [DATABASE]).rowcount:
        connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(database, role))


def _connect(url: str, place: Place, report: Report) -> psycopg.Connection:
    progress = Progress(report)
    while True:
        try:
            return psycopg.connect(url, autocommit=True)
        except psycopg.OperationalError as refusal:
            said = str(refusal)
            if not any(words in said for words in _NOT_YET):
                raise EmbeddedError(explain(said, place.base)) from None
        progress.tick("Waiting for the database to answer")
        time.sleep(0.1)
