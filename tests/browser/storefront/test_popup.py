"""CAP-10: the pop-up shows when it should, can be used by everybody, and says what was agreed to."""

import gzip
import json

import pytest
from axe_playwright_python.sync_playwright import Axe

from ripresa.domain.shops.models import Shop as ShopRow
from ripresa.usecases.popup.settings import for_pages, read_popup
from tests.browser.storefront.shop import ADD_TO_CART, POPUP, STORAGE_PREFIX

pytestmark = pytest.mark.browser

HOSTILE_STYLE = b"div, dialog, p { display: none !important; color: red !important; opacity: 0 }"
FOCUS_IS_INSIDE = """() => [null, document.body].includes(document.activeElement)
    || document.activeElement.id === 'ripresa-popup'"""
LEAVE = "document.dispatchEvent(new MouseEvent('mouseout', {clientY: -1, bubbles: true}))"


def settings(**said):
    row = ShopRow(slug="wines", name="Ada's Wines", country="IT", language="it")
    return for_pages(read_popup({"enabled": True, **said}), row)


def test_it_is_small():
    assert len(gzip.compress(POPUP.read_bytes(), 9, mtime=0)) < 4_000


def test_who_is_about_to_leave_is_asked_once_whatever_the_shop_looks_like(collector, shop, page):
    collector.popup = settings(ask_phone=True, show={"on_exit": True})
    shop.site.files["/hostile.css"] = ("text/css", HOSTILE_STYLE)
    body = '<link rel="stylesheet" href="/hostile.css"><a href="/" id="before">Shop</a>'
    page.goto(shop.put_page(has_popup=True, after=ADD_TO_CART, body=body))
    dialog = page.get_by_role("dialog", name="Shall we keep your cart?")
    page.wait_for_load_state("networkidle")
    assert not dialog.is_visible()
    # Again and again: on a busy machine it may not have been told yet that it is wanted here.
    page.wait_for_function(f"() => {{ {LEAVE}; return document.getElementById('ripresa-popup'); }}")
    dialog.wait_for()

    # The focus is inside and stays there; Esc closes.
    for _ in range(12):
        page.keyboard.press("Tab")
        assert page.evaluate(FOCUS_IS_INSIDE)
    colours = dialog.evaluate(
        "(one) => [getComputedStyle(one).color, getComputedStyle(one).opacity]"
    )
    assert colours == ["rgb(31, 41, 55)", "1"]
    page.keyboard.press("Escape")
    dialog.wait_for(state="hidden")
    kept = json.loads(page.evaluate(f"localStorage.getItem('{STORAGE_PREFIX}popup')"))
    assert kept["until"] > page.evaluate("Date.now() + 29 * 86400000")


def test_a_preview_tells_what_is_wrong_and_sends_nothing(collector, shop, page):
    collector.popup = settings(enabled=False, ask_phone=True)
    page.goto(shop.put_page(has_popup=True, after=ADD_TO_CART) + "?ripresa_popup=preview")
    page.get_by_role("dialog").wait_for()
    found = Axe().run(page, context="#ripresa-popup")
    assert [one["id"] for one in found.response["violations"]] == []
    page.get_by_role("button", name="Keep my cart").click()
    assert "enter an e-mail address" in page.get_by_role("alert").inner_text()
    email = page.get_by_label("E-mail address", exact=True)
    assert email.evaluate("(one) => one.getRootNode().activeElement === one")
    email.fill("ada@example.test")
    page.get_by_label("Phone number (optional)").fill("333 123 4567")
    page.get_by_label("may write to me by e-mail").check()
    page.get_by_role("button", name="Keep my cart").click()
    assert "tick that you agree" in page.get_by_role("alert").inner_text()
    page.get_by_label("may write to me by text message").check()
    page.get_by_role("button", name="Keep my cart").click()
    page.get_by_text("Please confirm in the message").wait_for()
    page.get_by_role("button", name="Close").click()
    assert not any(event.get("contact") for event in collector.events)


def test_what_she_agrees_to_is_told_with_its_words_and_their_version(collector, shop, page):
    collector.popup = settings(ask_phone=True, show={"on_exit": False, "after_seconds": 0})
    page.goto(shop.put_page(has_popup=True, after=ADD_TO_CART))
    page.get_by_label("E-mail address", exact=True).fill("ada@example.test")
    page.get_by_label("Phone number (optional)").fill("333 123 4567")
    page.get_by_label("may write to me by e-mail").check()
    page.get_by_label("may write to me by text message").check()
    page.get_by_role("button", name="Keep my cart").click()
    collector.wait_for(lambda it: sum("contact" in one for one in it.events) == 2)
    mail, text = (one["contact"] for one in collector.events if "contact" in one)
    words = collector.popup["words"]["en"]
    assert (mail["email"], mail["consent"], mail["locale"]) == (
        "ada@example.test", {"email": "granted"}, "en",
    )  # fmt: skip
    assert (mail["consent_text"], mail["consent_version"], mail["consent_source"]) == (
        words["consent_email"], words["version"], "popup",
    )  # fmt: skip
    assert (text["phone"], text["consent"]) == ("+393331234567", {"sms": "granted"})
    assert all(one["cart"]["token"] == "cart_5" for one in collector.events if "contact" in one)
