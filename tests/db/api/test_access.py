"""Who is let in, how often, and that nobody sees beyond the shop of the key (promise 6)."""

import copy
import re
import uuid

import pytest
import time_machine
from django.db import OperationalError

from ripresa.api.app import make_api
from ripresa.api.protocol import access
from ripresa.domain.shops.models import ApiKey
from ripresa.usecases.shops.api_keys import revoke_api_key
from tests.api_rows import STAGE
from tests.db.api.conftest import ROOT, Caller, ids_of, key_of
from tests.rows import T0
from tests.world import build_world
from tests.worlds.once import written_once
from tests.worlds.roles import api

CALLS = [
    (method, path.removeprefix(ROOT), operation)
    for path, operations in make_api().get_openapi_schema()["paths"].items()
    for method, operation in operations.items()
]
NAMES = [f"{method} {path}" for method, path, _ in CALLS]
ABOUT_ONE = [call for call in CALLS if "{" in call[1]]
SCOPES = {"read", "write", "send"}
YAML = "application/yaml"
LISTS = [
    "/contacts", "/carts", "/recoveries", "/scenarios", "/messages", "/coupons/pools", "/agents", "/deals", "/segments",
]  # fmt: skip


# A sound body for calls that take one; what its words mean is looked at later than whose it is.
BODIES = {
    "create_pool": {"name": "summer"},
    "add_codes": {"codes": [{"code": "A1"}]},
    "add_agent": {"email": "max@wines.test"},
    "suppress_address": {"address": "nobody@mail.test"},
    "lift_suppression": {"address": "nobody@mail.test"},
    "say_consent": {"channels": ["email"], "state": "denied", "source": "phone call"},
    "look_before_sending": {"template": "reminder"},
    "send_by_hand": {"template": "reminder"},
    "end_agent": {"heir": None},
    "assign_customer": {"customer": "c_77"},
    "move_of_deal": {"from_stage": STAGE, "to_stage": STAGE},
    "take_over_of_deal": {"who": "sara@wines.test"},
    "notes_of_deal": {"text": "calls back on Monday"},
    "ask_for_approval": {"about": "scenario", "subject_id": "01a1f978-b580-74ba-bb52-07553e90ae67"},
    "merge_contacts": {"other_id": "01a1f978-b580-74ba-bb52-07553e90ae67"},
    "preview_merge": {"other_id": "01a1f978-b580-74ba-bb52-07553e90ae67"},
    "split_contact": {"keys": ["email:ben@mail.test"]},
    "refuse_approval": {"reason": "too soon"},
    "won_of_deal": {"from_stage": STAGE},
    "lost_of_deal": {"from_stage": STAGE},
}


def ask(caller: Caller, method: str, path: str, operation: dict, ids: dict[str, str]):
    """The call with a body that is well-formed, if it takes one."""
    filled = path.format(**ids)
    content = operation.get("requestBody", {}).get("content", {})
    if YAML in content:
        return caller.send(method, filled, "version: 1\n", kind=YAML)
    body = BODIES.get(operation["operationId"], {}) if content else None
    return caller.send(method, filled, body)


@pytest.fixture(scope="module")
def written(django_db_setup, django_db_blocker):
    """The world and its rows, once for the hundreds of tests that ask every call the same."""

    def write():
        world = build_world()
        return world, ids_of(world)

    with written_once(django_db_blocker, write) as made:
        yield made


@pytest.fixture
def world(written, db):
    with time_machine.travel(T0, tick=False):
        yield copy.deepcopy(written[0])


@pytest.fixture
def rows(written):
    return dict(written[1])


def test_each_call_needs_the_scope_that_the_table_says():
    said = {call[2]["operationId"]: call[2]["security"][0]["key"] for call in CALLS}
    assert said == {name: [scope] for name, scope in api().items()}, "see tests/roles.txt"


@pytest.mark.parametrize("call", CALLS, ids=NAMES)
class TestEveryCall:
    def test_needs_a_key(self, call, world, rows):
        method, path, operation = call
        answer = ask(Caller(""), method, path, operation, rows)
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
        assert answer.json()["type"] == "/problems/no-key"

    def test_needs_its_scope_and_no_other(self, call, world, rows):
        method, path, operation = call
        [scope] = operation["security"][0]["key"]
        others = Caller(key_of(world.shop, *(SCOPES - {scope})))
        answer = ask(others, method, path, operation, rows)
        assert (answer.status_code, answer.json()["type"]) == (403, "/problems/missing-scope")
        assert scope in answer.json()["detail"]
        allowed = ask(Caller(key_of(world.shop, scope)), method, path, operation, rows)
        assert allowed.status_code not in {401, 403}

    def test_is_kept_by_nobody_on_the_way(self, call, rows, ada):
        method, path, operation = call
        answer = ask(ada, method, path, operation, rows)
        assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("call", ABOUT_ONE, ids=[f"{call[0]} {call[1]}" for call in ABOUT_ONE])
class TestEveryCallAboutOneThing:
    def test_knows_nothing_of_another_shop(self, call, rows, dan):
        method, path, operation = call
        answer = ask(dan, method, path, operation, rows)
        assert (answer.status_code, answer.json()["type"]) == (404, "/problems/not-found")

    def test_answers_the_same_for_what_nobody_has(self, call, rows, dan):
        method, path, operation = call
        nobodys = {name: str(uuid.uuid4()) for name in rows} | {"number": "7"}
        foreign = ask(dan, method, path, operation, rows)
        assert ask(dan, method, path, operation, nobodys).json() == foreign.json()

    def test_takes_nonsense_for_something_that_is_not_there(self, call, rows, ada):
        method, path, operation = call
        nonsense = dict.fromkeys(rows, "x%00y")
        assert ask(ada, method, path, operation, nonsense).status_code == 404

    def test_has_an_id_to_be_tried_with(self, call, world, rows):
        assert set(re.findall(r"{(\w+)}", call[1])) <= set(rows)


@pytest.mark.parametrize("path", LISTS)
def test_a_list_has_nothing_of_another_shop(path, rows, ada, dan):
    mine = {item["id"] for item in ada.pages(path)}
    theirs = {item["id"] for item in dan.pages(path)}
    assert mine
    assert not mine & theirs


@pytest.mark.parametrize(
    "query",
    [
        ("/carts", "contact_id", "contact_id"),
        ("/recoveries", "scenario_id", "scenario_id"),
        ("/recoveries", "cart_id", "cart_id"),
        ("/messages", "recovery_id", "recovery_id"),
        ("/messages", "cart_id", "cart_id"),
        ("/deals", "cart_id", "cart_id"),
    ],
)
def test_a_filter_by_an_id_of_another_shop_finds_nothing(query, rows, dan):
    path, name, of = query
    assert dan.get(path, **{name: rows[of]}).json()["items"] == []


@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        "Basic YTpi",
        "Bearer rk_1_" + "a" * 32,
        "Bearer \x7f",
        "ak_1_x",
    ],
)
def test_what_is_no_key_is_refused(authorization, world, client):
    headers = {} if authorization is None else {"authorization": authorization}
    assert client.get(f"{ROOT}/shop", headers=headers).status_code == 401


def test_a_revoked_key_is_refused_at_once(world, ada):
    assert ada.get("/shop").status_code == 200
    key = ApiKey.objects.get(shop=world.shop)
    revoke_api_key(shop_id=world.shop.id, key_id=key.id, now=T0)
    assert ada.get("/shop").status_code == 401


def test_the_name_of_the_scheme_is_read_in_any_case(world, ada, client):
    headers = {"authorization": f"bEARER {ada.key}"}
    assert client.get(f"{ROOT}/shop", headers=headers).status_code == 200


def test_a_session_of_the_console_is_no_key(world, client):
    client.force_login(world.ada)
    assert client.get(f"{ROOT}/shop").status_code == 401


def test_who_asks_too_often_is_told_when_to_come_back(world, ada, monkeypatch):
    ApiKey.objects.filter(shop=world.shop).update(rate_per_second=1)
    monkeypatch.setattr(access.time, "monotonic", lambda: 1000.0)
    answers = [ada.get("/shop") for _ in range(5)]
    assert [each.status_code for each in answers] == [200, 200, 200, 429, 429]
    assert answers[-1].headers["Retry-After"] == "1"
    assert answers[-1].json()["type"] == "/problems/too-many-requests"
    assert Caller(key_of(world.shop)).get("/shop").status_code == 200, "another key"
    monkeypatch.setattr(access.time, "monotonic", lambda: 1002.0)
    assert ada.get("/shop").status_code == 200


def test_a_database_that_is_away_is_said_to_be(world, ada, monkeypatch):
    def away(_text):
        raise OperationalError("connection refused: password=secret")

    monkeypatch.setattr(access, "find_api_key", away)
    answer = ada.get("/shop")
    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/unavailable")
    assert answer.headers["Retry-After"] == "2"
    assert "secret" not in answer.content.decode()


def test_the_description_needs_no_key_and_no_database(client):
    assert client.get(f"{ROOT}/openapi.json").json()["openapi"].startswith("3.1")
