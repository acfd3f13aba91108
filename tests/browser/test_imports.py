"""The journey of a marketer who brings her customers, one of them with an error, and mends it."""

import pytest
from playwright.sync_api import Page, expect

from ripresa.core.clock import WALL
from ripresa.domain.contacts.models import Contact
from ripresa.usecases.files.taking import FileTaker
from ripresa.usecases.fold_events import fold_shop
from tests.world import World, build_world
from tests.worlds.imports import PEOPLE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world(transactional_db) -> World:
    return build_world(WALL.now())


def file(text: str) -> dict[str, object]:
    return {"name": "people.csv", "mimeType": "text/csv", "buffer": text.encode()}


def work(world: World) -> None:
    """What the worker does meanwhile."""
    taker = FileTaker()
    while taker.take_due(shop_id=world.shop.id, now=WALL.now()):
        pass
    fold_shop(shop_id=world.shop.id, now=WALL.now())


def test_contacts_are_brought_and_the_wrong_row_is_mended(console: Page, home, world, watch):
    watch.allow("status of 422")  # the proof that is missing at first
    console.goto(f"{home}/wines/customers/")
    console.get_by_role("link", name="Import", exact=True).click()
    console.get_by_label("File", exact=True).set_input_files([file(PEOPLE)])
    console.get_by_role("button", name="Next: columns").click()
    expect(console.get_by_label("Telefon")).to_have_value("phone")
    console.get_by_label("They all agreed, and I can prove it.").check()
    console.get_by_role("button", name="Next: what will happen").click()
    expect(console.get_by_text("To what did they agree?")).to_be_visible()
    console.get_by_label("Nothing is assumed.").check()
    console.get_by_role("button", name="Next: what will happen").click()
    console.get_by_role("button", name="Import").click()
    expect(console.get_by_role("link", name="Work under way")).to_be_visible()
    work(world)
    expect(console.get_by_text("All rows were read.")).to_be_visible()
    with console.expect_download() as taken:
        console.get_by_role("link", name="Take the rows to mend").click()
    rows = taken.value.path().read_text("utf-8-sig")
    console.get_by_label("The mended rows").set_input_files(
        [file(rows.replace("no address", "hugo@mail.test"))]
    )
    console.get_by_role("button", name="Bring them again").click()
    console.get_by_role("button", name="Next: what will happen").click()
    console.get_by_role("button", name="Import").click()
    expect(console.get_by_text("The import has begun.")).to_be_visible()
    work(world)
    expect(console.get_by_text("All rows were read.")).to_be_visible()
    console.goto(f"{home}/wines/customers/?q=hugo")
    expect(console.locator("#results .whole")).to_have_text(["Hugo"])
    assert Contact.objects.filter(shop=world.shop, email="gina@mail.test").exists()
