"""A shop connected in the browser, its history told, its health seen; the pop-up previewed as it is typed."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from ripresa.console.connections.there import all_connections
from ripresa.core.clock import WALL
from ripresa.domain.shops.models import Shop
from ripresa.usecases.connected.back_fill import BackFiller
from ripresa.usecases.connected.opening import Opener
from tests.browser.hands import MOUSE_FIRST, Hand
from tests.contracts.shops.woocommerce import shop as wordpress
from tests.world import World, build_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world(transactional_db) -> World:
    return build_world(WALL.now())


@MOUSE_FIRST
def test_journey_connect(hand: Hand, world):
    page = hand.page
    hand.press("link", "Settings")
    hand.press("link", "Connections")
    hand.press("link", "Connect a shop")
    hand.press("link", "Connect WooCommerce")
    with wordpress() as shop:
        hand.write("Address of the shop", shop.url)
        hand.write("Consumer key", shop.settings["consumer_key"])
        hand.write("Consumer secret", "cs_wrong")
        hand.press("button", "Connect")
        expect(page.locator(".state", has_text="Needs you")).to_be_visible()
        hand.press("link", "Renew what lets us in")
        hand.write("Consumer secret", shop.settings["consumer_secret"])
        hand.press("button", "Save and check")
        expect(page.get_by_text("Ripresa made these webhooks itself")).to_be_visible()
        expect(page.locator(".state", has_text="Needs you")).to_have_count(0)
        page.get_by_label("From this day on").fill("2026-01-01")
        hand.press("button", "Have its history told")
        expect(page.get_by_role("progressbar", name="History told")).to_be_visible()
        wines = Shop.objects.get(slug="wines")
        BackFiller(Opener(all_connections())).fill_due(shop_id=wines.id, now=WALL.now())
        # The page follows by itself.
        expect(page.get_by_text("The history was told, from")).to_be_visible()
        hand.look()
    hand.press("link", "Capture health")
    expect(page.locator("#shops")).to_be_visible()
    expect(page.get_by_text("woocommerce").first).to_be_visible()


def test_the_pop_up_shows_what_is_typed_and_leaves_the_focus(console: Page):
    page = console
    page.get_by_role("link", name="Settings").click()
    page.get_by_role("link", name="Pop-up", exact=True).click()
    page.locator(".tabs").get_by_role("link", name="English").click()
    frame = page.frame_locator("#popup-frame")
    expect(frame.get_by_role("button", name="Keep my cart")).to_be_visible()
    title = page.get_by_label("Title", exact=True)
    title.fill("One moment, please")
    expect(frame.get_by_role("heading", name="One moment, please")).to_be_visible()
    expect(title).to_be_focused()
    frame.get_by_label("E-mail address").fill("ada@wines.test")
    frame.get_by_label("Yes, Ada's Wines may write").check()
    frame.get_by_role("button", name="Keep my cart").click()
    expect(frame.get_by_text("Thank you.")).to_be_visible()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("follow within five minutes")).to_be_visible()
