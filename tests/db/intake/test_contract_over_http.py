"""Every answer of contracts/events.md, and what is stored for it."""

import json
import time
from datetime import UTC, datetime, timedelta

from tests.db.intake.conftest import PUBLIC, SECRET
from tests.events import CONTACT, an_event, at_path, without

PAGE = {"contact": {key: value for key, value in CONTACT.items() if key != "agent"}}


def test_what_is_stored(server, database):
    events = [an_event(number=1), an_event("order.placed", 2), an_event("order.cancelled", 3)]
    before = datetime.now(UTC)
    reply = server.post("/v1/events", events)
    assert (reply.status, reply.json) == (202, {"accepted": 3, "duplicates": 0, "rejected": []})
    assert reply.headers["content-type"] == "application/json"
    rows = database.run(
        "SELECT shop_id, source, external_id, type, trusted, occurred_at, received_at, payload, folded_at, outcome"
        " FROM inbox ORDER BY external_id"
    )
    assert [row[:5] for row in rows] == [
        (1, "shop", "evt_1", "cart.updated", True),
        (1, "shop", "evt_2", "order.placed", True),
        (1, "shop", "evt_3", "order.cancelled", True),
    ]
    for row in rows:
        assert row[5] == datetime(2026, 10, 3, 15, 2, 11, tzinfo=UTC)
        assert before <= row[6] <= datetime.now(UTC)
        assert row[8:] == (None, None)
    assert json.loads(rows[0][7]) == events[0]

    keys = database.run(
        "SELECT key, external_id FROM pending_order_key JOIN inbox ON id = inbox_id ORDER BY key"
    )
    assert keys == [
        (key, "evt_2")
        for key in (
            "checkout:chk_5",
            "customer:c_77",
            "email:ada@example.test",
            "phone:+393331234567",
            "token:cart_5",
            "visitor:v_9f2c",
        )
    ]

    # The same again: known, and no key is left behind for an order that is not stored anew.
    database.run("DELETE FROM pending_order_key")
    assert server.post("/v1/events", events).json == {
        "accepted": 0,
        "duplicates": 3,
        "rejected": [],
    }
    assert database.count() == 3
    assert database.run("SELECT * FROM pending_order_key") == []


def test_what_is_counted(server, database):
    one = an_event(number=1)
    bad = at_path(an_event(number=9), "cart.items[0].unit_price", 29.9)
    assert server.post("/v1/events", one).json["accepted"] == 1
    reply = server.post("/v1/events", [one, an_event(number=2), bad, an_event(number=2), 7])
    assert reply.json == {
        "accepted": 1,
        "duplicates": 2,
        "rejected": [
            {
                "index": 2,
                "field": "cart.items[0].unit_price",
                "code": "not_a_decimal",
                "message": 'cart.items[0].unit_price must be a decimal string such as "29.90"',
            },
            {
                "index": 4,
                "field": "",
                "code": "not_an_object",
                "message": "the event must be a JSON object",
            },
        ],
    }
    alone = server.post("/v1/events", bad)
    assert (alone.status, alone.json["accepted"], len(alone.json["rejected"])) == (202, 0, 1)
    thousand = server.post("/v1/events", [an_event(number=n) for n in range(1000)])
    assert thousand.json == {"accepted": 998, "duplicates": 2, "rejected": []}
    assert database.count() == 1000


def test_the_first_of_two_with_one_id_is_kept(server, database):
    first, second = an_event(number=1), an_event("cart.emptied", number=1)
    assert server.post("/v1/events", [first, second]).json["duplicates"] == 1
    assert database.run("SELECT type FROM inbox") == [("cart.updated",)]


def test_refusals(server, database):
    event = an_event()
    post = server.post

    def refused(reply, status, code):
        assert (reply.status, reply.json["error"]["code"]) == (status, code), reply
        assert reply.json["error"]["message"]

    for body in (
        b"",
        b"{",
        b"5",
        b"\xef\xbb\xbf{}",
        b'{"id":NaN}',
        b"[" * 100_000,
        b'{"a":"\xff"}',
    ):
        refused(post("/v1/events", body), 400, "not_json")
    refused(post("/v1/events", []), 400, "no_events")
    refused(post("/v1/events", [5] * 1001), 413, "too_many_events")
    refused(post("/v1/events", b" " * (1 << 20) + b"5"), 413, "too_large")
    assert post("/v1/events", json.dumps(event).encode().ljust(1 << 20)).status == 202

    for key in ("", "nonsense", "rk_1_wrong0wrong", "rk_2_ada0secret0key", "rk_99999999999999999999_x0000000",
                SECRET + "x", SECRET.replace("rk", "pk"), "rk_1_" + "x" * 1000, "é" * 10):  # fmt: skip
        refused(post("/v1/events", event, key=key), 401, "unknown_key")
    refused(
        server.request("POST", "/v1/events", b"{}", {"authorization": f"Basic {SECRET}"}),
        401,
        "unknown_key",
    )
    database.add_key("rk_1_revoked0revoked", revoked_at=datetime(2026, 1, 1, tzinfo=UTC))
    refused(post("/v1/events", event, key="rk_1_revoked0revoked"), 401, "unknown_key")

    refused(post("/v1/events", event, key=PUBLIC), 403, "public_key")
    refused(post("/v1/collect", event, key=SECRET), 403, "secret_key")
    refused(post("/v1/collect", an_event("order.placed"), key=PUBLIC), 403, "forbidden_type")

    for content_type in ("text/plain", "application/x-www-form-urlencoded", ""):
        refused(post("/v1/events", event, content_type=content_type), 415, "not_json_type")
    refused(post("/v1/events", event, content_encoding="gzip"), 415, "compressed")

    refused(server.request("GET", "/v1/events"), 405, "wrong_method")
    refused(server.request("POST", "/health"), 405, "wrong_method")
    refused(server.request("GET", "/v1/nothing"), 404, "not_found")
    assert database.count() == 1


def test_too_many_requests(server, database):
    database.add_key("rk_1_slow0slow0slow", rate=2)
    began = time.monotonic()
    replies = [
        server.post("/v1/events", an_event(number=n), key="rk_1_slow0slow0slow") for n in range(30)
    ]
    let_in = 4 + 2 * (time.monotonic() - began)  # two seconds' worth at once, and two a second
    limited = [reply for reply in replies if reply.status == 429]
    assert 4 <= 30 - len(limited) <= let_in + 1
    assert all(int(reply.headers["retry-after"]) >= 1 for reply in limited)
    assert {reply.json["error"]["code"] for reply in limited} == {"too_many_requests"}
    assert database.count() == 30 - len(limited)
    time.sleep(int(limited[-1].headers["retry-after"]))
    assert server.post("/v1/events", an_event(number=99), key="rk_1_slow0slow0slow").status == 202


def test_the_storefront_script(server, database):
    page = {"key": PUBLIC, "origin": "https://shop.test", "user_agent": "Browser/1"}
    occurred_at = datetime(2031, 5, 5, 12, tzinfo=UTC)  # that browser's clock is years ahead
    body = {
        "sent_at": (occurred_at + timedelta(seconds=60)).isoformat(),
        "events": [
            an_event(number=1, occurred_at=occurred_at.isoformat(), **PAGE),
            an_event("order.placed", number=2),
            at_path(an_event(number=3, **PAGE), "cart.items[0].title", "Win at evil.com"),
            at_path(an_event(number=4, **PAGE), "cart.items[0].url", "https://evil.test/"),
            an_event("contact.identified", number=5),
        ],
    }
    now = datetime.now(UTC)
    reply = server.post("/v1/collect", body, **page)
    assert reply.status == 202
    assert reply.json["accepted"] == 1
    assert [(r["index"], r["field"], r["code"]) for r in reply.json["rejected"]] == [
        (1, "type", "forbidden_type"),
        (2, "cart.items[0].title", "link_in_text"),
        (3, "cart.items[0].url", "foreign_url"),
        (4, "contact.agent", "forbidden_field"),
    ]
    assert reply.headers["access-control-allow-origin"] == "https://shop.test"
    ((source, trusted, occurred, received, payload),) = database.run(
        "SELECT source, trusted, occurred_at, received_at, payload FROM inbox"
    )
    assert (source, trusted) == ("shop/storefront", False)
    assert received - occurred == timedelta(seconds=60)
    assert timedelta(0) <= received - now < timedelta(seconds=30)
    assert json.loads(payload)["user_agent"] == "Browser/1"
    assert datetime.fromisoformat(json.loads(payload)["occurred_at"]) == occurred

    # The shop itself may use the same id for something else.
    assert server.post("/v1/events", an_event(number=1)).json["accepted"] == 1
    again = server.post("/v1/collect", [an_event(number=1, **PAGE)], **page)
    assert again.json == {"accepted": 0, "duplicates": 1, "rejected": []}

    many = [
        an_event("contact.identified", n, contact={"email": f"a{n}@people.test"}, visitor_id="v")
        for n in range(100, 120)
    ]
    codes = [r["code"] for r in server.post("/v1/collect", many, **page).json["rejected"]]
    assert codes == ["too_many"] * 15


def test_pages_of_the_shop_and_of_no_other(server, database):
    preflight = server.request(
        "OPTIONS",
        "/v1/collect",
        None,
        {"origin": "https://shop.test", "access-control-request-method": "POST"},
    )
    assert preflight.status == 204
    assert preflight.headers["access-control-allow-origin"] == "https://shop.test"
    assert "content-type" in preflight.headers["access-control-allow-headers"]

    event = without(an_event(), "contact.agent")
    foreign = server.post("/v1/collect", event, key=PUBLIC, origin="https://evil.test")
    assert (foreign.status, foreign.json["error"]["code"]) == (403, "foreign_origin")
    assert server.post("/v1/collect", event, key=PUBLIC, origin="null").status == 403
    assert server.post("/v1/collect", event, key=PUBLIC).status == 202
    assert "access-control-allow-origin" not in server.post("/v1/events", event).headers
    # The script must be able to read that its key is wrong, or it would try for ever.
    wrong = server.post("/v1/collect", event, key="pk_1_wrong0wrong", origin="https://shop.test")
    assert (wrong.status, wrong.headers["access-control-allow-origin"]) == (
        401,
        "https://shop.test",
    )

    database.add_shop(2, ["other.test"])
    database.run("UPDATE shop SET collect_enabled = false WHERE id = 2")
    database.add_key("pk_2_other0other")
    off = server.post("/v1/collect", event, key="pk_2_other0other", origin="https://other.test")
    assert (off.status, off.json["error"]["code"]) == (410, "switched_off")


def test_health(server):
    assert server.request("GET", "/health").json == {"status": "ok"}
    assert server.request("GET", "/health?ready=1").status == 200
    assert server.request("HEAD", "/health").status == 200
