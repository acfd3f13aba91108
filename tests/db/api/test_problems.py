"""Every refusal is a problem of RFC 9457, whoever refuses."""

import pytest

from ripresa.api import shop as shop_part
from tests.db.api.conftest import ROOT, Caller

MEMBERS = {"type", "title", "status", "detail"}


def problem(answer, status: int) -> dict:
    """The problem in an answer."""
    assert answer.status_code == status, answer.content
    assert answer.headers["Content-Type"] == "application/problem+json"
    told = answer.json()
    assert set(told) - {"errors"} == MEMBERS
    assert told["status"] == status
    return told


@pytest.mark.parametrize(
    "path", ["/api", "/api/", "/api/v2/carts", "/api/v1", "/api/v1/", "/api/v1/carts/", "/api/v1/x"]
)
@pytest.mark.parametrize("method", ["get", "post", "delete", "options"])
def test_there_is_nothing_at_any_other_address(path, method, world, ada):
    if path == "/api":
        path = "/api/"
    problem(ada.send(method, path), 404)


def test_another_method_is_told_which_there_are(world, ada):
    answer = ada.send("delete", "/carts")
    problem(answer, 405)
    assert answer.headers["Allow"] == "GET"


@pytest.mark.parametrize(
    "body",
    [b"{", b"\xff", b'{"why": "\xed\xa0\x80"}', b'{"why": "\\ud800"}', b"NaN", b"[" * 100_000],
)
def test_what_is_not_json(body, world, ada):
    problem(ada.post(f"/scenarios/{world.scenario.id}/pause", body), 400)


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_json_says_that_it_is(kind, world, ada):
    answer = ada.post(f"/scenarios/{world.scenario.id}/pause", "{}", kind=kind)
    problem(answer, 415)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"why": "a\x00b"}, "why"),
        ({"why": "x" * 201}, "why"),
        ({"why": 7}, "why"),
        ({"reason": "a typo"}, "reason"),
        ([], "asked"),
        (None, "asked"),
    ],
)
def test_a_field_that_is_wrong_is_named(body, field, world, ada):
    told = problem(ada.post(f"/scenarios/{world.scenario.id}/pause", body), 422)
    assert [error["field"] for error in told["errors"]] == [field]
    assert field in told["detail"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"limit": "0"}, "limit"),
        ({"limit": "201"}, "limit"),
        ({"limit": "9" * 5000}, "limit"),
        ({"limit": "ten"}, "limit"),
        ({"stat": "abandoned"}, "stat"),
        ({"state": "lost"}, "state.0"),
        ({"left_from": "yesterday"}, "left_from"),
        ({"left_from": "2026-13-01T00:00:00Z"}, "left_from"),
        ({"left_from": "0001-01-01T00:00:00+14:00"}, "left_from"),
        ({"left_from": "1700000000"}, "left_from"),
        ({"value_from": "1e400"}, "value_from"),
        ({"value_from": "cheap"}, "value_from"),
        ({"buyer": "a\x00b"}, "buyer"),
        ({"contact_id": "7"}, "contact_id"),
        ({"cursor": "nonsense"}, "cursor"),
        ({"cursor": "ё"}, "cursor"),
        ({"cursor": "aGVsbG8"}, "cursor"),
        ({"cursor": "dA"}, "cursor"),
    ],
)
def test_a_parameter_that_is_wrong_is_named(query, field, world, ada):
    told = problem(ada.get("/carts", **query), 422)
    assert [error["field"] for error in told["errors"]] == [field]


def test_our_own_fault_tells_nothing_of_the_inside(world, ada, monkeypatch):
    def broken(_request):
        raise RuntimeError("the inside")

    monkeypatch.setattr(shop_part.shops, "install_stopped_at", lambda: broken(None))
    told = problem(ada.get("/shop"), 500)
    assert "inside" not in str(told)


def test_a_host_that_is_not_ours(world, ada, client):
    answer = client.get(
        f"{ROOT}/shop", headers={"host": "evil.test", "authorization": f"Bearer {ada.key}"}
    )
    problem(answer, 400)


def test_the_console_keeps_its_own_pages(client, db):
    answer = client.get("/no-such-page/at-all/")
    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "text/html; charset=utf-8")


def test_a_stranger_learns_nothing_from_bad_bodies(world):
    answer = Caller("").post(f"/scenarios/{world.scenario.id}/pause", b"{")
    problem(answer, 401)
