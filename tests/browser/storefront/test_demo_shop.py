"""The demo shop, as its visitors live through it: fill a cart, leave, come back elsewhere, buy."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Watch
from tests.browser.storefront.demo_site import STOREFRONT, DemoSite
from tests.browser.storefront.shop import FAILED_TO_LOAD, KEY, types
from tests.browser.storefront.sites import Collector

pytestmark = pytest.mark.browser

PHONE, DESKTOP = (390, 844), (1280, 900)
ADDRESS = {"name": "Ada Rossi", "street": "Via Roma 1", "postal_code": "00184", "city": "Roma"}


@pytest.fixture
def demo(collector: Collector) -> Iterator[DemoSite]:
    with DemoSite(collector.url, KEY) as site:
        yield site


def add_to_cart(page: Page, title: str) -> None:
    page.get_by_role("button", name=f"Add {title}").click()


def fill_cart(page: Page, demo: DemoSite) -> None:
    page.goto(demo.url)
    add_to_cart(page, "Barolo")
    add_to_cart(page, "Barolo")
    add_to_cart(page, "Passito")
    expect(page.locator("[data-total]")).to_have_text("€101.60")


def token_of(page: Page, demo: DemoSite) -> str:
    """The cart's token, as soon as the shop has been told of all of the cart."""
    for _ in range(3000):
        for token, cart in demo.carts.items():
            if [item["quantity"] for item in cart["items"]] == [2, 1]:
                return token
        page.wait_for_timeout(20)
    raise AssertionError(f"the shop was never told of the cart: {demo.carts}")


def go_to_checkout(page: Page) -> None:
    page.get_by_role("link", name="To the checkout").click()
    expect(page.get_by_role("heading", name="Checkout")).to_be_visible()


def latest(collector: Collector, kind: str) -> dict[str, Any]:
    return [event for event in collector.events if event["type"] == kind][-1]


def test_a_cart_left_at_the_checkout_is_known_with_its_person(
    page: Page, demo: DemoSite, collector: Collector
) -> None:
    fill_cart(page, demo)
    go_to_checkout(page)
    page.get_by_label("E-mail", exact=True).fill("ada@example.test")
    page.get_by_label("Write to me").check()
    page.get_by_label("Mobile number").fill("+39 347 123 4567")
    page.get_by_label("Text me").check()
    page.goto("about:blank")
    collector.wait_for(
        lambda collector: any(
            "sms" in event.get("contact", {}).get("consent", {}) for event in collector.events
        )
    )
    assert "checkout.started" in types(collector)

    cart = latest(collector, "cart.updated")["cart"]
    assert cart["total"] == "101.60"
    assert cart["restore_url"] == f"{demo.url}/?restore={cart['token']}"
    assert [(item["sku"], item["quantity"], item["unit_price"]) for item in cart["items"]] == [
        ("BAR-19", 2, "38.50"),
        ("PAS-20", 1, "24.60"),
    ]
    identified = latest(collector, "contact.identified")
    assert identified["cart"]["token"] == cart["token"]
    assert identified["contact"]["email"] == "ada@example.test"
    assert identified["contact"]["phone"] == "+393471234567"
    assert identified["contact"]["consent"] == {"email": "granted", "sms": "granted"}
    assert identified["contact"]["consent_text"].startswith("Write to me by e-mail")
    assert demo.carts[cart["token"]]["items"] == [
        {"sku": "BAR-19", "quantity": 2},
        {"sku": "PAS-20", "quantity": 1},
    ]


def test_the_restore_link_brings_the_cart_to_another_device(
    page: Page, demo: DemoSite, browser: Browser, collector: Collector
) -> None:
    fill_cart(page, demo)
    collector.wait_for(lambda collector: len(collector.events) >= 1)
    token = token_of(page, demo)

    elsewhere = browser.new_context()
    phone = elsewhere.new_page()
    phone.goto(f"{demo.url}/?restore={token}")
    expect(phone.get_by_text("Your cart is back")).to_be_visible()
    expect(phone.locator("[data-total]")).to_have_text("€101.60")
    assert "restore" not in phone.url
    elsewhere.close()


def test_a_restore_link_to_a_cart_that_is_gone_says_so(
    page: Page, demo: DemoSite, watch: Watch
) -> None:
    watch.allow(FAILED_TO_LOAD)
    page.goto(f"{demo.url}/?restore=cart_gone")
    expect(page.get_by_text("no longer here")).to_be_visible()
    expect(page.get_by_text("Nothing in it yet")).to_be_visible()


def test_buying_places_the_order_and_begins_a_new_cart(
    page: Page, demo: DemoSite, collector: Collector
) -> None:
    fill_cart(page, demo)
    token = token_of(page, demo)
    go_to_checkout(page)
    page.get_by_label("E-mail", exact=True).fill("ada@example.test")
    page.get_by_label("Name").fill(ADDRESS["name"])
    page.get_by_label("Street").fill(ADDRESS["street"])
    page.get_by_label("Postal code").fill(ADDRESS["postal_code"])
    page.get_by_label("City").fill(ADDRESS["city"])
    page.get_by_role("button", name="Pay now").click()
    expect(page.get_by_text("Your order #1001 is in")).to_be_visible()
    assert demo.orders == [
        {
            "cart_token": token,
            "currency": "EUR",
            "total": "101.60",
            "items": [{"sku": "BAR-19", "quantity": 2}, {"sku": "PAS-20", "quantity": 1}],
            "contact": {"email": "ada@example.test", "first_name": "Ada"},
            "address": {
                "name": "Ada Rossi",
                "lines": ["Via Roma 1"],
                "postal_code": "00184",
                "city": "Roma",
                "country": "IT",
            },
        }
    ]
    page.get_by_role("link", name="Back to the shop").click()
    add_to_cart(page, "Soave")
    collector.wait_for(
        lambda collector: latest(collector, "cart.updated")["cart"]["token"] != token
    )


def test_an_order_the_shop_refuses_can_be_tried_again(
    page: Page, demo: DemoSite, watch: Watch
) -> None:
    watch.allow(FAILED_TO_LOAD)
    demo.takes_orders = False
    fill_cart(page, demo)
    go_to_checkout(page)
    page.get_by_label("E-mail", exact=True).fill("ada@example.test")
    for name, value in ADDRESS.items():
        page.locator(f"[name={name}]").fill(value)
    page.get_by_role("button", name="Pay now").click()
    expect(page.get_by_role("alert")).to_contain_text("did not go through")
    demo.takes_orders = True
    page.get_by_role("button", name="Pay now").click()
    expect(page.get_by_role("heading", name="Grazie!")).to_be_visible()


def test_the_cart_is_changed_by_keyboard_and_keeps_the_focus(page: Page, demo: DemoSite) -> None:
    fill_cart(page, demo)
    more = page.get_by_role("button", name="One Passito Sole Lungo 2020 more")
    more.focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-total]")).to_have_text("€126.20")
    expect(more).to_be_focused()
    page.get_by_role("button", name="Empty the cart").press("Enter")
    expect(page.get_by_text("Nothing in it yet")).to_be_visible()
    expect(page.locator("#cart")).to_be_focused()


def test_an_emptied_cart_is_told(page: Page, demo: DemoSite, collector: Collector) -> None:
    fill_cart(page, demo)
    page.get_by_role("button", name="Empty the cart").click()
    collector.wait_for(lambda collector: "cart.emptied" in types(collector))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_every_page_fits_and_can_be_used_by_everyone(
    page: Page, demo: DemoSite, size: tuple[int, int], scheme: str
) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.set_viewport_size({"width": size[0], "height": size[1]})
    fill_cart(page, demo)
    for path in ("/", "/checkout.html", "/thanks.html?order=%231001"):
        page.goto(demo.url + path)
        page.wait_for_timeout(200)
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
        found = Axe().run(page).response["violations"]
        problems = [(path, rule["id"], rule["nodes"][0]["html"]) for rule in found]
        assert problems == []


def test_pictures_and_prices_of_the_catalogue_are_whole() -> None:
    catalogue = json.loads((STOREFRONT / "demo" / "catalogue.json").read_text(encoding="utf-8"))
    assert len({wine["sku"] for wine in catalogue["wines"]}) == len(catalogue["wines"])
    for wine in catalogue["wines"]:
        assert (STOREFRONT / "demo" / wine["picture"]).is_file()
        whole, _, cents = wine["price"].partition(".")
        assert whole.isdecimal()
        assert len(cents) == 2
