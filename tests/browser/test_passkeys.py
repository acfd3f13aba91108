"""A passkey made and used, with Chromium's own virtual authenticator."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ripresa.core.clock import WALL
from ripresa.domain.signin.models import Passkey
from tests.rows import PASSWORD, make_shop, make_user

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def test_a_passkey_is_made_and_signs_in_without_a_name(
    page: Page, live_server, transactional_db, monkeypatch, watch
):
    make_user("ada@wines.test", make_shop("wines", "Ada's Wines", created_at=WALL.now()))
    watch.allow("status of 422")  # the passkey that was taken away
    home = live_server.url.replace("127.0.0.1", "localhost")
    monkeypatch.setenv("RIPRESA_PUBLIC_URL", home)
    wire = page.context.new_cdp_session(page)
    wire.send("WebAuthn.enable")
    wire.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    page.goto(f"{home}/login/?next=/wines/settings/sign-in/")
    page.get_by_label("E-mail").fill("ada@wines.test")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_text("The passkey is kept").wait_for()
    page.goto(f"{home}/wines/")
    page.get_by_label("You are signed in as").click()
    page.get_by_role("button", name="Sign out").click()
    page.goto(f"{home}/login/?next=/wines/carts/")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(f"{home}/wines/carts/")
    assert Passkey.objects.get().used_at is not None
    # Of another user's half-finished sign-in it proves nothing, and taken away it opens nothing.
    Passkey.objects.all().delete()
    page.get_by_label("You are signed in as").click()
    page.get_by_role("button", name="Sign out").click()
    watched = page.get_by_role("button", name="Use a passkey")
    watched.click()
    page.get_by_text("This passkey is not known here").wait_for()
