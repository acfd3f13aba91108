"""Clicks lead where the message led, and nowhere else; whoever asks changes nothing but that it was seen."""

import json
from uuid import UUID

import pytest

from ripresa.contracts.feedback import CLICK_PATH, CLICK_PURPOSE, OPEN_PURPOSE
from ripresa.core.signed_ids import SignedIds

SECRET_KEY = "a secret for tests only"
MESSAGE, OTHER = UUID(int=7), UUID(int=8)
CLICKS, OPENS = SignedIds(SECRET_KEY, CLICK_PURPOSE), SignedIds(SECRET_KEY, OPEN_PURPOSE)
URLS = ["https://shop.test/vino?a=1&b=ü", "https://shop.test/"]
_ROWS = """
INSERT INTO contact (shop_id, id, consent_email, consent_sms, consent_letter, created_at)
VALUES (1, '{m}', 'granted', 'unknown', 'unknown', '2026-01-01Z');
INSERT INTO message (shop_id, id, origin_kind, origin_id, step, step_number, channel, contact_id, template, state,
                     planned_for, handed_over_at, departed_at, attempts, to_address)
VALUES (1, '{m}', 'recovery', '{m}', 'first', 1, 'email', '{m}', 'reminder', 'sent', '2026-01-01Z', '2026-01-01Z',
        '2026-01-01Z', 1, 'ada@example.test');
"""


@pytest.fixture
def ask(database, server):
    """`ask(path, method=…, headers)` asks the intake of a database with one message in it."""
    for statement in _ROWS.format(m=MESSAGE).split(";")[:-1]:
        database.run(statement)
    database.run(
        "INSERT INTO message_content (shop_id, id, subject, words, urls) VALUES (1, %s, '', '', %s)",
        (MESSAGE, json.dumps(URLS)),
    )

    def call(path, method="GET", **headers):
        return server.request(method, path, None, {"User-Agent": "Mozilla/5.0 Firefox", **headers})

    return call


def seen(database):
    columns = "kind, message_id, recipient, url, user_agent, detail, verdict"
    return database.run(f"SELECT {columns} FROM message_feedback ORDER BY id")


def click(number, ids=CLICKS, message=MESSAGE, shop=1):
    return f"{CLICK_PATH}{ids.sign(shop, message)}-{number}"


def test_a_click_is_kept_raw_and_leads_on(ask, database):
    reply = ask(click(0))
    assert (reply.status, reply.headers["location"]) == (
        302, "https://shop.test/vino?a=1&b=%C3%BC",
    )  # fmt: skip
    assert reply.headers["cache-control"] == "no-store"
    assert ask(click(1)).headers["location"] == URLS[1]
    assert seen(database)[0] == (
        "clicked", MESSAGE, "ada@example.test", URLS[0], "Mozilla/5.0 Firefox", "", None,
    )  # fmt: skip


@pytest.mark.parametrize(
    "path",
    [
        CLICK_PATH,
        f"{CLICK_PATH}https://evil.test",
        f"{CLICK_PATH}{CLICKS.sign(1, MESSAGE)}",
        click(2),
        click(-1),
        click("0/x"),
        click(0, ids=OPENS),
        click(0, ids=SignedIds("another secret", CLICK_PURPOSE)),
        click(0, message=OTHER),
        click(0, shop=2),
        f"{click(0)}?url=https://evil.test/#",
    ],
)
def test_nothing_leads_where_no_message_led(ask, database, path):
    reply = ask(path)
    if "?url=" in path:
        assert reply.headers["location"].startswith("https://shop.test/")
    else:
        assert (reply.status, reply.json["error"]["code"]) == (404, "not_found")
        assert seen(database) == []


def test_whoever_looks_ahead_says_so(ask, database):
    assert ask(click(0), "HEAD").status == 302
    ask(click(0), **{"Sec-Purpose": "prefetch;prerender"})
    assert [row[5] for row in seen(database)] == ["head", "prefetch"]


def test_an_address_takes_nothing(ask, database):
    assert ask(click(0), "POST").status in {404, 405}
    assert seen(database) == []
