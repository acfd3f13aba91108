"""A form is sent and nothing could be made of it: what was typed stands there again."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from ripresa.core.clock import WALL
from ripresa.domain.shops.models import Shop
from tests.rows import PASSWORD
from tests.world import World, build_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AGAIN = "What you typed stands here again"


@pytest.fixture
def world(transactional_db) -> World:
    return build_world(WALL.now())


def save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).click()


def test_a_session_that_ended_and_a_line_that_is_too_long(console: Page, home, world, watch):
    watch.allow("status of 403")
    watch.allow("status of 422")
    console.goto(f"{home}/wines/settings/")
    console.get_by_label("Name", exact=True).fill("Vini di Ada")
    console.context.clear_cookies(name="sessionid")
    save(console)
    expect(console.get_by_role("heading", name="Sign in")).to_be_visible()
    console.get_by_label("E-mail").fill("ada@wines.test")
    console.get_by_label("Password").fill(PASSWORD)
    console.get_by_role("button", name="Sign in").click()
    expect(console.get_by_role("alert")).to_contain_text(AGAIN)
    expect(console.get_by_label("Name", exact=True)).to_have_value("Vini di Ada")
    save(console)
    expect(console.get_by_text("Saved.")).to_be_visible()
    assert Shop.objects.get(id=world.shop.id).name == "Vini di Ada"
    console.reload()
    expect(console.get_by_text(AGAIN)).to_have_count(0)

    console.get_by_label("Name", exact=True).fill("a" * 400)
    save(console)
    expect(console.get_by_text("At most 200 characters; these are 400.")).to_be_visible()
    console.goto(f"{home}/wines/settings/")
    expect(console.get_by_label("Name", exact=True)).to_have_value("a" * 400)

    # Signed in anew in another window: the token of this page is an old one.
    console.get_by_label("Name", exact=True).fill("Vini")
    console.context.clear_cookies(name="csrftoken")
    save(console)
    console.get_by_role("link", name="Back to the form").click()
    expect(console.get_by_label("Name", exact=True)).to_have_value("Vini")
    save(console)
    expect(console.get_by_text("Saved.")).to_be_visible()
