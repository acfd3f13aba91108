"""The way into the console, and the screens that it is looked at on."""

from playwright.sync_api import Page, expect

from tests.world import PASSWORD

DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
SMALL = {"width": 360, "height": 740}


def sign_in(page: Page, home: str) -> None:
    """Ada's password, and her shop's overview."""
    page.goto(f"{home}/login/")
    page.get_by_label("E-mail").fill("ada@wines.test")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Overview")).to_be_visible()
