"""Nobody types too fast for the console: what saves itself has saved before the page goes on."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from playwright.sync_api import Page, expect

from ripresa.core.clock import WALL
from ripresa.domain.scenarios.models import ScenarioDraft
from ripresa.domain.templates.blocks.document import load
from ripresa.domain.templates.models import OwnTemplate
from tests.world import World, build_world, template_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world(transactional_db) -> World:
    return build_world(WALL.now())


def said(own: OwnTemplate) -> Mapping[str, str]:
    return load(OwnTemplate.objects.get(id=own.id).document).said("it")


def test_what_was_just_typed_is_kept_whatever_comes_next(console: Page, home, world):
    own = template_of(world)
    console.goto(f"{home}/wines/texts/{own.id}/")
    # No pause between the last letter and the click that has all blocks come anew.
    console.locator("#title-b1").click()
    console.locator("#write-b1").fill("In fretta")
    console.locator("#add-divider").click()
    expect(console.locator("li.block.open")).to_contain_text("Line")
    assert said(own)["b1"] == "In fretta"
    # Nor before a link.
    console.locator("#write-subject").fill("Ancora in fretta")
    console.get_by_role("link", name="Send a test", exact=True).click()
    expect(console.get_by_role("button", name="Send a test")).to_be_visible()
    assert said(own)["subject"] == "Ancora in fretta"
    # Nor in the wizard: the message that is added doesn't overtake the number that is saved.
    draft = ScenarioDraft.objects.get(id=world.written.id)
    console.goto(f"{home}/wines/scenarios/drafts/{draft.id}/adjust/")
    console.get_by_role("textbox", name="Nothing happened for").fill("7")
    console.get_by_role("button", name="Add a message").first.click()
    expect(console.get_by_text("Message 4", exact=True)).to_be_visible()
    draft.refresh_from_db()
    assert "idle: 7d" in draft.text
