"""What the calls say and do, one resource after the other."""

import uuid

from ripresa.domain.contacts.models import Suppression
from ripresa.domain.messages.models import Decision, Message
from ripresa.domain.scenarios.models import Recovery
from ripresa.domain.shops.models import Shop
from ripresa.usecases import stop_sending
from tests.rows import HOUR, T0, make_cart, make_recovery


class TestShop:
    def test_says_what_it_is_set_to(self, world, ada):
        told = ada.get("/shop").json()
        assert (told["slug"], told["currency"], told["timezone"]) == ("wines", "EUR", "Europe/Rome")
        assert told["abandoned_after_seconds"] == 3600
        assert told["stopped_at"] is None

    def test_is_stopped_and_started_however_often_it_is_asked(self, world, ada):
        for _ in range(2):
            assert ada.post("/shop/stop").json()["stopped_at"] == "2026-11-20T15:00:00Z"
        assert Shop.objects.get(id=world.shop.id).stopped_at == T0
        for _ in range(2):
            assert ada.post("/shop/start").json()["stopped_at"] is None

    def test_a_start_lifts_no_stop_of_the_install(self, world, ada):
        stop_sending.stop_install(now=T0)
        assert ada.post("/shop/start").json()["install_stopped_at"] == "2026-11-20T15:00:00Z"

    def test_another_shop_is_not_stopped(self, world, ada, dan):
        ada.post("/shop/stop")
        assert dan.get("/shop").json()["stopped_at"] is None


class TestContact:
    def test_says_who_it_is_with_consent_and_its_proof(self, world, ada):
        told = ada.get(f"/contacts/{world.ben.id}").json()
        assert told["keys"] == ["customer:c_77", "email:ben@mail.test"]
        assert told["address"]["city"] == "Roma"
        [email, sms, letter] = told["consents"]
        assert (email["channel"], email["state"]) == ("email", "granted")
        assert email["proofs"] == [
            {"state": "granted", "by_herself": True, "said_at": "2026-09-21T15:00:00Z",
             "source": "checkout", "text": "Yes, write to me."}
        ]  # fmt: skip
        assert (sms["state"], letter["suppressed"]) == ("unknown", None)

    def test_money_is_exact_and_never_crosses_currencies(self, world, ada):
        bought = ada.get(f"/contacts/{world.ben.id}").json()["bought"]
        assert [(each["orders"], each["lifetime"]) for each in bought] == [
            (2, {"amount": "140.00", "currency": "EUR"}),
            (1, {"amount": "120.00", "currency": "USD"}),
        ]

    def test_a_currency_without_cents_has_none(self, world, ada):
        cart = make_cart(world.shop, world.ben, left_at=T0, currency="JPY", total_minor=5980)
        assert ada.get(f"/carts/{cart.id}").json()["value"] == {"amount": "5980", "currency": "JPY"}

    def test_a_suppression_is_said(self, world, ada):
        email = ada.get(f"/contacts/{world.cleo.id}").json()["consents"][0]
        assert email["state"] == "denied"
        assert email["suppressed"]["cause"] == "complaint"
        assert [proof["state"] for proof in email["proofs"]] == ["denied", "granted"]
        assert Suppression.objects.filter(shop=world.shop).count() == 1

    def test_a_phone_number_that_changed_hands(self, world, ada):
        [move] = ada.get(f"/contacts/{world.ben.id}").json()["phone_moves"]
        assert (move["from_key"], move["to_key"]) == ("email:anna@mail.test", "email:ben@mail.test")

    def test_orders_say_whether_they_count(self, world, ada):
        orders = {each["number"]: each for each in ada.pages(f"/contacts/{world.ben.id}/orders")}
        assert orders["#1012"]["counts"]
        assert not any(orders[number]["counts"] for number in ("#0901", "#0950", "#0951"))

    def test_abandonments_say_what_became_of_the_cart(self, world, ada):
        left = ada.pages(f"/contacts/{world.ben.id}/abandonments")
        assert [each["cart_state"] for each in left] == ["abandoned", "closed", "recovered"]


class TestCart:
    def test_says_what_is_in_it_and_what_became_of_it(self, world, ada):
        told = ada.get(f"/carts/{world.ben_recovered.id}").json()
        assert (told["state"], told["cause"], told["messages_sent"]) == ("recovered", "own", 1)
        assert told["buyer"]["email"] == "ben@mail.test"
        assert [item["title"] for item in told["items"]] == ["Barolo", "Chianti"]
        assert told["items"][0]["unit_price"] == {"amount": "29.90", "currency": "EUR"}
        assert told["order"]["refunded"]["amount"] == "8.20"
        assert len(told["abandonments"]) == 1

    def test_one_of_nobody_with_nothing_in_it(self, world, ada):
        cart = make_cart(
            world.shop, None, left_at=T0, state="emptied", items=[{"quantity": 0, "unit_minor": 0}]
        )
        type(cart).objects.filter(id=cart.id).update(items=[], total_minor=0, currency="")
        told = ada.get(f"/carts/{cart.id}").json()
        assert (told["buyer"], told["value"], told["items"]) == (None, None, [])

    def test_its_trail_tells_everything_in_order(self, world, ada):
        chapters = ada.get(f"/carts/{world.ben_recovered.id}/trail").json()["chapters"]
        told = [(each["kind"], each["outcome"], each["reason"]) for each in chapters]
        assert told == [
            ("begun", None, None),
            ("abandoned", None, None),
            ("taken_up", None, None),
            ("decided", "sent", "due"),
            ("ordered", None, None),
            ("decided", "cancelled", "ordered"),
            ("decided", "cancelled", "ordered"),
        ]
        assert chapters[3]["recovery"]["scenario"] == "Left in the cart"
        assert chapters[3]["to_address"] == "ben@mail.test"
        assert [each["at"] for each in chapters] == sorted(each["at"] for each in chapters)

    def test_its_trail_says_what_a_decision_rests_on_and_what_is_ahead(self, world, ada):
        message = Message.objects.get(cart_id=world.ben_cart.id, step="first")
        until = (T0 + 16 * HOUR).isoformat()
        Decision.objects.create(
            shop=world.shop, id=message.id, at=T0, origin_kind="recovery",
            origin_id=message.origin_id, message_id=message.id, step="first", channel="email",
            outcome="held", reason="quiet_hours", facts={"until": until},
        )  # fmt: skip
        chapters = ada.get(f"/carts/{world.ben_cart.id}/trail").json()["chapters"]
        [held] = [each for each in chapters if each["reason"] == "quiet_hours"]
        assert held["facts"] == {"until": until}
        assert [(each["kind"], each["step"]) for each in chapters if each["is_ahead"]] == [
            ("planned", "first"),
            ("planned", "second"),
        ]

    def test_a_recovery_skipped_as_a_whole_says_why(self, world, ada):
        cart = make_cart(world.shop, world.ben, left_at=T0 - 30 * HOUR)
        make_recovery(world.scenario, cart, "skipped", reason="before_activation", taken_up_at=None)
        chapters = ada.get(f"/carts/{cart.id}/trail").json()["chapters"]
        assert chapters[-1]["kind"] == "ended"
        assert chapters[-1]["reason"] == "before_activation"


class TestRecovery:
    def test_is_cancelled_by_hand_with_all_that_is_planned(self, world, ada):
        run = Recovery.objects.get(cart_id=world.ben_cart.id)
        told = ada.post(f"/recoveries/{run.id}/cancel")
        assert told.status_code == 200
        assert (told.json()["state"], told.json()["reason"]) == ("cancelled", "by_hand")
        left = Message.objects.filter(origin_id=run.id)
        assert {(each.state, each.reason) for each in left} == {("cancelled", "by_hand")}
        decisions = Decision.objects.filter(origin_id=run.id, reason="by_hand")
        assert {each.step for each in decisions} == {"first", "second"}

    def test_one_that_still_waits_is_cancelled_too(self, world, ada):
        cart = make_cart(world.shop, world.cleo, left_at=T0 - 2 * HOUR)
        run = make_recovery(world.scenario, cart, "waiting")
        assert ada.post(f"/recoveries/{run.id}/cancel").json()["reason"] == "by_hand"

    def test_is_cancelled_once(self, world, ada):
        run = Recovery.objects.get(cart_id=world.ben_recovered.id)
        answer = ada.post(f"/recoveries/{run.id}/cancel")
        assert (answer.status_code, answer.json()["type"]) == (409, "/problems/conflict")
        run.refresh_from_db()
        assert run.reason == "ordered"


class TestMessage:
    def test_says_what_it_said_and_why_it_went(self, world, ada):
        told = ada.get(f"/messages/{world.sent.id}").json()
        assert told["content"]["text"] == "Ciao Ben"
        assert [(each["outcome"], each["reason"]) for each in told["decisions"]] == [
            ("sent", "due")
        ]
        assert told["handed_over_at"] == "2026-11-13T15:00:00Z"

    def test_says_in_which_language_and_with_which_coupon_it_went(self, world, ada):
        Message.objects.filter(id=world.sent.id).update(
            language="it", coupon_code="SPRING-1", coupon_expires_at=T0 + HOUR
        )
        told = ada.get(f"/messages/{world.sent.id}").json()
        assert (told["language"], told["coupon_code"]) == ("it", "SPRING-1")
        assert told["coupon_expires_at"] == "2026-11-20T16:00:00Z"

    def test_one_that_never_left_has_no_words(self, world, ada):
        planned = Message.objects.filter(cart_id=world.ben_cart.id).first()
        told = ada.get(f"/messages/{planned.id}").json()
        assert (told["state"], told["content"], told["decisions"]) == ("planned", None, [])

    def test_one_that_is_not_there(self, world, ada):
        assert ada.get(f"/messages/{uuid.uuid4()}").status_code == 404


class TestSuppressions:
    def test_are_listed_added_and_lifted(self, world, ada, dan):
        assert ada.post(
            "/suppressions", {"address": "Eve@Mail.test", "reason": "asked"}
        ).json() == {"changed": 1}
        [row] = [
            each for each in ada.get("/suppressions").json()["items"] if each["address"] == "eve@mail.test"
        ]  # fmt: skip
        assert (row["channel"], row["cause"], row["detail"]) == ("email", "manual", "asked")
        assert dan.get("/suppressions").json()["items"] == []
        assert ada.post("/suppressions/lift", {"address": "eve@mail.test"}).status_code == 200
        assert ada.post("/suppressions/lift", {"address": "eve@mail.test"}).status_code == 409
        assert ada.post("/suppressions", {"address": "nobody"}).status_code == 422

    def test_what_was_grave_must_be_confirmed(self, world, ada):
        Suppression.objects.create(
            shop=world.shop, id=uuid.uuid4(), channel="email", address="eve@mail.test",
            cause="complaint", created_at=T0,
        )  # fmt: skip
        asked = {"address": "eve@mail.test"}
        assert ada.post("/suppressions/lift", asked).status_code == 409
        assert ada.post("/suppressions/lift", {**asked, "confirm": True}).json() == {"changed": 1}


class TestPersonalData:
    def test_is_told_and_erased(self, world, ada, dan):
        assert dan.get(f"/contacts/{world.ben.id}/data").status_code == 404
        told = ada.get(f"/contacts/{world.ben.id}/data").json()
        assert told["data"]["contact"][0]["email"] == "ben@mail.test"
        assert dan.post(f"/contacts/{world.ben.id}/erase").status_code == 404
        assert ada.post(f"/contacts/{world.ben.id}/erase").json()["contact"] == str(world.ben.id)
        assert ada.get(f"/contacts/{world.ben.id}/data").status_code == 404
        assert ada.post(f"/contacts/{world.ben.id}/erase").status_code == 404
        assert ada.get(f"/contacts/{world.ben.id}").json()["email"] is None
