"""Databases that live as long as one `with`, and the leftovers of those who were killed in it."""

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from ripresa.core import throwaway
from ripresa.core.database_problem import DatabaseProblem
from ripresa.core.pg import connect
from ripresa.core.throwaway import PREFIX, kept_template, throwaway_database

# Makes a throwaway database, prints its DSN, and waits to be killed.
_MAKER = """
import sys
from ripresa.core.throwaway import kept_template, throwaway_database
with throwaway_database(sys.argv[1]) as dsn:
    print(dsn, flush=True)
    sys.stdin.read()
"""


def name_of(dsn: str) -> str:
    return str(conninfo_to_dict(dsn)["dbname"])


def exists(url: str, dsn: str) -> bool:
    with connect(url) as connection:
        found = connection.execute("SELECT FROM pg_database WHERE datname = %s", [name_of(dsn)])
        return found.rowcount == 1


def test_it_is_dropped_with_its_sessions(postgres_url: str):
    with throwaway_database(postgres_url) as dsn:
        forgotten = psycopg.connect(dsn)
        assert name_of(dsn).startswith(PREFIX)
        assert exists(postgres_url, dsn)
    assert not exists(postgres_url, dsn)
    with pytest.raises(psycopg.OperationalError):
        forgotten.execute("SELECT 1")
    forgotten.close()


def test_it_is_dropped_although_autovacuum_is_at_work_there(postgres_url: str):
    """PostgreSQL then refuses FORCE to whoever is no superuser; played, for it can't be arranged."""

    class Busy:
        def __init__(self, session: psycopg.Connection) -> None:
            self.session = session

        def execute(self, statement, *values):
            if not isinstance(statement, str) and "FORCE" in statement.as_string():
                raise psycopg.errors.InsufficientPrivilege
            return self.session.execute(statement, *values)

    with throwaway_database(postgres_url) as dsn, connect(postgres_url, autocommit=True) as session:
        forgotten = psycopg.connect(dsn)
        throwaway._drop(Busy(session), name_of(dsn))
        assert not exists(postgres_url, dsn)
        forgotten.close()


def test_it_is_dropped_after_an_error(postgres_url: str):
    seen: list[str] = []

    def fail() -> None:
        with throwaway_database(postgres_url) as dsn:
            seen.append(dsn)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert not exists(postgres_url, seen[0])


def test_it_may_be_the_copy_of_a_template(postgres_url: str):
    with throwaway_database(postgres_url) as template:
        with psycopg.connect(template) as connection:
            connection.execute("CREATE TABLE here AS SELECT 7 AS n")
        with throwaway_database(postgres_url, template=name_of(template)) as copy:
            assert name_of(copy) != name_of(template)
            with psycopg.connect(copy) as connection:
                assert connection.execute("SELECT n FROM here").fetchone() == (7,)


def test_a_kept_template_is_filled_once_as_a_whole_and_replaced_by_the_next_version(
    empty_database: str,
):
    # Templates belong to a server. That of the tests is kept: these are of its own prefix.
    filled = []

    def fill(dsn: str) -> None:
        filled.append(dsn)
        with psycopg.connect(dsn) as connection:
            connection.execute("CREATE TABLE here AS SELECT 7 AS n")

    def stumble(dsn: str) -> None:
        fill(dsn)
        raise RuntimeError("in the middle")

    def keep(version: str, how=fill) -> str:
        return kept_template(empty_database, version, how, prefix="ripresa_test_of_templates_")

    try:
        with pytest.raises(RuntimeError):
            keep("one", stumble)
        assert not exists(
            empty_database, make_conninfo(empty_database, dbname="ripresa_test_of_templates_one")
        )
        with ThreadPoolExecutor() as pool:
            names = {each.result() for each in [pool.submit(keep, "one") for _ in range(3)]}
        assert (names, len(filled)) == ({"ripresa_test_of_templates_one"}, 2)
        with (
            throwaway_database(empty_database, template=names.pop()) as copy,
            psycopg.connect(copy) as connection,
        ):
            assert connection.execute("SELECT n FROM here").fetchone() == (7,)
        assert exists(empty_database, make_conninfo(empty_database, dbname=keep("two")))
        assert not exists(
            empty_database, make_conninfo(empty_database, dbname="ripresa_test_of_templates_one")
        )
    finally:
        keep("none", lambda _: None)
        with psycopg.connect(empty_database, autocommit=True) as connection:
            connection.execute("DROP DATABASE ripresa_test_of_templates_none")


@pytest.mark.slow
def test_a_template_in_use_is_refused_in_plain_words(postgres_url: str):
    with (
        throwaway_database(postgres_url) as template,
        psycopg.connect(template),
        pytest.raises(DatabaseProblem, match="while somebody is connected"),
        throwaway_database(postgres_url, template=name_of(template)),
    ):
        pass


def test_what_a_killed_maker_left_is_swept_and_what_is_in_use_stays(postgres_url: str):
    makers = [
        subprocess.Popen(
            (sys.executable, "-c", _MAKER, postgres_url),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        for _ in range(2)
    ]
    killed, living = [maker.stdout.readline().decode().strip() for maker in makers]
    makers[0].kill()
    makers[0].communicate()
    # The server notices the end of the session a moment after its client has ended.
    with connect(postgres_url, autocommit=True) as connection:
        while connection.execute(
            "SELECT FROM pg_stat_activity WHERE application_name = %s", [name_of(killed)]
        ).rowcount:
            time.sleep(0.02)
    with throwaway_database(postgres_url):
        assert not exists(postgres_url, killed)
        assert exists(postgres_url, living)
    makers[1].communicate()
    assert makers[1].returncode == 0
    assert not exists(postgres_url, living)


def test_a_database_of_another_name_is_never_swept(postgres_url: str):
    dsn = make_conninfo(postgres_url, dbname="merchants_own")
    with connect(postgres_url, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS merchants_own")
        connection.execute("CREATE DATABASE merchants_own")
        try:
            with throwaway_database(postgres_url):
                assert exists(postgres_url, dsn)
        finally:
            connection.execute("DROP DATABASE merchants_own")
