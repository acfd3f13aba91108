"""A shop's site that carries the storefront script, and questions its tests ask of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.browser.storefront.sites import Collector, Site

SCRIPT = Path(__file__).parents[3] / "storefront" / "src" / "ripresa.js"
POPUP = SCRIPT.with_name("popup.js")
KEY = "pk_test"
STORAGE_PREFIX = f"ripresa:{KEY}:"
FAILED_TO_LOAD = "Failed to load resource"  # the browser's own line on any request that failed

ITEM = {"sku": "A1", "product_id": "p1", "title": "Barolo", "quantity": 2, "unit_price": "29.90"}
CART = {"token": "cart_5", "currency": "EUR", "items": [ITEM], "total": "59.80"}
ADD_TO_CART = f"ripresa.cart({json.dumps(CART)})"

EVERYTHING_STORED = """async () => ({
    cookie: document.cookie,
    local: Object.assign({}, localStorage),
    session: Object.assign({}, sessionStorage),
    databases: await indexedDB.databases(),
    caches: self.caches ? await caches.keys() : [],
})"""
NOTHING = {"cookie": "", "local": {}, "session": {}, "databases": [], "caches": []}

# The body of a page with a form.
FIELDS = """
    <input id="email"><input id="other"><input id="secret" class="email" type="password">
    <textarea class="email"></textarea>
"""


class Shop:
    """A shop's site whose pages carry the script."""

    def __init__(self, site: Site, endpoint: str) -> None:
        self.site = site
        self.endpoint = endpoint
        site.files["/ripresa.js"] = ("text/javascript", SCRIPT.read_bytes())
        site.files["/popup.js"] = ("text/javascript", POPUP.read_bytes())
        self.put_page()

    def put_page(
        self,
        path: str = "/",
        *,
        before: str = "",
        after: str = "",
        body: str = "",
        has_popup: bool = False,
        **options: str,
    ) -> str:
        """Publish a page that runs `before`, the script with `options`, then `after`; its address."""
        settings = {"key": KEY, "endpoint": self.endpoint, **options}
        data = " ".join(f'data-{name.replace("_", "-")}="{settings[name]}"' for name in settings)
        name = path.strip("/") or "index"
        for when, code in (("before", before), ("after", after)):
            self.site.files[f"/{name}-{when}.js"] = ("text/javascript", code.encode())
        html = (
            f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A shop</title>'
            f'<script src="/{name}-before.js"></script>'
            f'<script src="/ripresa.js" {data}></script>'
            f"{f'<script async src=/popup.js data-popup {data}></script>' if has_popup else ''}"
            f'</head><body>{body}<script src="/{name}-after.js"></script></body></html>'
        )
        self.site.files[path] = ("text/html; charset=utf-8", html.encode())
        return self.site.url + path


def types(collector: Collector) -> list[str]:
    return [event["type"] for event in collector.events]


def has(*expected: str) -> Callable[[Collector], bool]:
    return lambda collector: types(collector) == list(expected)


def posts(count: int) -> Callable[[Collector], bool]:
    return lambda collector: len(collector.posts) >= count


def stored(page: Page) -> dict[str, str]:
    """What the script has in the browser's storage, by its own names."""
    entries: dict[str, str] = page.evaluate("Object.assign({}, localStorage)")
    return {name.removeprefix(STORAGE_PREFIX): text for name, text in entries.items()}


def waiting(page: Page) -> list[dict[str, Any]]:
    """Events stored and not yet delivered, oldest first."""
    events = [json.loads(text) for name, text in stored(page).items() if name.startswith("e_")]
    return sorted(events, key=lambda event: str(event["occurred_at"]))


def wait_until_delivered(page: Page) -> None:
    """Until the page itself knows that nothing is left to deliver."""
    page.wait_for_function(
        "prefix => !Object.keys(localStorage).some(name => name.startsWith(prefix))",
        arg=f"{STORAGE_PREFIX}e_",
    )


def type_into(page: Page, selector: str, text: str) -> None:
    page.fill(selector, text)
    page.dispatch_event(selector, "change")
