"""Stage 4: fold events, against a bare unnest upsert of the same rows.

Workload: 80 % updates of hot carts, 5 % events told twice (ids the inbox has forgotten), 5 % out of
order, the rest new carts of new people. Slices of ours and of the limit take turns; the figure is the
median ratio.
"""

import json
import random
import statistics
import time
from datetime import UTC, datetime, timedelta

SLICES = 7
EVENTS = 10_000
HOT = 2_000
START = datetime(2026, 10, 1, tzinfo=UTC)

_TABLE = """
CREATE TABLE bench_upsert (
    shop_id bigint, id text, token text, occurred_at timestamptz, payload text, PRIMARY KEY (shop_id, id))
"""
_UPSERT = """
INSERT INTO bench_upsert SELECT 1, * FROM unnest(%s::text[], %s::text[], %s::timestamptz[], %s::text[])
ON CONFLICT (shop_id, id) DO UPDATE SET payload = EXCLUDED.payload, occurred_at = EXCLUDED.occurred_at
"""


class Shopfront:
    """Makes events: the same sequence for the same seed."""

    def __init__(self, seed: int = 4) -> None:
        self.random = random.Random(seed)
        self.number = 0
        self.now = START
        self.told: list[dict] = []

    def update(self, cart: int, at: datetime) -> dict:
        self.number += 1
        return {
            "id": f"e{self.number}",
            "type": "cart.updated",
            "occurred_at": at.isoformat(),
            "visitor_id": f"v{cart}",
            "user_agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/156.0 Safari/537.36",
            "contact": {
                "email": f"p{cart}@people.test",
                "first_name": "Ada",
                "locale": "it-IT",
                "consent": {"email": "granted"},
            },
            "cart": {
                "token": f"t{cart}",
                "currency": "EUR",
                "items": [
                    {
                        "product_id": f"p{n}",
                        "title": f"Wine number {n}",
                        "quantity": self.random.randint(1, 9),
                        "unit_price": "29.90",
                        "url": f"https://shop.test/p/{n}",
                        "image_url": f"https://shop.test/i/{n}.webp",
                    }
                    for n in range(self.random.randint(1, 4))
                ],
            },
        }

    def batch(self, count: int) -> list[dict]:
        events = []
        for _ in range(count):
            self.now += timedelta(milliseconds=50)
            lot = self.random.random()
            if lot < 0.05 and self.told:
                events.append(self.random.choice(self.told))
            elif lot < 0.10:
                late = self.now - timedelta(minutes=self.random.randint(1, 30))
                events.append(self.update(self.random.randrange(HOT), late))
            elif lot < 0.90:
                events.append(self.update(self.random.randrange(HOT), self.now))
            else:
                events.append(self.update(HOT + self.number, self.now))
        self.told = events[-1000:]
        return events


def run(stage: int) -> dict:
    """Measure stage 4 on a throw-away database."""
    from bench.frame import shop_database

    with shop_database() as shop_id:
        return {"stage": stage, **_measure(shop_id)}


def _measure(shop_id: int) -> dict:
    from django.db import connection

    front = Shopfront()
    with connection.cursor() as cursor:
        cursor.execute(_TABLE)
    _arrive(shop_id, [front.update(cart, front.now) for cart in range(HOT)])
    _fold(shop_id, front.now)
    ours, limits = [], []
    for _ in range(SLICES):
        events = front.batch(EVENTS)
        _forget(shop_id)
        _arrive(shop_id, events)
        limits.append(EVENTS / _timed(lambda events=events: _bare(events)))
        ours.append(EVENTS / _timed(lambda: _fold(shop_id, front.now)))
    ratios = [mine / limit for mine, limit in zip(ours, limits, strict=True)]
    return {
        "workload": "fold: 80 % hot carts, 5 % told twice, 5 % out of order",
        "ours_per_second": round(statistics.median(ours)),
        "limit": "bare unnest upsert",
        "limit_per_second": round(statistics.median(limits)),
        "ratio": round(statistics.median(ratios), 3),
        "spread": round((max(ratios) - min(ratios)) / statistics.median(ratios), 2),
        "goal": 0.40,
        "truth": _truth(shop_id, front),
    }


def _arrive(shop_id: int, events: list[dict]) -> None:
    from ripresa.contracts.decoding import decode_event
    from ripresa.domain.inbox import operations as inbox

    decoded = [decode_event(json.dumps(event).encode()) for event in events]
    for start in range(0, len(decoded), 2000):
        inbox.store(
            shop_id=shop_id,
            deliveries=[
                inbox.Delivery(event, event.occurred_at) for event in decoded[start : start + 2000]
            ],
        )


def _forget(shop_id: int) -> None:
    from ripresa.domain.inbox.models import InboxEvent

    InboxEvent.objects.filter(shop_id=shop_id, folded_at__isnull=False).delete()


def _fold(shop_id: int, now: datetime) -> None:
    from ripresa.usecases.fold_events import fold_shop

    while fold_shop(shop_id=shop_id, now=now):
        pass


def _bare(events: list[dict]) -> None:
    from django.db import connection

    for start in range(0, len(events), 2000):
        some = {event["id"]: event for event in events[start : start + 2000]}.values()
        with connection.cursor() as cursor:
            cursor.execute(
                _UPSERT,
                [
                    [event["id"] for event in some],
                    [event["cart"]["token"] for event in some],
                    [event["occurred_at"] for event in some],
                    [json.dumps(event) for event in some],
                ],
            )


def _timed(work) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _truth(shop_id: int, front: Shopfront) -> str:
    """Each distinct event is kept once, and the carts equal a fold of everything from its activity."""
    from django.db.models import Count

    from ripresa.domain.carts.models import Cart, CartActivity

    kept = CartActivity.objects.filter(shop_id=shop_id).count()
    if kept != front.number:
        return f"failed: {front.number} events told, {kept} kept"
    doubled = (
        Cart.objects.filter(shop_id=shop_id)
        .values("token")
        .annotate(n=Count("generation"))
        .filter(n__gt=1)
        .count()
    )
    if doubled:
        return f"failed: {doubled} carts doubled"
    return "ok"
