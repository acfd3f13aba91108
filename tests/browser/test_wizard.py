"""From nothing to a scenario that is live, in the browser: the wizard's eight steps."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from ripresa.core.clock import WALL
from ripresa.domain.scenarios.models import Scenario, ScenarioDraft
from tests.browser.hands import MOUSE_FIRST, Hand
from tests.browser.signing_in import sign_in
from tests.world import World, build_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world(transactional_db) -> World:
    return build_world(WALL.now())


@MOUSE_FIRST
def test_journey_scenario(hand: Hand, world, watch):
    watch.allow("status of 422")  # what is wrong is answered so
    page = hand.page
    hand.press("link", "Scenarios")
    hand.press("link", "New scenario")
    hand.press("button", "Begin with this")
    hand.write("Name", "Come again")
    hand.press("button", "Next: Adjust")
    # It saves itself, says what it can't save, and loses neither.
    hand.write("Nothing happened for", "soon")
    page.get_by_role("textbox", name="Not after an order, for").focus()
    expect(page.get_by_role("alert")).to_contain_text("A whole number, like 4.")
    hand.write("Nothing happened for", "6")
    hand.press("button", "Add a message")
    expect(page.get_by_text("Message 4", exact=True)).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)
    assert "idle: 6h" in ScenarioDraft.objects.get(name="Come again").text
    hand.press("button", "Remove step1")
    expect(page.get_by_text("Message 4", exact=True)).to_have_count(0)
    _choose_a_sender(hand)
    steps = page.get_by_role("navigation", name="Steps")
    hand.push(steps.get_by_role("link", name="Review"))
    _try_and_go_live(hand)
    made = Scenario.objects.get(shop=world.shop, name="Come again")
    assert made.state == "live"
    hand.press("button", "Edit")
    expect(page).to_have_url(re.compile("/drafts/.*/adjust/$"))


def _choose_a_sender(hand: Hand) -> None:
    page = hand.page
    steps = page.get_by_role("navigation", name="Steps")
    hand.push(steps.get_by_role("link", name="Sender"))
    expect(steps.locator("[aria-current=step]")).to_contain_text("Sender")
    hand.choose("Mails come from", "Somebody else: write it below")
    page.get_by_label("Name", exact=True).focus()  # a list is saved once it is left
    expect(page.get_by_role("alert")).to_contain_text("An address looks like")
    hand.write("E-mail", "ada@wines.test")
    page.get_by_label("Answers go to").focus()
    expect(page.get_by_role("alert")).to_have_count(0)


def _try_and_go_live(hand: Hand) -> None:
    page = hand.page
    expect(page.get_by_role("heading", name="Nothing blocks")).to_be_visible()
    hand.press("button", "Try")
    expect(page.locator("#tried")).to_contain_text("Nothing was sent.")
    hand.look()
    hand.press("button", "Publish")
    hand.press("button", "Go live")
    expect(page.get_by_role("status")).to_contain_text("Live.")


def test_a_mail_is_seen_as_its_readers_will(page: Page, live_server, world):
    sign_in(page, live_server.url)
    page.goto(f"{live_server.url}/wines/previews/reminder/email/de/")
    mail = page.frame_locator("iframe.mail")
    expect(mail.get_by_text("Barolo DOCG 2019").first).to_be_visible()
    page.get_by_role("link", name="Phone").click()
    expect(page.locator("iframe.mail-phone")).to_be_visible()
    page.get_by_role("link", name="Plain text").click()
    expect(page.locator(".plain-text")).to_contain_text("preview.invalid")
