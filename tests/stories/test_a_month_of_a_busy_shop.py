"""Part of CAP and CUS at size: a month of a busy shop comes out the same however badly it is delivered.

`RIPRESA_MONTH_CARTS` sets the size; the figures of docs/explanation/a-busy-month.md are those of 4,000.
"""

import os
import time
from collections import Counter, defaultdict
from datetime import timedelta

import pytest
from django.db import connection

from ripresa.domain.carts.models import Cart, Order
from ripresa.domain.contacts.models import Contact
from ripresa.domain.inbox import operations as inbox
from ripresa.domain.inbox.operations import STOREFRONT, Delivery
from ripresa.usecases.advance_carts import advance_carts
from ripresa.usecases.fold_events import fold_shop
from ripresa.usecases.health.telling import tell_health
from tests.rows import make_shop
from tests.stories.busy_month import BEGIN, DAYS, Maker

CARTS = int(os.environ.get("RIPRESA_MONTH_CARTS", "4000"))
END = BEGIN + timedelta(days=DAYS + 5)
pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.timeout(3600)]


def deliver(shop, told):
    """Store and fold in the order of arrival; how many were new, and in how many seconds."""
    begun, new = time.monotonic(), 0
    for start in range(0, len(told), 2000):
        some = told[start : start + 2000]
        new += inbox.store(
            shop_id=shop.id,
            deliveries=[
                Delivery(
                    one.event, one.received_at, f"shop{STOREFRONT}" if one.is_page else "shop",
                    not one.is_page,
                )
                for one in some
            ],
        )  # fmt: skip
        while fold_shop(shop_id=shop.id, now=some[-1].received_at):
            pass
        if start % 20_000 == 0:  # as autovacuum does, which sees nothing of a test's transaction
            connection.cursor().execute("ANALYZE")
    return new, time.monotonic() - begun


def outcome(shop):
    """What the tables say of it, without ids."""
    while advance_carts(shop_id=shop.id, now=END):
        pass
    emails = dict(Contact.objects.filter(shop=shop).values_list("id", "email"))
    orders = {
        one.external_id: (emails.get(one.contact_id), one.total_minor, one.cancelled_at)
        for one in Order.objects.filter(shop=shop)
    }
    ids = dict(Order.objects.filter(shop=shop).values_list("id", "external_id"))
    carts = {
        (one.token, one.generation): (
            one.state, emails.get(one.contact_id), one.total_minor, one.left_at,
            ids.get(one.order_id), one.is_bot, one.device,
        )
        for one in Cart.objects.filter(shop=shop)
    }  # fmt: skip
    return {"people": sorted(map(str, emails.values())), "orders": orders, "carts": carts}


def test_missed_late_and_doubled_deliveries_change_nothing_in_the_end(capsys):
    month = Maker(CARTS).make()
    heard = [one for one in month.told if one.how != "missed"]
    asked = [one for one in month.told if one.how == "missed"]
    perfect = {one.event.id: one for one in month.told if one.how != "twice"}.values()

    real, ideal = make_shop("real", "Real"), make_shop("ideal", "Ideal")
    new, seconds = deliver(real, heard)
    before = outcome(real)
    found, _ = deliver(real, asked)
    again, _ = deliver(real, month.told)
    deliver(ideal, sorted(perfect, key=lambda one: (one.event.occurred_at, one.event.id)))
    after, wanted = outcome(real), outcome(ideal)

    figures = told(real, month, before, after) | {
        "events a second": round(len(heard) / seconds),
        "deliveries": dict(Counter(one.how for one in month.told)),
        "found by asking": found,
    }
    with capsys.disabled():
        print(f"\n{figures}")
    assert (found, again) == (len(asked), 0)
    assert new == len({one.event.id for one in heard})
    assert after["orders"] == wanted["orders"]
    assert after["people"] == wanted["people"] == sorted(month.people)
    assert after["carts"] == wanted["carts"]
    assert {order: email for order, (email, *_) in after["orders"].items()} == month.buyer_of


def told(shop, month, before, after):
    """The figures of the page in the docs."""
    health = tell_health(shop_id=shop.id, now=END, days=DAYS + 5)
    by_device = defaultdict(lambda: [0, 0])
    for one in health.known_orders:
        by_device[one.device][0] += one.orders
        by_device[one.device][1] += one.known
    states = Counter(cart[0] for cart in after["carts"].values())
    return {
        "carts": len(after["carts"]),
        "states": dict(states),
        "crawlers": sum(cart[5] for cart in after["carts"].values()),
        "people": len(after["people"]),
        "orders": len(after["orders"]),
        "orders heard before asking": len(before["orders"]),
        "orders without a cart": len(month.without_cart & after["orders"].keys()),
        "known before payment": (health.orders, health.orders_known),
        "by device": {device: tuple(pair) for device, pair in by_device.items()},
        "carts that asking changed": sum(
            before["carts"].get(key) != cart for key, cart in after["carts"].items()
        ),
    }
