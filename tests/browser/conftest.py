"""Chromium for every browser test, and a page that tells on itself.

`browser` is one headless Chromium for the whole run, `context` a fresh profile for each test, and
`page` a page of it. A test fails when its pages logged a console error (violations of their content
security policy are console errors), threw, left a promise's rejection unhandled, or asked for anything
that is not on this machine. What a test provokes on purpose it names first: `watch.allow("pattern")`.
"""

from __future__ import annotations

import os
import re
import shutil
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect, sync_playwright

from tests.browser.hands import Hand
from tests.browser.signing_in import DESKTOP, sign_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import (
        Browser,
        BrowserContext,
        ConsoleMessage,
        Page,
        Request,
        WebError,
    )

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    # Nothing off this machine resolves, so a stray address fails here and not on someone's network.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)
LOCAL_HOSTS = {"127.0.0.1", "localhost", "::1"}
REQUEST_SCHEMES = {"http", "https", "ws", "wss"}
# A page was left before all its parts had come: htmx writes that down as an error, by two names.
LEFT_EARLY = re.compile(r"console error: htmx:(sendAbort|afterRequest), \[object")

# A machine may be busy with other things: what comes late is no failure, and what comes at once waits for nothing.
PATIENCE_MS = 60_000
expect.set_options(timeout=PATIENCE_MS)

# Playwright's sync API runs an event loop in the test's thread; Django would refuse its ORM there.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


class Watch:
    """What the pages of one context did wrong, in the order it happened."""

    def __init__(self, context: BrowserContext) -> None:
        self._problems: list[str] = []
        self._allowed = [LEFT_EARLY]
        context.on("console", self._hear_console)
        context.on("weberror", self._hear_error)
        context.on("request", self._hear_request)

    def allow(self, pattern: str) -> None:
        """Let problems pass whose text contains the regular expression `pattern`."""
        self._allowed.append(re.compile(pattern))

    @property
    def problems(self) -> list[str]:
        return [
            problem
            for problem in self._problems
            if not any(pattern.search(problem) for pattern in self._allowed)
        ]

    def _hear_console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            where = f"{message.location['url']}:{message.location['lineNumber']}"
            self._problems.append(f"console error: {message.text} ({where})")

    def _hear_error(self, error: WebError) -> None:
        self._problems.append(f"uncaught in the page: {error.error}")

    def _hear_request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in REQUEST_SCHEMES and address.hostname not in LOCAL_HOSTS:
            self._problems.append(f"request off this machine: {request.url}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One headless Chromium, the system's own."""
    program = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if program is None:
        pytest.fail("browser tests need Chromium: apt-get install chromium", pytrace=False)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=list(CHROMIUM_FLAGS))
        yield chromium
        chromium.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A profile of its own: no cookie, no storage, no cache of another test."""
    # Without motion: nobody's hand clicks on what a smooth scroll is still moving away.
    fresh = browser.new_context(locale="en-GB", timezone_id="Europe/Rome", reduced_motion="reduce")
    fresh.set_default_timeout(PATIENCE_MS)
    yield fresh
    fresh.close()


@pytest.fixture
def watch(context: BrowserContext) -> Iterator[Watch]:
    """Hears all pages of the context; the test fails in its teardown if anything was wrong."""
    ears = Watch(context)
    yield ears
    context.cookies()  # any answer will do: what the pages said before it has then been heard
    assert ears.problems == []


@pytest.fixture
def page(context: BrowserContext, watch: Watch) -> Page:
    """A page whose mistakes fail the test."""
    return context.new_page()


@pytest.fixture
def home(live_server, world) -> str:
    """The address of the install; each file says which `world` is in it."""
    return live_server.url


@pytest.fixture
def console(page: Page, home: str) -> Page:
    """Ada, signed in."""
    page.set_viewport_size(DESKTOP)
    sign_in(page, home)
    return page


@pytest.fixture
def hand(console: Page, request: pytest.FixtureRequest) -> Hand:
    """Ada's hand: with the mouse, or at the keyboard alone."""
    made: Hand = request.param(console)
    return made
