"""Store events as shops send them: plain JSON values, for every test that needs some."""

import json
from typing import Any

Json = dict[str, Any]

# Two bottles in Ada's cart, as the contract shows an event, every block filled in.
CONTACT: Json = {
    "email": "ada@example.test",
    "phone": "+393331234567",
    "customer_id": "c_77",
    "first_name": "Ada",
    "last_name": "Rossi",
    "locale": "it-IT",
    "timezone": "Europe/Rome",
    "agent": "bruno@shop.test",
    "consent": {"email": "granted", "sms": "denied", "letter": "unknown"},
    "consent_source": "checkout",
    "consent_text": "Sì, scrivetemi",
    "address": {
        "name": "Ada Rossi",
        "lines": ["Via Roma 1"],
        "postal_code": "00184",
        "city": "Roma",
        "region": "RM",
        "country": "IT",
    },
}
ITEM: Json = {
    "sku": "A1",
    "product_id": "p1",
    "title": "Vino",
    "variant": "rosso",
    "quantity": 2,
    "unit_price": "29.90",
    "url": "https://shop.test/vino",
    "image_url": "https://shop.test/vino.jpg",
    "categories": ["wine"],
}
CART: Json = {
    "token": "cart_5",
    "checkout_id": "chk_5",
    "currency": "EUR",
    "items": [ITEM],
    "total": "59.80",
    "restore_url": "https://shop.test/cart/5",
}
ORDER: Json = {
    "id": "o_12",
    "number": "#1012",
    "currency": "EUR",
    "total": "59.80",
    "discount_total": "5.00",
    "tax_total": "9.20",
    "shipping_total": "4.90",
    "discount_codes": ["BACK10"],
    "cart_token": "cart_5",
    "checkout_id": "chk_5",
    "origin": "web",
    "test": False,
}
REFUND: Json = {"id": "r_1", "order_id": "o_12", "amount": "10.00", "currency": "EUR"}

_BLOCKS: dict[str, Json] = {
    "cart.updated": {"cart": CART, "contact": CONTACT},
    "cart.emptied": {"cart": {"token": "cart_5"}},
    "cart.viewed": {"cart": {"token": "cart_5"}},
    "checkout.started": {"cart": CART},
    "checkout.left": {"cart": CART},
    "contact.identified": {"contact": CONTACT},
    "consent.changed": {"contact": CONTACT},
    "order.placed": {"order": ORDER, "contact": CONTACT},
    "order.cancelled": {"order": ORDER},
    "order.refunded": {"refund": REFUND},
}
TYPES = tuple(_BLOCKS)


def an_event(kind: str = "cart.updated", number: int = 1, **changes: Any) -> Json:
    """A valid event of type `kind`, deep-copied; `number` makes another one of it."""
    event = {
        "id": f"evt_{number}",
        "type": kind,
        "occurred_at": "2026-10-03T15:02:11Z",
        "visitor_id": "v_9f2c",
        **_BLOCKS[kind],
        **changes,
    }
    copied: Json = json.loads(json.dumps(event))
    return copied


def at_path(event: Json, path: str, value: Any) -> Json:
    """`event` with another value at a path such as `cart.items[0].unit_price`."""
    *steps, last = path.replace("[", ".[").split(".")
    place: Any = event
    for step in steps:
        place = place[int(step[1:-1])] if step.startswith("[") else place[step]
    place[int(last[1:-1]) if last.startswith("[") else last] = value
    return event


def without(event: Json, path: str) -> Json:
    """`event` without the field at `path`."""
    *steps, last = path.split(".")
    place: Any = event
    for step in steps:
        place = place[step]
    del place[last]
    return event


def body_of(events: Any) -> bytes:
    """JSON as a client sends it."""
    return json.dumps(events, ensure_ascii=False).encode()
