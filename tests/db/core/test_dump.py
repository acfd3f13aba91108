"""A database as a file and back: all of it or nothing."""

import stat
from pathlib import Path

import psycopg
import pytest

from ripresa.core.database_problem import DatabaseProblem
from ripresa.core.dump import dump, restore
from ripresa.core.pg import connect
from ripresa.core.throwaway import throwaway_database


@pytest.fixture
def filled(empty_database: str) -> str:
    with connect(empty_database, autocommit=True) as connection:
        connection.execute("CREATE TABLE shop (id bigint PRIMARY KEY, name text NOT NULL)")
        connection.execute(
            "CREATE TABLE cart (shop_id bigint REFERENCES shop, total bigint, PRIMARY KEY (shop_id, total))"
        )
        connection.execute("INSERT INTO shop VALUES (1, 'Ada''s \\. șăț'), (2, E'two\\nlines')")
        connection.execute("INSERT INTO cart SELECT 1, n FROM generate_series(1, 20000) n")
        connection.execute("CREATE SCHEMA side CREATE VIEW names AS SELECT name FROM public.shop")
    return empty_database


def content(url: str) -> list[tuple]:
    with connect(url) as connection:
        return [
            *connection.execute("SELECT id, name FROM shop ORDER BY id").fetchall(),
            *connection.execute("SELECT count(*), sum(total) FROM cart").fetchall(),
            *connection.execute("SELECT name FROM side.names ORDER BY 1").fetchall(),
        ]


def tables(url: str) -> list[str]:
    with connect(url) as connection:
        rows = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
        )
        return [name for (name,) in rows]


def test_there_and_back_and_again(postgres_url: str, filled: str, tmp_path: Path):
    before = content(filled)
    dump(filled, tmp_path / "first.dump")
    with throwaway_database(postgres_url) as second:
        restore(second, tmp_path / "first.dump")
        assert content(second) == before
        with pytest.raises(psycopg.errors.ForeignKeyViolation), connect(second) as connection:
            connection.execute("INSERT INTO cart VALUES (99, 1)")
        # What was replaced can be dumped and restored like any other.
        restore(second, tmp_path / "first.dump", replace=True)
        dump(second, tmp_path / "second.dump")
    with throwaway_database(postgres_url) as third:
        restore(third, tmp_path / "second.dump")
        assert content(third) == before


def test_a_dump_is_for_its_owner_only_and_replaces_no_file(filled: str, tmp_path: Path):
    target = tmp_path / "it's a dump"
    dump(filled, target)
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    with pytest.raises(DatabaseProblem, match="exists already"):
        dump(filled, target)
    assert [path.name for path in tmp_path.iterdir()] == [target.name]


def test_a_dump_that_fails_leaves_no_file(postgres_url: str, tmp_path: Path):
    with pytest.raises(DatabaseProblem, match="does not exist"):
        dump(psycopg.conninfo.make_conninfo(postgres_url, dbname="nope"), tmp_path / "dump")
    with pytest.raises(DatabaseProblem, match="can't be written"):
        dump(postgres_url, tmp_path / "no folder" / "dump")
    assert list(tmp_path.iterdir()) == []


def test_a_filled_database_is_replaced_only_on_request(filled: str, tmp_path: Path):
    dump(filled, tmp_path / "dump")
    with connect(filled, autocommit=True) as connection:
        connection.execute("CREATE TABLE later (id int)")
        connection.execute("DELETE FROM cart")
    with pytest.raises(DatabaseProblem, match="There are 4 tables"):
        restore(filled, tmp_path / "dump")
    assert "later" in tables(filled)
    restore(filled, tmp_path / "dump", replace=True)
    assert tables(filled) == ["cart", "shop"]
    assert content(filled)[2] == (20000, 200010000)


@pytest.mark.parametrize("share", [0.2, 0.5, 0.95])
def test_a_damaged_file_changes_nothing(filled: str, tmp_path: Path, share: float):
    whole, damaged = tmp_path / "whole", tmp_path / "damaged"
    dump(filled, whole)
    data = whole.read_bytes()
    damaged.write_bytes(data[: int(len(data) * share)])
    before = content(filled)
    with pytest.raises(DatabaseProblem, match="Nothing was restored"):
        restore(filled, damaged, replace=True)
    assert content(filled) == before


def test_a_file_that_is_no_dump(empty_database: str, tmp_path: Path):
    with pytest.raises(DatabaseProblem, match="can't be read"):
        restore(empty_database, tmp_path / "nothing")
    (tmp_path / "text").write_text("DROP TABLE shop;")
    with pytest.raises(DatabaseProblem, match="is no file that"):
        restore(empty_database, tmp_path / "text")


@pytest.mark.slow
def test_programs_that_use_the_tables_have_to_stop_first(filled: str, tmp_path: Path):
    dump(filled, tmp_path / "dump")
    with connect(filled) as busy:
        busy.execute("LOCK TABLE cart IN ROW EXCLUSIVE MODE")
        with pytest.raises(DatabaseProblem, match="stop Ripresa on every machine"):
            restore(filled, tmp_path / "dump", replace=True)
    assert tables(filled) == ["cart", "shop"]
