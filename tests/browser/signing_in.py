"""The way into the console, and the screens that it is looked at on."""

from playwright.sync_api import Page, expect

from tests.rows import PASSWORD

DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
SMALL = {"width": 360, "height": 740}


def wait_for_loads(page: Page) -> None:
    """Have every act and every look wait until the page stands: nobody's hand is faster than its scripts.

    Playwright goes on as soon as something can be seen, which is before a deferred script has run.
    """
    page.add_locator_handler(
        page.locator("html"), lambda _html: page.wait_for_load_state(), no_wait_after=True
    )


def sign_in(page: Page, home: str) -> None:
    """Ada's password, and her shop's overview. From here on, loads are waited for."""
    wait_for_loads(page)
    page.goto(f"{home}/login/")
    page.get_by_label("E-mail").fill("ada@wines.test")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Overview")).to_be_visible()
