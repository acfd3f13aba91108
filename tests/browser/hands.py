"""Two hands that walk the same journey: one with the mouse, one with the keyboard alone.

A journey says what is pressed, written, chosen and ticked, by the names that everybody sees or hears; how
is the hand's. The keyboard's gets everywhere by Tab, as its user does: what can't be reached so is an error.
`JOURNEYS.md` beside this file lists the ten main journeys.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from tests.browser.signing_in import DESKTOP, SMALL

if TYPE_CHECKING:
    from playwright.sync_api import FilePayload

_MOST_TABS = 160
_MOST_ARROWS = 20
_MOST_TRIES = 4
_WIDEST = """[...document.querySelectorAll('main *')]
    .sort((one, other) => other.getBoundingClientRect().right - one.getBoundingClientRect().right)
    .slice(0, 3).map(one => one.outerHTML.slice(0, 200))"""

Role = Literal["button", "link", "radio", "checkbox", "combobox", "tab"]


class Hand(ABC):
    """What both hands do alike. `page` is where they are."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def find(self, role: Role, name: str) -> Locator:
        return self.page.get_by_role(role, name=name, exact=True).first

    def look(self) -> None:
        """The page as it is now is clean for axe, and fits the smallest phone."""
        found = Axe().run(self.page)
        assert found.violations_count == 0, found.generate_report()
        self.page.set_viewport_size(SMALL)
        width = self.page.evaluate("document.documentElement.scrollWidth")
        widest = self.page.evaluate(_WIDEST) if width > SMALL["width"] else ""
        self.page.set_viewport_size(DESKTOP)
        assert width <= SMALL["width"], f"{self.page.url} is {width} wide: {widest}"

    def press(self, role: Role, name: str) -> None:
        """A button, or a link."""
        self.push(self.find(role, name))

    @abstractmethod
    def push(self, there: Locator) -> None:
        """What its name alone doesn't find."""

    @abstractmethod
    def open(self, name: str) -> None:
        """What is folded under a line named so."""

    @abstractmethod
    def write(self, label: str, text: str) -> None:
        """`text` into a field, in place of what stands there."""

    @abstractmethod
    def choose(self, label: str, option: str) -> None:
        """One line of a list."""

    @abstractmethod
    def tick(self, role: Literal["radio", "checkbox"], name: str) -> None:
        """A box, or one of several circles."""

    @abstractmethod
    def bring(self, label: str, file: FilePayload) -> None:
        """A file from the machine."""


class MouseHand(Hand):
    """Points and clicks, and types into what was clicked."""

    def push(self, there: Locator) -> None:
        there.click()

    def open(self, name: str) -> None:
        self.page.locator("summary").filter(has_text=name).first.click()

    def write(self, label: str, text: str) -> None:
        self.page.get_by_label(label, exact=True).first.fill(text)

    def choose(self, label: str, option: str) -> None:
        self.page.get_by_label(label, exact=True).first.select_option(label=option)

    def tick(self, role: Literal["radio", "checkbox"], name: str) -> None:
        self.page.get_by_label(name).and_(self.page.get_by_role(role)).first.check()

    def bring(self, label: str, file: FilePayload) -> None:
        self.page.get_by_label(label, exact=True).first.set_input_files([file])


class KeyboardHand(Hand):
    """Tab, arrows, Enter, Space and letters."""

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        # Somebody listens all along: a key may be faster than the browser learns that files are waited for.
        page.on("filechooser", lambda _chooser: None)

    def push(self, there: Locator) -> None:
        self._go(there)
        self.page.keyboard.press("Enter")

    def open(self, name: str) -> None:
        self._go(self.page.locator("summary").filter(has_text=name).first)
        self.page.keyboard.press("Enter")

    def write(self, label: str, text: str) -> None:
        self._go(self.page.get_by_label(label, exact=True).first)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)

    def choose(self, label: str, option: str) -> None:
        field = self.page.get_by_label(label, exact=True).first
        self._go(field)
        chosen = "one => one.selectedOptions[0].label.trim()"
        for _ in range(_MOST_TRIES):
            self.page.keyboard.type(option)
            if field.evaluate(chosen) == option:
                return
            # Letters that came too slowly, on a busy machine, began anew: it forgets them after a second.
            self.page.wait_for_timeout(1500)
        raise AssertionError(f"{field.evaluate(chosen)} is chosen, not {option}")

    def tick(self, role: Literal["radio", "checkbox"], name: str) -> None:
        field = self.page.get_by_label(name).and_(self.page.get_by_role(role)).first
        if field.is_checked():
            return
        if role == "checkbox":
            self._go(field)
            self.page.keyboard.press("Space")
        else:
            self._turn(field)
        expect(field).to_be_checked()

    def bring(self, label: str, file: FilePayload) -> None:
        self._go(self.page.get_by_label(label, exact=True).first)
        with self.page.expect_file_chooser() as opened:
            self.page.keyboard.press("Space")
        opened.value.set_files([file])

    def _turn(self, circle: Locator) -> None:
        """Tab leads to one circle of a group only; arrows lead on from there."""
        group = circle.get_attribute("name")
        self._tab_until(f"document.activeElement.name === {group!r}", f"the circles of {group}")
        for _ in range(_MOST_ARROWS):
            if circle.evaluate("one => one === document.activeElement"):
                self.page.keyboard.press("Space")
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"no arrow leads to {circle}")

    def _go(self, there: Locator) -> None:
        expect(there).to_be_visible()
        expect(there).to_be_enabled()
        for _ in range(_MOST_TABS):
            if there.evaluate("one => one === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"the keyboard does not get to {there}")

    def _tab_until(self, holds: str, what: str) -> None:
        for _ in range(_MOST_TABS):
            if self.page.evaluate(holds):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"the keyboard does not get to {what}")


# Whose journeys are cheap: both hands in `make test`. The others': the keyboard's in the slow run.
BOTH = pytest.mark.parametrize(
    "hand", [MouseHand, KeyboardHand], ids=["mouse", "keyboard"], indirect=True
)
MOUSE_FIRST = pytest.mark.parametrize(
    "hand",
    [
        pytest.param(MouseHand, id="mouse"),
        pytest.param(KeyboardHand, id="keyboard", marks=pytest.mark.slow),
    ],
    indirect=True,
)
KEYBOARD_FIRST = pytest.mark.parametrize(
    "hand",
    [
        pytest.param(MouseHand, id="mouse", marks=pytest.mark.slow),
        pytest.param(KeyboardHand, id="keyboard"),
    ],
    indirect=True,
)


LATER = pytest.mark.parametrize(
    "hand",
    [
        pytest.param(MouseHand, id="mouse", marks=pytest.mark.slow),
        pytest.param(KeyboardHand, id="keyboard", marks=pytest.mark.slow),
    ],
    indirect=True,
)


def file(name: str, kind: str, content: str) -> FilePayload:
    """A file to bring."""
    return {"name": Path(name).name, "mimeType": kind, "buffer": content.encode()}
