"""Coupons, agents, deals and segments over the API."""

import pytest

from ripresa.domain.coupons.models import CouponCode, CouponIssue
from ripresa.domain.deals.models import Agent, Deal
from tests.api_rows import SEGMENT, STAGE
from tests.db.api.conftest import Caller, key_of
from tests.rows import SCENARIO_TEXT, T0, make_order

KIND = "application/yaml"


class TestCoupons:
    def test_a_pool_says_what_is_left(self, rows, ada):
        [pool] = ada.pages("/coupons/pools")
        assert (pool["name"], pool["kind"], pool["left"], pool["given"]) == (
            "spring",
            "dynamic",
            3,
            0,
        )
        assert ada.get(f"/coupons/pools/{rows['pool_id']}").json() == pool

    def test_a_static_pool_has_one_code_for_everybody(self, rows, ada):
        made = ada.post(
            "/coupons/pools", {"name": "all", "code": "TEN", "expires_at": "2027-01-01T00:00:00Z"}
        )
        assert made.status_code == 201
        assert (made.json()["kind"], made.json()["code"]) == ("static", "TEN")
        refused = ada.post(f"/coupons/pools/{made.json()['id']}/codes", {"codes": [{"code": "A"}]})
        assert refused.status_code == 409

    def test_a_pool_is_made_once(self, rows, ada):
        assert ada.post("/coupons/pools", {"name": "spring"}).status_code == 409

    @pytest.mark.parametrize(
        "body",
        [
            {"name": ""},
            {"name": "a\nb"},
            {"name": "a", "code": "\x7f"},
            {"name": "a", "low_water": -1},
            {"name": "a", "code": "A", "low_water": 1},
            {"name": "a", "expires_at": "2027-01-01T00:00:00Z"},
        ],
    )
    def test_a_pool_that_makes_no_sense(self, body, rows, ada):
        assert ada.post("/coupons/pools", body).status_code == 422

    def test_codes_are_added_and_what_is_not_new_is_said(self, rows, ada):
        path = f"/coupons/pools/{rows['pool_id']}/codes"
        codes = ["NEW-1", "new-1", "SPRING-0", "", "NEW-2", "a\x01b"]
        body = {"codes": [{"code": code} for code in codes]}
        body["codes"].append({"code": "OLD", "expires_at": "2026-01-01T00:00:00Z"})
        told = ada.post(path, body).json()
        assert (told["stored"], told["repeated"], told["known"], told["elsewhere"]) == (2, 1, 1, 0)
        assert [fault["row"] for fault in told["faults"]] == [4, 6, 7]
        assert CouponCode.objects.filter(pool_id=rows["pool_id"]).count() == 5
        again = ada.post(path, {"codes": [{"code": "NEW-1"}]}).json()
        assert (again["stored"], again["known"]) == (0, 1)

    def test_codes_of_another_pool_stay_there(self, rows, ada):
        other = ada.post("/coupons/pools", {"name": "summer"}).json()["id"]
        told = ada.post(f"/coupons/pools/{other}/codes", {"codes": [{"code": "SPRING-0"}]}).json()
        assert (told["stored"], told["elsewhere"]) == (0, 1)

    def test_who_got_which_code_and_bought_with_it(self, world, rows, ada, dan):
        path = f"/coupons/pools/{rows['pool_id']}/given"
        assert ada.get(path).json() == {"items": [], "next": None}
        codes = list(CouponCode.objects.filter(pool_id=rows["pool_id"]).order_by("code"))
        origins = [("recovery", world.sent.origin_id), ("manual", rows["message_id"])]
        for code, (kind, origin) in zip(codes, origins, strict=False):
            CouponIssue.objects.create(
                shop=world.shop, id=code.id, pool_id=code.pool_id, code_id=code.id, code=code.code,
                contact_id=world.ben.id, origin_kind=kind, origin_id=origin, step="first",
                reserved_at=T0, sent_at=T0 if kind == "recovery" else None,
            )  # fmt: skip
        order = make_order(
            world.shop, world.ben, placed_at=T0, total_minor=100, discount_codes=["spring-0"]
        )
        given = {each["code"]: each for each in ada.pages(path, limit=1)}
        assert list(given) == ["SPRING-1", "SPRING-0"]
        assert given["SPRING-0"] == {
            "id": str(codes[0].id),
            "code": "SPRING-0",
            "state": "used",
            "contact_id": str(world.ben.id),
            "email": "ben@mail.test",
            "first_name": world.ben.first_name,
            "last_name": world.ben.last_name,
            "origin_kind": "recovery",
            "origin": "Left in the cart",
            "step": "first",
            "reserved_at": "2026-11-20T15:00:00Z",
            "sent_at": "2026-11-20T15:00:00Z",
            "expires_at": None,
            "used_at": "2026-11-20T15:00:00Z",
            "order_number": order.number,
        }
        assert (given["SPRING-1"]["state"], given["SPRING-1"]["origin"]) == ("reserved", "")
        assert dan.get(path).status_code == 404


class TestAgents:
    def test_are_added_changed_and_given_customers(self, rows, ada):
        made = ada.post("/agents", {"email": " Max@wines.test ", "name": "Max"})
        assert (made.status_code, made.json()["email"]) == (201, "max@wines.test")
        path = f"/agents/{made.json()['id']}"
        assert ada.post(f"{path}/customers", {"customer": "ben@mail.test"}).json()["customers"] == 1
        told = ada.send("patch", path, {"is_active": False}).json()
        assert (told["is_active"], told["name"]) == (False, "Max")
        assert ada.send("patch", path, {"name": "Massimo"}).json()["name"] == "Massimo"
        assert {each["email"] for each in ada.pages("/agents")} == {
            "max@wines.test",
            "sara@wines.test",
        }

    @pytest.mark.parametrize("email", ["", "max", "sara@wines.test"])
    def test_who_can_be_none(self, email, rows, ada):
        assert ada.post("/agents", {"email": email}).status_code == 422
        assert Agent.objects.count() == 1

    @pytest.mark.parametrize("customer", ["+39333", "a b@", "\u0007"])
    def test_what_is_no_customer(self, customer, rows, ada):
        answer = ada.post(f"/agents/{rows['agent_id']}/customers", {"customer": customer})
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "customer")


class TestDeals:
    def test_say_where_they_stand_and_what_was_done(self, rows, ada):
        told = ada.get(f"/deals/{rows['deal_id']}").json()
        assert (told["stage"], told["value"]) == (STAGE, {"amount": "2000.00", "currency": "EUR"})
        assert [(each["kind"], each["to_stage"]) for each in told["log"]] == [("opened", STAGE)]
        [listed] = ada.pages("/deals", stage=STAGE, is_open="true")
        assert listed == {name: told[name] for name in listed}
        assert list(ada.pages("/deals", is_open="false")) == []
        assert list(ada.pages("/deals", agent="max@wines.test")) == []

    def test_are_taken_over_by_one_at_a_time(self, rows, ada):
        path = f"/deals/{rows['deal_id']}/take-over"
        assert ada.post(path, {"who": "sara@wines.test"}).json()["agent"] == "sara@wines.test"
        refused = ada.post(path, {"who": "max@wines.test"})
        assert refused.status_code == 409
        assert "sara@wines.test" in refused.json()["detail"]
        taken = ada.post(path, {"who": "max@wines.test", "instead_of": "sara@wines.test"})
        assert taken.json()["taken_over_by"] == "max@wines.test"

    def test_are_snoozed_and_woken(self, rows, ada):
        path = f"/deals/{rows['deal_id']}/snooze"
        told = ada.post(path, {"until": "2026-11-23T09:00:00+01:00"}).json()
        assert told["snoozed_until"] == "2026-11-23T08:00:00Z"
        assert ada.post(path, {}).json()["snoozed_until"] is None
        assert ada.post(path, {"until": "2026-11-20T15:00:00Z"}).status_code == 422

    def test_notes_calls_and_replies_are_written_down(self, rows, ada):
        path = f"/deals/{rows['deal_id']}"
        ada.post(f"{path}/notes", {"text": "wants a gift box", "who": "sara@wines.test"})
        called = ada.post(f"{path}/calls", {"at": "2026-11-20T14:00:00Z", "text": "friendly"})
        assert called.json()["contacted_at"] == "2026-11-20T14:00:00Z"
        told = ada.post(f"{path}/replies", {}).json()
        assert told["replied_at"] == "2026-11-20T15:00:00Z"
        kinds = {(each["kind"], each["who"]) for each in told["log"]}
        assert ("noted", "sara@wines.test") in kinds
        assert ("called", "API: a test") in kinds
        ahead = ada.post(f"{path}/calls", {"at": "2026-11-20T16:00:00Z"})
        assert ahead.status_code == 422

    def test_are_moved_from_where_they_were_seen(self, rows, ada):
        stages = [each["key"] for each in ada.get("/pipeline").json()["stages"]]
        assert STAGE in stages
        other = next(key for key in stages if key != STAGE)
        path = f"/deals/{rows['deal_id']}/move"
        moved = ada.post(path, {"from_stage": STAGE, "to_stage": other})
        assert moved.json()["stage"] == other
        assert ada.post(path, {"from_stage": STAGE, "to_stage": other}).status_code == 409
        unknown = ada.post(path, {"from_stage": other, "to_stage": "nowhere"})
        assert (unknown.status_code, unknown.json()["errors"][0]["field"]) == (422, "to_stage")

    def test_are_won_for_good(self, rows, ada):
        path = f"/deals/{rows['deal_id']}"
        told = ada.post(f"{path}/won", {"from_stage": STAGE}).json()
        assert (told["outcome"], told["closed_at"]) == ("won", "2026-11-20T15:00:00Z")
        assert ada.post(f"{path}/lost", {"from_stage": told["stage"]}).status_code == 409

    def test_are_lost_with_a_reason(self, rows, ada):
        told = ada.post(
            f"/deals/{rows['deal_id']}/lost", {"from_stage": STAGE, "why": "bought elsewhere"}
        ).json()
        assert told["outcome"] == "lost"
        assert {each["kind"]: each["note"] for each in told["log"]}["lost"] == "bought elsewhere"
        assert Deal.objects.get(id=rows["deal_id"]).closed_at == T0


class TestSegments:
    def test_count_and_people_come_from_the_same_query(self, rows, ada):
        path = f"/segments/{rows['segment_id']}"
        people = list(ada.pages(f"{path}/people", limit=1))
        assert ada.get(f"{path}/count").json()["people"] == len(people) > 0
        assert {each["contact_id"] for each in people} >= {rows["contact_id"]}

    def test_a_file_comes_out_word_for_word(self, rows, ada):
        assert ada.get(f"/segments/{rows['segment_id']}/file").content.decode() == SEGMENT

    def test_one_of_that_name_is_changed(self, rows, ada):
        changed = ada.post("/segments", SEGMENT.replace("not_recovered", "recovered"), kind=KIND)
        assert changed.json()["id"] == rows["segment_id"]
        assert [each["name"] for each in ada.pages("/segments")] == ["Left and not recovered"]

    def test_what_is_wrong_with_a_file_is_told_by_line(self, rows, ada):
        answer = ada.post("/segments", SEGMENT.replace("not_recovered", "lost"), kind=KIND)
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["line"] == 3

    def test_a_name_that_can_not_be_stored(self, rows, ada):
        answer = ada.post("/segments", SEGMENT.replace("Left and", '"\\0"#'), kind=KIND)
        assert answer.status_code == 422

    def test_that_of_a_live_scenario_is_changed_only_by_a_key_that_may_send(self, world, rows, ada):
        scenario = SCENARIO_TEXT.replace("steps:", "audience: {segment: Left and not recovered}\nsteps:")  # fmt: skip
        assert ada.put(f"/scenarios/{world.scenario.id}/file", scenario, kind=KIND).status_code == 200  # fmt: skip
        writer = Caller(key_of(world.shop, "read", "write"))
        wider = SEGMENT.replace("not_recovered", "recovered")
        refused = writer.post("/segments", wider, kind=KIND)
        assert (refused.status_code, refused.json()["type"]) == (403, "/problems/missing-scope")
        assert "'Left in the cart' is live" in refused.json()["detail"]
        assert writer.get(f"/segments/{rows['segment_id']}/file").content.decode() == SEGMENT
        assert ada.post("/segments", wider, kind=KIND).status_code == 200
        ada.post(f"/scenarios/{world.scenario.id}/pause", {})
        assert writer.post("/segments", SEGMENT, kind=KIND).status_code == 200
