"""The journey of a marketer who brings her customers, one of them with an error, and mends it."""

import pytest
from playwright.sync_api import expect

from ripresa.core.clock import WALL
from ripresa.domain.contacts.models import Contact
from ripresa.usecases.files.taking import FileTaker
from ripresa.usecases.fold_events import fold_shop
from tests.browser.hands import MOUSE_FIRST, Hand, file
from tests.world import World, build_world
from tests.worlds.imports import PEOPLE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world(transactional_db) -> World:
    return build_world(WALL.now())


def work(world: World) -> None:
    """What the worker does meanwhile."""
    taker = FileTaker()
    while taker.take_due(shop_id=world.shop.id, now=WALL.now()):
        pass
    fold_shop(shop_id=world.shop.id, now=WALL.now())


@MOUSE_FIRST
def test_journey_import(hand: Hand, home, world, watch):
    watch.allow("status of 422")  # the proof that is missing at first
    page = hand.page
    hand.press("link", "Customers")
    hand.press("link", "Import")
    hand.bring("File", file("people.csv", "text/csv", PEOPLE))
    hand.press("button", "Next: columns")
    expect(page.get_by_label("Telefon")).to_have_value("phone")
    hand.tick("radio", "They all agreed, and I can prove it.")
    hand.press("button", "Next: what will happen")
    expect(page.get_by_text("To what did they agree?")).to_be_visible()
    hand.tick("radio", "Nothing is assumed.")
    hand.press("button", "Next: what will happen")
    hand.press("button", "Import")
    _wait_for_the_end(hand, world)
    with page.expect_download() as taken:
        hand.press("link", "Take the rows to mend")
    rows = taken.value.path().read_text("utf-8-sig")
    mended = rows.replace("no address", "hugo@mail.test")
    hand.bring("The mended rows", file("people.csv", "text/csv", mended))
    hand.press("button", "Bring them again")
    hand.press("button", "Next: what will happen")
    hand.press("button", "Import")
    _wait_for_the_end(hand, world)
    hand.look()
    page.goto(f"{home}/wines/customers/?q=hugo")
    expect(page.locator("#results .whole")).to_have_text(["Hugo"])
    assert Contact.objects.filter(shop=world.shop, email="gina@mail.test").exists()


def _wait_for_the_end(hand: Hand, world: World) -> None:
    expect(hand.page.get_by_text("The import has begun.")).to_be_visible()
    expect(hand.page.get_by_role("link", name="Work under way")).to_be_visible()
    work(world)
    expect(hand.page.get_by_text("All rows were read.")).to_be_visible()
