"""Short ways by us come to a table that has links already; the way back keeps all the others."""

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from ripresa.domain.messages.models import MessageLink
from tests.db.migrations.one_of_each import one_of_each
from tests.rows import DAY, T0

pytestmark = pytest.mark.django_db


def _lay(*, back: bool = False) -> None:
    loader = MigrationLoader(connection)
    key = ("outbox", "0021_message_link_click")
    migration, state = loader.get_migration(*key), loader.project_state(key, at_end=False)
    with connection.cursor() as cursor:
        # PostgreSQL alters no table whose rows still wait for a deferred check.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with connection.schema_editor(atomic=False) as editor:
        (migration.unapply if back else migration.apply)(state, editor)


def test_the_other_links_are_kept_either_way():
    world = one_of_each()
    before = set(MessageLink.objects.values_list("purpose", "message_id"))
    assert before
    MessageLink.objects.create(
        shop=world.shop, token_hash=b"c" * 32, purpose="click", message_id=world.sent.id,
        expires_at=T0 + DAY,
    )  # fmt: skip

    _lay(back=True)
    assert set(MessageLink.objects.values_list("purpose", "message_id")) == before

    _lay()
    assert set(MessageLink.objects.values_list("purpose", "message_id")) == before
