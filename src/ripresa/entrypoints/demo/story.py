"""The demo's story without a person: two people in headless Chromium, one of whom buys.

Ada leaves a cart, gets the reminder, opens its link on another device and buys. Bruno leaves one as well and
does not: his later reminders prove that the clock ran past hers.
"""

import re
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect, sync_playwright
from playwright.sync_api import Error as BrowserError

from ripresa.entrypoints.demo.memory import LOGIN, SLUG
from ripresa.entrypoints.demo.stage import Stage

ADA = "ada@example.test"
BRUNO = "bruno@example.test"
# A day and a half, the reminders' whole plan, in half a minute. A reminder that is three days late is
# stale: at this speed after 65 seconds, so the processes have time to start anew on a busy machine.
RUN_ON_SPEED = 4_000.0
# For what takes seconds where nothing else runs; a busy machine may need many times as long.
PATIENCE_SECONDS = 400.0
_PAGE_MILLISECONDS = 100_000

_PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# A headless browser says that it is one, and Ripresa rightly takes it for a crawler (CAP-9).
_USER_AGENT = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/150.0.0.0 Safari/537.36"
)
_FLAGS = (
    "--no-sandbox",  # root may not have one, and it opens pages of our own only
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    f"--user-agent={_USER_AGENT}",
    # A stray address fails here, and not on somebody's network.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)


class StoryBroke(Exception):
    """A stage did not happen; the message says which, and what was seen instead."""


@dataclass(slots=True)
class Story:
    """What happened so far: for each stage whether, how long it took, and its figures."""

    stage: Stage
    browser: Browser
    pictures: Path | None
    stages: dict[str, dict[str, Any]] = field(default_factory=dict)

    def tell(self) -> None:
        """Play all stages. Raises StoryBroke at the first that does not happen."""
        shopper = self._visitor()
        with self._chapter("cart_left") as told:
            told.update(self._leave_a_cart(shopper, ADA, ["Barolo", "Passito"]))
            self._leave_a_cart(self._visitor(), BRUNO, ["Soave"])
        left_at = time.monotonic()
        with self._chapter("reminder_came") as told:
            self._wait_for("the reminder", lambda: bool(self.stage.catcher.to(ADA)))
            told["seconds_after_leaving"] = round(time.monotonic() - left_at, 1)
            told["subject"] = self.stage.catcher.to(ADA)[0].subject
        phone = self._visitor()
        with self._chapter("cart_restored") as told:
            told.update(self._follow_the_link(phone))
        with self._chapter("bought") as told:
            told["order"] = self._buy(phone)
            mails_before = len(self.stage.catcher.to(ADA))
        with self._chapter("badge_is_green") as told:
            told.update(self._look_at_console())
        with self._chapter("silence") as told:
            told.update(self._run_on(mails_before))

    def _leave_a_cart(self, page: Page, email: str, wines: list[str]) -> dict[str, Any]:
        page.goto(self.stage.shop_url)
        for wine in wines:
            page.get_by_role("button", name=f"Add {wine}").click()
        total = page.locator("[data-total]").inner_text()
        self._picture(page, "shop")
        page.get_by_role("link", name="To the checkout").click()
        page.get_by_label("E-mail", exact=True).fill(email)
        page.get_by_label("Write to me").check()
        self._picture(page, "checkout")
        # What a page says in its last moment is on its way when the next one is there.
        page.goto("about:blank")
        return {"email": email, "items": len(wines), "total": total, "consent": True}

    def _follow_the_link(self, page: Page) -> dict[str, Any]:
        mail = self.stage.catcher.to(ADA)[0]
        page.goto(f"{self.stage.mails_url}/#{mail.number}")
        link = page.frame_locator("#content").locator("a[href*='/r/']").first
        link.wait_for()
        self._picture(page, "mail")
        with page.expect_popup() as opened:
            link.click()
        restore = opened.value
        restore.wait_for_load_state()
        expect(restore.get_by_text("Barolo")).to_be_visible()
        items = restore.locator("tbody tr").count()
        self._picture(restore, "restore")
        restore.locator(".go").click()
        expect(restore.get_by_text("Your cart is back")).to_be_visible()
        self._picture(restore, "cart back")
        bottles = int(restore.locator("[data-count]").inner_text())
        restore.close()
        page.goto(self.stage.shop_url)
        return {"device": "another", "items_shown": items, "bottles_in_rebuilt_cart": bottles}

    def _buy(self, page: Page) -> str:
        page.get_by_role("link", name="To the checkout").click()
        page.get_by_label("E-mail", exact=True).fill(ADA)
        page.get_by_label("Name").fill("Ada Rossi")
        page.get_by_label("Street").fill("Via Roma 1")
        page.get_by_label("Postal code").fill("00184")
        page.get_by_label("City").fill("Roma")
        page.get_by_role("button", name="Pay now").click()
        expect(page.get_by_role("heading", name="Grazie!")).to_be_visible()
        number = page.locator("[data-number]")
        expect(number).not_to_be_empty()
        self._picture(page, "thanks")
        return number.inner_text()

    def _look_at_console(self) -> dict[str, Any]:
        page = self._visitor()
        page.goto(self.stage.console_url)
        page.get_by_label("E-mail").fill(LOGIN)
        page.get_by_label("Password").fill(self.stage.memory.password)
        page.get_by_role("button", name="Sign in").click()
        address = f"{self.stage.console_url}/{SLUG}/carts/"
        row = page.get_by_role("row").filter(has_text="Ada")
        badge = row.get_by_text("Recovered", exact=True)
        self._wait_for("the badge", lambda: bool(page.goto(address)) and badge.is_visible())
        self._picture(page, "carts")
        color = badge.evaluate("element => getComputedStyle(element).backgroundColor")
        if not _is_green(color):
            raise StoryBroke(f"the badge is not green but {color}")
        row.get_by_role("link").first.click()
        page.wait_for_load_state()
        self._picture(page, "cart")
        return {"badge": "Recovered", "color": color}

    def _run_on(self, mails_before: int) -> dict[str, Any]:
        began = self.stage.now()
        self.stage.run_faster(RUN_ON_SPEED)
        catcher = self.stage.catcher
        self._wait_for("Bruno's three reminders", lambda: len(catcher.to(BRUNO)) >= 3)  # noqa: PLR2004
        after = len(catcher.to(ADA)) - mails_before
        if after:
            raise StoryBroke(f"{after} mails came to her after she had bought")
        days = (self.stage.now() - began).total_seconds() / 86_400
        return {
            "mails_after_purchase": after,
            "mails_to_who_did_not_buy": len(catcher.to(BRUNO)),
            "days_that_passed": round(days, 1),
        }

    def _visitor(self) -> Page:
        """A page in a browser profile of its own."""
        expect.set_options(timeout=_PAGE_MILLISECONDS)
        context = self.browser.new_context(locale="en-GB", timezone_id="Europe/Rome")
        context.set_default_timeout(_PAGE_MILLISECONDS)
        return context.new_page()

    def _picture(self, page: Page, name: str) -> None:
        if self.pictures is not None:
            number = len(list(self.pictures.glob("*.png"))) + 1
            file = self.pictures / f"{number:02d}-{name.replace(' ', '-')}.png"
            page.screenshot(path=file, full_page=True)

    def _wait_for(self, what: str, happened: Callable[[], bool]) -> None:
        # The scenario's idle hour is part of what is waited for.
        patience = PATIENCE_SECONDS + self.stage.clock.wall_seconds(timedelta(hours=1))
        until = time.monotonic() + patience
        self.stage.watch(until=lambda: time.monotonic() > until or happened())
        if self.stage.stopping():
            raise StoryBroke("it was asked to end")
        if not happened():
            raise StoryBroke(f"{what} did not come within {patience:.0f} s")

    @contextmanager
    def _chapter(self, name: str) -> Iterator[dict[str, Any]]:
        told: dict[str, Any] = {"happened": False}
        self.stages[name] = told
        self.stage.wish.report(f"{name.replace('_', ' ')} …")
        began = time.monotonic()
        try:
            yield told
        except (BrowserError, AssertionError) as trouble:
            raise StoryBroke(f"{name}: {str(trouble).splitlines()[0]}") from None
        finally:
            told["seconds"] = round(time.monotonic() - began, 1)
        told["happened"] = True


@contextmanager
def chromium() -> Iterator[Browser]:
    """The machine's own Chromium, headless. Raises StoryBroke if there is none that starts."""
    program = next(filter(None, map(shutil.which, _PROGRAMS)), None)
    if program is None:
        raise StoryBroke("the story needs Chromium: apt-get install chromium")
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=program, args=list(_FLAGS))
        except BrowserError as trouble:
            raise StoryBroke(f"{program} does not start: {trouble}") from None
        try:
            yield browser
        finally:
            browser.close()


def _is_green(color: str) -> bool:
    """Whether green leads in a colour as browsers compute it: "rgb(221, 241, 226)"."""
    red, green, blue = (int(part) for part in re.findall(r"[0-9]+", color)[:3])
    return green > max(red, blue)
