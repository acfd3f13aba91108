"""Whatever happens, the shop's page goes on: kill switches, hostile pages, wrong calls."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Watch
from tests.browser.storefront.shop import (
    ADD_TO_CART,
    CART,
    EVERYTHING_STORED,
    FAILED_TO_LOAD,
    FIELDS,
    NOTHING,
    SCRIPT,
    STORAGE_PREFIX,
    Shop,
    has,
    posts,
    types,
    waiting,
)
from tests.browser.storefront.sites import Answer, Collector

pytestmark = pytest.mark.browser

# Switched off

EVERY_CALL = f"""
    {ADD_TO_CART};
    ripresa.checkoutStarted();
    ripresa.checkoutLeft();
    ripresa.viewed();
    ripresa.emptied();
    ripresa.identify({{email: 'ada@example.test'}});
    ripresa.consent(true);
    ripresa.push(['viewed']);
    document.title = 'the shop goes on';
"""


@pytest.mark.parametrize(
    ("before", "options"),
    [
        ("window.RIPRESA_OFF = true", {}),
        ("", {"off": ""}),
        ("", {"key": ""}),
        ("", {"endpoint": ""}),
    ],
    ids=["RIPRESA_OFF", "data-off", "no key", "no endpoint"],
)
def test_switched_off_it_is_silent_and_its_calls_are_harmless(
    page: Page, shop: Shop, collector: Collector, before: str, options: dict[str, str]
) -> None:
    shop.put_page(before=before, after=EVERY_CALL, **options)
    page.goto(shop.site.url)
    page.wait_for_timeout(500)
    assert page.title() == "the shop goes on"
    assert collector.posts == []
    assert page.evaluate(EVERYTHING_STORED) == NOTHING


def test_it_can_be_switched_off_while_the_page_runs(
    page: Page, shop: Shop, collector: Collector
) -> None:
    shop.put_page(after=ADD_TO_CART)
    page.goto(shop.site.url)
    collector.wait_for(has("cart.updated"))
    page.evaluate("window.RIPRESA_OFF = true; ripresa.viewed()")
    page.wait_for_timeout(500)
    assert len(collector.posts) == 1


def test_gone_means_silence_for_a_day(
    page: Page, shop: Shop, collector: Collector, watch: Watch
) -> None:
    watch.allow(FAILED_TO_LOAD)
    collector.answers.append(Answer(410))
    page.clock.install(time=datetime(2026, 10, 3, 12, tzinfo=UTC))
    shop.put_page(after=ADD_TO_CART)
    page.goto(shop.site.url)
    page.clock.run_for(1_000)
    collector.wait_for(posts(1))
    page.wait_for_function("name => name in localStorage", arg=f"{STORAGE_PREFIX}off")
    assert waiting(page) == []

    page.clock.run_for(23 * 3_600_000)
    page.reload()
    page.clock.run_for(1_000)
    page.wait_for_timeout(200)
    assert len(collector.posts) == 1

    page.clock.run_for(2 * 3_600_000)
    page.reload()
    page.clock.run_for(1_000)
    collector.wait_for(has("cart.updated"))


def test_a_clock_that_was_wrong_does_not_switch_it_off_for_years(
    page: Page, shop: Shop, collector: Collector
) -> None:
    off = f"localStorage.setItem('{STORAGE_PREFIX}off', Date.now() + 5e10)"
    shop.put_page(before=off, after=ADD_TO_CART)
    page.goto(shop.site.url)
    collector.wait_for(has("cart.updated"))


# Hostile pages

HOSTILE = {
    "frozen prototypes": """
        for (const built of [Object, Array, Function, String, Promise, Element, EventTarget]) {
            Object.freeze(built.prototype);
            Object.freeze(built);
        }
    """,
    "fetch throws": "window.fetch = () => { throw new Error('no fetch for you'); }",
    "fetch rejects with nothing": "window.fetch = () => Promise.reject()",
    "fetch returns no promise": "window.fetch = () => 'soon'",
    "fetch resolves with nothing": "window.fetch = () => Promise.resolve()",
    "fetch resolves with garbage": "window.fetch = () => Promise.resolve({status: 503})",
    "fetch never settles": "window.fetch = () => new Promise(() => {})",
    "no fetch": "delete window.fetch",
    "no crypto": "Object.defineProperty(window, 'crypto', {value: undefined})",
    "no storage": "Object.defineProperty(window, 'localStorage', {value: null})",
    "storage full": """
        Storage.prototype.setItem = () => { throw new DOMException('', 'QuotaExceededError'); }
    """,
    "storage holds garbage": f"""
        const write = (name, text) => localStorage.setItem('{STORAGE_PREFIX}' + name, text);
        write('visitor', 'me');
        write('off', 'never');
        write('e_1', '{{"id": "e_1", "type": null');
        write('e_2', 'null');
        write('e_3', '[7]');
    """,
    "JSON broken": "JSON.stringify = () => { throw new Error('no JSON for you'); }",
    "Array broken": "Array.prototype.filter = () => { throw new Error('no filter for you'); }",
    "Array.from missing": "delete Array.from",
    "console broken": "console.debug = () => { throw new Error('no console for you'); }",
    "no dataset": "Object.defineProperty(HTMLElement.prototype, 'dataset', {get() { throw 1; }})",
    "own ripresa, frozen": """
        Object.defineProperty(window, 'ripresa', {value: {push() {}}, writable: false})
    """,
    "own ripresa, a trap": """
        Object.defineProperty(window, 'ripresa', {get() { throw new Error('trap'); }})
    """,
    "own ripresa, a number": "window.ripresa = 7",
    "queue of garbage": "window.ripresa = [null, 7, 'cart', ['nonsense'], ['cart'], ['cart', 5]]",
    "no listeners": "EventTarget.prototype.addEventListener = () => { throw new Error('deaf'); }",
    "no TextEncoder": "delete window.TextEncoder",
    "no AbortController": "delete window.AbortController",
}

SHOP_CODE = f"""
    const tell = (...call) => {{ try {{ window.ripresa.push(call); }} catch (error) {{}} }};
    tell('cart', {json.dumps(CART)});
    tell('identify', {{email: 'ada@example.test'}});
    tell('consent', true);
    const field = document.querySelector('#email');
    if (field) {{
        field.value = 'bob@example.test';
        field.dispatchEvent(new Event('change', {{bubbles: true}}));
    }}
    window.dispatchEvent(new Event('pagehide'));
    document.title = 'the shop goes on';
"""


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_page_goes_on_undisturbed(page: Page, shop: Shop, hostile: str) -> None:
    """No exception, no unhandled rejection, no console error (the page fixture sees to that)."""
    shop.put_page(before=hostile, after=SHOP_CODE, body=FIELDS, email_selector="#email", debug="")
    page.goto(shop.site.url)
    page.wait_for_timeout(400)
    assert page.title() == "the shop goes on"


def test_events_still_go_out_where_only_storage_is_hostile(
    page: Page, shop: Shop, collector: Collector
) -> None:
    shop.put_page(before=HOSTILE["storage full"], after=ADD_TO_CART)
    page.goto(shop.site.url)
    collector.wait_for(has("cart.updated"))


def test_frozen_prototypes_do_not_stop_it(page: Page, shop: Shop, collector: Collector) -> None:
    shop.put_page(before=HOSTILE["frozen prototypes"], after=ADD_TO_CART)
    page.goto(shop.site.url)
    collector.wait_for(has("cart.updated"))


def test_a_browser_that_forbids_storage_altogether_is_no_trouble(
    page: Page, shop: Shop, collector: Collector
) -> None:
    """In a sandboxed document the mere mention of localStorage throws a SecurityError."""
    shop.site.policy = "sandbox allow-scripts"
    shop.put_page(after=SHOP_CODE)
    page.goto(shop.site.url)
    collector.wait_for(has("cart.updated", "contact.identified"))
    assert page.title() == "the shop goes on"
    probe = "() => { try { return localStorage.length } catch (error) { return error.name } }"
    assert page.evaluate(probe) == "SecurityError"


@pytest.mark.parametrize(
    "call",
    [
        "ripresa.cart()",
        "ripresa.cart(null)",
        "ripresa.cart({token: 'cart_5'})",
        "ripresa.cart({items: [1]})",
        "ripresa.cart({token: 'cart_5', items: [{quantity: 10n}]})",
        "const round = {token: 'cart_5', items: []}; round.self = round; ripresa.cart(round)",
        "ripresa.cart({get token() { throw new Error('trap'); }, items: []})",
        "ripresa.checkoutStarted()",
        "ripresa.viewed({})",
        "ripresa.emptied(7)",
        "ripresa.push()",
        "ripresa.push(['order', {}])",
        "ripresa.push([['cart']])",
    ],
)
def test_a_wrong_call_neither_throws_nor_sends(
    page: Page, shop: Shop, collector: Collector, call: str
) -> None:
    shop.put_page(after=f"{call}; document.title = 'the shop goes on'")
    page.goto(shop.site.url)
    assert page.title() == "the shop goes on"
    page.evaluate(ADD_TO_CART)
    collector.wait_for(posts(1))
    assert types(collector) == ["cart.updated"]


def test_a_policy_that_forbids_the_endpoint_costs_the_page_nothing(
    page: Page, shop: Shop, collector: Collector, watch: Watch
) -> None:
    watch.allow("Content Security Policy|Refused to connect")
    shop.site.policy = "default-src 'none'; script-src 'self'"
    shop.put_page(after=SHOP_CODE)
    page.goto(shop.site.url)
    page.wait_for_timeout(500)
    assert page.title() == "the shop goes on"
    assert collector.posts == []


def test_page_gets_one_new_name_and_no_other(page: Page, shop: Shop) -> None:
    names = "() => Object.getOwnPropertyNames(window).filter(name => !/^\\d+$/.test(name))"
    page.goto(shop.put_page("/without", off=""))
    shop.site.files["/ripresa.js"] = ("text/javascript", b"")
    page.goto(shop.site.url)
    without = set(page.evaluate(names))
    shop.site.files["/ripresa.js"] = ("text/javascript", SCRIPT.read_bytes())
    page.goto(shop.site.url)
    assert set(page.evaluate(names)) - without == {"ripresa"}


def test_debug_tells_the_developer_what_the_server_rejected(
    page: Page, shop: Shop, collector: Collector
) -> None:
    shop.put_page(after=ADD_TO_CART, debug="")
    with page.expect_console_message(lambda message: "accepted" in message.text) as heard:
        page.goto(shop.site.url)
    assert heard.value.type == "debug"
    assert len(collector.events) == 1
