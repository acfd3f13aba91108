"""From nothing to a scenario that is live, in the browser: the wizard's eight steps."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from ripresa.core.clock import WALL
from ripresa.domain.scenarios.models import Scenario, ScenarioDraft, ScenarioReplay
from tests.browser.hands import MOUSE_FIRST, Hand, MouseHand
from tests.browser.signing_in import sign_in
from tests.world import World, build_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CAME_OF_IT = {"carts": 3, "people": 2, "coupons": 0, "sent": {"email": 2}, "outcomes": {}}


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
    hand.press("button", "Remove Message 4")
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
    page.get_by_label("Sender’s name").focus()  # a list is saved once it is left
    expect(page.get_by_role("alert")).to_contain_text("An address looks like")
    hand.write("E-mail", "ada@wines.test")
    page.get_by_label("Replies go to").focus()
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


def test_a_branch_a_test_and_a_replay_are_made_and_found_again(console: Page, home, world):
    """SCN-7, SCN-17, SCN-16: each is seen where it belongs, and a replay may be left while it runs."""
    hand = MouseHand(console)
    draft = f"{home}/wines/scenarios/drafts/{world.written.id}"
    console.goto(f"{draft}/adjust/")
    hand.press("button", "Add a branch")
    hand.write("Name", "large")
    hand.write("Amount", "10")
    expect(console.locator("#takers")).to_contain_text("How many would take it")
    hand.press("button", "Save")
    expect(console.locator("#audience")).to_contain_text("carts that were left behind")
    hand.press("link", "Arms, and the end of the test")
    hand.press("button", "Add an arm")
    expect(console.get_by_label("Share, per cent")).to_have_count(3)
    console.goto(f"{draft}/review/")
    line = console.locator(".story")
    expect(line).to_contain_text("Branch large Cart value at least €10.00")
    expect(line.locator(".ways").first).to_contain_text("A 33.33%")
    hand.press("button", "Replay")
    expect(console.locator("#replayed")).to_contain_text("you may leave and find it again")
    console.goto(f"{home}/wines/work/")
    console.get_by_role("link", name=world.written.name).click()
    expect(console.get_by_role("progressbar")).to_be_visible()
    ScenarioReplay.objects.update(state="done", ended_at=WALL.now(), result=CAME_OF_IT)
    expect(console.locator("#replayed")).to_contain_text("People written to 2")


def test_a_mail_is_seen_as_its_readers_will(page: Page, live_server, world):
    sign_in(page, live_server.url)
    page.goto(f"{live_server.url}/wines/previews/reminder/email/de/")
    mail = page.frame_locator("iframe.mail")
    expect(mail.get_by_text("Barolo DOCG 2019").first).to_be_visible()
    page.get_by_role("link", name="Phone").click()
    expect(page.locator("iframe.mail-phone")).to_be_visible()
    page.get_by_role("link", name="Plain text").click()
    expect(page.locator(".plain-text")).to_contain_text("preview.invalid")
