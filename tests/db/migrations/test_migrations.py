"""Models and migrations say the same; a migration keeps every row, forwards and backwards."""

import io
import json

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from tests.db.architecture.tenancy import breaches, tenant_tables
from tests.db.migrations.one_of_each import one_of_each

pytestmark = pytest.mark.django_db

# The migrations that are taken back and laid again with rows in the tables, in the order of laying.
REVERSIBLE = [
    ("shops", "0004_coupon_gap"),
    ("contacts", "0002_references"),
    ("carts", "0002_references"),
    ("coupons", "0002_references"),
    ("outbox", "0002_references"),
    ("outbox", "0005_owner_notice_coupons_low"),
    ("deals", "0002_references"),
    ("scenarios", "0002_references"),
    ("scenarios", "0005_scenario_ended"),
]


def _rows() -> dict[str, list[str]]:
    """What every table of a shop holds, as text."""
    found = {}
    with connection.cursor() as cursor:
        for table in sorted(tenant_tables(connection)):
            cursor.execute(f"SELECT to_jsonb(t) FROM {table} AS t")
            found[table] = sorted(json.dumps(row, sort_keys=True) for (row,) in cursor.fetchall())
    return found


def _migration(app: str, name: str):
    loader = MigrationLoader(connection)
    return loader.get_migration(app, name), loader.project_state((app, name), at_end=False)


def test_models_need_no_migration_that_is_not_there():
    told = io.StringIO()
    try:
        call_command("makemigrations", check=True, dry_run=True, verbosity=1, stdout=told)
    except SystemExit:
        pytest.fail(f"run makemigrations:\n{told.getvalue()}")


def test_every_table_has_a_row_to_carry_over():
    one_of_each()
    assert [table for table, rows in _rows().items() if not rows] == []


def test_going_back_and_forth_keeps_every_row():
    one_of_each()
    before = _rows()
    with connection.cursor() as cursor:
        # PostgreSQL alters no table whose rows still wait for a deferred check.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    for key in reversed(REVERSIBLE):
        migration, state = _migration(*key)
        with connection.schema_editor(atomic=False) as editor:
            migration.unapply(state, editor)
    assert breaches(connection), "the references should be gone by now"
    assert _rows() == before

    for key in REVERSIBLE:
        migration, state = _migration(*key)
        with connection.schema_editor(atomic=False) as editor:
            migration.apply(state, editor)
    assert breaches(connection) == []
    assert _rows() == before


def test_every_migration_can_be_taken_back():
    loader = MigrationLoader(connection)
    ours = [
        key
        for key in loader.graph.nodes
        if loader.get_migration(*key).__module__.startswith("ripresa.")
    ]
    assert set(REVERSIBLE) <= set(ours)
    assert [
        key
        for key in ours
        if not all(operation.reversible for operation in loader.get_migration(*key).operations)
    ] == []
