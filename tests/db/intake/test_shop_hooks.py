"""Shops' webhooks: stored as they came in, before they are answered."""

from uuid import UUID

import pytest

from ripresa.contracts.feedback import HOOK_PURPOSE
from ripresa.contracts.shops.connector import SHOP_HOOK_PATH, SHOP_HOOK_PURPOSE
from ripresa.core.signed_ids import SignedIds

OPEN, CLOSED, GONE = UUID(int=1), UUID(int=2), UUID(int=3)
IDS = SignedIds("a secret for tests only", SHOP_HOOK_PURPOSE)
_CONNECTION = """
INSERT INTO connection (shop_id, id, platform, name, settings, secrets, created_at, asked_until, failures,
                        trouble, heard, missed, refused, problems, closed_reason, closed_at)
VALUES (1, %(id)s, 'shopify', %(id)s::text, '{}', '', now(), now(), 0, '', 0, 0, 0, '[]', '', %(closed)s)
"""


@pytest.fixture
def hook(database, server):
    database.run(_CONNECTION, {"id": OPEN, "closed": None})
    database.run(_CONNECTION, {"id": CLOSED, "closed": "2026-11-01T00:00:00Z"})

    def call(body=b"{}", *, connection=OPEN, ids=IDS, **headers):
        to = f"{SHOP_HOOK_PATH}shopify/{ids.sign(1, connection)}"
        return server.request("POST", to, body, headers)

    return call


def stored(database):
    return database.run("SELECT account_id, target, headers, body FROM provider_call")


def test_a_call_is_stored_as_it_came_in(hook, database):
    reply = hook(b'{"id": 1}\n', **{"X-Shopify-Topic": "orders/create"})
    assert reply.status == 200
    [(connection, target, headers, body)] = stored(database)
    assert (connection, bytes(body)) == (OPEN, b'{"id": 1}\n')
    assert target == f"/hooks/shopify/{IDS.sign(1, OPEN)}"
    assert headers["x-shopify-topic"] == "orders/create"


@pytest.mark.parametrize("connection", [CLOSED, GONE])
def test_nobody_listens_any_more(hook, database, connection):
    assert hook(connection=connection).status == 404
    assert stored(database) == []


def test_an_address_for_feedback_is_none_for_shops(hook, database):
    feedback = SignedIds("a secret for tests only", HOOK_PURPOSE)
    assert hook(ids=feedback).status == 404
    assert stored(database) == []
