"""What a shopper meets, in a real browser that is nobody's."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from ripresa.core.clock import WALL
from ripresa.domain.carts.models import Cart
from ripresa.domain.contacts.models import Contact
from ripresa.domain.messages.models import MessageContent, MessageLink
from ripresa.domain.messages.wording import pack
from ripresa.domain.shops.models import Shop
from tests.rows import DAY, make_link
from tests.world import World, build_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SHOTS = Path(__file__).resolve().parents[2] / "test-results" / "public"
TOKEN = "Zm9vYmFyYmF6cXV4"


@pytest.fixture
def world(transactional_db, live_server) -> World:
    """Ada's shop answers where the tests do, so that the way back into it can be walked."""
    made = build_world(WALL.now())
    Shop.objects.filter(id=made.shop.id).update(
        hosts=[live_server.url.removeprefix("http://")], store_url=f"{live_server.url}/login/"
    )
    Cart.objects.filter(id=made.ben_recovered.id).update(
        state="abandoned", order_id=None, restore_url=f"{live_server.url}/login/?restored=1"
    )
    return made


@pytest.fixture
def link(world, live_server):
    def make(purpose: str, days: int = 30) -> str:
        text = make_link(world.sent, purpose, purpose + TOKEN, expires_at=WALL.now() + days * DAY)
        return f"{live_server.url}/{purpose[0]}/{text}"

    return make


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_page_is_clean_and_fits_a_phone(theme, page: Page, link, watch):
    watch.allow(r"status of (404|410)")
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.emulate_media(color_scheme=theme)
    restore, unsubscribe = link("restore"), link("unsubscribe")
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        for name, target in {
            "restore": restore, "unsubscribe": unsubscribe, "unknown": restore + "x",
        }.items():  # fmt: skip
            page.goto(target)
            page.screenshot(path=SHOTS / f"{name}-{width}-{theme}.png", full_page=True)
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            found = Axe().run(page)
            assert found.violations_count == 0, f"{name}: {found.generate_report()}"


def test_the_restore_link_leads_back_into_the_shop(page: Page, link, live_server):
    page.goto(link("restore"))
    expect(page.get_by_role("cell", name="Barolo")).to_be_visible()
    assert MessageLink.objects.get(purpose="restore").used_at is None
    page.get_by_role("button", name="Continue in the shop").click()
    # Behind the `#` stands which cart it was, for the shop's script.
    back = re.escape(f"{live_server.url}/login/?restored=1#ripresa_cart=")
    expect(page).to_have_url(re.compile(f"^{back}[a-z2-7]+$"))
    assert page.evaluate("document.referrer") == ""
    assert MessageLink.objects.get(purpose="restore").used_at is not None


def test_one_click_ends_the_mails(page: Page, link, world):
    page.goto(link("unsubscribe"))
    page.get_by_role("button", name="Stop e-mails").click()
    expect(page.get_by_role("status")).to_contain_text("Done.")
    assert Contact.objects.get(id=world.ben.id).consent_email == "denied"
    page.get_by_role("button", name="Stop everything").click()
    expect(page.get_by_role("status")).to_contain_text("no more e-mails, SMS or letters")
    assert page.context.cookies() == []


def test_she_chooses_what_comes_with_the_keyboard_alone(page: Page, link, world):
    page.goto(link("unsubscribe"))
    page.get_by_role("checkbox", name="SMS").focus()
    page.keyboard.press("Space")
    page.get_by_label("Language").select_option("de")
    page.get_by_role("button", name="Save").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Gespeichert.")
    expect(page.get_by_role("checkbox", name="SMS")).not_to_be_checked()
    expect(page.get_by_role("checkbox", name="E-Mails")).to_be_checked()
    assert Contact.objects.get(id=world.ben.id).consent_sms == "denied"
    assert page.locator("html").get_attribute("lang") == "de"
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        page.screenshot(path=SHOTS / f"saved-{width}.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert Axe().run(page).violations_count == 0


def test_a_mail_in_the_browser_keeps_its_looks_and_runs_nothing(page: Page, link, world, watch):
    watch.allow("Blocked script execution|violates the following|sandboxed")
    MessageContent.objects.filter(id=world.sent.id).update(
        words=pack(
            '<!doctype html><title>m</title><body style="color: rgb(1, 2, 3)">Ciao'
            "<script>document.title = 'ran'</script><img src=x onerror=\"document.title = 'ran'\">",
            "",
        )
    )
    page.goto(link("view"))
    assert page.title() == "m"
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(1, 2, 3)"
