"""Scenarios over the API: files in and out, versions, going live, pausing, resuming."""

import pytest

from ripresa.domain.scenarios.models import Scenario, ScenarioVersion
from tests.db.api.conftest import Caller, key_of
from tests.rows import SCENARIO_TEXT

KIND = "application/yaml"
DRAFT = SCENARIO_TEXT.replace("Left in the cart", "A third one")


def put(caller, scenario, text):
    return caller.put(f"/scenarios/{scenario.id}/file", text, kind=KIND)


def test_a_file_becomes_a_draft_then_its_versions(world, ada):
    made = ada.post("/scenarios", DRAFT, kind=KIND)
    assert made.status_code == 201, made.content
    told = made.json()
    assert (told["name"], told["version"], told["is_new_version"]) == ("A third one", 1, True)
    assert ada.get(f"/scenarios/{told['scenario_id']}").json()["state"] == "draft"
    again = ada.post("/scenarios", DRAFT, kind=KIND)
    assert (again.status_code, again.json()["is_new_version"]) == (200, False)
    changed = ada.post("/scenarios", DRAFT.replace("7d}", "8d}"), kind=KIND)
    assert (changed.status_code, changed.json()["version"]) == (200, 2)


def test_what_is_live_is_changed_only_by_a_key_that_may_send(world):
    writer = Caller(key_of(world.shop, "read", "write"))
    text = SCENARIO_TEXT.replace("legal_basis: consent", "legal_basis: any")
    for answer in (put(writer, world.scenario, text), writer.post("/scenarios", text, kind=KIND)):
        assert (answer.status_code, answer.json()["type"]) == (403, "/problems/missing-scope")
        assert "'send'" in answer.json()["detail"]
    assert ScenarioVersion.objects.filter(scenario_id=world.scenario.id).count() == 1
    assert writer.post("/scenarios", DRAFT, kind=KIND).status_code == 201
    writer.post(f"/scenarios/{world.scenario.id}/pause", {})
    assert put(writer, world.scenario, text).status_code == 200


def test_a_file_comes_out_word_for_word(world, ada):
    text = "# Anna's own remarks: ё, 😀\n" + DRAFT
    told = ada.post("/scenarios", text.encode(), kind=KIND).json()
    answer = ada.get(f"/scenarios/{told['scenario_id']}/file")
    assert answer.content.decode() == text
    assert answer.headers["Content-Type"] == "application/yaml; charset=utf-8"


def test_each_version_is_kept(world, ada):
    put(ada, world.scenario, SCENARIO_TEXT.replace("7d}", "8d}"))
    put(ada, world.scenario, SCENARIO_TEXT.replace("7d}", "9d}"))
    path = f"/scenarios/{world.scenario.id}/versions"
    versions = list(ada.pages(path, limit=1))
    assert [(each["number"], each["is_current"]) for each in versions] == [
        (3, True),
        (2, False),
        (1, False),
    ]
    assert "8d}" in ada.get(f"{path}/2/file").content.decode()
    assert ada.get(f"{path}/4/file").status_code == 404
    assert ada.get(f"{path}/{2**31}/file").status_code == 404


def test_what_is_wrong_with_a_file_is_told_by_line_and_field(world, ada):
    answer = put(ada, world.scenario, SCENARIO_TEXT.replace("send: [email]", "send: [emial]", 1))
    assert answer.status_code == 422
    told = answer.json()
    [error] = told["errors"]
    assert (error["file"], error["line"]) == ("scenario.yaml", 11)
    assert "steps" in error["field"]
    assert "emial" in error["message"]
    assert ScenarioVersion.objects.filter(scenario_id=world.scenario.id).count() == 1


@pytest.mark.parametrize(
    ("text", "status"),
    [
        (" ", 422),
        ("- a list", 422),
        ("{", 422),
        (b"\xff\xfe", 400),
        ("a: \x00", 422),
        ("&a [*a]", 422),
    ],
)
def test_what_is_no_scenario_file(text, status, world, ada):
    assert put(ada, world.scenario, text).status_code == status
    assert ada.post("/scenarios", text, kind=KIND).status_code == status


def test_a_file_says_that_it_is_one(world, ada):
    assert ada.post("/scenarios", DRAFT, kind="application/json").status_code == 415


def test_a_file_of_another_name_is_not_taken_for_the_next_version(world, ada):
    answer = put(ada, world.scenario, DRAFT)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "name"
    assert not Scenario.objects.filter(name="A third one").exists()


def test_reach_is_shown_before_a_draft_goes_live(world, ada):
    told = ada.get(f"/scenarios/{world.draft.id}/reach").json()
    assert set(told) == {"carts", "people"}
    before = told["people"]
    path = f"/scenarios/{world.draft.id}/activate"
    for body in ({"include_existing": True}, {"include_existing": True, "people": before + 1}):
        refused = ada.post(path, body)
        assert refused.status_code == 409
        assert str(before) in refused.json()["detail"]
    assert Scenario.objects.get(id=world.draft.id).state == "draft"
    done = ada.post(path, {"include_existing": True, "people": before})
    assert done.status_code == 200, done.content
    assert done.json()["scenario"]["state"] == "live"


def test_going_live_leaves_old_carts_alone_unless_told(world, ada):
    reach = ada.get(f"/scenarios/{world.draft.id}/reach").json()
    done = ada.post(f"/scenarios/{world.draft.id}/activate", {}).json()
    assert done["taken_along"] == 0
    assert done["left_alone"] >= reach["carts"]


def test_pauses_with_a_reason_and_resumes(world, ada):
    path = f"/scenarios/{world.scenario.id}"
    told = ada.post(f"{path}/pause", {"why": "a typo in the mail"}).json()
    assert (told["state"], told["paused_reason"]) == ("paused", "a typo in the mail")
    assert ada.post(f"{path}/resume").json()["state"] == "live"


@pytest.mark.parametrize(
    ("call", "body"), [("activate", {}), ("resume", None), ("pause", {"why": ""})]
)
def test_what_its_state_does_not_allow_is_a_conflict(call, body, world, ada):
    if call == "pause":
        ada.post(f"/scenarios/{world.scenario.id}/pause", {})
    answer = ada.post(f"/scenarios/{world.scenario.id}/{call}", body)
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/conflict")


def test_who_may_write_may_not_let_anything_leave(world):
    writer = Caller(key_of(world.shop, "write"))
    assert writer.post(f"/scenarios/{world.scenario.id}/pause", {}).status_code == 200
    assert writer.post(f"/scenarios/{world.scenario.id}/resume").status_code == 403


def test_a_file_is_checked_without_being_stored(world, ada):
    assert ada.post("/scenarios/check", DRAFT, kind=KIND).json() == {"name": "A third one"}
    wrong = ada.post("/scenarios/check", DRAFT.replace("24h", "24x"), kind=KIND)
    assert (wrong.status_code, len(wrong.json()["errors"])) == (422, 2)
    assert not Scenario.objects.filter(name="A third one").exists()


def test_what_is_under_way_moves_to_the_newest_version_on_purpose(world, ada):
    put(ada, world.scenario, SCENARIO_TEXT.replace("after: 2d", "after: 3d"))
    path = f"/scenarios/{world.scenario.id}"
    current = ada.get(path).json()["version_id"]
    runs = {"scenario_id": str(world.scenario.id), "state": "active"}
    assert {run["version_id"] for run in ada.pages("/recoveries", **runs)} != {current}
    assert ada.post(f"{path}/move").json()["recoveries"] == 1
    assert {run["version_id"] for run in ada.pages("/recoveries", **runs)} == {current}
    assert ada.post(f"{path}/move").json()["recoveries"] == 0


def test_ends_for_good(world, ada):
    path = f"/scenarios/{world.scenario.id}"
    ended = ada.post(f"{path}/end").json()
    assert (ended["recoveries"], ended["scenario"]["state"]) == (1, "ended")
    [run] = ada.pages("/recoveries", cart_id=str(world.ben_cart.id))
    assert (run["state"], run["reason"]) == ("cancelled", "scenario_ended")
    assert ada.post(f"{path}/end").status_code == 409
    assert ada.post(f"{path}/resume").status_code == 409
