"""CUS-2, CUS-3, CUS-5, CUS-6: the list of customers and the profile."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from ripresa.domain.carts.models import Abandonment, Cart, Order
from ripresa.domain.carts.person_queries import is_repeated
from ripresa.domain.carts.queries import counts, orders_that_count
from ripresa.domain.contacts.models import ConsentWord, Contact, PhoneClaim
from ripresa.domain.inbox.models import InboxEvent
from tests.db.console.pages import markup, part, text_of
from tests.rows import (
    DAY,
    T0,
    make_abandonment,
    make_cart,
    make_consent,
    make_contact,
    make_order,
    make_recovery,
    wine,
)
from tests.world import fill

LIST = reverse("customers", args=["wines"])


def profile(client, contact):
    return client.get(reverse("customer", args=["wines", contact.id]))


def names(answer) -> list[str]:
    return re.findall(r'class="whole"[^>]*>([^<]+)</a>', answer.content.decode())


class TestList:
    @pytest.mark.parametrize(
        ("words", "found"),
        [("", ["Cleo", "Ben Rossi"]), ("ben", ["Ben Rossi"]), ("rossi ben@", ["Ben Rossi"]),
         ("+39333", ["Ben Rossi"]), ("c_77", ["Ben Rossi"]), ("zoë", []), ("\x00", ["Cleo", "Ben Rossi"])],
    )  # fmt: skip
    def test_finds_by_any_of_the_words(self, words, found, world, ada):
        assert names(ada.get(LIST, {"q": words})) == found

    def test_shows_orders_that_count_and_abandonments(self, world, ada):
        rows = ada.get(LIST, {"q": "ben"}).content.decode()
        numbers = re.findall(r'<td role="cell" class="right num[^"]*">(\d+)', rows)
        assert numbers == ["3", "3"]

    @pytest.mark.parametrize("kind", ["is_bot", "is_test"])
    def test_carts_of_crawlers_and_tests_are_not_counted(self, kind, world, ada):
        make_cart(world.shop, world.ben, left_at=T0 - DAY, **{kind: True})
        rows = ada.get(LIST, {"q": "ben"}).content.decode()
        numbers = re.findall(r'<td role="cell" class="right num[^"]*">(\d+)', rows)
        assert numbers == ["3", "3"]

    def test_pages_show_everybody_once(self, world, ada):
        fill(world.shop, world.scenario, 120, T0)
        seen, target = [], f"{LIST}?q=mail"
        for _ in range(5):
            content = markup(ada.get(target))
            seen += re.findall(r'class="whole" href="([^"]+)"', content)
            link = re.search(r'id="older" href="([^"]+)"', content)
            if link is None:
                break
            target = link[1].replace("&amp;", "&")
        assert len(seen) == len(set(seen)) == 122

    def test_htmx_gets_pieces(self, world, ada):
        fill(world.shop, world.scenario, 60, T0)
        answer = ada.get(LIST, {"q": "mail"}, headers={"HX-Request": "true"})
        assert answer.content.lstrip().startswith(b'<div id="results"')
        assert answer.headers["HX-Push-Url"] == f"{LIST}?q=mail"
        older = re.search(r"older=([0-9a-f-]+)", answer.content.decode())[1]
        more = ada.get(LIST, {"q": "mail", "older": older}, headers={"HX-Request": "true"})
        assert b"hx-swap-oob" in more.content
        assert b"<html" not in more.content

    def test_an_invented_page_is_not_there(self, world, ada):
        assert ada.get(LIST, {"older": "x"}).status_code == 404


class TestOrdersArea:
    def test_lists_orders_and_abandonments_newest_first(self, world, ada):
        orders = part(profile(ada, world.ben), "Orders")
        told = ["1 × Amarone", "1 × Soave", "Order #1012", "2 × Barolo, 1 × Chianti", "Order #0951",
                "Order #0950", "Order #0901", "Order #0900", "Order #0800"]  # fmt: skip
        places = [orders.index(each) for each in told]
        assert places == sorted(places)

    def test_grey_keeps_date_value_and_items(self, world, ada):
        orders = part(profile(ada, world.ben), "Orders")
        assert "Abandoned 1 × Amarone yesterday 15:00 · Cart €49.00" in orders

    def test_green_keeps_them_too_and_links_its_order(self, world, ada):
        answer = profile(ada, world.ben)
        assert (
            "Recovered 2 × Barolo, 1 × Chianti 12 Nov, 17:00 · Checkout · became order #1012 €79.70"
            in part(answer, "Orders")
        )
        content = answer.content.decode()
        assert f'href="#order-{world.ben_order.id}"' in content
        assert f'id="order-{world.ben_order.id}"' in content

    def test_badges_carry_text_and_their_colour(self, world, ada):
        content = profile(ada, world.ben).content.decode()
        assert '<span class="state state-grey">Abandoned</span>' in content
        assert '<span class="state state-green">Recovered</span>' in content

    def test_all_abandonments_of_a_recovered_cart_turn_green(self, world, ada):
        make_abandonment(world.ben_recovered, T0 - 7 * DAY)
        assert part(profile(ada, world.ben), "Orders").count("became order #1012") == 2

    def test_a_cancelled_order_turns_it_grey_again(self, world, ada):
        Order.objects.filter(id=world.ben_order.id).update(cancelled_at=T0 - DAY)
        Cart.objects.filter(id=world.ben_recovered.id).update(state="abandoned")
        orders = part(profile(ada, world.ben), "Orders")
        assert "Recovered" not in orders
        assert "Abandoned 2 × Barolo" in orders

    def test_a_cart_closed_by_another_order_is_grey_and_says_so(self, world, ada):
        orders = part(profile(ada, world.ben), "Orders")
        assert "Abandoned 1 × Soave 17 Nov, 17:00 · Cart · the cart is now Closed" in orders

    def test_the_examples_of_al(self, world, ada):
        """Three items worth 89 €, left: grey. Another left a cart and bought two days later: green, counted once."""
        left = make_contact(world.shop, "left@mail.test")
        make_cart(world.shop, left, left_at=T0 - 3 * DAY,
                  items=[wine("Rosso", 2, 3000), wine("Bianco", 1, 2900)])  # fmt: skip
        answer = profile(ada, left)
        assert "Abandoned 2 × Rosso, 1 × Bianco" in part(answer, "Orders")
        assert "€89.00" in part(answer, "Orders")
        assert "No order that counts." in text_of(answer)
        bought = make_contact(world.shop, "bought@mail.test")
        order = make_order(world.shop, bought, placed_at=T0 - DAY, total_minor=8900)
        make_cart(world.shop, bought, left_at=T0 - 3 * DAY, state="recovered", order=order)
        answer = profile(ada, bought)
        assert "Recovered" in part(answer, "Orders")
        assert re.search(r"Orders 1 .* Lifetime value €89\.00", text_of(answer))


class TestFigures:
    def test_count_what_stands_and_no_abandonment(self, world, ada):
        text = text_of(profile(ada, world.ben))
        assert "Orders · EUR 2" in text
        assert "Average order €70.00" in text  # (90.00 + 50.00) ÷ 2
        assert "Lifetime value €140.00" in text

    def test_each_currency_on_its_own(self, world, ada):
        text = text_of(profile(ada, world.ben))
        assert "Orders · USD 1 Average order $120.00 Lifetime value $120.00" in text

    def test_a_wholly_refunded_order_is_gone(self, world, ada):
        Order.objects.filter(id=world.ben_order.id).update(refunded_minor=9820)
        text = text_of(profile(ada, world.ben))
        assert "Orders · EUR 1" in text
        assert "Lifetime value €50.00" in text

    def test_averages_round_half_up(self, world, ada):
        buyer = make_contact(world.shop, "half@mail.test")
        make_order(world.shop, buyer, placed_at=T0 - DAY, total_minor=100)
        make_order(world.shop, buyer, placed_at=T0 - DAY, total_minor=101)
        assert "Average order €1.01" in text_of(profile(ada, buyer))

    def test_the_rule_in_python_and_in_sql_agree(self, world):
        for number, change in enumerate(
            [{}, {"refunded_minor": 500}, {"refunded_minor": 1000}, {"total_minor": 0},
             {"origin": "pos"}, {"origin": "staff"}, {"is_test": True}, {"cancelled_at": T0}]
        ):  # fmt: skip
            make_order(world.shop, world.cleo, placed_at=T0, **{"total_minor": 1000, **change},
                       external_id=str(number))  # fmt: skip
        Order.objects.create(shop=world.shop, id=world.ben.id, source="shop", external_id="early")
        in_sql = set(orders_that_count(world.shop.id).values_list("id", flat=True))
        in_python = {each.id for each in Order.objects.filter(shop=world.shop) if counts(each)}
        assert in_sql == in_python


class TestPerson:
    def test_shows_keys_language_zone_and_address(self, world, ada):
        person = part(profile(ada, world.ben), "Person")
        for text in (
            "ben@mail.test",
            "+393331234567",
            "Italian (Italy)",
            "Europe/Rome",
            "00184 Roma",
        ):
            assert text in person
        keys = part(profile(ada, world.ben), "Keys of this person")
        assert "customer:c_77 email:ben@mail.test" in keys

    def test_the_list_narrows_to_a_state_of_consent(self, world, ada):
        assert names(ada.get(LIST, {"consent": "denied"})) == ["Cleo"]
        assert names(ada.get(LIST, {"consent": "denied", "q": "ben"})) == []

    def test_shows_the_history_of_consent(self, world, ada):
        for number, state in enumerate(("granted", "denied")):
            ConsentWord.objects.create(
                shop=world.shop, key="email:ben@mail.test", channel="email", event_id=f"e{number}",
                state=state, proven=True, at=T0 - (9 - number) * DAY, source="form", version="v7",
                ip="192.0.2.7", by="Max",
            )  # fmt: skip
        consent = part(profile(ada, world.ben), "Consent")
        assert "History Denied" in consent
        assert "form · v7 · 192.0.2.7 · Max" in consent

    def test_shows_consent_with_its_proof(self, world, ada):
        consent = part(profile(ada, world.ben), "Consent")
        assert "E-mail Granted 21 Sept, 17:00 · checkout “Yes, write to me.” Granted" in consent
        assert "SMS Nothing was said. Unknown" in consent

    def test_a_yes_that_nobody_need_confirm_does_not_wait_for_it(self, world, ada):
        make_consent(world.shop, "email:ben@mail.test", "pending", T0 - DAY, proven=False)
        assert "Waits for confirmation" not in part(profile(ada, world.ben), "Consent")
        Contact.objects.filter(id=world.ben.id).update(consent_email="pending")
        assert "Waits for confirmation" in part(profile(ada, world.ben), "Consent")

    def test_shows_refusal_and_suppression(self, world, ada):
        consent = part(profile(ada, world.cleo), "Consent")
        assert consent.startswith("E-mail Denied 16 Nov, 16:00 · unsubscribe link Granted 21 Oct")
        assert "Suppressed: complaint · reported as spam · 17 Nov, 16:00 Denied" in consent

    def test_shows_where_a_phone_number_came_from(self, world, ada):
        moves = part(profile(ada, world.ben), "Phone numbers that moved")
        assert moves == (
            "+393331234567 email:anna@mail.test → email:ben@mail.test Give it back 8 Nov, 16:00"
        )

    def test_and_shows_it_to_the_one_who_lost_it(self, world, ada):
        anna = make_contact(world.shop, "anna@mail.test")
        assert "email:anna@mail.test → email:ben@mail.test" in text_of(profile(ada, anna))

    def test_a_number_claimed_once_did_not_move(self, world, ada):
        PhoneClaim.objects.create(
            shop=world.shop, phone="+391", key="email:cleo@mail.test", earliest_at=T0, latest_at=T0,
            latest_event="e",
        )  # fmt: skip
        assert "Phone numbers that moved" not in text_of(profile(ada, world.cleo))


def give_back(client, contact, key="email:anna@mail.test"):
    address = reverse("phone-give-back", args=["wines", contact.id])
    return client.post(address, {"phone": "+393331234567", "key": key}, follow=True)


class TestGivingANumberBack:
    def test_moves_it_back_and_both_profiles_tell(self, world, ada):
        done = give_back(ada, world.ben)
        assert "+393331234567 belongs to email:anna@mail.test again." in text_of(done)
        moves = part(done, "Phone numbers that moved")
        assert "given back by hand email:ben@mail.test → email:anna@mail.test" in moves
        assert "+393331234567 email:anna@mail.test → email:ben@mail.test 8 Nov, 16:00" in moves
        anna = Contact.objects.get(shop=world.shop, email="anna@mail.test")
        assert "given back by hand" in part(profile(ada, anna), "Phone numbers that moved")
        assert anna.phone == "+393331234567"
        world.ben.refresh_from_db()
        assert world.ben.phone is None

    def test_and_that_may_be_undone_as_well(self, world, ada):
        give_back(ada, world.ben)
        again = give_back(ada, world.ben, "email:ben@mail.test")
        assert "belongs to email:ben@mail.test again." in text_of(again)

    def test_a_form_older_than_what_it_shows_changes_nothing(self, world, ada):
        give_back(ada, world.ben)
        assert "has moved on meanwhile" in text_of(give_back(ada, world.ben))

    @pytest.mark.parametrize("key", ["email:cleo@mail.test", "phone:+393331234567", ""])
    def test_nobody_gets_a_number_she_never_had(self, key, world, ada):
        assert "nothing was changed" in text_of(give_back(ada, world.ben, key))
        assert not InboxEvent.objects.filter(shop=world.shop).exists()

    def test_only_who_may_change_something_sees_and_does_it(self, world, vera, dan):
        assert "Give it back" not in text_of(profile(vera, world.ben))
        assert give_back(vera, world.ben).status_code == 403
        assert give_back(dan, world.ben).status_code == 404
        assert PhoneClaim.objects.filter(shop=world.shop).count() == 2

    def test_it_needs_a_post_with_a_token(self, world, ada):
        address = reverse("phone-give-back", args=["wines", world.ben.id])
        assert ada.get(address).status_code == 405
        careful = Client(enforce_csrf_checks=True)
        careful.force_login(world.ada)
        assert careful.post(address).status_code == 403


class TestFates:
    def test_every_message_and_why_not(self, world, ada):
        fates = part(profile(ada, world.ben), "Messages, and why not")
        assert "Planned Message 2 · E-mail" in fates
        assert "Cancelled Message 2 · E-mail The person ordered." in fates
        assert "Sent Hai lasciato qualcosa nel carrello · E-mail" in fates

    def test_a_cart_nobody_wrote_about_says_why(self, world, ada):
        cart = make_cart(world.shop, world.cleo, left_at=T0 - 2 * DAY)
        make_recovery(world.scenario, cart, "skipped", reason="audience")
        fates = part(profile(ada, world.cleo), "Messages, and why not")
        assert "No message planned" in fates
        assert "The person is not in the scenario's audience." in fates


class TestRepeatedAbandonment:
    def test_three_in_thirty_days_raise_the_flag(self, world, ada):
        assert "Repeated abandonment" in text_of(profile(ada, world.ben))
        Abandonment.objects.filter(cart_id=world.ben_cart.id).delete()
        assert "Repeated abandonment" not in text_of(profile(ada, world.ben))

    @pytest.mark.parametrize(
        ("days", "flag"),
        [((1, 2, 30), True), ((1, 2, 31), False), ((1, 1, 1), True), ((1, 2), False)],
    )
    def test_to_the_day(self, days, flag):
        assert is_repeated([T0 - timedelta(days=day) for day in days], T0) is flag
