"""A marketer fills a pool from her file: she chooses the column, looks, says yes, and sees the stock."""

import pytest
from playwright.sync_api import expect

from ripresa.core.clock import WALL
from tests.browser.hands import BOTH, Hand, file
from tests.db.coupons.pools import make_pool
from tests.world import World, build_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FILE = "Aktion;Nummer\nHerbst;WINE-7F\nHerbst;WINE-8G\nHerbst;WINE-9H\n"


@pytest.fixture
def world(transactional_db) -> World:
    world = build_world(WALL.now())
    make_pool(world.shop, "autumn", low_water=2)
    return world


@BOTH
def test_journey_coupons(hand: Hand, world):
    page = hand.page
    hand.press("link", "Coupons")
    hand.press("link", "autumn")
    hand.bring("CSV or text file", file("codes.csv", "text/csv", FILE))
    hand.press("button", "Look at the file")
    expect(page.get_by_text("Choose the column that holds the codes.")).to_be_visible()
    expect(page.get_by_role("button", name="Store")).to_have_count(0)
    hand.tick("radio", "here: column 2, Nummer")
    hand.choose("First row", "has the names of the columns")
    hand.press("button", "Look again")
    expect(page.get_by_role("cell", name="WINE-7F").last).to_be_visible()
    hand.press("button", "Store 3 codes")
    expect(page.get_by_text("3 codes are stored.")).to_be_visible()
    expect(page.locator(".figures .value").first).to_have_text("3")
    expect(page.get_by_text("In stock")).to_be_visible()
    hand.look()
