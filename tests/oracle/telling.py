"""How the examples are told: events in few words, and what is expected in fewer.

All instants are in October 2026 unless a month is said: "3 15:02:11" is the third, in UTC.
"""

import json
from datetime import datetime
from typing import Any

from .reading import Outcome, simulate
from .scenario_reading import understand

ADA = {"email": "ada@example.test", "consent": {"email": "granted"}}
THREE = {"first": "0h", "second": "2d", "third": "7d"}


def on(text: str) -> str:
    """ "3 15:02:11" → "2026-10-03T15:02:11.000Z"; a month may stand before: "3-29 07:00"."""
    day, time = text.split()
    month, day = day.split("-") if "-" in day else ("10", day)
    time = time if "." in time else f"{time}:00.000" if time.count(":") == 1 else f"{time}.000"
    return f"2026-{month:0>2}-{day:0>2}T{time}Z"


class Story:
    """Events in the words of the tests; ids count up."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []

    def tell(self, kind: str, at: str, received: str = "", **parts: Any) -> "Story":
        event = {"id": f"e{len(self.events):03d}", "type": kind, "occurred_at": on(at), **parts}
        if received:
            event["received_at"] = on(received)
        self.events.append(event)
        return self

    def fill(self, at: str, skus: str = "A", *, token: str = "t", **parts: Any) -> "Story":
        """price, currency and categories are those of every item."""
        price, currency = parts.pop("price", "10.00"), parts.pop("currency", "EUR")
        item = {"quantity": 1, "unit_price": price, "categories": parts.pop("categories", [])}
        items = [{"sku": sku, **item} for sku in skus.split()]
        cart = {"token": token, "currency": currency, "items": items}
        parts.setdefault("contact", ADA)
        return self.tell("cart.updated", at, cart=cart, **parts)

    def on_cart(self, kind: str, at: str, token: str = "t", **parts: Any) -> "Story":
        parts.setdefault("contact", ADA)
        return self.tell(kind, at, cart={"token": token}, **parts)

    def order(self, at: str, number: str = "o1", received: str = "", **keys: Any) -> "Story":
        """keys: cart_token, checkout_id, origin, test, total; contact=None leaves Ada out."""
        contact = keys.pop("contact", {"email": "ada@example.test"})
        order = {"id": number, "currency": "EUR", "total": "10.00", **keys}
        return self.tell("order.placed", at, received, order=order, contact=contact)


def scenario(steps: dict[str, str] = THREE, **others: Any) -> dict[str, Any]:
    return {
        "name": "Test",
        "trigger": {"on": "any", "idle": "24h"},
        "legal_basis": "consent",
        "steps": [
            {"id": name, "after": after, "from": "abandoned", "send": ["email"]}
            for name, after in steps.items()
        ],
        **others,
    }


def step(name: str, after: str, channels: str = "email", **others: Any) -> dict[str, Any]:
    """ "email sms" is one step with two messages; "agent" is a notice."""
    to = {"notify": "agent"} if channels == "agent" else {"send": channels.split()}
    return {"id": name, "after": after, **to, **others}


def branches(*told: tuple[str, dict[str, Any] | None, list[dict[str, Any]]]) -> dict[str, Any]:
    """(name, when or None for everyone else, steps)."""
    made = []
    for name, when, steps in told:
        made.append({"name": name, "steps": steps} | ({"when": when} if when else {}))
    return {"branches": made}


def plan(*steps: dict[str, Any], **others: Any) -> dict[str, Any]:
    """A scenario of these steps, for everyone."""
    return scenario(**others) | {"steps": list(steps)}


def whole(raw: dict[str, Any], **others: Any) -> dict[str, Any]:
    """A scenario of branches instead of steps."""
    made = scenario(**others) | raw
    del made["steps"]
    return made


def run(story: Story, raw: dict[str, Any] | None = None, **options: Any) -> Outcome:
    if "until" in options:
        options["until"] = datetime.fromisoformat(on(options["until"]))
    lines = [json.dumps(event) for event in story.events]
    return simulate(lines, understand(raw or scenario()), **options)


def told(outcome: Outcome, *more: str) -> list[tuple[Any, ...]]:
    """(at, step, "outcome reason") and what else is asked for, a line each."""
    return [
        (line["at"], line["step"], f"{line['outcome']} {line['reason']}", *[line[m] for m in more])
        for line in outcome.messages
    ]


def lines(*expected: str) -> list[tuple[Any, ...]]:
    """ "2 10:00 first sent due" → what `told` gives."""
    parts = [text.split() for text in expected]
    return [(on(" ".join(p[:2])), p[2], " ".join(p[3:])) for p in parts]


def states(outcome: Outcome) -> list[tuple[str, int, str]]:
    return [(line["cart"], line["generation"], line["state"]) for line in outcome.carts]


def reasons(story: Story, raw: dict[str, Any]) -> list[str]:
    return [line["reason"] for line in run(story, raw).messages]
