"""What becomes of events when networks, servers, pages and tabs go away."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from playwright.sync_api import BrowserContext, Page, Request

from tests.browser.conftest import Watch
from tests.browser.storefront.shop import (
    ADD_TO_CART,
    FAILED_TO_LOAD,
    Shop,
    has,
    posts,
    types,
    wait_until_delivered,
    waiting,
)
from tests.browser.storefront.sites import NEVER, Answer, Collector

pytestmark = pytest.mark.browser


def let_it_read(page: Page) -> None:
    """Until the script has done what it does with an answer that is there; its clock stands still."""
    for _ in range(10):
        page.evaluate("Promise.resolve()")


# The network goes away


def test_events_of_an_offline_page_go_out_when_the_network_is_back(
    page: Page, context: BrowserContext, shop: Shop, collector: Collector, watch: Watch
) -> None:
    watch.allow(FAILED_TO_LOAD)
    page.clock.install(time=datetime(2026, 10, 3, 12, tzinfo=UTC))
    page.goto(shop.site.url)
    page.clock.pause_at(datetime(2026, 10, 3, 13, tzinfo=UTC))  # so no timer can do it
    context.set_offline(offline=True)
    page.evaluate(ADD_TO_CART)
    with page.expect_event("requestfailed"):
        page.clock.run_for(500)
    page.evaluate("ripresa.checkoutStarted()")
    assert collector.posts == []
    context.set_offline(offline=False)
    collector.wait_for(has("cart.updated", "checkout.started"))
    wait_until_delivered(page)


@pytest.mark.parametrize("status", [503, 500, 502, 408, 429, 200])
def test_what_was_not_accepted_is_sent_again_under_the_same_id(
    page: Page, shop: Shop, collector: Collector, watch: Watch, status: int
) -> None:
    watch.allow(FAILED_TO_LOAD)
    collector.answers.append(Answer(status))
    shop.put_page(after=ADD_TO_CART)
    page.goto(shop.site.url)
    collector.wait_for(has("cart.updated"))
    refused, accepted = collector.posts
    assert refused.body["events"] == accepted.body["events"]
    # Not "<": Chromium itself repeats a request answered by 408 on a connection used before.
    assert refused.body["sent_at"] <= accepted.body["sent_at"]


def test_a_redirect_is_no_acceptance_wherever_it_leads(
    page: Page, shop: Shop, collector: Collector, watch: Watch
) -> None:
    watch.allow(FAILED_TO_LOAD)
    collector.answers.append(Answer(302, {"Location": "/moved"}))
    shop.put_page(after=ADD_TO_CART)
    page.goto(shop.site.url)
    collector.wait_for(has("cart.updated"))


def test_a_server_that_asks_for_quiet_gets_it(
    page: Page, shop: Shop, collector: Collector, watch: Watch
) -> None:
    watch.allow(FAILED_TO_LOAD)
    collector.answers.append(Answer(429, {"Retry-After": "40"}))
    page.clock.install()
    shop.put_page(after=ADD_TO_CART)
    page.goto(shop.site.url)
    with page.expect_response(lambda response: response.status == 429):
        page.clock.run_for(1_000)
    let_it_read(page)
    page.evaluate("ripresa.checkoutStarted()")
    page.clock.run_for(35_000)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    page.wait_for_timeout(200)
    assert len(collector.posts) == 1
    page.clock.run_for(10_000)
    collector.wait_for(has("cart.updated", "checkout.started"))


def test_a_server_that_stays_away_is_asked_ever_less_often(
    page: Page, shop: Shop, collector: Collector, watch: Watch
) -> None:
    watch.allow(FAILED_TO_LOAD)
    collector.otherwise = Answer(503)
    page.clock.install()
    shop.put_page(after=ADD_TO_CART)
    page.goto(shop.site.url)
    under_way: set[Request] = set()

    def begins(request: Request) -> None:
        under_way.add(request)

    def ends(request: Request) -> None:
        under_way.discard(request)

    page.on("request", begins)
    page.on("requestfinished", ends)
    page.on("requestfailed", ends)
    seen = []
    for _minute in range(10):
        for _step in range(6):
            page.clock.run_for(10_000)
            let_it_read(page)
            while under_way:  # the answer is real, only the clock is not
                page.wait_for_timeout(20)
            let_it_read(page)
        seen.append(len(collector.posts))
    assert 4 <= seen[0] <= 7
    assert seen[-1] <= 14
    assert len({event["id"] for post in collector.posts for event in post.body["events"]}) == 1


def test_a_server_that_never_answers_is_given_up_and_asked_again(
    page: Page, shop: Shop, collector: Collector, watch: Watch
) -> None:
    watch.allow(FAILED_TO_LOAD)
    collector.answers.append(NEVER)
    page.clock.install()
    shop.put_page(after=ADD_TO_CART)
    page.goto(shop.site.url)
    page.clock.run_for(1_000)
    collector.wait_for(posts(1))
    page.clock.run_for(18_000)
    let_it_read(page)
    assert len(collector.posts) == 1
    with page.expect_event("requestfailed"):
        page.clock.run_for(2_000)
    let_it_read(page)
    page.clock.run_for(3_000)
    collector.wait_for(has("cart.updated"))


def test_what_one_page_could_not_deliver_goes_out_from_the_next(
    page: Page, shop: Shop, collector: Collector, watch: Watch
) -> None:
    watch.allow(FAILED_TO_LOAD)
    collector.otherwise = Answer(503)
    page.goto(shop.put_page("/wine", after=ADD_TO_CART))
    collector.wait_for(posts(1))
    collector.otherwise = None
    page.goto(shop.site.url)
    collector.wait_for(has("cart.updated"))
    wait_until_delivered(page)
    assert len({post.body["events"][0]["id"] for post in collector.posts}) == 1


@pytest.mark.parametrize("status", [400, 401, 403, 413, 415])
def test_what_was_refused_for_good_does_not_hold_up_what_follows(
    page: Page, shop: Shop, collector: Collector, watch: Watch, status: int
) -> None:
    watch.allow(FAILED_TO_LOAD)
    collector.answers.append(Answer(status))
    shop.put_page(after=ADD_TO_CART)
    page.goto(shop.site.url)
    collector.wait_for(posts(1))
    wait_until_delivered(page)
    page.evaluate("ripresa.checkoutStarted()")
    collector.wait_for(has("checkout.started"))


def test_queue_is_bounded_and_keeps_what_matters_most(
    page: Page, context: BrowserContext, shop: Shop, collector: Collector, watch: Watch
) -> None:
    watch.allow(FAILED_TO_LOAD)
    page.goto(shop.site.url)
    context.set_offline(offline=True)
    page.evaluate(
        """() => {
            ripresa.identify({email: 'ada@example.test'});
            for (let n = 1; n <= 200; n++) {
                const items = [{sku: 'A1', title: 'è'.repeat(600), quantity: n, unit_price: '1.00'}];
                ripresa.cart({token: 'cart_5', currency: 'EUR', items});
            }
        }"""
    )
    kept = json.dumps(waiting(page), ensure_ascii=False, separators=(",", ":"))
    assert 30_000 < len(kept.encode()) <= 32_768
    context.set_offline(offline=False)
    collector.wait_for(lambda collector: "contact.identified" in types(collector))
    assert collector.events[-1]["cart"]["items"][0]["quantity"] == 200
    assert len(collector.events) <= 50


def test_many_small_events_are_capped_by_number(
    page: Page, context: BrowserContext, shop: Shop, watch: Watch
) -> None:
    watch.allow(FAILED_TO_LOAD)
    page.goto(shop.site.url)
    context.set_offline(offline=True)
    page.evaluate("for (let n = 1; n <= 200; n++) ripresa.viewed({token: 'cart_' + n})")
    assert [event["cart"]["token"] for event in waiting(page)] == [
        f"cart_{n}" for n in range(151, 201)
    ]


# Pages end, tabs multiply


def test_what_was_told_just_before_leaving_arrives(
    page: Page, shop: Shop, collector: Collector
) -> None:
    shop.put_page("/next", consent="required")
    shop.put_page(consent="required")  # nothing is stored, so it must go out now or never
    page.goto(shop.site.url)
    page.evaluate(f"{ADD_TO_CART}; location.href = '/next'")
    page.wait_for_url("**/next")
    collector.wait_for(has("cart.updated"))


def test_what_was_told_just_before_the_tab_closed_arrives(
    page: Page, context: BrowserContext, shop: Shop, collector: Collector
) -> None:
    context.new_page()  # the browser goes on without this tab
    shop.put_page(consent="required")
    page.goto(shop.site.url)
    page.evaluate(ADD_TO_CART)
    page.close()
    collector.wait_for(has("cart.updated"))


def test_two_tabs_do_not_lose_each_others_events(
    page: Page, context: BrowserContext, shop: Shop, collector: Collector, watch: Watch
) -> None:
    watch.allow(FAILED_TO_LOAD)
    other = context.new_page()
    page.goto(shop.site.url)
    other.goto(shop.site.url)
    context.set_offline(offline=True)
    for number in range(5):
        page.evaluate("n => ripresa.viewed({token: 'left_' + n})", number)
        other.evaluate("n => ripresa.viewed({token: 'right_' + n})", number)
    other.close()
    context.set_offline(offline=False)
    collector.wait_for(lambda collector: len(collector.events) == 10)
    tokens = {event["cart"]["token"] for event in collector.events}
    assert tokens == {f"{side}_{number}" for side in ("left", "right") for number in range(5)}
