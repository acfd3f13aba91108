"""Stages 11 and 12 in a database as full as the goal says; figures kept bit by bit against a rebuild.

10 million touchpoints (5 million messages, each opened and clicked) and 1 million orders in 1,000 shops: an
hour. What happened in the first 70 days is counted by a rebuild; the last 20 days come afterwards, shops in
another order, with the marks that the program leaves, and figures follow by those marks. Then every figure is
forgotten and rebuilt, and the tables are compared, each row both ways. `reports-part`: a twentieth of it.
"""

import random
import sys
import time
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

from bench.reports import BEGIN, END, FIRST, Size, fill, hand_make, measure, rebuild_shop

SIZES = {"reports-full": Size(1_000, 5_000, 1_000), "reports-part": Size(50, 5_000, 1_000)}
CUT = END - timedelta(days=20)
SHOPS_AT_ONCE = 25
_TABLES = (
    "order_credit",
    "report_messages",
    "report_credits",
    "report_sales",
    "report_abandonments",
)
_DIFFERENT = """
SELECT (SELECT count(*) FROM (TABLE {table} EXCEPT ALL TABLE bench_{table}) AS a)
     + (SELECT count(*) FROM (TABLE bench_{table} EXCEPT ALL TABLE {table}) AS b)
"""


def run(stage: str) -> dict:
    """Fill, measure, compare; on a throw-away database."""
    from bench.frame import shop_database

    size = SIZES[stage]
    shops = range(FIRST, FIRST + size.shops)
    some = [shops[at : at + SHOPS_AT_ONCE] for at in range(0, size.shops, SHOPS_AT_ONCE)]
    took: dict[str, int] = {}
    with shop_database():
        _timed(took, "fill", some, lambda part: fill(size, part, until=CUT, with_carts=True))
        _run("VACUUM ANALYZE")
        _timed(took, "count the first 70 days", shops, rebuild_shop)
        _timed(
            took, "fill the rest", some, lambda part: fill(size, part, since=CUT, with_carts=True)
        )
        _run("VACUUM ANALYZE")
        mixed = random.Random(12).sample(shops, k=size.shops)
        _timed(took, "follow the last 20 days by marks", mixed, _follow)
        hand_make()
        stages = [measure(11, size), measure(12, size)]
        # Stage 12 took the credit of some shops away and gave it without counting its days.
        for shop_id in shops[:10]:
            _mark_people(shop_id, BEGIN)
            _catch_up(shop_id)
        rows = {}
        for table in _TABLES:
            rows[table] = _number(f"SELECT count(*) FROM {table}")
            _run(f"CREATE TABLE bench_{table} AS TABLE {table}; TRUNCATE {table}")
        _timed(took, "rebuild everything", shops, rebuild_shop)
        different = sum(_number(_DIFFERENT.format(table=table)) for table in _TABLES)
        size_now = _number("SELECT pg_database_size(current_database())")
        return {
            "stage": stage,
            "touchpoints": _number("SELECT count(*) FROM message_feedback"),
            "orders": _number("SELECT count(*) FROM shop_order"),
            "carts_left": _number("SELECT count(*) FROM cart"),
            "shops": size.shops,
            "gigabytes": round(size_now / 1e9, 1),
            "seconds": took,
            "stages": stages,
            "rows": rows,
            "rows_that_differ": different,
            "truth": "ok"
            if not different and all(one["truth"] == "ok" for one in stages)
            else "failed",
        }


def _follow(shop_id: int) -> None:
    """Marks as events and feedback leave them, in no order; then what a worker does with them."""
    _mark_people(shop_id, CUT)
    _catch_up(shop_id)


def _mark_people(shop_id: int, since: object) -> None:
    from django.db import connection

    from ripresa.domain.attribution import stale

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT contact_id FROM message WHERE shop_id = %(shop)s AND handed_over_at >= %(since)s"
            " UNION SELECT contact_id FROM shop_order WHERE shop_id = %(shop)s AND placed_at >= %(since)s"
            " UNION SELECT contact_id FROM cart WHERE shop_id = %(shop)s AND abandoned_at >= %(since)s",
            {"shop": shop_id, "since": since},
        )
        people = [contact_id for (contact_id,) in cursor.fetchall()]
    random.Random(shop_id).shuffle(people)
    for at in range(0, len(people), 100):
        stale.mark(shop_id=shop_id, now=END, contact_ids=people[at : at + 100])


def _catch_up(shop_id: int) -> None:
    from ripresa.usecases.reporting.keeping import catch_up

    catch_up(shop_id=shop_id, now=END)


def _timed(
    took: dict[str, int], name: str, parts: Iterable[Any], work: Callable[[Any], object]
) -> None:
    began = time.monotonic()
    for part in parts:
        work(part)
    took[name] = round(time.monotonic() - began)
    print(f"{name}: {took[name]} s", file=sys.stderr, flush=True)


def _run(statement: str) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement)


def _number(statement: str) -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement)
        [(number,)] = cursor.fetchall()
    return int(number)
