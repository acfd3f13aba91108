"""A dump carries every table of a shop there and back, row by row, and its promises with it."""

import psycopg
import pytest
from django.db import connection
from psycopg.conninfo import make_conninfo

from ripresa.core.dump import dump, restore
from ripresa.core.pg import connect
from ripresa.core.throwaway import throwaway_database
from tests.db.architecture.tenancy import tenant_tables
from tests.db.migrations.one_of_each import one_of_each


def _rows(url: str, tables: set[str]) -> dict[str, list[str]]:
    with connect(url) as session:
        return {
            table: sorted(
                str(row) for row in session.execute(f"SELECT to_jsonb(t) FROM {table} AS t")
            )
            for table in sorted(tables)
        }


@pytest.mark.django_db(transaction=True)
def test_every_row_there_and_back(postgres_url, tmp_path):
    one_of_each()
    tables = tenant_tables(connection)
    here = make_conninfo(postgres_url, dbname=connection.settings_dict["NAME"])
    before = _rows(here, tables)
    assert all(before.values())
    dump(here, tmp_path / "shop.dump")
    with throwaway_database(postgres_url) as there:
        restore(there, tmp_path / "shop.dump")
        assert _rows(there, tables) == before
        with (
            pytest.raises(psycopg.errors.UniqueViolation, match="deal_open_once"),
            connect(there) as session,
        ):
            session.execute(
                "INSERT INTO deal SELECT (jsonb_populate_record(d,"
                " jsonb_build_object('id', gen_random_uuid()))).* FROM deal AS d"
            )
