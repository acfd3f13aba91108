"""The board in the browser: by mouse, by keyboard, on a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from ripresa.core.clock import WALL
from ripresa.domain.deals.models import Deal
from tests.browser.signing_in import DESKTOP, SMALL, sign_in
from tests.world import build_world, deal_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def board(page: Page, live_server, transactional_db) -> Page:
    world = build_world(WALL.now())
    deal_of(world)
    deal_of(world, world.ben_cart, "in_talks")
    page.set_viewport_size(DESKTOP)
    sign_in(page, live_server.url)
    page.get_by_role("link", name="Pipeline").click()
    return page


def test_a_deal_is_dragged_or_moved_by_keyboard_then_worked_on_from_a_phone(board: Page):
    cleo = board.locator(".card-deal", has_text="Cleo")
    cleo.drag_to(board.locator('[data-stage="in_talks"]'))
    expect(board.locator('[data-stage="in_talks"] .card-deal')).to_have_count(2)
    expect(board.locator("#board-said")).to_have_text("The deal is moved.")
    # A list that moved as one leafs through it would win deals by accident: the button does it.
    board.get_by_label("Move Cleo to").focus()
    board.keyboard.press("ArrowUp")
    expect(board.get_by_label("Move Cleo to")).to_have_value("check_out_abandoned")
    board.keyboard.press("Tab")
    board.keyboard.press("Enter")
    expect(board.locator('[data-stage="check_out_abandoned"] .card-deal')).to_have_count(1)
    expect(cleo.get_by_role("button", name="Move")).to_be_focused()
    board.set_viewport_size(SMALL)
    assert board.evaluate("document.documentElement.scrollWidth") <= SMALL["width"]
    board.get_by_role("link", name="Cleo").click()
    board.get_by_label("What was said, if anything").fill("calls back on Monday")
    board.get_by_role("button", name="I called").click()
    expect(board.get_by_role("status")).to_contain_text("Written down")
    board.get_by_role("button", name="Take it over").click()
    expect(board.get_by_role("button", name="Take it over")).to_have_count(0)
    board.get_by_role("button", name="A week").click()
    expect(board.get_by_text("Rests until")).to_be_visible()
    board.get_by_role("button", name="Won").click()
    expect(board.get_by_role("button", name="Won")).to_have_count(0)
    assert Deal.objects.get(contact__first_name="Cleo").outcome == "won"
