"""The demo shop's server: its pages, its carts in memory, and the orders that it reports to Ripresa."""

import json
import mimetypes
import re
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from secrets import token_hex
from typing import Any, NamedTuple

from ripresa.entrypoints.demo.site import JSON, TEXT, Question, Reply
from ripresa.entrypoints.storefront_files import DEMO_SHOP, SCRIPT

_CART = re.compile(r"/shop/carts/(cart_[0-9a-f]{32})")
_MOST_CARTS = 10_000
_MOST_BOTTLES = 1000
_REPORT_SECONDS = 10
_PERSON = ("email", "phone", "first_name", "consent", "consent_source", "consent_text")


class BadRequest(Exception):
    """The page sent what it never sends."""


class NotReported(Exception):
    """Ripresa did not take the order; the message says why."""


class _Cart(NamedTuple):
    """What a page said was in a cart, and when, in its milliseconds since 1970."""

    at: int
    items: list[dict[str, Any]]


@dataclass(slots=True)
class DemoShop:
    """`intake_url` is where Ripresa answers; `next_number` gives order numbers; `ordered` hears of one."""

    intake_url: str
    public_key: str
    secret_key: str = field(repr=False)
    now: Callable[[], datetime]
    next_number: Callable[[], int]
    ordered: Callable[[str], None]
    _carts: dict[str, _Cart] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, question: Question) -> Reply:
        """Answer one request."""
        try:
            return self._answer(question)
        except (BadRequest, ValueError, KeyError, TypeError, AttributeError):
            return _json(400, {"error": "this is not what the shop's pages send"})
        except NotReported as refusal:
            return _json(502, {"error": str(refusal)})

    def _answer(self, question: Question) -> Reply:
        cart = _CART.fullmatch(question.path)
        match question.method, question.path:
            case "GET" | "HEAD", "/shop/config.js":
                return self._config()
            case "GET", _ if cart:
                # Whoever has the link may see the wine, never whose it is.
                kept = self._carts.get(cart[1])
                return _json(200, {"items": kept.items}) if kept and kept.items else _json(404, {})
            case "PUT", _ if cart:
                said = json.loads(question.body)
                self._keep(cart[1], _Cart(int(said["at"]), _items(said["items"])))
                return Reply(204, TEXT, b"")
            case "POST", "/shop/orders":
                return _json(201, {"number": self._take_order(json.loads(question.body))})
            case "GET" | "HEAD", _:
                return self._file(question.path)
            case _:
                return Reply(405, TEXT, b"")

    def _keep(self, token: str, cart: _Cart) -> None:
        """Unless something later is known: requests may overtake each other."""
        with self._lock:
            has_room = token in self._carts or len(self._carts) < _MOST_CARTS
            if has_room and self._carts.get(token, cart).at <= cart.at:
                self._carts[token] = cart

    def _take_order(self, order: Mapping[str, Any]) -> str:
        items = _items(order["items"])
        number = f"#{self.next_number()}"
        contact = {name: order["contact"][name] for name in _PERSON if name in order["contact"]}
        order_id = f"order_{token_hex(8)}"
        self._report(
            {
                "id": f"{order_id}.placed",
                "type": "order.placed",
                "occurred_at": self.now().isoformat(),
                "contact": {**contact, "address": order["address"]},
                "order": {
                    "id": order_id,
                    "number": number,
                    "currency": CATALOGUE["currency"],
                    "total": str(_total(items)),
                    "cart_token": order["cart_token"],
                    "origin": "web",
                },
            }
        )
        with self._lock:
            self._carts.pop(order["cart_token"], None)
        self.ordered(number)
        return number

    def _report(self, event: Mapping[str, Any]) -> None:
        """What a shop's server does: tell with the secret key, and believe nothing but a 202."""
        request = urllib.request.Request(  # noqa: S310  (the address is our own)
            f"{self.intake_url}/v1/events",
            json.dumps(event).encode(),
            {"Authorization": f"Bearer {self.secret_key}", "Content-Type": JSON},
        )
        try:
            with urllib.request.urlopen(request, timeout=_REPORT_SECONDS) as response:  # noqa: S310
                answer = json.load(response)
        except (OSError, urllib.error.URLError) as trouble:
            raise NotReported(f"Ripresa did not take the order: {trouble}") from None
        if answer["rejected"]:
            raise NotReported(f"Ripresa rejected the order: {answer['rejected']}")

    def _config(self) -> Reply:
        said = json.dumps({"endpoint": self.intake_url, "key": self.public_key})
        return Reply(200, "text/javascript", f"window.SHOP = {said};".encode(), self._policy())

    def _file(self, path: str) -> Reply:
        file = SCRIPT if path == "/ripresa.js" else DEMO_SHOP / (path.lstrip("/") or "index.html")
        inside = file.resolve().is_relative_to(DEMO_SHOP) or file == SCRIPT
        if not inside or not file.is_file():
            return Reply(404, TEXT, b"there is nothing at this address", self._policy())
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        return Reply(200, kind, file.read_bytes(), self._policy())

    def _policy(self) -> str:
        return (
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
            f"connect-src 'self' {self.intake_url}; base-uri 'none'; form-action 'self'; "
            "frame-ancestors 'none'"
        )


def _items(given: list[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What is in a cart, as far as the catalogue has it."""
    items = [{"sku": item["sku"], "quantity": int(item["quantity"])} for item in given]
    if any(i["sku"] not in _PRICES or not 0 < i["quantity"] <= _MOST_BOTTLES for i in items):
        raise BadRequest
    return items


def _total(items: list[dict[str, Any]]) -> Decimal:
    """Prices are the catalogue's, not the request's."""
    return sum((_PRICES[item["sku"]] * item["quantity"] for item in items), Decimal("0.00"))


def _json(status: int, content: Mapping[str, Any]) -> Reply:
    return Reply(status, JSON, json.dumps(content).encode())


def _read_catalogue() -> dict[str, Any]:
    file = DEMO_SHOP / "catalogue.json"
    content: dict[str, Any] = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    return content


CATALOGUE = _read_catalogue()
_PRICES = {wine["sku"]: Decimal(wine["price"]) for wine in CATALOGUE.get("wines", ())}
