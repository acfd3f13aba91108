"""SCN-14 and bulk actions: a message by hand for one cart and for many, and views that are saved."""

import csv
import re
from io import StringIO

import pytest
from django.urls import reverse

from ripresa.domain.contacts.models import Suppression
from ripresa.domain.deals.agents import add_agent
from ripresa.domain.deals.assigning import agents_of
from ripresa.domain.messages.models import Sender
from ripresa.domain.scenarios.models import ManualSend, Recovery
from ripresa.domain.shops.models import SavedView
from tests.db.console.pages import part, text_of
from tests.rows import DAY, HOUR, T0, make_cart, make_contact, make_message, make_recovery

CARTS = reverse("carts", args=["wines"])
MANY = reverse("carts-many", args=["wines"])


@pytest.fixture(autouse=True)
def _sending(world):
    Sender.objects.filter(shop=world.shop).update(paused_at=None, paused_reason="")


@pytest.fixture
def dora_cart(world):
    """Left by somebody who never bought and agreed to be written to."""
    dora = make_contact(world.shop, "dora@mail.test", first_name="Dora", consent_email="granted")
    return make_cart(world.shop, dora, left_at=T0 - 30 * HOUR)


def send_page(cart) -> str:
    return reverse("cart-send", args=["wines", cart.id])


class TestOneByHand:
    def test_is_looked_at_and_sent(self, world, dora_cart, ada):
        page = ada.get(send_page(dora_cart), {"text": "reminder/email"})
        becomes = part(page, "What becomes of it")
        assert "It goes to dora@mail.test, Italiano" in becomes
        assert "Nothing stands against it" in becomes
        assert "within the last 24 hours" not in text_of(page)
        sent = ada.post(send_page(dora_cart), {"text": "reminder/email"}, follow=True)
        assert "On its way." in text_of(sent)
        [asked] = ManualSend.objects.filter(shop=world.shop)
        assert (asked.asked_by, asked.cart_id) == ("ada@wines.test", dora_cart.id)

    def test_a_cap_is_told_and_may_be_overridden_in_writing(self, world, dora_cart, ada):
        run = make_recovery(world.scenario, dora_cart)
        make_message(run, 1, "sent", T0 - 2 * HOUR, "due")
        page = ada.get(send_page(dora_cart), {"text": "reminder/email"})
        assert "This person had a message within the last 24 hours:" in text_of(page)
        becomes = part(page, "What becomes of it")
        assert "Too soon after the message before. It leaves by itself after" in becomes
        assert "Override the least time between messages" in becomes
        chosen = {"text": "reminder/email", "override": "caps"}
        assert "On its way." in text_of(ada.post(send_page(dora_cart), chosen, follow=True))
        assert ManualSend.objects.get(shop=world.shop).overrides == ["caps"]
        trail = text_of(ada.get(reverse("cart", args=["wines", dora_cart.id])))
        assert "Overridden and confirmed: the cap" in trail

    def test_consent_and_suppression_never_are(self, world, ada):
        page = ada.get(send_page(world.cleo_cart), {"text": "reminder/email"})
        becomes = part(page, "What becomes of it")
        assert "It can't be sent:" in becomes
        assert "Override" not in becomes
        refused = ada.post(
            send_page(world.cleo_cart), {"text": "reminder/email", "override": "caps"}
        )
        assert refused.status_code == 422
        assert not ManualSend.objects.filter(shop=world.shop).exists()

    def test_choosing_another_text_looks_again(self, world, ada):
        answer = ada.get(
            send_page(world.ben_cart), {"text": "reminder/sms"}, headers={"HX-Request": "true"}
        )
        assert answer.content.lstrip().startswith(b'<div id="look"')
        assert ada.get(send_page(world.ben_cart), {"pool": "gone"}).status_code == 200


class TestMany:
    def test_who_falls_away_is_told_before_and_nobody_gets_two(self, world, ada):
        dora = make_contact(
            world.shop, "dora@mail.test", first_name="Dora", consent_email="granted"
        )
        make_cart(world.shop, dora, left_at=T0 - 30 * HOUR)
        second = make_cart(world.shop, dora, left_at=T0 - DAY)
        Suppression.objects.create(
            shop=world.shop, id=second.id, channel="email", address="ben@mail.test",
            cause="manual", created_at=T0,
        )  # fmt: skip
        asked = {"all": "yes", "query": "state=abandoned", "do": "send", "text": "reminder/email"}
        page = ada.post(MANY, asked)
        assert re.search(r"Go at once 1 Go later 0 .* Fall away 3", text_of(page))
        why = part(page, "Who falls away, and why")
        assert "The address is suppressed" in why
        assert "The same person, with another cart of these. 1" in why
        assert "Send to 1 person" in text_of(page)
        ids = re.search(r'name="cart" value="([^"]+)"', page.content.decode())
        assert ids
        asked = {"cart": ids[1], "query": "state=abandoned", "confirmed": "send"}
        done = ada.post(MANY, {**asked, "text": "reminder/email"})
        assert done.headers["Location"] == f"{CARTS}?state=abandoned"
        [sent] = ManualSend.objects.filter(shop=world.shop)
        assert sent.cart_id == second.id

    def test_recoveries_are_cancelled_and_agents_assigned(self, world, ada):
        chosen = {"cart": [str(world.ben_cart.id), str(world.cleo_cart.id)]}
        page = ada.post(MANY, {**chosen, "do": "cancel"})
        assert "1 recovery under way is cancelled" in text_of(page)
        assert Recovery.objects.get(shop=world.shop, cart_id=world.ben_cart.id).state == "active"
        ada.post(MANY, {**chosen, "confirmed": "cancel"})
        run = Recovery.objects.get(shop=world.shop, cart_id=world.ben_cart.id)
        assert (run.state, run.reason) == ("cancelled", "by_hand")
        assert "The shop has no active agent yet." in text_of(
            ada.post(MANY, {**chosen, "do": "assign"})
        )
        add_agent(shop_id=world.shop.id, email="max@wines.test", name="Max", now=T0)
        ada.post(MANY, {**chosen, "confirmed": "assign", "agent": "max@wines.test"})
        whose = agents_of(shop_id=world.shop.id, contact_ids=[world.ben.id, world.cleo.id], now=T0)
        assert [one.name for one in whose.values()] == ["Max", "Max"]
        assert "no such agent" in text_of(ada.post(MANY, {**chosen, "confirmed": "assign"}))

    def test_what_is_chosen_is_exported(self, world, ada):
        def exported(**asked):
            answer = ada.post(MANY, {"do": "export", **asked})
            return list(csv.DictReader(StringIO(answer.getvalue().decode("utf-8-sig"))))

        [row] = exported(cart=str(world.ben_cart.id))
        assert (row["email"], row["total"], row["contents"]) == (
            "ben@mail.test",
            "49.00",
            "1 x Amarone",
        )
        assert len(exported(all="yes", query="state=abandoned")) == 2

    def test_nothing_chosen_and_other_shops_carts_are_nothing(self, world, ada):
        for ids in ("", "x", str(world.dans_cart.id)):
            answer = ada.post(MANY, {"do": "cancel", "cart": ids}, follow=True)
            assert "Choose carts first" in text_of(answer)


class TestSavedViews:
    def test_are_ones_own_or_everybodys(self, world, ada, as_user):
        save = reverse("view-save", args=["wines"])
        asked = {"room": "carts", "query": "state=recovered&value=50"}
        assert (
            ada.post(save, {**asked, "name": "Mine"}).headers["Location"].endswith(asked["query"])
        )
        ada.post(save, {**asked, "name": "Ours", "shared": "yes"})
        ada.post(save, {**asked, "name": " Ours ", "shared": "yes", "query": "value=70"})
        assert "Ours Mine (only yours)" in text_of(ada.get(CARTS))
        assert "Remove this view" in text_of(ada.get(f"{CARTS}?value=70"))
        vera = text_of(as_user(world.vera).get(CARTS))
        assert "Ours" in vera
        assert "Mine" not in vera
        mine = SavedView.objects.get(shop=world.shop, name="Mine")
        assert ada.post(reverse("view-remove", args=["wines", mine.id])).status_code == 302
        assert not SavedView.objects.filter(name="Mine").exists()
        assert "A view needs a name" in text_of(ada.post(save, asked, follow=True))


def test_a_run_of_another_cart_is_left_alone(world, ada):
    other = make_cart(world.shop, world.ben, left_at=T0 - 2 * DAY)
    run = make_recovery(world.scenario, other)
    ada.post(MANY, {"cart": str(world.ben_cart.id), "confirmed": "cancel"})
    run.refresh_from_db()
    assert run.state == "active"
