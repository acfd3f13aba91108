"""The tutorial's walk, step by step, on a shop as `make demo` makes it: what the text says is what the console does.

`make tutorial` renews the pictures in docs/tutorial/pictures from the same walk.
"""

from __future__ import annotations

import io
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from playwright.sync_api import Page, Response, expect

from ripresa.core.clock import WALL
from ripresa.domain.scenarios.models import Scenario
from ripresa.entrypoints.demo.memory import LOGIN, Memory
from ripresa.entrypoints.demo.seed import seed
from tests.browser.hands import MouseHand, file
from tests.browser.signing_in import wait_for_loads

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

TUTORIAL = Path(__file__).resolve().parents[2] / "docs" / "tutorial"
PAGE = TUTORIAL / "a-scenario-of-your-own.md"
WIDE = {"width": 1120, "height": 720}
CODES = "code\nBENTORNATA-1\nBENTORNATA-2\nBENTORNATA-3\n"


class Walk(MouseHand):
    """A newcomer's hand, with somebody who takes pictures beside her."""

    renews = bool(os.environ.get("RENEW_PICTURES"))

    def picture(self, name: str) -> None:
        """The text shows it. Taken anew only when asked, for two machines draw letters differently."""
        shown = TUTORIAL / "pictures" / f"{name}.webp"
        assert f"(pictures/{name}.webp)" in PAGE.read_text(encoding="utf-8"), name
        if self.renews:
            self.page.mouse.move(0, 0)
            taken = Image.open(io.BytesIO(self.page.screenshot()))
            taken.save(shown, quality=55, method=6)
        assert shown.is_file(), f"{shown} is missing: make tutorial"


@pytest.fixture
def walk(page: Page, live_server, transactional_db, tmp_path) -> Walk:
    memory = Memory.of(tmp_path)
    seed(memory, store_url=f"{live_server.url}/", now=WALL.now())
    page.set_viewport_size(WIDE)
    wait_for_loads(page)
    page.goto(f"{live_server.url}/login/")
    hand = Walk(page)
    hand.write("E-mail", LOGIN)
    hand.write("Password", memory.password)
    hand.press("button", "Sign in")
    expect(page.get_by_role("heading", name="Overview")).to_be_visible()
    return hand


def test_the_tutorial_walks_to_a_live_scenario(walk: Walk):
    walk.picture("home")
    _make_room(walk)
    _write_the_text(walk)
    _bring_the_coupons(walk)
    _make_the_scenario(walk)
    made = Scenario.objects.get(name="Come back")
    assert made.state == "live"
    assert sorted(TUTORIAL.glob("pictures/*")) == sorted(
        TUTORIAL / name for name in re.findall(r"\((pictures/[^)]+)\)", PAGE.read_text("utf-8"))
    )


def _make_room(walk: Walk) -> None:
    walk.press("link", "Scenarios")
    walk.press("link", "Left in the cart")
    walk.press("link", "Pause")
    walk.page.get_by_label("Why?").fill("the tutorial tries another one")
    walk.press("button", "Pause")
    expect(walk.page.get_by_text("Paused ·").first).to_be_visible()


def _write_the_text(walk: Walk) -> None:
    page = walk.page
    walk.press("link", "Texts")
    walk.write("Name, as scenarios will call it", "welcome-back")
    walk.picture("new-text")
    walk.press("button", "Begin")
    # The mail is rendered anew after each word that is saved: each wait is for one of the two alone,
    # so that a busy machine has the whole patience for each.
    mail = page.frame_locator("#canvas")
    expect(mail.get_by_role("heading", name="Right where you left it")).to_be_visible()
    with page.expect_response(_of_slot("subject")):
        walk.write("Subject", "Your wine is still here")
    page.locator("#title-b1").click()
    with page.expect_response(_of_slot("b1")):
        page.locator("#write-b1").fill("We kept your cart")
    expect(mail.get_by_role("heading", name="We kept your cart")).to_be_visible()
    walk.picture("write")
    sms = page.locator("#write-sms")
    sms.scroll_into_view_if_needed()
    sms.fill("Your wine is still here: {{ links.restore }} Stop: {{ links.unsubscribe }}")
    expect(page.locator("#sms-count")).to_contain_text("Your wine is still here")
    sms.blur()
    expect(page.locator(".faults")).to_have_count(0)
    walk.picture("sms")


def _of_slot(slot: str) -> Callable[[Response], bool]:
    """Whether an answer is to words that were typed into a slot."""
    return lambda answer: f"slot={slot}" in (answer.request.post_data or "")


def _bring_the_coupons(walk: Walk) -> None:
    page = walk.page
    walk.press("link", "Coupons")
    page.get_by_label("Name, as scenarios will call it").fill("welcome-back")
    walk.press("button", "Make the pool")
    walk.bring("CSV or text file", file("codes.txt", "text/plain", CODES))
    walk.press("button", "Look at the file")
    expect(page.get_by_role("button", name="Store 3 codes")).to_be_visible()
    walk.picture("codes")
    walk.press("button", "Store 3 codes")
    expect(page.get_by_text("3 codes are stored.")).to_be_visible()
    walk.picture("stock")


def _make_the_scenario(walk: Walk) -> None:
    page = walk.page
    walk.press("link", "Scenarios")
    walk.press("link", "New scenario")
    expect(page.get_by_role("heading", name="New scenario")).to_be_visible()
    walk.picture("begin")
    walk.push(page.get_by_role("button", name="Begin with this").nth(1))
    walk.write("Name", "Come back")
    walk.press("button", "Next: Adjust")
    expect(page.get_by_role("group", name="Who and when")).to_be_visible()
    walk.picture("adjust")
    walk.press("button", "Next: Language")
    walk.press("button", "Next: Sender")
    walk.press("button", "Next: Design")
    page.get_by_label("first").select_option(label="welcome-back")
    page.get_by_label("last").select_option(label="welcome-back")
    expect(
        page.frame_locator("#seen iframe").get_by_text("We kept your cart").first
    ).to_be_visible()
    walk.picture("design")
    walk.press("button", "Next: Coupons")
    expect(page.get_by_role("group", name="last")).to_be_visible()
    page.get_by_label("Coupon", exact=True).first.select_option(label="From the pool welcome-back")
    walk.picture("coupon")
    walk.press("button", "Next: Review")
    expect(page.get_by_role("heading", name="Nothing blocks")).to_be_visible()
    walk.picture("review")
    walk.press("button", "Publish")
    walk.press("button", "Go live")
    expect(page.get_by_role("status")).to_contain_text("Live.")
    walk.picture("live")
