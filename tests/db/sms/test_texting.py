"""HELP is answered, a yes to a page is asked for and taken by text, and the provider's list follows ours."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from ripresa.contracts.feedback import Feedback, FeedbackKind
from ripresa.contracts.sms.incoming import heard_from
from ripresa.core.ids import new_id
from ripresa.domain.contacts.consents import requests
from ripresa.domain.contacts.consents.request_words import WORDS
from ripresa.domain.contacts.models import ConsentRequest, ConsentWord, Contact, ContactKey
from ripresa.domain.contacts.suppression import suppress
from ripresa.domain.messages.links import own_letterhead
from ripresa.domain.providers.models import SmsErrand
from ripresa.domain.shops.models import Shop
from ripresa.usecases.feedback.finding import Source
from ripresa.usecases.providers.provider_accounts import Accounts
from ripresa.usecases.record_feedback import record_feedback
from ripresa.usecases.send_messages import Post
from ripresa.usecases.shop_channels import ShopChannels
from ripresa.usecases.texting import asking, help_words
from ripresa.usecases.texting.errands import run_errands
from tests.db.providers.pigeon import pigeons
from tests.db.usecases.engine_world import DAY, HOUR, T0, make_world
from tests.scripted_http import HOST, Said, ScriptedApi
from tests.sms_providers import GIVEN, PROVIDERS, taken_by_smsapi

pytestmark = pytest.mark.django_db
NUMBER, DIGITS = "+393331234567", "393331234567"


class Texts:
    """A shop with an account at SMSAPI, which is on loopback and keeps a list of numbers."""

    def __init__(self, sender):
        self.blocked, self.sent, self.is_away = {}, [], False
        self.api = ScriptedApi(self._answer)
        self.world = make_world()
        self.sender = sender

    def __enter__(self):
        self.api.__enter__()
        accounts = Accounts(PROVIDERS, pigeons().box)
        self.account = accounts.add(
            shop_id=self.world.shop_id, provider_name="smsapi", name="texts", now=T0,
            given={**GIVEN["smsapi"], "api_url": self.api.url, "sender": self.sender},
        )  # fmt: skip
        self.shops = ShopChannels(accounts, self.world.channels)
        self.post = Post(self.shops, own_letterhead())
        return self

    def __exit__(self, *what):
        self.shops.close()
        self.api.__exit__(*what)

    def _answer(self, heard):
        path = heard.target.partition("?")[0]
        if path == "/sms.do":
            self.sent.append((heard.form["to"], heard.form["message"]))
            return taken_by_smsapi(heard)
        if self.is_away:
            return Said(503, "")
        if heard.method == "POST":
            number = heard.form["phone_number"]
            self.blocked[number] = f"id-{len(self.blocked)}"
            return Said(201, {"id": self.blocked[number], "phone_number": number})
        if heard.method == "DELETE":
            gone = path.rpartition("/")[2]
            self.blocked = {one: row for one, row in self.blocked.items() if row != gone}
            return Said(204, "")
        rows = [{"id": row, "phone_number": one} for one, row in self.blocked.items()]
        # Its search finds parts of numbers too.
        return Said(200, {"collection": [*rows, {"id": "x", "phone_number": "9" + DIGITS}]})

    def hears(self, text, *, now=T0, number=NUMBER):
        told = heard_from(number, text, event_id=f"e-{number}-{text}-{now}", occurred_at=now)
        source = Source("smsapi", "sms", self.account.id)
        record_feedback(
            shop_id=self.world.shop_id,
            source=source,
            told=[told],
            letterhead=own_letterhead(),
            now=now,
        )

    def works(self, now=T0):
        shop_id = self.world.shop_id
        asking.send_texts(shop_id=shop_id, now=now, post=self.post)
        run_errands(shop_id=shop_id, now=now, post=self.post)
        sent, self.sent = self.sent, []
        return [text for to, text in sent if to == DIGITS]

    def waiting(self, locale="it"):
        """Somebody whose page took down a yes to SMS."""
        ada = self.known(consent_sms="pending", locale=locale)
        self.asks(T0)
        return ada

    def asks(self, now):
        requests.ask_by_text(shop_id=self.world.shop_id, keys=[f"phone:{NUMBER}"], now=now)

    def known(self, **values):
        """Somebody of whom there is a number and nothing else."""
        ada = self.world.contact(email=None, phone=NUMBER, **values)
        ContactKey.objects.create(
            shop_id=self.world.shop_id, key=f"phone:{NUMBER}", contact_id=ada.id
        )
        return ada

    def consent(self):
        return Contact.objects.get(phone=NUMBER).consent_sms


@pytest.fixture(params=["+393330000000"])
def texts(request, monkeypatch):
    monkeypatch.setenv("RIPRESA_INTERNAL_HOSTS", HOST)
    with Texts(request.param) as made:
        yield made


def test_help_is_answered_once_an_hour_with_the_shops_contact_in_her_language(texts):
    ada = texts.known(consent_sms="denied", locale="de-AT")
    Shop.objects.filter(id=texts.world.shop_id).update(help_contact="+39 06 555 0100")
    texts.hears("Hilfe")
    (answer,) = texts.works()
    assert answer.startswith(f"{Shop.objects.get().name}: Nachrichten")
    assert "+39 06 555 0100" in answer
    assert "STOP" in answer
    for minutes in (1, 59):
        texts.hears("help", now=T0 + timedelta(minutes=minutes))
    assert texts.works(T0 + HOUR) == []
    texts.hears("info", now=T0 + HOUR)
    assert len(texts.works(T0 + HOUR)) == 1
    assert Contact.objects.get(id=ada.id).consent_sms == "denied"


def test_whom_help_is_not_told(texts):
    texts.hears("help", number="+393339999999")  # nobody we know: each answer costs
    assert not SmsErrand.objects.exists()
    texts.known(consent_sms="granted")
    suppress(
        shop_id=texts.world.shop_id, channel="sms", cause="complaint", details={NUMBER: ""}, now=T0
    )
    texts.hears("help")
    assert texts.works() == []
    assert SmsErrand.objects.get().due_at is None


@pytest.mark.parametrize("words", [WORDS, help_words.WORDS], ids=["asking", "help"])
def test_every_text_is_there_in_five_languages(words):
    assert set(words) == {"en", "it", "ro", "ru", "de"}


@pytest.mark.parametrize("yes", ["YES", "Sì", "da!", "ДА", "ja bitte", "START"])
def test_a_yes_by_text_is_a_proven_consent(texts, yes):
    texts.waiting()
    (asked,) = texts.works()
    assert "rispondi SI" in asked
    assert "/c/" in asked
    assert texts.works(T0 + DAY) == []
    texts.hears(yes, now=T0 + HOUR)
    assert texts.consent() == "granted"
    word = ConsentWord.objects.get(channel="sms", state="granted")
    assert (word.source, word.text, word.proven) == ("double opt-in", f"by SMS: {yes}", True)
    assert ConsentRequest.objects.get().confirmed_at == T0 + HOUR


def test_the_link_of_a_text_leads_to_a_page_whose_button_says_yes(texts):
    texts.waiting(locale="en")
    (asked,) = texts.works()
    [link] = [word for word in asked.split() if "/c/" in word]
    with time_machine.travel(T0 + HOUR, tick=False):
        path = "/c/" + link.rpartition("/c/")[2]
        assert Client().get(path).status_code == 200
        assert texts.consent() == "pending"
        assert Client().post(path, headers={"Accept-Language": "en"}).status_code == 200
    assert texts.consent() == "granted"
    assert "SMS" in ConsentWord.objects.get(channel="sms", state="granted").text


def test_a_yes_to_nothing_grants_nothing(texts):
    ada = texts.waiting()
    texts.hears("yes")  # before she was asked
    texts.works()
    texts.hears("yes", now=T0 + 31 * DAY)  # too late
    texts.hears("no thanks", now=T0 + HOUR)
    assert texts.consent() == "pending"
    texts.hears("STOP", now=T0 + 2 * HOUR)
    assert Contact.objects.get(id=ada.id).consent_sms == "denied"


@pytest.mark.parametrize("texts", ["Bottega"], indirect=True)
def test_a_name_as_sender_can_t_be_answered_so_there_is_the_link(texts):
    texts.waiting(locale="en")
    (asked,) = texts.works()
    assert "YES" not in asked
    assert "/c/" in asked


def test_a_page_can_t_have_thousands_of_numbers_asked(texts):
    for number in range(asking.MOST_PER_HOUR + 5):
        ConsentRequest.objects.create(
            shop_id=texts.world.shop_id, id=new_id(T0), key=f"phone:+39333{number:07}",
            requested_at=T0, sent_at=T0,
        )  # fmt: skip
    texts.waiting()
    assert texts.works(T0 + timedelta(minutes=30)) == []
    assert len(texts.works(T0 + 2 * HOUR)) == 1


def test_the_provider_s_list_follows_what_she_says(texts):
    texts.known(consent_sms="granted")
    texts.hears("STOP")
    texts.works()
    assert set(texts.blocked) == {DIGITS}
    # What was refused to the shop itself lifts nothing; her own newer word does.
    ada = Contact.objects.get(phone=NUMBER)
    Contact.objects.filter(id=ada.id).update(consent_sms="pending")
    texts.asks(T0 + DAY)
    texts.works(T0 + DAY)
    texts.hears("YES", now=T0 + DAY + HOUR)
    texts.works(T0 + 2 * DAY)
    assert texts.blocked == {}


def test_a_list_that_can_t_be_reached_is_tried_again_and_given_up_in_the_end(texts):
    texts.known(consent_sms="granted")
    texts.is_away = True
    texts.hears("STOP")
    tries = 0
    for hour in range(20):
        due = SmsErrand.objects.get().due_at
        tries += due is not None and due <= T0 + hour * HOUR
        texts.works(T0 + hour * HOUR)
    assert tries == 8
    assert SmsErrand.objects.get().due_at is None


def test_what_is_told_twice_is_done_once(texts):
    texts.known(consent_sms="granted")
    told = Feedback(FeedbackKind.ASKED_HELP, "same", T0, recipient=NUMBER, text="HELP")
    for _ in range(2):
        record_feedback(
            shop_id=texts.world.shop_id, source=Source("smsapi", "sms", texts.account.id),
            told=[told], letterhead=own_letterhead(), now=T0,
        )  # fmt: skip
    assert len(texts.works()) == 1
