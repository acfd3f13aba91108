"""SMS, letters, both at once: where they reach her, when, in which language, and what stands in the way."""

import re
from datetime import UTC, datetime

import pytest

from ripresa.contracts.channel import RefusalKind, Refused
from ripresa.core.ids import new_id
from ripresa.domain.attribution.models import MessageFigures
from ripresa.domain.contacts.models import Suppression
from ripresa.domain.messages.models import Message, MessageContent, MessageLink
from ripresa.domain.scenarios.models import Recovery
from ripresa.usecases.reporting.keeping import catch_up
from tests.db.usecases.engine_world import DAY, HOUR, T0, make_world
from tests.scripted_http import ScriptedApi
from tests.sms_providers import open_at, taken_by_smsapi

pytestmark = pytest.mark.django_db
ADDRESS = {"name": "Ada Rossi", "lines": ["Via Roma 1"], "postal_code": "00184", "city": "Roma", "country": "IT"}  # fmt: skip
ADA = {"phone": "+393331234567", "address": ADDRESS, "consent_sms": "granted", "consent_letter": "granted"}  # fmt: skip
SMS = "  - {id: first, after: 0h, send: [sms], template: reminder}\n"
LETTER = "  - {id: first, after: 0h, send: [letter], template: reminder}\n"
BOTH = "  - {id: first, after: 0h, send: [email, sms], template: reminder}\n"
FREE = "quiet_hours: {sms: {from: '00:00', until: '23:59'}}"


@pytest.fixture
def world():
    return make_world()


def left(world, steps, more="", **person):
    world.scenario(more=more, steps=steps)
    return world.cart(world.contact(**{**ADA, **person}))


def test_an_sms_reaches_her_number_with_her_links(world):
    left(world, SMS)
    world.run_until(T0 + 2 * DAY)
    (sms,) = world.sms.mails
    assert (sms.recipient, sms.sender, sms.language) == ("+393331234567", "Bottega", "en")
    assert sms.text.startswith("Bottega: your cart is waiting")
    # MSG-5: the restore link and the way out, both by the short address.
    assert len(re.findall(r"https://go\.test/s/[0-9A-Za-z]{12,}(?: |$)", sms.text)) == 2
    assert "mail.shop.test" not in sms.text
    message = Message.objects.get(shop_id=world.shop_id)
    assert (message.to_address, message.rule, message.language, message.sender_id) == (
        "+393331234567", "by_country/IT/consent@2", "en", None,
    )  # fmt: skip
    assert MessageContent.objects.get(shop_id=world.shop_id).said() == ("", sms.text)
    purposes = MessageLink.objects.filter(shop_id=world.shop_id).values_list("purpose", flat=True)
    assert sorted(purposes) == ["restore", "unsubscribe"]


def test_what_an_sms_costs_is_kept_with_it_and_told_by_the_reports(world):
    """By the account's price list: a part to Italy at 8 cents, and hers has one."""
    with ScriptedApi(taken_by_smsapi) as api:
        world.sms = open_at("smsapi", api.url, part_cost="0.05 IT=0.08", currency="EUR")
        left(world, SMS)
        world.run_until(T0 + 2 * DAY)
        world.sms.close()
    message = Message.objects.get(shop_id=world.shop_id)
    assert (message.state, message.cost_minor, message.cost_currency) == ("sent", 8, "EUR")
    catch_up(shop_id=world.shop_id, now=world.now)
    (told,) = MessageFigures.objects.filter(shop_id=world.shop_id)
    assert (told.channel, told.currency, told.cost_minor) == ("sms", "EUR", 8)


def test_a_letter_goes_to_her_address_and_says_who_writes(world):
    world.set(address="Via Po 2\n10121 Torino")
    left(world, LETTER)
    world.run_until(T0 + 2 * DAY)
    (letter,) = world.letters.mails
    assert letter.recipient.text == "Ada Rossi, Via Roma 1, 00184 Roma, IT"
    assert letter.address_lines == ("Ada Rossi", "Via Roma 1", "00184 ROMA")
    assert letter.subject == "You left something in your cart"
    assert letter.text.startswith("Hello Ada,\n\n")
    assert (letter.pages, letter.pdf[:5]) == (1, b"%PDF-")
    assert Message.objects.get(shop_id=world.shop_id).to_address == letter.recipient.text


def test_an_address_without_a_name_or_a_country_is_completed(world):
    left(
        world,
        LETTER,
        last_name="Rossi",
        address={"lines": ["Via Roma 1"], "postal_code": "00184", "city": "Roma"},
    )
    world.run_until(T0 + 2 * DAY)
    (letter,) = world.letters.mails
    assert letter.recipient.text == "Ada Rossi, Via Roma 1, 00184 Roma, IT"


@pytest.mark.parametrize(
    ("steps", "person", "reason"),
    [
        (SMS, {"phone": None}, "no_phone"),
        (LETTER, {"address": None}, "no_address"),
        (LETTER, {"address": {"country": "IT"}}, "no_address"),
        (LETTER, {"address": {"lines": ["Via Roma 1"], "country": "IT"}}, "no_address"),
        (LETTER, {"address": {**ADDRESS, "postal_code": "184"}}, "no_address"),
        (SMS, {"consent_sms": "unknown"}, "legal_basis"),
        (SMS, {"consent_sms": "denied"}, "no_consent"),
        (LETTER, {"consent_letter": "denied"}, "no_consent"),
        (SMS, {"consent_email": "denied"}, None),
        (LETTER, {"email": None}, None),
    ],
)
def test_what_each_channel_needs(world, steps, person, reason):
    left(world, steps, FREE, **person)
    world.run_until(T0 + 2 * DAY)
    outcome = ("sent", "due") if reason is None else ("skipped", reason)
    assert world.trail() == [(24, "first", *outcome)]
    assert world.states(Recovery) == ["done"]


@pytest.mark.parametrize(
    ("channel", "address", "sent"),
    [("sms", "+393331234567", 0), ("email", "+393331234567", 1), ("sms", "+393330000000", 1)],
)
def test_suppression_is_by_channel_and_address(world, channel, address, sent):
    Suppression.objects.create(
        shop_id=world.shop_id, id=new_id(T0), channel=channel, address=address, cause="complaint",
        created_at=T0,
    )  # fmt: skip
    left(world, SMS, FREE)
    world.run_until(T0 + 2 * DAY)
    assert len(world.sms.mails) == sent


def test_a_number_that_does_not_exist_is_left_alone_from_then_on(world):
    world.sms.answers["+393331234567"] = Refused(True, RefusalKind.MAILBOX, "unknown subscriber")
    left(world, BOTH, FREE)
    world.run_until(T0 + 2 * DAY)
    (found,) = Suppression.objects.filter(shop_id=world.shop_id)
    assert (found.channel, found.address, found.cause) == ("sms", "+393331234567", "hard_bounce")
    assert sorted(world.trail("channel", "outcome")) == [("email", "sent"), ("sms", "failed")]


def test_both_is_one_step_and_quiet_hours_may_part_it(world):
    # T0 is 17:00 in Rome, so taken up at 17:00; the second step at 21:00.
    steps = BOTH + "  - {id: second, after: 4h, send: [email, sms], template: second_reminder}\n"
    left(world, steps, "limits: {max_messages_per_30d: 2}")
    world.run_until(T0 + 3 * DAY)
    assert sorted(world.trail("at", "step", "channel", "outcome", "reason")) == [
        (T0 + DAY, "first", "email", "sent", "due"),
        (T0 + DAY, "first", "sms", "sent", "due"),
        (T0 + DAY + 4 * HOUR, "second", "email", "sent", "due"),
        (T0 + DAY + 4 * HOUR, "second", "sms", "held", "quiet_hours"),
        (datetime(2026, 10, 5, 7, 0, tzinfo=UTC), "second", "sms", "sent", "due"),
    ]


def test_without_a_phone_both_is_the_mail_alone(world):
    left(world, BOTH, phone=None)
    world.run_until(T0 + 2 * DAY)
    assert sorted(world.trail("channel", "outcome", "reason")) == [
        ("email", "sent", "due"),
        ("sms", "skipped", "no_phone"),
    ]
    assert world.states() == ["sent", "skipped"]


def test_the_other_message_of_a_step_that_has_begun_is_held_by_no_cap(world):
    steps = BOTH + "  - {id: second, after: 30h, send: [email], template: second_reminder}\n"
    # The SMS may go from 08:00 only: 15 hours after the mail, which opened the step.
    more = "limits: {not_more_often_than: 24h}\nquiet_hours: {sms: {from: '08:00', until: '09:00'}}"
    left(world, steps, more)
    world.run_until(T0 + 4 * DAY)
    assert sorted(world.trail("at", "channel", "outcome")) == [
        (T0 + DAY, "email", "sent"),
        (T0 + DAY, "sms", "held"),
        (T0 + DAY + 15 * HOUR, "sms", "sent"),
        (T0 + DAY + 30 * HOUR, "email", "sent"),
    ]


@pytest.mark.parametrize(
    ("locale", "language", "word"),
    [("it-CH", "it", "carrello"), ("en", "en", "cart"), ("de-AT", "it", "carrello"), (None, "it", "carrello")],
)  # fmt: skip
def test_each_reads_her_own_language_or_the_scenario_s(world, locale, language, word):
    left(world, BOTH, f"{FREE}\nlanguages: {{mode: multi, default: it, list: [it, en]}}", locale=locale)  # fmt: skip
    world.run_until(T0 + 2 * DAY)
    (mail,), (sms,) = world.channel.mails, world.sms.mails
    assert mail.language == sms.language == language
    assert word in mail.subject
    assert word in sms.text
    found = Message.objects.filter(shop_id=world.shop_id).values_list("language", flat=True)
    assert set(found) == {language}


def test_who_changes_her_language_reads_the_new_one_and_a_retry_repeats_the_old(world):
    cart = left(world, SMS, f"{FREE}\nlanguages: {{mode: multi, default: it, list: [it, en]}}")
    world.sms.answers["+393331234567"] = Refused(False, RefusalKind.OTHER, "try later")
    world.run_until(T0 + DAY)
    cart.contact.__class__.objects.filter(shop_id=world.shop_id).update(locale="en")
    world.sms.answers.clear()
    world.run_until(T0 + 2 * DAY)
    first, second = world.sms.mails
    assert first == second
    assert second.language == "it"


def test_an_sms_and_a_letter_are_cancelled_by_the_cart_like_a_mail(world):
    from ripresa.domain.carts.models import Cart

    steps = (
        SMS.replace("first", "a") + LETTER.replace("first", "b").replace("0h", "1h") + BOTH.replace("first", "c")
    )  # fmt: skip
    left(world, steps, FREE)
    world.run_until(T0 + DAY - HOUR)
    Cart.objects.filter(shop_id=world.shop_id).update(state="recovered", due_at=None)
    world.run_until(T0 + 3 * DAY)
    assert not world.sms.mails + world.letters.mails + world.channel.mails
