"""From nothing to a scenario that is live, in the browser: the wizard's eight steps."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from ripresa.core.clock import WALL
from ripresa.domain.scenarios.models import Scenario, ScenarioDraft
from tests.browser.signing_in import DESKTOP, sign_in
from tests.world import World, build_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world(transactional_db) -> World:
    return build_world(WALL.now())


def test_a_scenario_is_made_tried_and_switched_on(page: Page, live_server, world, watch):
    watch.allow("status of 422")  # what is wrong is answered so
    page.set_viewport_size(DESKTOP)
    sign_in(page, live_server.url)
    page.get_by_role("link", name="Scenarios").click()
    page.get_by_role("link", name="New scenario").click()
    page.get_by_role("button", name="Begin with this").first.press("Enter")
    page.get_by_label("Name").fill("Come again")
    page.get_by_role("button", name="Next: Adjust").press("Enter")
    # It saves itself, says what it can't save, and loses neither.
    page.get_by_role("textbox", name="Nothing happened for").fill("soon")
    page.get_by_role("textbox", name="Not after an order, for").focus()
    expect(page.get_by_role("alert")).to_contain_text("A whole number, like 4.")
    page.get_by_role("textbox", name="Nothing happened for").fill("6")
    page.get_by_role("textbox", name="Not after an order, for").focus()
    expect(page.locator("#saved")).to_contain_text("Saved today")
    expect(page.get_by_role("alert")).to_have_count(0)
    assert "idle: 6h" in ScenarioDraft.objects.get(name="Come again").text
    page.get_by_role("button", name="Add a message").click()
    expect(page.get_by_text("Message 4", exact=True)).to_be_visible()
    page.get_by_role("button", name="Remove step1").click()
    expect(page.get_by_text("Message 4", exact=True)).to_have_count(0)
    _choose_a_sender(page)
    page.get_by_role("navigation", name="Steps").get_by_role("link", name="Review").click()
    _try_and_go_live(page)
    made = Scenario.objects.get(shop=world.shop, name="Come again")
    assert made.state == "live"
    page.get_by_role("button", name="Edit").click()
    expect(page).to_have_url(re.compile("/drafts/.*/adjust/$"))


def _choose_a_sender(page: Page) -> None:
    steps = page.get_by_role("navigation", name="Steps")
    steps.get_by_role("link", name="Sender").click()
    expect(steps.locator("[aria-current=step]")).to_contain_text("Sender")
    page.get_by_label("Mails come from").select_option("written-out")
    expect(page.get_by_role("alert")).to_contain_text("An address looks like")
    page.get_by_label("E-mail", exact=True).fill("ada@wines.test")
    page.get_by_label("Answers go to").focus()
    expect(page.get_by_role("alert")).to_have_count(0)


def _try_and_go_live(page: Page) -> None:
    expect(page.get_by_role("heading", name="Nothing blocks")).to_be_visible()
    page.get_by_role("button", name="Try", exact=True).click()
    expect(page.locator("#tried")).to_contain_text("Nothing was sent.")
    page.get_by_role("button", name="Publish").click()
    page.get_by_role("button", name="Go live").click()
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
