"""What is said about a server that is away, refuses us, or is not fit."""

import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from ripresa.core.database_problem import DatabaseProblem
from ripresa.core.embedded.account import find_account
from ripresa.core.pg import check_server, connect, describe, explain_refusal


def problem_of(url: str) -> str:
    with pytest.raises(DatabaseProblem) as caught:
        check_server(url)
    return str(caught.value)


def test_a_fit_server_says_its_version(empty_database: str):
    facts = check_server(empty_database)
    assert facts.major >= 16
    assert facts.version.startswith(f"{facts.major}.")


def test_a_session_speaks_utc_and_keeps_its_own_options(empty_database: str):
    dsn = f"{empty_database} options='-c search_path=elsewhere'"
    with connect(dsn, autocommit=True) as connection:
        row = connection.execute(
            "SELECT current_setting('timezone'), current_setting('search_path')"
        ).fetchone()
        assert row == ("UTC", "elsewhere")


def test_a_server_that_is_away():
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        port = nobody.getsockname()[1]
        said = problem_of(f"postgresql://ada:secret@127.0.0.1:{port}/shop")
    assert said == (
        "The database shop at 127.0.0.1 is away: nothing answers there. Start it, or correct DATABASE_URL."
    )


def test_a_socket_that_is_not_there(tmp_path: Path):
    assert "is away" in problem_of(f"host={tmp_path} dbname=shop")


def test_a_database_that_does_not_exist(postgres_url: str):
    assert "does not exist" in problem_of(
        psycopg.conninfo.make_conninfo(postgres_url, dbname="nope")
    )


def test_a_user_that_is_refused(postgres_url: str):
    said = problem_of(psycopg.conninfo.make_conninfo(postgres_url, user="mallory"))
    assert "refuses the user or the password" in said


@pytest.mark.parametrize("url", ["not an address: secret", "postgresql://a:secret@h:port/x?y"])
def test_an_address_that_is_none_is_not_repeated(url: str):
    said = problem_of(url)
    assert "DATABASE_URL" in said
    assert "secret" not in said


def test_a_password_is_never_described():
    assert describe("postgresql://ada:secret@db.example/shop") == "the database shop at db.example"


def test_another_encoding(postgres_url: str, empty_database: str):
    name = f"{psycopg.conninfo.conninfo_to_dict(empty_database)['dbname']}_ascii"
    with connect(postgres_url, autocommit=True) as connection:
        connection.execute(
            sql.SQL(
                "CREATE DATABASE {} ENCODING 'SQL_ASCII' LOCALE_PROVIDER libc LOCALE 'C' TEMPLATE template0"
            ).format(sql.Identifier(name))
        )
        try:
            said = problem_of(psycopg.conninfo.make_conninfo(postgres_url, dbname=name))
            assert "SQL_ASCII" in said
            assert "UTF8" in said
        finally:
            connection.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(name)))


def test_a_user_who_may_not_create_tables(empty_database: str):
    with connect(empty_database, autocommit=True) as connection:
        connection.execute("REVOKE CREATE ON SCHEMA public FROM pg_database_owner")
    assert "may not create tables" in problem_of(empty_database)


@pytest.mark.parametrize(
    ("refusal", "says"),
    [
        ("could not translate host name: Name or service not known", "is not known"),
        ("connection timeout expired", "no answer in 10 seconds"),
        ('no pg_hba.conf entry for host "10.0.0.1"', "pg_hba.conf"),
        ("FATAL: the database system is starting up", "Try again in a moment"),
        ("FATAL: sorry, too many clients already", "no free connection"),
        ("SSL error: certificate verify failed", "sslmode"),
        ("FATAL: something else", "It says: FATAL: something else"),
    ],
)
def test_plain_words(refusal: str, says: str):
    sentence = explain_refusal(refusal, "postgresql://ada:secret@db/shop")
    assert says in sentence
    assert "database shop at db" in sentence


@pytest.fixture
def old_server() -> Iterator[str]:
    """A PostgreSQL older than we need, where this machine happens to have one."""
    program = shutil.which("postgres")
    said = (
        subprocess.run((program, "--version"), capture_output=True, text=True, check=True).stdout
        if program
        else ""
    )
    if not any(f" {major}." in said for major in (12, 13, 14, 15)):
        pytest.skip("this machine has no PostgreSQL older than 16")
    folder = Path(tempfile.mkdtemp(prefix="ripresa-old-"))
    account = find_account(folder / "nothing")
    account.give(folder)
    binaries = Path(program).resolve().parent
    options = account.process_options()
    subprocess.run(
        (binaries / "initdb", "-D", folder / "data", "-U", "ada", "--auth=trust", "--no-sync", "--encoding=UTF8"),
        cwd="/", check=True, capture_output=True, **options,
    )  # fmt: skip
    server = subprocess.Popen(
        (binaries / "postgres", "-D", folder / "data", "-c", f"unix_socket_directories={folder}", "-c", "listen_addresses="),
        cwd="/", stderr=subprocess.DEVNULL, **options,
    )  # fmt: skip
    try:
        dsn = f"host={folder} user=ada dbname=postgres"
        while (
            not (folder / ".s.PGSQL.5432").exists()
            or "ready" not in (folder / "data/postmaster.pid").read_text()
        ):
            assert server.poll() is None
            time.sleep(0.02)
        yield dsn
    finally:
        server.terminate()
        server.wait()
        shutil.rmtree(folder)


def test_a_server_that_is_too_old(old_server: str):
    assert "Ripresa needs 16 or later" in problem_of(old_server)
