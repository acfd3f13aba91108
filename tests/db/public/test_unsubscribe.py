"""CNS-1, CNS-2: one click ends the mails; a GET, whoever makes it, changes nothing."""

import pytest
from django.test import Client

from ripresa.domain.contacts.models import ConsentClaim, Contact, ContactKey
from ripresa.domain.messages.models import Decision, Message, MessageLink
from ripresa.domain.scenarios.models import Recovery
from tests.forging import forged
from tests.rows import T0, make_contact

ONE_CLICK = {
    "data": "List-Unsubscribe=One-Click",
    "content_type": "application/x-www-form-urlencoded",
}


def consents(world) -> tuple[str, str, str]:
    ben = Contact.objects.get(shop=world.shop, id=world.ben.id)
    return ben.consent_email, ben.consent_sms, ben.consent_letter


def planned(world) -> int:
    return Message.objects.filter(shop=world.shop, contact_id=world.ben.id, state="planned").count()


def denied(world, channel: str = "email") -> ConsentClaim:
    return ConsentClaim.objects.get(
        shop=world.shop, channel=channel, state="denied", key="email:ben@mail.test"
    )


def test_a_get_shows_a_page_and_changes_nothing(world, link, client):
    target = link("unsubscribe")
    for ask in (client.get, client.head):
        answer = ask(target, headers={"Accept-Language": "en"})
        assert answer.status_code == 200
        assert not answer.cookies
    assert b"Stop e-mails" in client.get(target, headers={"Accept-Language": "en"}).content
    assert consents(world) == ("granted", "unknown", "unknown")
    assert planned(world) == 2


def test_shows_no_personal_data(world, link, client):
    text = client.get(link("unsubscribe")).content.decode()
    for secret in ("Ben", "ben@mail.test", "Barolo"):
        assert secret not in text


@pytest.mark.parametrize(
    "body",
    [ONE_CLICK, {"data": {"stop": "email"}}, {"data": {}}],
    ids=["rfc8058", "button", "bare"],
)
def test_one_post_ends_the_mails(body, world, link):
    answer = Client(enforce_csrf_checks=True).post(
        link("unsubscribe"), **body, headers={"Accept-Language": "en"}
    )
    assert answer.status_code == 200
    assert b"You get no more e-mails of this kind." in answer.content
    assert consents(world) == ("denied", "unknown", "unknown")
    assert planned(world) == 0


def test_what_was_planned_is_cancelled_with_its_reason(world, link, client):
    client.post(link("unsubscribe"))
    messages = Message.objects.filter(contact_id=world.ben.id, reason="unsubscribed")
    assert {each.state for each in messages} == {"cancelled"}
    assert (
        Decision.objects.filter(
            message_id__in=[each.id for each in messages],
            outcome="cancelled",
            reason="unsubscribed",
            at=T0,
        ).count()
        == len(messages)
        == 2
    )
    assert not Recovery.objects.filter(contact_id=world.ben.id, state="active").exists()


def test_the_refusal_is_its_own_proof(world, link, client):
    client.post(link("unsubscribe"))
    claim = denied(world)
    assert claim.proven
    assert (claim.latest_at, claim.source) == (T0, "unsubscribe link")
    assert str(world.sent.id) in claim.text
    assert MessageLink.objects.get(purpose="unsubscribe").used_at == T0


def test_everything_stops_every_channel(world, link, client):
    answer = client.post(
        link("unsubscribe"), {"stop": "everything"}, headers={"Accept-Language": "en"}
    )
    assert b"no more e-mails, SMS or letters" in answer.content
    assert consents(world) == ("denied", "denied", "denied")
    assert {denied(world, each).latest_at for each in ("email", "sms", "letter")} == {T0}


def test_twice_is_as_good_as_once(world, link, client):
    target = link("unsubscribe")
    assert client.post(target).status_code == client.post(target).status_code == 200
    assert (
        ConsentClaim.objects.filter(
            shop=world.shop, key="email:ben@mail.test", state="denied"
        ).count()
        == 1
    )


def test_an_old_link_still_ends_the_mails(world, link, client):
    assert client.post(link("unsubscribe", days=-1)).status_code == 200
    assert consents(world)[0] == "denied"


def test_a_link_nobody_was_given_ends_nothing(world, link, client):
    target = link("unsubscribe")
    assert client.post(forged(target)).status_code == 404
    assert consents(world)[0] == "granted"


def test_it_is_hers_alone(world, link, client):
    client.post(link("unsubscribe"))
    other = Contact.objects.get(shop=world.other_shop, email="ben@mail.test")
    assert other.consent_email == "unknown"
    assert Message.objects.filter(shop=world.shop, state="sent", contact_id=world.cleo.id).exists()


def test_after_a_merge_the_person_who_has_the_address_now_is_meant(world, link, client):
    merged = make_contact(world.shop, customer_id="c_99", consent_email="granted")
    ContactKey.objects.filter(shop=world.shop, key="email:ben@mail.test").update(
        contact_id=merged.id
    )
    client.post(link("unsubscribe"))
    assert Contact.objects.get(id=merged.id).consent_email == "denied"


@pytest.mark.parametrize(("accepts", "word"), [("it", "Basta e-mail"), ("en", "Stop e-mails")])
def test_speaks_the_readers_language(accepts, word, world, link, client):
    text = client.get(link("unsubscribe"), headers={"Accept-Language": accepts}).content.decode()
    assert word in text
    assert f'lang="{accepts}"' in text
