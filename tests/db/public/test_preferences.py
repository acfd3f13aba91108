"""CNS-1, CNS-2: whoever has a mail chooses what comes, per channel and in which language, without a log-in."""

import pytest
import time_machine
from django.test import Client
from django.utils.html import escape

from ripresa.core.ids import new_id
from ripresa.domain.contacts.models import ConsentWord, Contact, LanguageChoice, Suppression
from ripresa.domain.media.addresses import key_of
from ripresa.domain.messages.models import MessageLink
from ripresa.domain.shops.models import Shop
from ripresa.public.texts import TEXTS
from ripresa.usecases.reporting.figures import Only, table
from ripresa.usecases.reporting.keeping import catch_up
from ripresa.usecases.templates.brand import change_brand
from tests.forging import forged
from tests.rows import DAY, T0
from tests.worlds.texts import picture_of

EN = {"Accept-Language": "en"}
ALL_ON = {"shown": ["email", "sms", "letter"], "save": "yes"}


def consents(world) -> tuple[str, str, str]:
    ben = Contact.objects.get(shop=world.shop, id=world.ben.id)
    return ben.consent_email, ben.consent_sms, ben.consent_letter


def words(world):
    found = ConsentWord.objects.filter(shop=world.shop, key="email:ben@mail.test")
    return {(word.channel, word.state): word for word in found}


def test_a_get_shows_the_switches_and_changes_nothing(world, link, client):
    before = ConsentWord.objects.count()
    text = client.get(link("unsubscribe"), headers=EN).content.decode()
    assert text.count('type="checkbox"') == 3
    assert text.count("checked") == 3
    client.get(link("unsubscribe", token="x" * 20) + "?save=yes&on=sms&stop=everything&language=de")
    assert ConsentWord.objects.count() == before
    assert not LanguageChoice.objects.exists()
    assert consents(world) == ("granted", "unknown", "unknown")


def test_the_shops_logo_stands_on_its_pages(world, link, client):
    assert "Ada&#x27;s Wines</p>" in client.get(link("unsubscribe")).content.decode()
    key = key_of(picture_of(world)).text
    change_brand(shop=world.shop, said={"logo": key}, who="ada@wines.test", now=T0)
    for purpose in ("unsubscribe", "restore"):
        assert (
            f'src="/m/{key}"' in client.get(link(purpose, token=f"{purpose:x<20}")).content.decode()
        )


def test_it_gives_nothing_away(world, link, client):
    text = client.get(link("unsubscribe"), headers=EN).content.decode()
    for secret in ("Ben", "Rossi", "ben@mail.test", "+39333", "c_77"):
        assert secret not in text


def test_turning_one_off_stops_that_channel_alone(world, link, client):
    answer = client.post(link("unsubscribe"), {**ALL_ON, "on": ["email", "letter"]}, headers=EN)
    assert b"Saved." in answer.content
    assert answer.content.count(b"checked") == 2
    assert consents(world) == ("granted", "denied", "unknown")
    assert words(world)["sms", "denied"].source == "preference page"


def test_turning_off_what_the_message_came_by_counts_as_its_unsubscribe(world, link, client):
    """RPT-3: whichever way the page ends such mails, the message is counted as unsubscribed from."""
    target = link("unsubscribe")
    used = MessageLink.objects.filter(message_id=world.sent.id, used_at__isnull=False)
    client.post(target, {**ALL_ON, "on": ["email", "letter"]})
    assert not used.exists()
    client.post(target, {**ALL_ON, "on": ["letter"]})
    assert used.get().used_at == T0
    catch_up(shop_id=world.shop.id, now=T0)
    days = Only((T0 - 30 * DAY).date(), T0.date())
    assert table(world.shop.id, days).total.counts["unsubscribed"] == 1


def test_what_is_not_touched_is_no_consent(world, link, client):
    client.post(link("unsubscribe"), {**ALL_ON, "on": ["email", "sms", "letter"]})
    assert consents(world) == ("granted", "unknown", "unknown")
    assert words(world) == {}


def test_turning_on_is_a_proven_consent_with_its_words(world, link, client):
    target = link("unsubscribe")
    client.post(target, {"stop": "everything"})
    with time_machine.travel(T0 + DAY, tick=False):
        client.post(target, {"save": "yes", "on": ["email"]}, headers=EN, REMOTE_ADDR="192.0.2.7")
    assert consents(world) == ("granted", "denied", "denied")
    word = words(world)["email", "granted"]
    assert word.text == TEXTS["en"]["agree"].format(channel="E-mails")
    assert (word.source, word.ip, word.proven, word.at) == (
        "preference page", "192.0.2.7", True, T0 + DAY,
    )  # fmt: skip


def test_a_complaint_is_not_lifted_here(world, link, client):
    Suppression.objects.create(
        shop=world.shop, id=new_id(T0), channel="email", address="ben@mail.test",
        cause="complaint", created_at=T0,
    )  # fmt: skip
    target = link("unsubscribe")
    client.post(target)
    answer = client.post(target, {"save": "yes", "on": ["email"]}, headers=EN)
    assert consents(world)[0] == "denied"
    assert b"disabled" in answer.content
    assert escape(TEXTS["en"]["blocked"]).encode() in answer.content


def test_coupled_channels_are_one_switch(world, link, client):
    Shop.objects.filter(id=world.shop.id).update(couple_channels=True)
    target = link("unsubscribe")
    text = client.get(target, headers=EN).content.decode()
    assert text.count('type="checkbox"') == 2
    assert "E-mails and SMS" in text
    client.post(target, {"save": "yes", "shown": ["email_and_sms", "letter"], "on": ["letter"]})
    assert consents(world)[:2] == ("denied", "denied")
    with time_machine.travel(T0 + DAY, tick=False):
        client.post(target, {"save": "yes", "on": ["email_and_sms", "letter"], "shown": ["letter"]})
    assert consents(world)[:2] == ("granted", "granted")


def test_the_language_is_kept_and_beats_the_browser(world, link, client):
    target = link("unsubscribe")
    answer = client.post(
        target, {**ALL_ON, "on": ["email", "sms", "letter"], "language": "de"}, headers=EN
    )
    assert TEXTS["de"]["saved"].encode() in answer.content
    assert Contact.objects.get(id=world.ben.id).locale == "de"
    assert '<html lang="de">' in client.get(target, headers=EN).content.decode()
    client.post(target, {**ALL_ON, "on": ["email", "sms", "letter"], "language": ""}, headers=EN)
    assert '<html lang="en">' in client.get(target, headers=EN).content.decode()
    assert not LanguageChoice.objects.exists()


@pytest.mark.parametrize("language", sorted(TEXTS))
def test_speaks_five_languages(language, world, link, client):
    text = client.get(link("unsubscribe"), headers={"Accept-Language": language}).content.decode()
    assert f'<html lang="{language}">' in text
    assert escape(TEXTS[language]["stop_everything"]) in text


class TestHostile:
    @pytest.mark.parametrize(
        "body",
        [
            {"save": "yes", "on": ["<script>", "agent", "email_and_sms", "sms" * 999]},
            {"save": "yes", "on": ["email"], "shown": ["email"], "language": "../../etc"},
            {"save": "yes", "language": "xx\x00", "on": ["email"], "shown": ["email"]},
            {"save": ["yes", "no"], "shown": ["nobody"] * 50},
        ],
    )  # fmt: skip
    def test_words_that_are_none_of_the_pages_change_nothing(self, body, world, link, client):
        assert client.post(link("unsubscribe"), body).status_code == 200
        assert consents(world) == ("granted", "unknown", "unknown")
        assert not LanguageChoice.objects.exists()

    def test_one_click_is_one_click_whatever_else_is_said(self, world, link, client):
        client.post(
            link("unsubscribe"),
            {"List-Unsubscribe": "One-Click", "save": "yes", "on": ["email", "sms", "letter"]},
        )
        assert consents(world)[0] == "denied"

    def test_a_link_nobody_was_given_changes_nothing(self, world, link, client):
        target = link("unsubscribe")
        assert client.post(forged(target), {**ALL_ON}).status_code == 404
        assert consents(world)[0] == "granted"


class TestOneClick:
    """RFC 8058, section 3.1, as mail services do it."""

    @pytest.mark.parametrize("form", ["urlencoded", "multipart"])
    def test_both_kinds_of_body_are_heard(self, form, world, link):
        client = Client(enforce_csrf_checks=True)
        if form == "multipart":
            answer = client.post(link("unsubscribe"), {"List-Unsubscribe": "One-Click"})
        else:
            answer = client.post(
                link("unsubscribe"),
                "List-Unsubscribe=One-Click",
                content_type="application/x-www-form-urlencoded",
            )
        assert answer.status_code == 200  # and no redirect
        assert not answer.cookies
        assert consents(world)[0] == "denied"

    def test_it_stops_its_own_channel_alone(self, world, link, client):
        client.post(link("unsubscribe"), {"List-Unsubscribe": "One-Click"})
        assert consents(world) == ("denied", "unknown", "unknown")

    def test_it_works_for_years(self, world, link, client):
        target = link("unsubscribe", days=-3000)
        assert client.post(target, {"List-Unsubscribe": "One-Click"}).status_code == 200
        assert consents(world)[0] == "denied"

    def test_again_it_is_as_good_as_once(self, world, link, client):
        for _ in range(3):
            client.post(
                link("unsubscribe", token="y" * 20 + str(_)), {"List-Unsubscribe": "One-Click"}
            )
        assert len(words(world)) == 1
