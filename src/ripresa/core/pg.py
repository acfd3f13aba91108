"""Connections to PostgreSQL outside Django, and whether a server is fit for us, in plain words."""

import re
from dataclasses import dataclass

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import TupleRow

from ripresa.core.database_problem import DatabaseProblem

OLDEST_MAJOR = 16

_CONNECT_SECONDS = 10

# What libpq and the server say on the left, what a person reads on the right; the first match
# counts.
_REFUSALS: tuple[tuple[str, str], ...] = (
    (
        r"resolve host|translate host name|Name or service not known|name resolution",
        "The host name of {where} is not known. Check DATABASE_URL and the network.",
    ),
    (
        r"Connection refused|No such file or directory|No route to host|Network is unreachable",
        "{where} is away: nothing answers there. Start it, or correct DATABASE_URL.",
    ),
    (
        r"timeout expired|timed out|timeout",
        "{where} is away: no answer in {seconds} seconds. Check the network and the firewall.",
    ),
    (
        r"authentication failed|no password supplied|role \".*\" does not exist",
        "{where} refuses the user or the password of DATABASE_URL. Correct them.",
    ),
    (
        r"pg_hba\.conf",
        "{where} does not let this machine in. Add a line for it to the server's pg_hba.conf.",
    ),
    (
        r"database \".*\" does not exist",
        "{where} does not exist. Create it (CREATE DATABASE), or correct DATABASE_URL.",
    ),
    (
        r"starting up|shutting down|recovery mode|not yet accepting|not accepting",
        "{where} is just starting, stopping or recovering. Try again in a moment.",
    ),
    (
        r"too many clients|too many connections|remaining connection slots",
        "{where} has no free connection. Raise its max_connections or stop other programs.",
    ),
    (
        r"No space left on device|could not extend file",
        "The disk of {where} is full. Free some space there.",
    ),
    (
        r"SSL|certificate",
        "The encrypted connection to {where} failed. Check sslmode and the certificates.",
    ),
)


@dataclass(frozen=True, slots=True)
class ServerFacts:
    """What a server says about itself; `version` as people write it: 18.4."""

    major: int
    version: str


def connect(
    url: str, *, autocommit: bool = False, application_name: str = "ripresa"
) -> psycopg.Connection[TupleRow]:
    """Open a connection whose session speaks UTC. Raises DatabaseProblem."""
    try:
        own = conninfo_to_dict(url).get("options") or ""
        return psycopg.connect(
            url,
            autocommit=autocommit,
            application_name=application_name,
            connect_timeout=_CONNECT_SECONDS,
            options=f"{own} -c timezone=UTC",
        )
    except psycopg.OperationalError as refusal:
        raise DatabaseProblem(explain_refusal(str(refusal), url)) from None
    except psycopg.ProgrammingError:
        # The reason would repeat the address, password included.
        raise DatabaseProblem(_NO_ADDRESS) from None


def check_server(url: str) -> ServerFacts:
    """Look whether the server at `url` can carry Ripresa. Raises DatabaseProblem if it can't."""
    with connect(url, autocommit=True) as connection:
        row = connection.execute(
            "SELECT current_setting('server_version_num')::int,"
            "       current_setting('server_version'),"
            "       current_setting('server_encoding'),"
            "       pg_is_in_recovery(),"
            "       coalesce(has_schema_privilege(current_schema(), 'CREATE'), false)"
        ).fetchone()
    if row is None:
        raise AssertionError("a SELECT without FROM always has one row")
    number, version, encoding, is_standby, may_create = row
    where = _capitalised(describe(url))
    if number // 10000 < OLDEST_MAJOR:
        raise DatabaseProblem(
            f"{where} is PostgreSQL {version}; Ripresa needs {OLDEST_MAJOR} or later. "
            "Upgrade the server, or unset DATABASE_URL to use the embedded database."
        )
    if encoding != "UTF8":
        raise DatabaseProblem(
            f"{where} stores text as {encoding}; Ripresa needs UTF8. Create a database "
            "with ENCODING 'UTF8' TEMPLATE template0 and name it in DATABASE_URL."
        )
    if is_standby:
        raise DatabaseProblem(
            f"{where} is a read-only standby. Name the primary server in DATABASE_URL."
        )
    if not may_create:
        raise DatabaseProblem(
            f"The user of DATABASE_URL may not create tables in {describe(url)}. Make it the owner "
            "of the database (ALTER DATABASE … OWNER TO …)."
        )
    return ServerFacts(number // 10000, version)


def describe(url: str) -> str:
    """The database in words, fit for a log: never the password."""
    try:
        parts = conninfo_to_dict(url)
    except psycopg.ProgrammingError:
        raise DatabaseProblem(_NO_ADDRESS) from None
    host = parts.get("host") or "the local socket"
    return f"the database {parts.get('dbname') or parts.get('user') or '?'} at {host}"


def explain_refusal(said: str, url: str) -> str:
    """One plain sentence for why a connection to `url` was refused."""
    where = describe(url)
    for pattern, sentence in _REFUSALS:
        if re.search(pattern, said):
            return _capitalised(sentence.format(where=where, seconds=_CONNECT_SECONDS))
    latest = (said.strip().splitlines() or ["nothing"])[-1].strip()
    return _capitalised(f"{where} can't be used. It says: {latest}")


def _capitalised(text: str) -> str:
    return text[0].upper() + text[1:]


_NO_ADDRESS = (
    "DATABASE_URL is no address of a PostgreSQL database. "
    "It looks like postgresql://user:password@host:5432/name."
)
