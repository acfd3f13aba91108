"""Journeys through rooms that have no file of their own here: a text, a cart, a customer, a deal, the reports.

`JOURNEYS.md` lists all ten.
"""

from __future__ import annotations

import csv
import re
from email import message_from_bytes
from email.policy import default

import pytest
from playwright.sync_api import expect

from ripresa.core.clock import WALL
from ripresa.domain.contacts.models import Contact
from ripresa.domain.deals.models import Deal
from ripresa.domain.messages.models import Message
from tests.browser.hands import KEYBOARD_FIRST, LATER, Hand
from tests.rows import DAY, HOUR, make_cart, make_consent, make_contact
from tests.smtp_sink import SinkServer
from tests.world import World, build_world, deal_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world(transactional_db) -> World:
    made = build_world(WALL.now())
    deal_of(made)
    now = WALL.now()
    dora = make_contact(made.shop, "dora@mail.test", first_name="Dora", consent_email="granted")
    make_consent(made.shop, "email:dora@mail.test", "granted", now - DAY)
    make_cart(made.shop, dora, left_at=now - 5 * HOUR)
    return made


@LATER
def test_journey_text(hand: Hand, world, monkeypatch):
    page = hand.page
    hand.press("link", "Texts")
    hand.write("Name, as scenarios will call it", "spring")
    hand.press("button", "Begin")
    hand.write("Subject", "Spring is here")
    hand.open("Insert")
    hand.press("button", "First name")
    hand.write("First name, if unknown", "friend")
    hand.press("button", "Line")
    expect(page.locator(".blocks > li").last).to_contain_text("Line")
    hand.press("button", "Move Line up")
    expect(page.locator(".blocks > li").nth(-2)).to_contain_text("Line")
    hand.press("button", "Phone")
    expect(page.locator("iframe.mail-phone")).to_be_visible()
    hand.look()
    with SinkServer() as sink:
        monkeypatch.setenv("RIPRESA_SMTP_URL", sink.url)
        hand.press("link", "Send a test")
        hand.press("button", "Send a test")
        expect(page.get_by_text("on its way to ada@wines.test")).to_be_visible()
        (caught,) = sink.caught
    received = message_from_bytes(caught.content, policy=default)
    assert received["Subject"].startswith("[TEST] Spring is here")


@KEYBOARD_FIRST
def test_journey_by_hand(hand: Hand, world, watch):
    watch.allow("htmx:(afterRequest|sendAbort)")  # a question that the next one has overtaken
    page = hand.page
    hand.press("link", "Carts")
    hand.write("Buyer", "dora")
    hand.choose("State", "Abandoned")
    # The list that comes last: an earlier one may hold one line as well, and be replaced under the hand.
    expect(page).to_have_url(re.compile("buyer=dora.*state=abandoned"))
    expect(page.locator("#results .whole")).to_have_count(1)
    hand.press("link", "Dora")
    hand.press("link", "Send by hand")
    hand.press("button", "Send it")
    expect(page.get_by_role("heading", name="What happened, and why")).to_be_visible()
    assert Message.objects.filter(contact__first_name="Dora").count() == 1
    hand.look()


@LATER
def test_journey_customer(hand: Hand, world):
    page = hand.page
    hand.press("link", "Customers")
    hand.write("Name, e-mail, phone or customer number", "cleo")
    expect(page).to_have_url(re.compile("q=cleo"))
    expect(page.locator("#results .whole")).to_have_count(1)
    hand.press("link", "Cleo")
    hand.open("Write down what the person said")
    hand.choose("Channel", "SMS")
    hand.choose("She said", "no")
    hand.write("How or where: by phone, at the till", "by phone")
    hand.press("button", "Write it down")
    expect(page.get_by_role("status")).to_be_visible()
    assert Contact.objects.get(id=world.cleo.id).consent_sms == "denied"
    hand.look()


@LATER
def test_journey_deal(hand: Hand, world):
    page = hand.page
    hand.press("link", "Pipeline")
    hand.choose("Move Cleo to", "In talks")
    hand.press("button", "Move")
    expect(page.locator('[data-stage="in_talks"] .card-deal')).to_have_count(1)
    hand.press("link", "Cleo")
    hand.write("What was said, if anything", "calls back on Monday")
    hand.press("button", "I called")
    expect(page.get_by_role("status")).to_contain_text("Written down")
    hand.press("button", "Take it over")
    expect(page.get_by_role("button", name="Take it over")).to_have_count(0)
    hand.press("button", "A week")
    expect(page.get_by_text("Rests until")).to_be_visible()
    hand.press("button", "Won")
    expect(page.get_by_role("button", name="Won")).to_have_count(0)
    assert Deal.objects.get(contact__first_name="Cleo").outcome == "won"
    hand.look()


@KEYBOARD_FIRST
def test_journey_reports(hand: Hand, world):
    page = hand.page
    hand.press("link", "Reports")
    hand.choose("Channel", "E-mail")
    hand.press("button", "Apply")
    expect(page).to_have_url(re.compile("channel=email"))
    with page.expect_download() as taken:
        hand.press("link", "What messages brought: CSV")
    with taken.value.path().open(encoding="utf-8-sig", newline="") as table:
        assert len(next(csv.reader(table))) > 3
    hand.look()
