"""Approvals and members over the API: asked, looked at and answered in the name of whoever made a key."""

from ripresa.domain.audit.acting import acting_as, member
from ripresa.domain.scenarios.models import Scenario
from ripresa.domain.shops.models import Shop
from tests.db.api.conftest import Caller, key_of
from tests.rows import SCENARIO_TEXT, make_user


def caller_of(world, name: str, role: str) -> Caller:
    with acting_as(member(make_user(name, world.shop, role).id)):
        return Caller(key_of(world.shop))


def test_one_asks_and_another_answers(world, ada):
    marta, boss = (
        caller_of(world, "marta@w.test", "marketer"),
        caller_of(world, "bo@w.test", "owner"),
    )
    Shop.objects.filter(id=world.shop.id).update(second_person=True)
    draft = Scenario.objects.get(id=world.draft.id)
    live = f"/scenarios/{draft.id}/activate"
    assert marta.post(live, {}).status_code == 409
    question = {"about": "scenario", "subject_id": str(draft.id)}
    asked = marta.post("/approvals", question).json()
    assert marta.post("/approvals", question).json()["id"] == asked["id"]
    page = f"/approvals/{asked['id']}"
    for one in (marta, ada):  # who asked, and a key that nobody is known to have made
        assert one.post(f"{page}/approve", {}).status_code == 409
    assert boss.post(f"{page}/refuse", {}).status_code == 422
    assert boss.post(f"{page}/refuse", {"reason": "too soon"}).json()["is_approved"] is False
    assert boss.post(f"{page}/approve", {}).status_code == 409
    again = marta.post("/approvals", question).json()
    assert [each["id"] for each in marta.pages("/approvals", is_open=True)] == [again["id"]]
    assert boss.post(f"/approvals/{again['id']}/approve", {}).json()["is_approved"] is True
    assert marta.post(live, {}).status_code == 200
    assert {each["id"] for each in marta.pages("/approvals", limit=1)} == {again["id"], asked["id"]}


def test_the_next_version_is_asked_about_by_its_file(world):
    marta = caller_of(world, "marta@w.test", "marketer")
    new = SCENARIO_TEXT.replace("not_after_order: 7d", "not_after_order: 9d")
    question = {"about": "scenario", "subject_id": str(world.scenario.id), "text": new}
    told = marta.post("/approvals", question).json()
    assert told["text"] == new
    assert "9d" in str(told["facts"]["changes"])
    assert marta.post("/approvals", question | {"text": "steps: 1"}).status_code == 422
    unknown = question | {"subject_id": "00000000-0000-7000-8000-000000000001"}
    assert marta.post("/approvals", unknown).status_code == 422


def test_members_are_listed(world, ada):
    [owner, *_others] = [each for each in ada.pages("/members") if each["role"] == "owner"]
    assert (owner["is_invited"], owner["has_second_factor"]) == (False, False)
