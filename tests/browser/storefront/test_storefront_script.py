"""What the storefront script is, and what it tells, in a real browser under a strict policy."""

from __future__ import annotations

import gzip
import json
import re
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page

from tests.browser.storefront.shop import (
    ADD_TO_CART,
    CART,
    FIELDS,
    ITEM,
    KEY,
    SCRIPT,
    Shop,
    has,
    stored,
    type_into,
    wait_until_delivered,
)
from tests.browser.storefront.sites import Collector

pytestmark = pytest.mark.browser

# What is served


def test_what_is_served_is_under_five_kilobytes() -> None:
    assert len(gzip.compress(SCRIPT.read_bytes(), 9, mtime=0)) < 5_000


def test_script_asks_for_nothing_a_strict_policy_forbids() -> None:
    code = SCRIPT.read_text(encoding="utf-8")
    for forbidden in ("eval(", "new Function", "innerHTML", ".style", "createElement", "cookie ="):
        assert forbidden not in code


# What it sends


def test_cart_arrives_as_the_contract_has_it(page: Page, shop: Shop, collector: Collector) -> None:
    shop.put_page(after=ADD_TO_CART)
    page.goto(shop.site.url)
    collector.wait_for(has("cart.updated"))

    post = collector.posts[0]
    [event] = post.body["events"]
    assert event["cart"] == CART
    assert re.fullmatch(r"v_[0-9a-f]{32}", event["visitor_id"])
    assert re.fullmatch(r"e_[0-9a-f]{32}", event["id"])
    assert event["user_agent"] == page.evaluate("navigator.userAgent")
    assert set(event) == {"id", "type", "occurred_at", "visitor_id", "user_agent", "cart"}
    occurred_at, sent_at = (
        datetime.fromisoformat(text) for text in (event["occurred_at"], post.body["sent_at"])
    )
    assert timedelta(0) <= sent_at - occurred_at < timedelta(seconds=10)
    assert "Cookie" not in post.headers


def test_every_call_becomes_its_event(page: Page, shop: Shop, collector: Collector) -> None:
    contact = {"email": "ada@example.test", "first_name": "Ada"}
    shop.put_page(
        after=f"""
        {ADD_TO_CART};
        ripresa.checkoutStarted();
        ripresa.identify({json.dumps(contact)});
        ripresa.checkoutLeft();
        ripresa.viewed({{token: 'cart_6'}});
        ripresa.emptied();
        """
    )
    page.goto(shop.site.url)
    collector.wait_for(
        has(
            "cart.updated",
            "checkout.started",
            "contact.identified",
            "checkout.left",
            "cart.viewed",
            "cart.emptied",
        )
    )
    started, identified, left, viewed, emptied = collector.events[1:]
    assert [event["cart"] for event in (started, identified, left, emptied)] == [
        {"token": "cart_5"}
    ] * 4
    assert viewed["cart"] == {"token": "cart_6"}
    assert identified["contact"] == {**contact, "locale": page.evaluate("navigator.language")}
    assert len({event["visitor_id"] for event in collector.events}) == 1


def test_a_cart_with_nothing_in_it_is_an_emptied_cart(
    page: Page, shop: Shop, collector: Collector
) -> None:
    shop.put_page(after="ripresa.cart({token: 'cart_5', currency: 'EUR', items: []})")
    page.goto(shop.site.url)
    collector.wait_for(has("cart.emptied"))


def test_calls_made_before_the_script_came_are_not_lost(
    page: Page, shop: Shop, collector: Collector
) -> None:
    early = f"""
        window.ripresa = window.ripresa || [];
        ripresa.push(['cart', {json.dumps(CART)}]);
        ripresa.push(['checkoutStarted']);
    """
    shop.put_page(before=early, after="ripresa.push(['checkoutLeft'])")
    page.goto(shop.site.url)
    collector.wait_for(has("cart.updated", "checkout.started", "checkout.left"))


def test_the_same_cart_told_again_is_told_once(
    page: Page, shop: Shop, collector: Collector
) -> None:
    shop.put_page(after=f"for (let i = 0; i < 100; i++) {ADD_TO_CART}; ripresa.checkoutStarted()")
    page.goto(shop.site.url)
    collector.wait_for(has("cart.updated", "checkout.started"))


def test_a_cart_filled_again_after_it_was_emptied_is_told_again(
    page: Page, shop: Shop, collector: Collector
) -> None:
    shop.put_page(after=f"{ADD_TO_CART}; ripresa.emptied(); {ADD_TO_CART}")
    page.goto(shop.site.url)
    collector.wait_for(has("cart.updated", "cart.emptied", "cart.updated"))


def test_what_was_told_is_what_counts_whatever_the_page_does_to_it_later(
    page: Page, shop: Shop, collector: Collector
) -> None:
    shop.put_page(
        after=f"const cart = {json.dumps(CART)}; ripresa.cart(cart); cart.items[0].quantity = 9"
    )
    page.goto(shop.site.url)
    collector.wait_for(has("cart.updated"))
    assert collector.events[0]["cart"]["items"][0]["quantity"] == 2


def test_script_included_twice_tells_once(page: Page, shop: Shop, collector: Collector) -> None:
    shop.put_page(after=ADD_TO_CART, body=f'<script src="/ripresa.js" data-key="{KEY}"></script>')
    page.goto(shop.site.url)
    collector.wait_for(has("cart.updated"))
    wait_until_delivered(page)
    assert len(collector.posts) == 1


def test_a_cart_larger_than_keepalive_allows_still_arrives(
    page: Page, shop: Shop, collector: Collector
) -> None:
    items = [ITEM | {"sku": f"A{number}", "title": "è" * 200} for number in range(400)]
    shop.put_page(after=f"ripresa.cart({json.dumps(CART | {'items': items})})")
    page.goto(shop.site.url)
    collector.wait_for(has("cart.updated"))
    assert collector.posts[0].size > 64 * 1024
    assert collector.events[0]["cart"]["items"] == items


# A cart that was restored

REFERENCE = "rea2ducf2wahoh4jvtfu6rujv7gyxl5crezpuflj6gqqiqa"
EMPTY = json.dumps({"token": "laptop", "currency": "EUR", "items": []})


def test_the_cart_told_after_our_link_says_which_one_it_was(
    page: Page, shop: Shop, collector: Collector
) -> None:
    """The first that holds something, even if the shop led on to another page meanwhile; and only that one."""
    shop.put_page(after=f"ripresa.cart({EMPTY})")
    cheaper = json.dumps(CART | {"total": "1.00"})
    next_page = shop.put_page("/cart", after=f"{ADD_TO_CART}; ripresa.cart({cheaper})")
    page.goto(f"{shop.site.url}/?restore=1#ripresa_cart={REFERENCE}")
    assert page.url == f"{shop.site.url}/?restore=1"
    collector.wait_for(has("cart.emptied"))
    page.goto(next_page)
    collector.wait_for(has("cart.emptied", "cart.updated", "cart.updated"))
    told = [event["cart"].get("restored_from") for event in collector.events]
    assert told == [None, REFERENCE, None]
    assert "restored" not in stored(page)


def test_the_page_may_be_led_to_by_the_shop_itself(
    page: Page, shop: Shop, collector: Collector
) -> None:
    """A shop puts the cart back and sends the browser on: what stands behind # goes with it."""
    shop.put_page("/cart", after=ADD_TO_CART)
    shop.site.moved["/restore"] = "/cart"
    page.goto(f"{shop.site.url}/restore#ripresa_cart={REFERENCE}")
    collector.wait_for(has("cart.updated"))
    assert collector.events[0]["cart"] == CART | {"restored_from": REFERENCE}


@pytest.mark.parametrize("behind", ["#section", "#/cart/7", "#ripresa_cart=", "#ripresa_cart=b,b"])
def test_what_else_stands_behind_an_address_is_the_shops_own(
    page: Page, shop: Shop, collector: Collector, behind: str
) -> None:
    shop.put_page(after=ADD_TO_CART)
    page.goto(f"{shop.site.url}/{behind}")
    collector.wait_for(has("cart.updated"))
    assert collector.events[0]["cart"] == CART
    assert page.url.endswith(behind)


def test_a_link_of_days_ago_says_nothing(page: Page, shop: Shop, collector: Collector) -> None:
    shop.put_page()
    page.clock.install()
    page.goto(f"{shop.site.url}/#ripresa_cart={REFERENCE}")
    page.clock.fast_forward(25 * 3_600_000)
    page.evaluate(ADD_TO_CART)
    page.clock.run_for(1_000)
    collector.wait_for(has("cart.updated"))
    assert collector.events[0]["cart"] == CART


# E-mail fields


def test_address_typed_into_the_named_field_identifies_the_visitor(
    page: Page, shop: Shop, collector: Collector
) -> None:
    shop.put_page(after=ADD_TO_CART, body=FIELDS, email_selector="#email, .email")
    page.goto(shop.site.url)
    for text in ("ada", "ada@example", "ada@exam ple.test", f"{'a' * 250}@example.test"):
        type_into(page, "#email", text)
    type_into(page, "#other", "bob@example.test")
    type_into(page, "#email", " ada@example.test ")
    type_into(page, "#email", "ada@example.test")
    collector.wait_for(has("cart.updated", "contact.identified"))
    identified = collector.events[1]
    assert identified["contact"] == {"email": "ada@example.test", "locale": "en-GB"}
    assert identified["cart"] == {"token": "cart_5"}


def test_a_password_field_is_never_read(page: Page, shop: Shop, collector: Collector) -> None:
    shop.put_page(body=FIELDS, email_selector=".email")
    page.goto(shop.site.url)
    type_into(page, "#secret", "ada@example.test")
    page.evaluate(ADD_TO_CART)
    collector.wait_for(has("cart.updated"))
