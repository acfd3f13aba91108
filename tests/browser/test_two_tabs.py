"""The same draft open twice: whoever comes second is asked, and takes hers or theirs."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from ripresa.core.clock import WALL
from tests.world import World, build_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world(transactional_db) -> World:
    return build_world(WALL.now())


def test_the_second_tab_is_asked(console: Page, home, world, watch):
    watch.allow("status of 409")
    address = f"{home}/wines/scenarios/drafts/{world.written.id}/start/"
    console.goto(address)
    second = console.context.new_page()
    second.goto(address)
    # Each change of one tab is fresh for that tab, however often it saves itself.
    for name in ("First", "First again"):
        console.get_by_label("Name").fill(name)
        console.get_by_label("Name").press("Tab")
        expect(console.get_by_role("heading", level=1)).to_be_visible()
    console.get_by_role("button", name="Save", exact=True).click()
    expect(console.get_by_role("heading", name="First again")).to_be_visible()
    second.get_by_label("Name").fill("Second")
    second.get_by_label("Name").press("Tab")
    asked = second.get_by_role("alert")
    expect(asked).to_contain_text("name: First again")
    expect(asked).to_contain_text("name: Second")
    second.get_by_role("button", name="Save mine over it").click()
    expect(second.get_by_role("heading", name="Second")).to_be_visible()
    expect(second.get_by_role("alert")).to_have_count(0)
    world.written.refresh_from_db()
    assert world.written.name == "Second"
