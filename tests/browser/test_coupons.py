"""A marketer fills a pool from her file: she chooses the column, looks, says yes, and sees the stock."""

import pytest
from playwright.sync_api import Page, expect

from ripresa.core.clock import WALL
from tests.browser.signing_in import sign_in
from tests.db.coupons.pools import make_pool
from tests.world import build_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FILE = "Aktion;Nummer\nHerbst;WINE-7F\nHerbst;WINE-8G\nHerbst;WINE-9H\n"


def test_a_file_of_codes_becomes_stock(page: Page, live_server, transactional_db):
    world = build_world(WALL.now())
    make_pool(world.shop, "autumn", low_water=2)
    sign_in(page, live_server.url)
    page.goto(f"{live_server.url}/wines/coupons/")
    page.get_by_role("link", name="autumn").click()
    page.get_by_label("CSV or text file").set_input_files(
        {"name": "codes.csv", "mimeType": "text/csv", "buffer": FILE.encode()}
    )
    page.get_by_role("button", name="Look at the file").click()
    expect(page.get_by_text("Choose the column that holds the codes.")).to_be_visible()
    expect(page.get_by_role("button", name="Store")).to_have_count(0)
    page.get_by_label("here: column 2, Nummer").first.check()
    page.get_by_label("First row", exact=True).select_option("yes")
    page.get_by_role("button", name="Look again").click()
    expect(page.get_by_role("cell", name="WINE-7F").last).to_be_visible()
    page.get_by_role("button", name="Store 3 codes").click()
    expect(page.get_by_text("3 codes are stored.")).to_be_visible()
    expect(page.locator(".figures .value").first).to_have_text("3")
    expect(page.get_by_text("In stock")).to_be_visible()
