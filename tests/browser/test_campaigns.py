"""A segment of those who left a cart over 50, a letter to them, its proof, its start, its people."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from ripresa.core.clock import WALL
from ripresa.domain.campaigns.models import Campaign
from ripresa.usecases.campaigns.advance import advance_campaigns
from tests.browser.hands import LATER, Hand
from tests.rows import make_cart
from tests.world import World, build_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world(transactional_db) -> World:
    now = WALL.now()
    made = build_world(now)
    # The third cart that Ben leaves: the only one over 50 of somebody with a postal address.
    make_cart(
        made.shop, made.ben, left_at=made.ben_cart.left_at, token="keyboard", total_minor=8900
    )
    return made


@LATER
def test_journey_campaign(hand: Hand, home, world, watch):
    watch.allow("status of 422")  # conditions that are half written
    page = hand.page
    _make_the_segment(hand, home)
    hand.press("link", "Campaigns")
    hand.press("link", "New campaign")
    hand.press("button", "Begin with this")
    hand.write("Name", "By post")
    hand.tick("radio", "The people of a segment, as it is when the campaign starts")
    hand.choose("Segment", "Left a cart over 50")
    expect(page.locator("#live-count")).to_have_text("2")
    hand.press("button", "Next: Channel and message")
    hand.press("button", "Next: Coupon")
    hand.press("button", "Next: Budget and schedule")
    hand.write("Spend at most (EUR)", "10")
    hand.press("button", "Next: Review")
    expect(page.locator("#estimate-people")).to_have_text(re.compile(r"^\s*2\s*$"))
    hand.press("link", "Proof")
    expect(page.get_by_role("heading", name="Ben Rossi · Letter")).to_be_visible()
    hand.press("link", "By post")
    hand.press("button", "Keep it and go on")
    expect(page.get_by_role("heading", name="Start it?")).to_be_visible()
    hand.look()
    hand.press("button", "Start the campaign")
    expect(page.get_by_role("status")).to_contain_text("It is started.")
    assert Campaign.objects.get(name="By post").max_cost_minor == 1000
    advance_campaigns(shop_id=world.shop.id, now=WALL.now())
    hand.press("link", "All people")
    expect(page.get_by_role("row").filter(has_text="Ben Rossi")).to_contain_text("Letter")


def _make_the_segment(hand: Hand, home: str) -> None:
    page = hand.page
    page.goto(f"{home}/wines/segments/new/?preset=left")
    hand.write("Name", "Left a cart over 50")
    hand.write("Worth, amount", "70")
    expect(page.locator("#live-count")).to_have_text("2")  # Ben and Cleo
    hand.press("button", "Add a condition")
    # The new row has the focus: what it asks is chosen by its first letters.
    expect(page.locator("#c0-1-field")).to_be_focused()
    page.keyboard.type("E-mail")
    expect(page.get_by_role("combobox", name="Whether it is known")).to_be_visible()
    hand.press("button", "Remove condition 2")
    expect(page.get_by_role("button", name="Add a condition")).to_be_focused()
    expect(page.locator("#live-count")).to_have_text("2")
    hand.press("button", "Save the segment")
    expect(page.get_by_role("status")).to_contain_text("is saved.")
