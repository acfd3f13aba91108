"""What is chosen in a filter can be read whole, in the language with the longest words."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from ripresa.core.clock import WALL
from tests.browser.signing_in import DESKTOP, PHONE
from tests.world import World, build_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
_CUT = """select => {
    const style = getComputedStyle(select), pen = document.createElement('canvas').getContext('2d');
    pen.font = style.font;
    const room = select.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    return pen.measureText(select.selectedOptions[0].text).width > room;
}"""


@pytest.fixture
def world(transactional_db) -> World:
    return build_world(WALL.now())


def test_what_rows_stand_for_is_not_cut(console: Page, home, world):
    console.context.add_cookies([{"name": "django_language", "value": "de", "url": home}])
    console.goto(f"{home}/wines/reports/")
    for size in (DESKTOP, PHONE):
        console.set_viewport_size(size)
        for name in ("#f-by", "#f-model"):
            assert not console.locator(name).evaluate(_CUT), (name, size)
