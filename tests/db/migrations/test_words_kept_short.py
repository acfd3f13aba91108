"""What messages said before words were kept as differences is said still, and the way back loses no word."""

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from ripresa.domain.messages.queries import find_content
from tests.db.migrations.one_of_each import one_of_each

pytestmark = pytest.mark.django_db


def _lay(*, back: bool = False) -> None:
    loader = MigrationLoader(connection)
    key = ("outbox", "0019_merge_source")
    migration, state = loader.get_migration(*key), loader.project_state(key, at_end=False)
    with connection.cursor() as cursor:
        # PostgreSQL alters no table whose rows still wait for a deferred check.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with connection.schema_editor(atomic=False) as editor:
        (migration.unapply if back else migration.apply)(state, editor)


def _texts() -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT html, text FROM message_content")
        return cursor.fetchall()


def test_no_word_is_lost_either_way():
    world = one_of_each()
    said = ("<p>Ciao Ben</p>", "Ciao Ben")

    _lay(back=True)
    assert _texts() == [said]

    _lay()
    assert find_content(world.shop.id, world.sent.id).said() == said
