"""Providers' calls: stored as they came in, then answered with what that provider wants to hear."""

import json
from uuid import UUID

import pytest

from ripresa.contracts.feedback import HOOK_PATH, HOOK_PURPOSE
from ripresa.core.signed_ids import SignedIds
from ripresa.intake import hooks

ACCOUNT, MUTE, GONE = UUID(int=1), UUID(int=2), UUID(int=3)
IDS = SignedIds("a secret for tests only", HOOK_PURPOSE)
REPLY = {"status": 202, "content_type": "application/x-ours", "body": '"taken"'}
_ACCOUNT = """
INSERT INTO provider_account (shop_id, id, kind, provider, name, settings, secrets, version, is_active,
                              paused_reason, balance_unit, created_at, hook_reply)
VALUES (1, %(id)s, 'sms', 'p', %(id)s::text, '{}', '', 1, false, '', '', '2026-01-01T00:00:00Z', %(reply)s::jsonb)
"""


@pytest.fixture
def hook(database, server):
    """`hook(method, body, …)` calls for the account, or for another one."""
    database.run(_ACCOUNT, {"id": ACCOUNT, "reply": json.dumps(REPLY)})
    database.run(_ACCOUNT, {"id": MUTE, "reply": None})

    def call(method="POST", body=b"", *, account=ACCOUNT, query="", path=None, **headers):
        to = path or f"{HOOK_PATH}{IDS.sign(1, account)}{query}"
        return server.request(method, to, body, headers)

    return call


def stored(database):
    columns = "account_id, method, target, headers, body, due_at = received_at"
    return database.run(f"SELECT {columns} FROM provider_call ORDER BY id")


@pytest.mark.parametrize("method", ["POST", "GET"])
def test_a_call_is_stored_as_it_came_in(hook, database, method):
    body = b"\0\xff any bytes" if method == "POST" else b""
    reply = hook(method, body, query="?a=%20b&a=2", **{"X-Signature": "abc", "Cookie": "c"})
    assert (reply.status, reply.json) == (202, "taken")
    assert reply.headers["content-type"] == "application/x-ours"
    [(account, how, target, headers, content, is_due)] = stored(database)
    assert (account, how, bytes(content), is_due) == (ACCOUNT, method, body, True)
    assert target == f"{HOOK_PATH}{IDS.sign(1, ACCOUNT)}?a=%20b&a=2"
    assert headers["x-signature"] == "abc"


def test_a_head_is_answered_and_tells_nothing(hook, database):
    assert hook("HEAD").status == 202
    assert stored(database) == []


@pytest.mark.parametrize("account", [MUTE, GONE])
def test_an_account_that_is_gone_or_mute_hears_nothing(hook, database, account):
    assert hook(account=account).status == 404
    assert stored(database) == []


@pytest.mark.parametrize(
    "path",
    [
        HOOK_PATH,
        f"{HOOK_PATH}nonsense",
        f"{HOOK_PATH}{SignedIds('another secret', HOOK_PURPOSE).sign(1, ACCOUNT)}",
        f"{HOOK_PATH}{SignedIds('a secret for tests only', 'message').sign(1, ACCOUNT)}",
        f"{HOOK_PATH}{IDS.sign(1, ACCOUNT)}/more",
        f"{HOOK_PATH}{IDS.sign(2, ACCOUNT)}",
    ],
)
def test_an_address_that_is_not_ours_is_nobodys(hook, database, path):
    reply = hook(path=path)
    assert (reply.status, reply.json["error"]["code"]) == (404, "not_found")
    assert stored(database) == []


def test_a_call_may_have_two_megabytes_and_no_more(hook, database):
    assert hook(body=b"x" * hooks.MAX_CALL_BYTES).status == 202
    assert hook(body=b"x" * (hooks.MAX_CALL_BYTES + 1)).status == 413
    assert len(stored(database)) == 1


def test_no_other_method_is_known(hook):
    assert hook("PUT").status in {404, 405}
