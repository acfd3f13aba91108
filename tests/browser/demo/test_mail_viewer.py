"""The demo's mail viewer in a real browser: what comes is shown, links leave the frame, scripts do nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page, expect

from ripresa.entrypoints.demo.catcher import CaughtMail
from ripresa.entrypoints.demo.mail_pages import pages
from ripresa.entrypoints.demo.site import HTML, LocalSite, Reply
from tests.browser.conftest import Watch

pytestmark = pytest.mark.browser

MAIL = """<!doctype html><html lang="en"><head><title>Cart</title><style>h1 {{ color: #703 }}</style></head>
<body><h1>Right where you left it</h1><a href="{link}">Return to your cart</a>
{more}</body></html>"""
SCRIPT = "<script>parent.document.title = 'stolen'; document.body.textContent = 'changed'</script>"


class Viewer:
    """The viewer's site and the mails that it shows."""

    def __init__(self) -> None:
        self.mails: list[CaughtMail] = []
        self.url = ""

    def catch(self, subject: str, link: str = "http://localhost/", more: str = "") -> None:
        mail = EmailMessage()
        mail["From"] = "Bottega del Vino <ciao@bottega.example>"
        mail["To"], mail["Subject"] = "ada@example.test", subject
        mail.set_content("Right where you left it, as text")
        mail.add_alternative(MAIL.format(link=link, more=more), subtype="html")
        at = datetime(2026, 11, 22, 12, tzinfo=UTC)
        number = len(self.mails) + 1
        self.mails.append(CaughtMail(number, at, ("ada@example.test",), mail.as_bytes()))


@pytest.fixture
def viewer() -> Iterator[Viewer]:
    viewer = Viewer()
    with LocalSite(0, pages(lambda: viewer.mails)) as site:
        viewer.url = site.url
        yield viewer


def test_mails_appear_by_themselves_the_newest_first(page: Page, viewer: Viewer) -> None:
    page.goto(viewer.url)
    expect(page.get_by_text("No mail yet")).to_be_visible()
    viewer.catch("You left something in your cart")
    expect(page.get_by_role("link", name="You left something")).to_be_visible()
    frame = page.frame_locator("#content")
    expect(frame.get_by_role("heading", name="Right where you left it")).to_be_visible()
    viewer.catch("Your cart is still here")
    expect(page.locator("#list .subject").first).to_have_text("Your cart is still here")
    expect(page).to_have_title("(2) Mails · Ripresa demo")


def test_a_mail_can_be_read_as_text_and_as_source(page: Page, viewer: Viewer) -> None:
    viewer.catch("You left something in your cart")
    page.goto(viewer.url)
    frame = page.frame_locator("#content")
    page.get_by_role("button", name="Text").click()
    expect(frame.get_by_text("Right where you left it, as text")).to_be_visible()
    page.get_by_role("button", name="Source").click()
    expect(frame.get_by_text("Subject: You left something in your cart")).to_be_visible()
    expect(page.get_by_role("button", name="Source")).to_have_attribute("aria-pressed", "true")


def test_its_links_open_in_a_tab_of_their_own_and_its_scripts_do_not_run(
    page: Page, viewer: Viewer, watch: Watch
) -> None:
    watch.allow("Blocked script execution|Content Security Policy")
    shop = b"<!doctype html><title>The shop</title><link rel=icon href='data:,'>"
    with LocalSite(0, lambda _: Reply(200, HTML, shop, "img-src data:")) as elsewhere:
        viewer.catch("You left something in your cart", f"{elsewhere.url}/r/1-abc", SCRIPT)
        page.goto(viewer.url)
        frame = page.frame_locator("#content")
        expect(frame.get_by_role("heading", name="Right where you left it")).to_be_visible()
        assert page.title() == "(1) Mails · Ripresa demo"
        with page.expect_popup() as opened:
            frame.get_by_role("link", name="Return to your cart").click()
        expect(opened.value).to_have_title("The shop")
        expect(opened.value).to_have_url(f"{elsewhere.url}/r/1-abc")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_it_fits_and_can_be_used_by_everyone(
    page: Page, viewer: Viewer, width: int, scheme: str
) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.set_viewport_size({"width": width, "height": 844})
    viewer.catch("You left something in your cart")
    viewer.catch("Your cart is still here for you")
    page.goto(viewer.url)
    expect(page.locator("#list li")).to_have_count(2)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    # Its own page only: the mail in the frame may run nothing, axe included.
    found = Axe().run(page, options={"iframes": False}).response["violations"]
    assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found] == []
