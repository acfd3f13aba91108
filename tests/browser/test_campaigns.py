"""By keyboard alone: a segment of those who left a cart over 50, a letter to them, its proof, its start, its people."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from ripresa.core.clock import WALL
from ripresa.domain.campaigns.models import Campaign
from ripresa.usecases.campaigns.advance import advance_campaigns
from tests.browser.signing_in import DESKTOP, sign_in
from tests.world import World, build_world, make_cart

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
_MOST_TABS = 90


@pytest.fixture
def world(transactional_db) -> World:
    now = WALL.now()
    made = build_world(now)
    # The third cart that Ben leaves: the only one over 50 of somebody with a postal address.
    make_cart(
        made.shop, made.ben, left_at=made.ben_cart.left_at, token="keyboard", total_minor=8900
    )
    return made


def go(page: Page, there: Locator) -> None:
    """Tab on until the focus is there."""
    expect(there).to_be_visible()
    for _ in range(_MOST_TABS):
        if there.evaluate("one => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError("the keyboard does not get there")


def press(page: Page, role: str, name: str) -> None:
    go(page, page.get_by_role(role, name=name, exact=True).first)  # type: ignore[arg-type]
    page.keyboard.press("Enter")


def type_into(page: Page, name: str, text: str) -> None:
    go(page, page.get_by_role("textbox", name=name, exact=True))
    page.keyboard.press("Control+a")
    page.keyboard.type(text)


@pytest.mark.slow
def test_a_letter_to_those_who_left_by_keyboard_alone(page: Page, live_server, world):
    page.set_viewport_size(DESKTOP)
    sign_in(page, live_server.url)
    _make_the_segment(page, live_server.url)
    page.goto(f"{live_server.url}/wines/campaigns/new/")
    press(page, "button", "Begin with this")
    type_into(page, "Name", "By post")
    go(page, page.get_by_role("radio", name="A condition of its own"))
    page.keyboard.press("ArrowUp")
    chosen = page.get_by_role("combobox", name="Segment", exact=True)
    go(page, chosen)
    page.keyboard.type("Left a cart")
    expect(page.locator("#live-count")).to_have_text("2")
    press(page, "button", "Next: Channel and message")
    press(page, "button", "Next: Coupon")
    press(page, "button", "Next: Budget and schedule")
    type_into(page, "At most so much money (EUR)", "10")
    press(page, "button", "Next: Review")
    expect(page.locator("#estimate-people")).to_have_text(re.compile(r"^\s*2\s*$"))
    press(page, "link", "Proof")
    expect(page.get_by_role("heading", name="Ben Rossi · Letter")).to_be_visible()
    press(page, "link", "By post")
    press(page, "button", "Keep it and go on")
    expect(page.get_by_role("heading", name="Start it?")).to_be_visible()
    press(page, "button", "Start")
    expect(page.get_by_role("status")).to_contain_text("It is started.")
    assert Campaign.objects.get(name="By post").max_cost_minor == 1000
    advance_campaigns(shop_id=world.shop.id, now=WALL.now())
    press(page, "link", "All people")
    expect(page.get_by_role("row").filter(has_text="Ben Rossi")).to_contain_text("Letter")


def _make_the_segment(page: Page, home: str) -> None:
    page.goto(f"{home}/wines/segments/new/?preset=left")
    type_into(page, "Name", "Left a cart over 50")
    type_into(page, "Worth, amount", "70")
    expect(page.locator("#live-count")).to_have_text("2")  # Ben and Cleo
    press(page, "button", "Add a condition")
    # The new row has the focus: what it asks is chosen by its first letters.
    expect(page.locator("#c0-1-field")).to_be_focused()
    page.keyboard.type("E-mail")
    expect(page.get_by_role("combobox", name="Whether it is known")).to_be_visible()
    press(page, "button", "Remove condition 2")
    expect(page.get_by_role("button", name="Add a condition")).to_be_focused()
    press(page, "button", "Save the segment")
    expect(page.get_by_role("status")).to_contain_text("is saved.")
