"""With 100,000 carts, 50,000 contacts and 1,000 deals, each list is quick, small and asks seldom.

`pytest -m slow tests/db/console/test_scale.py -s` prints the figures. The shop is made by COPY.
"""

import gzip
import json
import os
import time
from collections.abc import Iterable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, models, reset_queries
from django.test.utils import CaptureQueriesContext

from ripresa.core.ids import new_id
from ripresa.domain.carts.models import Abandonment, Cart, Order
from ripresa.domain.contacts.models import Contact, ContactKey
from ripresa.domain.deals.models import Deal
from ripresa.domain.messages.models import Message
from ripresa.domain.scenarios.models import Recovery
from ripresa.usecases.reporting.keeping import rebuild
from tests.rows import DAY, HOUR, T0, wine
from tests.world import deal_of

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(900),
    # A vacuum, as autovacuum does it, wants rows that are committed.
    pytest.mark.django_db(transaction=True),
]

# RIPRESA_SCALE: a share of it, to try the test itself.
SCALE = float(os.environ.get("RIPRESA_SCALE", "1"))
CONTACTS, CARTS, DEALS = int(50_000 * SCALE), int(100_000 * SCALE), int(1_000 * SCALE)
MOST_QUERIES, MOST_MS, MOST_GZIP = 12, 100, 250_000
STATES = (
    "abandoned",
    "recovered",
    "abandoned",
    "expired",
    "closed",
    "open",
    "abandoned",
    "ordered",
)
LISTS = {
    "home": "/wines/",
    "carts": "/wines/carts/",
    "carts, filtered": "/wines/carts/?state=abandoned&kind=cart&value=50&from=2026-08-01",
    "carts, by buyer": "/wines/carts/?buyer=contact4999",
    "customers": "/wines/customers/",
    "customers, searched": "/wines/customers/?q=contact4999",
    "customer": "/wines/customers/{contact}/",
    "cart": "/wines/carts/{cart}/",
    "pipeline": "/wines/pipeline/",
    "scenarios": "/wines/scenarios/",
    "segments": "/wines/segments/",
    "coupons": "/wines/coupons/",
    "texts": "/wines/texts/",
    "imports": "/wines/imports/",
    "work": "/wines/work/",
    "reports": "/wines/reports/",
}


def copy(model: type[models.Model], rows: Iterable[Mapping[str, Any]]) -> None:
    """Rows by the names of their fields into a table, by COPY; what is not said is the field's default."""
    rows = list(rows)
    fields = [
        one for one in model._meta.local_concrete_fields
        if one.column is not None and (one.attname in rows[0] or not one.has_db_default())
    ]  # fmt: skip
    names = ", ".join(f'"{one.column}"' for one in fields)
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {model._meta.db_table} ({names}) FROM STDIN") as into,
    ):
        for row in rows:
            into.write_row([_value(one, row) for one in fields])
    with connection.cursor() as cursor:
        # Or keys to this table are checked by a plan for an empty one, a scan for each row.
        cursor.execute(f"ANALYZE {model._meta.db_table}")


def _value(field: models.Field, row: Mapping[str, Any]) -> Any:
    value = row[field.attname] if field.attname in row else field.get_default()
    return json.dumps(value) if isinstance(field, models.JSONField) and value is not None else value


@pytest.fixture
def full(world):
    """Ada's shop, full."""
    shop = world.shop.id
    people = [new_id(T0 - timedelta(minutes=2 * one)) for one in range(CONTACTS)]
    copy(Contact, (
        {"shop_id": shop, "id": one, "email": f"contact{at}@mail.test", "first_name": f"Name{at % 997}",
         "last_name": f"Family{at % 4999}", "consent_email": ("granted", "unknown")[at % 2],
         "locale": ("it", "de", "ro")[at % 3], "reachable_at": T0, "created_at": T0 - HOUR * (at // 20)}
        for at, one in enumerate(people)
    ))  # fmt: skip
    copy(ContactKey, (
        {"shop_id": shop, "key": f"email:contact{at}@mail.test", "contact_id": one, "reachable_at": T0}
        for at, one in enumerate(people)
    ))  # fmt: skip
    carts, orders, gone, runs, letters = [], [], [], [], []
    for at in range(CARTS):
        left = T0 - timedelta(minutes=3 * at + 90)
        state = STATES[at % len(STATES)]
        who = people[(at * 7) % CONTACTS]
        cart = {
            "shop_id": shop, "id": new_id(left), "source": "shop", "token": f"t{at}", "state": state,
            "kind": ("cart", "checkout")[at % 3 == 0], "contact_id": who, "currency": "EUR",
            "total_minor": 1000 + at % 20_000, "item_count": 3, "items": [wine("Barolo", 2), wine("Soave")],
            "is_bot": False, "is_test": False, "newest_at": left, "newest_event": "e", "begun_at": left - HOUR, "left_at": left, "generation": 1, "person_key": "",
        }  # fmt: skip
        cart |= {"abandoned_at": None, "order_id": None, "ended_at": None, "cause": None}
        if state in {"abandoned", "recovered", "expired", "closed"}:
            cart["abandoned_at"] = left + HOUR
            gone.append({
                "shop_id": shop, "id": new_id(left), "cart_id": cart["id"], "abandoned_at": left + HOUR,
                "left_at": left, "kind": cart["kind"], "currency": "EUR", "item_count": 3,
                "total_minor": cart["total_minor"], "items": cart["items"],
            })  # fmt: skip
        if state in {"recovered", "ordered"}:
            order = {
                "shop_id": shop, "id": new_id(left), "source": "shop", "external_id": f"o{at}",
                "number": f"#{at}", "contact_id": who, "currency": "EUR", "person_key": "",
                "total_minor": cart["total_minor"], "placed_at": left + DAY, "content_at": left + DAY,
            }  # fmt: skip
            orders.append(order)
            cart |= {"order_id": order["id"], "ended_at": left + DAY, "cause": "own"}
        elif state in {"expired", "closed"}:
            cart["ended_at"] = left + 2 * DAY
        carts.append(cart)
        if at % 4 == 1:
            run = {
                "shop_id": shop, "id": new_id(left), "scenario_id": world.scenario.id,
                "version_id": world.scenario.version_id, "cart_id": cart["id"], "contact_id": who,
                "state": "done", "left_at": left, "abandoned_at": left + HOUR, "branch": "everyone",
                "taken_up_at": left + DAY, "ended_at": left + DAY,
            }  # fmt: skip
            runs.append(run)
            letters.append({
                "shop_id": shop, "id": new_id(left), "origin_kind": "recovery", "origin_id": run["id"],
                "step": "first", "step_number": 1, "channel": "email", "contact_id": who,
                "cart_id": cart["id"], "template": "reminder", "state": "sent", "reason": "due",
                "planned_for": left + DAY, "handed_over_at": left + DAY, "departed_at": left + DAY,
                "settled_at": left + DAY, "to_address": "a@mail.test", "subject": "Your cart",
            })  # fmt: skip
    for model, rows in ((Order, orders), (Cart, carts), (Abandonment, gone), (Recovery, runs), (Message, letters)):  # fmt: skip
        copy(model, rows)
    _deals(world, [one for one in carts if one["state"] == "abandoned"][:DEALS])
    rebuild(shop_id=shop, now=T0)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE cart, shop_order, message, recovery")
    return {"cart": carts[8]["id"], "contact": people[56]}


def _deals(world, carts) -> None:
    """As the first one is that the machinery opens, but for its cart and its worth."""
    like = deal_of(world)
    same = {one.attname: getattr(like, one.attname) for one in Deal._meta.local_concrete_fields
            if one.column is not None}  # fmt: skip
    copy(Deal, (
        {**same, "id": new_id(T0), "cart_id": one["id"], "contact_id": one["contact_id"],
         "value_minor": one["total_minor"]}
        for one in carts
    ))  # fmt: skip


def session_of_database() -> Path:
    """Where the system counts what the session has spent, which does all its work by itself."""
    with connection.cursor() as cursor:
        cursor.execute("SET max_parallel_workers_per_gather = 0")
        cursor.execute("SELECT pg_backend_pid()")
        [(pid,)] = cursor.fetchall()
    return Path(f"/proc/{pid}/schedstat")


def spent(session: Path) -> float:
    """Processor seconds of this process and of the session: what else runs on the machine does not count."""
    return (time.process_time_ns() + int(session.read_text().split()[0])) / 1e9


def test_each_list_is_quick_small_and_asks_seldom(full, ada, capsys):
    told, slow = [], []
    session = session_of_database()
    for name, address in LISTS.items():
        target = address.format(**full)
        ada.get(target)
        reset_queries()  # the log holds no more than 9,000
        with CaptureQueriesContext(connection) as asked:
            answer = ada.get(target)
        queries = list(asked.captured_queries)  # the next request clears the log
        assert answer.status_code == 200, name
        taken, waited = [], []  # the quickest counts
        for _ in range(5):
            begun, at = spent(session), time.perf_counter()
            ada.get(target)
            taken.append(1000 * (spent(session) - begun))
            waited.append(1000 * (time.perf_counter() - at))
        size = len(gzip.compress(answer.content, 6))
        told.append(
            f"{name:22} {len(queries):3} queries {min(taken):7.0f} ms of processor"
            f" ({min(waited):.0f} ms waited) {size / 1000:6.1f} kB"
        )
        is_over = len(queries) > MOST_QUERIES or min(taken) > MOST_MS or size > MOST_GZIP
        if is_over:
            slow.append(name)
            longest = sorted(queries, key=lambda one: -float(one["time"]))[:2]
            told += [f"    {one['time']} s {one['sql'][:400]}" for one in longest]
    with capsys.disabled():
        print("\n" + "\n".join(told))
    assert not slow
