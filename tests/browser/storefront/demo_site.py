"""The demo shop's pages behind a small server that speaks its `/shop/` interface."""

from __future__ import annotations

import json
import mimetypes
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.browser.storefront.sites import JSON_TYPE, LocalServer, QuietHandler

STOREFRONT = Path(__file__).parents[3] / "storefront"
CART_PATH = "/shop/carts/"


class DemoHandler(QuietHandler):
    """Answers for the `site` of its subclass."""

    site: DemoSite

    def do_GET(self) -> None:  # noqa: N802 - http.server's name
        path = urlsplit(self.path).path
        if path == "/shop/config.js":
            self._answer(200, "text/javascript", self.site.config.encode())
        elif path.startswith(CART_PATH):
            cart = self.site.carts.get(path.removeprefix(CART_PATH))
            # Whoever has the link may see the wine, never whose it is.
            items = json.dumps({"items": cart["items"]} if cart else {}).encode()
            self._answer(200 if cart else 404, JSON_TYPE, items)
        else:
            self._answer_file(path)

    def do_PUT(self) -> None:  # noqa: N802 - http.server's name
        cart, token = self._body(), self.path.removeprefix(CART_PATH)
        if cart["at"] >= self.site.carts.get(token, cart)["at"]:  # requests may overtake each other
            self.site.carts[token] = cart
        self.reply(204, {}, b"")

    def do_POST(self) -> None:  # noqa: N802 - http.server's name
        order = self._body()
        if not self.site.takes_orders:
            self._answer(503, JSON_TYPE, b"{}")
            return
        self.site.orders.append(order)
        self.site.carts.pop(order["cart_token"], None)
        number = json.dumps({"number": f"#{1000 + len(self.site.orders)}"})
        self._answer(201, JSON_TYPE, number.encode())

    def _answer_file(self, path: str) -> None:
        within = {"/": "demo/index.html", "/ripresa.js": "src/ripresa.js"}
        file = STOREFRONT / within.get(path, f"demo{path}")
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        found = file.is_file()
        self._answer(200 if found else 404, kind, file.read_bytes() if found else b"")

    def _answer(self, status: int, kind: str, content: bytes) -> None:
        headers = {"Content-Type": kind, "Content-Security-Policy": self.site.policy}
        self.reply(status, headers, content)

    def _body(self) -> Any:
        return json.loads(self.rfile.read(int(self.headers["Content-Length"])))


class DemoSite(LocalServer):
    """Serves `storefront/demo` and keeps carts and orders in memory."""

    def __init__(self, endpoint: str, key: str) -> None:
        super().__init__(type("Handler", (DemoHandler,), {"site": self}))
        self.carts: dict[str, dict[str, Any]] = {}
        self.orders: list[dict[str, Any]] = []
        self.takes_orders = True
        self.config = f"window.SHOP = {json.dumps({'endpoint': endpoint, 'key': key})};"
        self.policy = (
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
            f"connect-src 'self' {endpoint}; base-uri 'none'; form-action 'self'; "
            "frame-ancestors 'none'"
        )

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"
