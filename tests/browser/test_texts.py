"""The editor of texts in the browser: typing, blocks by mouse and by keyboard, the canvas, undo."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from ripresa.core.clock import WALL
from ripresa.domain.templates.blocks.document import load
from ripresa.domain.templates.models import OwnTemplate
from tests.browser.test_console import DESKTOP, sign_in
from tests.world import build_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def editor(page: Page, live_server, transactional_db) -> Page:
    build_world(WALL.now())
    page.set_viewport_size(DESKTOP)
    sign_in(page, live_server.url)
    page.get_by_role("link", name="Texts").click()
    page.get_by_label("Name, as scenarios will call it").fill("spring")
    page.get_by_role("button", name="Begin").click()
    return page


def kinds() -> list[str]:
    return [block.kind for block in load(OwnTemplate.objects.get(name="spring").document).blocks]


def test_a_text_is_written_and_seen_as_it_will_be_sent(editor: Page):
    mail = editor.frame_locator("#canvas")
    heading = editor.locator("#say-b1")
    heading.fill("Spring wines")
    expect(mail.get_by_role("heading", name="Spring wines")).to_be_visible()
    heading.press("End")
    heading.press("Space")
    editor.locator('[data-insert="say-b1"]').select_option(label="Name of the shop")
    expect(mail.get_by_role("heading", name="Spring wines Ada's Wines")).to_be_visible()
    heading.fill("Hi {{ person.nose }}")
    expect(editor.locator(".faults")).to_contain_text("person.nose")
    heading.fill("Spring wines")
    expect(editor.locator(".faults")).to_have_count(0)
    editor.locator("#say-sms").fill("ș" * 71)
    expect(editor.locator("#sms-count")).to_contain_text("UCS-2: 2 parts")


def test_blocks_move_by_mouse_and_by_keyboard_and_come_back(editor: Page):
    editor.set_viewport_size({"width": 1280, "height": 2600})  # both ends of a drag in sight
    editor.get_by_label("Add a block").select_option("divider")
    editor.get_by_role("button", name="Add", exact=True).press("Enter")
    expect(editor.locator("#block-b7")).to_be_visible()
    up = editor.locator("#up-b7")
    up.press("Enter")
    expect(editor.locator(".blocks > li").nth(5)).to_have_attribute("data-block", "b7")
    expect(up).to_be_focused()
    editor.locator("#block-b7 .handle").drag_to(editor.locator("#block-b1 .handle"))
    expect(editor.locator(".blocks > li").first).to_have_attribute("data-block", "b7")
    assert kinds()[0] == "divider"
    editor.get_by_role("button", name="Undo").press("Enter")
    expect(editor.locator(".blocks > li").first).to_have_attribute("data-block", "b1")
    editor.get_by_role("button", name="Dark").click()
    expect(editor.locator("iframe.mail-dark")).to_be_visible()
