"""What the storefront script stores, and when."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.browser.storefront.shop import (
    ADD_TO_CART,
    EVERYTHING_STORED,
    FIELDS,
    NOTHING,
    Shop,
    has,
    stored,
    type_into,
    types,
    wait_until_delivered,
)
from tests.browser.storefront.sites import Collector

pytestmark = pytest.mark.browser

# Consent


def test_before_consent_nothing_is_stored_anywhere(
    page: Page, context: BrowserContext, shop: Shop, collector: Collector
) -> None:
    shop.put_page(after=ADD_TO_CART, body=FIELDS, consent="required", email_selector="#email")
    page.goto(shop.site.url)
    type_into(page, "#email", "ada@example.test")
    collector.wait_for(has("cart.updated"))
    assert page.evaluate(EVERYTHING_STORED) == NOTHING

    page.reload()
    collector.wait_for(has("cart.updated", "cart.updated"))
    assert page.evaluate(EVERYTHING_STORED) == NOTHING
    assert context.cookies() == []
    first, second = (event["visitor_id"] for event in collector.events)
    assert first != second  # she is a stranger on each page
    assert "contact.identified" not in types(collector)


def test_before_consent_what_our_link_said_lives_as_long_as_its_page(
    page: Page, shop: Shop, collector: Collector
) -> None:
    shop.put_page(after=ADD_TO_CART, consent="required")
    page.goto(f"{shop.site.url}/#ripresa_cart=aebagbaf")
    collector.wait_for(has("cart.updated"))
    assert collector.events[0]["cart"]["restored_from"] == "aebagbaf"
    assert page.evaluate(EVERYTHING_STORED) == NOTHING


@pytest.mark.parametrize("policy", ["sandbox allow-scripts", ""])
def test_our_link_is_read_where_nothing_may_be_stored_or_changed(
    page: Page, shop: Shop, collector: Collector, policy: str
) -> None:
    shop.site.policy = policy
    shop.put_page(
        before="history.replaceState = () => { throw new Error('no') }", after=ADD_TO_CART
    )
    page.goto(f"{shop.site.url}/#ripresa_cart=aebagbaf")
    collector.wait_for(has("cart.updated"))
    assert collector.events[0]["cart"]["restored_from"] == "aebagbaf"


def test_a_browser_without_storage_has_not_consented(
    page: Page, shop: Shop, collector: Collector
) -> None:
    """In a sandboxed document the mere mention of localStorage throws a SecurityError."""
    shop.site.policy = "sandbox allow-scripts"
    shop.put_page(body=FIELDS, consent="required", email_selector="#email")
    page.goto(shop.site.url)
    type_into(page, "#email", "ada@example.test")
    page.evaluate(ADD_TO_CART)
    collector.wait_for(has("cart.updated"))
    page.evaluate("ripresa.consent(true)")
    type_into(page, "#email", "ada@example.test")
    collector.wait_for(has("cart.updated", "contact.identified"))


def test_a_misspelt_consent_setting_is_read_as_required(
    page: Page, shop: Shop, collector: Collector
) -> None:
    shop.put_page(after=ADD_TO_CART, consent="requierd")
    page.goto(shop.site.url)
    collector.wait_for(has("cart.updated"))
    assert page.evaluate(EVERYTHING_STORED) == NOTHING


def test_consent_once_given_holds_on_the_next_page(
    page: Page, shop: Shop, collector: Collector
) -> None:
    shop.put_page(after=ADD_TO_CART, body=FIELDS, consent="required", email_selector="#email")
    page.goto(shop.site.url)
    page.evaluate("ripresa.consent(true)")
    collector.wait_for(has("cart.updated"))
    page.reload()
    type_into(page, "#email", "ada@example.test")
    collector.wait_for(has("cart.updated", "cart.updated", "contact.identified"))
    assert len({event["visitor_id"] for event in collector.events}) == 1
    assert stored(page)["visitor"] == collector.events[0]["visitor_id"]


@pytest.mark.parametrize("consent", ["required", "not-needed"])
def test_consent_withdrawn_leaves_nothing_behind(
    page: Page, shop: Shop, collector: Collector, consent: str
) -> None:
    shop.put_page(consent=consent)
    page.goto(shop.site.url)
    page.evaluate(f"ripresa.consent(true); {ADD_TO_CART}")
    collector.wait_for(has("cart.updated"))
    page.evaluate("ripresa.consent(false); ripresa.viewed()")
    collector.wait_for(has("cart.updated", "cart.viewed"))
    assert page.evaluate(EVERYTHING_STORED) == NOTHING
    first, second = (event["visitor_id"] for event in collector.events)
    assert first != second


def test_consent_withdrawn_in_one_tab_holds_in_the_other(
    page: Page, context: BrowserContext, shop: Shop, collector: Collector
) -> None:
    shop.put_page(consent="required")
    page.goto(shop.site.url)
    page.evaluate("ripresa.consent(true)")
    other = context.new_page()
    other.goto(shop.site.url)
    page.evaluate("ripresa.consent(false)")
    other.evaluate(ADD_TO_CART)
    collector.wait_for(has("cart.updated"))
    assert other.evaluate(EVERYTHING_STORED) == NOTHING


@pytest.mark.parametrize("given", ["'false'", "1", "undefined", "{}"])
def test_only_a_plain_true_is_consent(
    page: Page, shop: Shop, collector: Collector, given: str
) -> None:
    shop.put_page(after=f"ripresa.consent({given}); {ADD_TO_CART}", consent="required")
    page.goto(shop.site.url)
    collector.wait_for(has("cart.updated"))
    assert page.evaluate(EVERYTHING_STORED) == NOTHING


def test_where_no_consent_is_needed_the_visitor_is_known_again_without_a_cookie(
    page: Page, context: BrowserContext, shop: Shop, collector: Collector
) -> None:
    shop.put_page(after=ADD_TO_CART)
    page.goto(shop.site.url)
    collector.wait_for(has("cart.updated"))
    other = context.new_page()
    other.goto(shop.site.url)
    collector.wait_for(has("cart.updated", "cart.updated"))
    assert len({event["visitor_id"] for event in collector.events}) == 1
    assert context.cookies() == []
    wait_until_delivered(other)
    assert list(stored(other)) == ["visitor"]
