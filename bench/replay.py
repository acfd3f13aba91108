"""`python -m bench.replay [CARTS]`: processor time of a replay over the past, program and database session.

A shop whose carts were left at instants of their own over thirty days, three activities each; every fourth is
bought, a day later. What the replay decides is counted, and told as a digest: two versions can be compared.
"""

import hashlib
import json
import resource
import sys
import time
from datetime import UTC, datetime, timedelta

from bench.frame import shop_database
from bench.running import cpu_of

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
DAYS = 30
SCENARIO = """\
version: 1
name: Three reminders
trigger: {on: any, idle: 1h}
legal_basis: consent
limits: {not_more_often_than: 24h, not_after_order: 7d}
quiet_hours: {email: {from: "07:00", until: "22:00"}}
sender: {name: Bench, email: bench@shop.test}
steps:
  - {id: first, after: 0h, send: [email], template: reminder}
  - {id: second, after: 2d, send: [email], template: second_reminder}
  - {id: third, after: 7d, send: [email], template: last_reminder}
"""


def main() -> None:
    """Measure a replay of so many carts."""
    carts = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    with shop_database() as shop_id:
        print(json.dumps(_measure(shop_id, carts)))


def _measure(shop_id: int, carts: int) -> dict:
    from django.db import connection

    from ripresa.domain.shops.models import Shop
    from ripresa.usecases.replay import asking
    from ripresa.usecases.scenarios.publish_scenario import check_scenario

    _fill(shop_id, carts)
    shop = Shop.objects.get(id=shop_id)
    plan = check_scenario(SCENARIO, file_name="bench", shop=shop)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute("SELECT pg_backend_pid()")
        [session] = cursor.fetchone()
    instants = []
    began, program, database = time.monotonic(), time.process_time(), cpu_of(session)
    found = asking.replay(shop=shop, plan=plan, days=DAYS, prices={}, now=NOW, tick=instants.append)
    program, database = time.process_time() - program, cpu_of(session) - database
    return {
        "carts": carts,
        "program_seconds": round(program, 2),
        "database_seconds": round(database, 2),
        "ms_a_cart": round((program + database) / carts * 1000, 2),
        "wall_seconds": round(time.monotonic() - began, 2),
        "rounds": len(instants),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "outcomes": found.outcomes,
        "digest": hashlib.sha256(repr(found.lines).encode()).hexdigest()[:16],
    }


def _fill(shop_id: int, carts: int) -> None:
    """What happened: told, folded, and the carts found abandoned."""
    from ripresa.contracts.validation import check_event
    from ripresa.domain.inbox import operations as inbox
    from ripresa.domain.inbox.operations import Delivery
    from ripresa.usecases.advance_carts import advance_carts
    from ripresa.usecases.fold_events import fold_shop

    events = [event for number in range(carts) for event in _story(number)]
    for start in range(0, len(events), 5_000):
        inbox.store(
            shop_id=shop_id,
            deliveries=[
                Delivery(check_event(event), event.occurred_at)
                for event in events[start : start + 5_000]
            ],
        )
    while fold_shop(shop_id=shop_id, now=NOW):
        pass
    while advance_carts(shop_id=shop_id, now=NOW):
        pass


def _story(number: int) -> list:
    """One cart: filled, filled more, to the checkout, and maybe bought."""
    from ripresa.contracts.events import (
        CartBlock,
        CartItem,
        ConsentBlock,
        ConsentState,
        ContactBlock,
        EventType,
        OrderBlock,
        StoreEvent,
    )

    # Spread evenly, yet in no order: a multiple of a number that shares no factor with the days.
    at = NOW - timedelta(days=DAYS) + timedelta(days=DAYS) * ((number * 0.6180339887) % 1.0)
    consent = ConsentState.UNKNOWN if number % 9 == 1 else ConsentState.GRANTED
    email = f"person{number // 2 if number % 5 == 0 else number}@people.test"
    contact = ContactBlock(email=email, consent=ConsentBlock(email=consent))
    things = tuple(
        CartItem(quantity=1, product_id=f"p{one}", title=f"Thing {one}", unit_price="19.90")
        for one in range(2)
    )
    token = f"cart-{number}"

    def happens(kind: EventType, minutes: int, **more: object) -> StoreEvent:
        return StoreEvent(
            f"{token}-{minutes}", kind, at + timedelta(minutes=minutes), contact=contact, **more
        )

    def holding(count: int) -> CartBlock:
        return CartBlock(token=token, currency="EUR", items=things[:count])

    story = [
        happens(EventType.CART_UPDATED, 0, cart=holding(1)),
        happens(EventType.CART_UPDATED, 3, cart=holding(2)),
        happens(EventType.CHECKOUT_STARTED, 5, cart=holding(2)),
    ]
    if number % 4 == 3:
        order = OrderBlock(id=f"o{number}", currency="EUR", total="39.80", cart_token=token)
        story.append(happens(EventType.ORDER_PLACED, 1440, order=order))
    return [event for event in story if event.occurred_at <= NOW]


if __name__ == "__main__":
    main()
