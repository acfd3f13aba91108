"""How cost grows with carts that lie idle: buffers of an empty poll, and of a planned step.

The carts lie in one shop and are not due for years. A poll asks every kind of due row whether any shop has
some. A step is: its cart found abandoned, taken up, its mail decided and claimed. Buffers are what
PostgreSQL counts for client sessions in `pg_stat_io`, hits and reads together; this session is the only one.
Measured as laid, and again after a tenth of the idle carts have moved (churn), vacuumed as autovacuum does.
"""

import statistics
import time
from collections.abc import Callable
from datetime import timedelta

from bench.plan import _IDLE_CARTS, DAY, SCENARIO, START, People

SIZES = (10_000, 100_000, 1_000_000, 10_000_000)
STEPS = 480  # ten of each kind of person of stage 5 a round
POLLS = 20
# A level of an index more is no growth; a scan would be thousands. A poll asks five kinds of row, and each
# looks down two indexes at most.
MOST_LEVELS = 10
MOST_GROWTH = 1.35

_BUFFERS = """
SELECT sum(coalesce(hits, 0) + coalesce(reads, 0))
  FROM pg_stat_io WHERE backend_type = 'client backend' AND object = 'relation'
"""
_CHURN = """
UPDATE cart SET due_at = due_at + interval '1 day', newest_at = newest_at + interval '1 day'
 WHERE shop_id = %(shop)s AND source = 'idle' AND hashtext(token) %% 10 = 0
"""


def run(stage: str) -> dict:
    """Measure on a throw-away database; about ten minutes."""
    from bench.frame import shop_database

    with shop_database() as shop_id:
        return {"stage": stage, **_measure(shop_id)}


def _measure(shop_id: int) -> dict:
    from ripresa.usecases.scenarios import activate_scenario
    from ripresa.usecases.scenarios.publish_scenario import publish_scenario

    published = publish_scenario(shop_id=shop_id, text=SCENARIO, file_name="bench", now=START)
    activate_scenario.activate(shop_id=shop_id, scenario_id=published.scenario_id, now=START)
    people = People(shop_id)
    _round(shop_id, people, 0)  # plans are made, caches filled
    rows, there, number = [], 0, 1
    for size in SIZES:
        _run(_IDLE_CARTS, {"shop": shop_id, "first": there, "last": size})
        there = size
        for state in ("as laid", "after churn"):
            if state == "after churn":
                _run(_CHURN, {"shop": shop_id})
            _run("VACUUM ANALYZE cart")
            poll, poll_ms = _poll()
            rows.append(
                {
                    "idle_carts": size,
                    "state": state,
                    "buffers_of_a_poll": poll,
                    "poll_ms": poll_ms,
                    "buffers_of_a_step": _round(shop_id, people, number),
                }
            )
            number += 1
    return {"workload": "growth: idle carts", "table": rows, "truth": _truth(rows)}


def _round(shop_id: int, people: People, number: int) -> float:
    """Buffers a step, over STEPS people who leave a cart and fall due."""
    from bench.plan import _decide, _park_held, _settle_down, _take_up

    now = START + (number + 2) * DAY
    people.leave(STEPS, now)
    _settle_down()

    def work() -> None:
        _take_up(shop_id, now)
        people.stand_against(now)
        _decide(shop_id, now)

    found = _buffers(work) / STEPS
    _park_held()
    return round(found, 1)


def _poll() -> tuple[int, float]:
    from ripresa.usecases.due_shops import Due, due_shops

    now = START - timedelta(days=1)

    def work() -> None:
        for kind in Due:
            assert due_shops(kind, now) == []

    work()
    times = []
    for _ in range(POLLS):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return _buffers(work), round(statistics.median(times) * 1000, 2)


def _buffers(work: Callable[[], None]) -> int:
    before = _counted()
    work()
    return int(_counted() - before)


def _counted() -> int:
    """Flushed first: a session tells its counts once a second by itself."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute("SELECT 1")
        cursor.execute(_BUFFERS)
        return int(cursor.fetchone()[0])


def _run(statement: str, values: dict | None = None) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def _truth(rows: list[dict]) -> str:
    """Neither a poll nor a step may touch more than an index level more among many than among few."""
    first = rows[0]
    for row in rows:
        if row["buffers_of_a_poll"] > first["buffers_of_a_poll"] + MOST_LEVELS:
            return f"failed: a poll of {row['buffers_of_a_poll']} buffers"
        if row["buffers_of_a_step"] > first["buffers_of_a_step"] * MOST_GROWTH:
            return f"failed: a step of {row['buffers_of_a_step']} buffers"
    return "ok"
