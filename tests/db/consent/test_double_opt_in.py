"""CNS-1: what a page says she agreed to waits until she has said so herself, by a mail of one button."""

import pytest
import time_machine
from django.test import Client

from ripresa.contracts.channel import Accepted, Channels, RefusalKind, Refused, Unknown
from ripresa.core.ids import new_id
from ripresa.domain.contacts.consents import requests
from ripresa.domain.contacts.models import ConsentRequest, ConsentWord, Contact
from ripresa.domain.contacts.suppression import suppress
from ripresa.domain.messages.links import own_letterhead
from ripresa.domain.messages.models import Sender
from ripresa.domain.shops.models import Shop
from ripresa.usecases.ask_for_consent import links_of, send_requests
from ripresa.usecases.consent.consent_settings import change_consent_settings
from ripresa.usecases.send_messages import Post
from ripresa.usecases.stop_sending import stop_shop
from tests.forging import forged
from tests.rows import DAY, HOUR, T0

ADA = "ada@example.test"
EN = {"Accept-Language": "en"}


class Outbox:
    """A channel that keeps what it is handed, and answers what it is told to."""

    in_flight = 10

    def __init__(self):
        self.mails, self.answer = [], Accepted("r")

    def send(self, mails, *, timeout):
        self.mails += mails
        return [self.answer for _ in mails]

    def close(self):
        """Nothing is kept."""


@pytest.fixture
def outbox():
    return Outbox()


@pytest.fixture
def work(shop, outbox):
    Shop.objects.filter(id=shop.id).update(confirm_consent="always", owner_email="ada@wines.test")

    def run(now=T0):
        post = Post(Channels(outbox, outbox, outbox), own_letterhead())
        return sum(
            send_requests(shop_id=shop_id, now=now, post=post)
            for shop_id in requests.shops_with_due(now)
        )

    return run


def typed(number=1, at=T0, email=ADA, **consent):
    return {
        "id": f"p{number}", "type": "contact.identified", "occurred_at": at.isoformat(), "visitor_id": "v",
        "contact": {"email": email, "locale": "de-AT", "consent": consent or {"email": "granted"},
                    "consent_source": "pop-up", "consent_text": "Yes, remind me."},
    }  # fmt: skip


def state():
    return Contact.objects.get(email=ADA).consent_email


def link_in(mail):
    [line] = [line for line in mail.text.splitlines() if "/c/" in line]
    return "/c/" + line.rpartition("/c/")[2]


class TestAsking:
    def test_a_pages_yes_waits_and_she_is_asked_once(self, work, hear, outbox):
        hear(typed(), trusted=False)
        assert state() == "pending"
        assert work() == 1
        hear(typed(2), typed(3), trusted=False)
        assert work() == 0
        [mail] = outbox.mails
        assert mail.recipient.address == ADA
        assert mail.language == "de"
        assert "Yes, remind me." in mail.text
        assert mail.unsubscribe_url == ""

    def test_a_yes_that_the_shop_vouches_for_waits_for_nothing(self, work, hear):
        hear(typed())
        assert state() == "granted"
        assert work() == 0

    def test_a_shop_that_asks_for_no_confirmation_takes_it_as_it_is(self, shop, hear):
        hear(typed(), trusted=False)
        assert state() == "granted"

    def test_by_country_germany_asks(self, shop, hear):
        Shop.objects.filter(id=shop.id).update(country="DE")
        hear(typed(), trusted=False)
        assert state() == "pending"

    def test_who_refused_is_not_asked(self, work, hear, outbox):
        hear(
            {"id": "no", "type": "consent.changed", "occurred_at": (T0 - DAY).isoformat(),
             "contact": {"email": ADA, "consent": {"email": "denied"}}}
        )  # fmt: skip
        hear(typed(), trusted=False)
        assert state() == "denied"
        assert work() == 0

    def test_a_suppressed_address_is_not_asked(self, shop, work, hear):
        suppress(shop_id=shop.id, channel="email", cause="complaint", details={ADA: ""}, now=T0)
        hear(typed(), trusted=False)
        assert work() == 0

    def test_a_stopped_shop_asks_nobody(self, shop, work, hear):
        hear(typed(), trusted=False)
        stop_shop(shop_id=shop.id, now=T0)
        assert work() == 0

    def test_a_sender_of_the_shops_asks(self, shop, work, hear, outbox):
        Sender.objects.create(shop=shop, id=new_id(T0), name="Wines", email="ciao@wines.test")
        hear(typed(), trusted=False)
        work()
        assert outbox.mails[0].sender.address == "ciao@wines.test"

    def test_a_month_later_she_may_be_asked_again(self, work, hear, outbox):
        hear(typed(), trusted=False)
        work()
        with time_machine.travel(T0 + 31 * DAY, tick=False):
            requests.ask(
                shop_id=Contact.objects.get().shop_id, keys=[f"email:{ADA}"], now=T0 + 31 * DAY
            )
        assert work(T0 + 31 * DAY) == 1

    def test_bad_luck_is_tried_again_and_ends(self, work, hear, outbox):
        outbox.answer = Refused(permanent=False, kind=RefusalKind.OTHER, detail="450")
        hear(typed(), trusted=False)
        tries = sum(work(T0 + number * HOUR) for number in range(10))
        assert tries == 5

    @pytest.mark.parametrize(
        "answer", [Unknown("?"), Refused(permanent=True, kind=RefusalKind.MAILBOX, detail="550")]
    )
    def test_what_is_over_is_not_repeated(self, answer, work, hear, outbox):
        outbox.answer = answer
        hear(typed(), trusted=False)
        assert [work(T0 + number * HOUR) for number in range(3)] == [1, 0, 0]


class TestAnswering:
    @pytest.fixture
    def link(self, work, hear, outbox):
        hear(typed(), trusted=False)
        work()
        with time_machine.travel(T0 + HOUR, tick=False):
            yield link_in(outbox.mails[0])

    def test_a_get_asks_and_confirms_nothing(self, link):
        for _ in range(2):
            answer = Client().get(link, headers=EN)
            assert answer.status_code == 200
            assert b"Yes, I agree" in answer.content
            assert not answer.cookies
            Client().head(link)
        assert state() == "pending"

    def test_the_button_is_a_proven_consent(self, link):
        answer = Client(enforce_csrf_checks=True).post(link, headers=EN, REMOTE_ADDR="192.0.2.9")
        assert b"It is confirmed" in answer.content
        assert state() == "granted"
        word = ConsentWord.objects.get(state="granted")
        assert (word.source, word.text, word.ip, word.proven, word.at) == (
            "double opt-in", "Yes, remind me.", "192.0.2.9", True, T0 + HOUR,
        )  # fmt: skip
        assert ConsentRequest.objects.get().confirmed_at == T0 + HOUR

    def test_twice_is_as_good_as_once(self, link):
        for _ in range(2):
            assert Client().post(link).status_code == 200
        assert ConsentWord.objects.filter(state="granted").count() == 1

    @pytest.mark.parametrize("forge", [forged, lambda _: "/c/", lambda t: t + "x",
                                       lambda _: "/c/" + "a" * 5000])  # fmt: skip
    def test_a_link_nobody_was_given_leads_nowhere(self, forge, link):
        answer = Client().post(forge(link))
        assert answer.status_code == 404
        assert state() == "pending"

    def test_an_old_one_says_so(self, link):
        with time_machine.travel(T0 + 31 * DAY, tick=False):
            assert Client().post(link).status_code == 410
        assert state() == "pending"

    def test_another_shops_link_is_none_of_ours(self, link, shop):
        other = links_of(own_letterhead()).sign(shop.id + 1, ConsentRequest.objects.get().id)
        assert Client().post(f"/c/{other}").status_code == 404


def test_a_shop_that_changes_its_mind(shop, hear):
    hear(typed(), trusted=False)
    change_consent_settings(shop_id=shop.id, now=T0, confirm_consent="always")
    assert state() == "pending"
    change_consent_settings(shop_id=shop.id, now=T0, confirm_consent="never")
    assert state() == "granted"
