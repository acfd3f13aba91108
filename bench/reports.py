"""Stages 11 and 12: reading a report from its roll-up, and crediting orders, in a database of shops.

Stage 11: the figures of one shop over 90 days, grouped by scenario, step and channel, as the page and the
API have them, against one hand-written statement over a hand-made roll-up of the same days. p95 of reads,
shops in turn.
Stage 12: orders credited under all five models and written down, a thousand people at a time as a worker does
it, against a bare indexed lateral join that finds the last touchpoint of as many orders and writes nothing.
Processor time of this process and of its database session, on both sides.
Raw rows are fewer than in the goal (SHORT): both sides find theirs by an index. `bench.reports_full` has
all of them.
"""

import statistics
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

FIRST = 1000  # the lowest number of a shop
ROUNDS, READS = 7, 120
PEOPLE = 1_000  # credited at once, as many as a worker takes
BEGIN = datetime(2026, 8, 1, 10, 0, tzinfo=UTC)
END = BEGIN + timedelta(days=90)

_FILL, _CARTS = (
    Path(__file__).with_name(name) for name in ("reports_fill.sql", "reports_carts.sql")
)
_HAND_MADE = """
CREATE TABLE bench_rollup AS
SELECT m.shop_id, m.day, m.origin_kind, m.origin_id, m.step, m.channel, m.sent, m.delivered, m.opened,
       m.clicked, m.cost_minor, 0 AS orders, 0::bigint AS minor
  FROM report_messages AS m
 UNION ALL
SELECT c.shop_id, c.day, c.origin_kind, c.origin_id, c.step, c.channel, 0, 0, 0, 0, 0, c.orders, c.last_minor
  FROM report_credits AS c;
CREATE INDEX bench_rollup_day ON bench_rollup (shop_id, day);
CREATE TABLE bench_touch AS
SELECT m.shop_id, m.contact_id, f.occurred_at AS at, m.id FROM message AS m
  JOIN message_feedback AS f ON f.shop_id = m.shop_id AND f.message_id = m.id AND f.kind = 'clicked';
CREATE INDEX bench_touch_at ON bench_touch (shop_id, contact_id, at) INCLUDE (id);
ANALYZE bench_rollup; ANALYZE bench_touch;
"""
_READ = """
SELECT origin_kind, origin_id, step, channel, sum(sent), sum(delivered), sum(opened), sum(clicked),
       sum(cost_minor), sum(orders), sum(minor)
  FROM bench_rollup WHERE shop_id = %s AND day BETWEEN %s AND %s GROUP BY 1, 2, 3, 4
"""
_JOIN = """
SELECT o.id, t.id FROM shop_order AS o
 CROSS JOIN LATERAL (SELECT t.id FROM bench_touch AS t
                      WHERE t.shop_id = o.shop_id AND t.contact_id = o.contact_id
                        AND t.at BETWEEN o.placed_at - interval '30 days' AND o.placed_at
                      ORDER BY t.at DESC LIMIT 1) AS t
 WHERE o.shop_id = %s
"""


@dataclass(frozen=True)
class Size:
    """How full the database is: each shop has `orders` people, each of whom buys once."""

    shops: int
    messages: int  # a shop, over 90 days; each with an open and a click
    orders: int  # a shop


# As many rows either way; a worker credits a thousand people at once, so in stage 12 a shop has them.
SHORT = {11: Size(20, 2_000, 500), 12: Size(10, 4_000, 1_000)}


def run(stage: int) -> dict:
    """Measure stage 11 or 12 on a throw-away database."""
    from bench.frame import shop_database

    with shop_database():
        size = SHORT[stage]
        fill(size)
        for shop_id in range(FIRST, FIRST + size.shops):
            rebuild_shop(shop_id)
        hand_make()
        return measure(stage, size)


def measure(stage: int, size: Size) -> dict:
    """The figures of stage 11 or 12 over what is there."""
    measured = _reading(size) if stage == 11 else _crediting()
    return {"stage": stage, **measured, "truth": _truth()}


def fill(
    size: Size,
    shops: range | None = None,
    since: datetime = BEGIN - timedelta(days=1),
    until: datetime = END + timedelta(days=1),
    *,
    with_carts: bool = False,
) -> None:
    """What happened in `shops` (all, if not given) from `since` on and before `until`."""
    from django.db import connection

    shops = shops or range(FIRST, FIRST + size.shops)
    values = {
        "first": shops[0], "last": shops[-1], "since": since, "until": until, "orders": size.orders,
        "messages": size.messages, "begin": BEGIN, "end": END,
    }  # fmt: skip
    with connection.cursor() as cursor:
        text = _FILL.read_text() + (_CARTS.read_text() if with_carts else "")
        for statement in text.split(";\n"):
            if statement.strip():
                cursor.execute(statement, values)


def rebuild_shop(shop_id: int) -> None:
    """Credit and count all of a shop from the facts alone."""
    from ripresa.usecases.reporting.keeping import rebuild

    rebuild(shop_id=shop_id, now=END)


def hand_make() -> None:
    """The tables that the limits read."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(_HAND_MADE)
        for table in (
            "message",
            "message_feedback",
            "shop_order",
            "order_credit",
            "cart",
            "abandonment",
        ):
            cursor.execute(f"VACUUM ANALYZE {table}")  # as autovacuum does
        cursor.execute("ANALYZE")


def _reading(size: Size) -> dict:
    from django.db import connection

    from ripresa.usecases.reporting.figures import Only, table
    from ripresa.usecases.reporting.telling import tell_row

    begin, end = BEGIN.date(), END.date()

    def mine(shop_id: int) -> None:
        found = table(shop_id, Only(begin, end), by=("scenario", "step", "channel"))
        [tell_row(row) for row in found.rows]

    def bare(shop_id: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute(_READ, [shop_id, begin, end])
            cursor.fetchall()

    ours, limits = [], []
    for number in range(ROUNDS + 1):
        pair = (_p95(bare, size.shops), _p95(mine, size.shops))
        if number:  # the first round warms up
            limits.append(pair[0])
            ours.append(pair[1])
    return _told(
        "report of 90 days read from roll-ups, p95; per second",
        "one statement over a hand-made roll-up",
        ours,
        limits,
        2.0,
    )


def _p95(read, shops: int) -> float:
    took = []
    for number in range(READS):
        began = time.perf_counter()
        read(FIRST + number % shops)
        took.append(time.perf_counter() - began)
    return statistics.quantiles(took, n=20)[-1]


def _crediting() -> dict:
    from django.db import connection, transaction

    from ripresa.domain.attribution.days import Spans
    from ripresa.domain.attribution.rolling import credit, hold
    from ripresa.domain.contacts.models import Contact

    spent = _Cpu()
    ours, limits = [], []
    for number in range(ROUNDS + 1):
        shop_id = FIRST + number
        people = list(Contact.objects.filter(shop_id=shop_id).values_list("id", flat=True)[:PEOPLE])
        with connection.cursor() as cursor:
            # As a first time: nothing stands there yet.
            cursor.execute("DELETE FROM order_credit WHERE shop_id = %s", [shop_id])
            began = spent.seconds()
            cursor.execute(_JOIN, [shop_id])
            count = len(cursor.fetchall())
            limit = (spent.seconds() - began) / count
        began = spent.seconds()
        with transaction.atomic():
            credit(hold(shop_id), contact_ids=people, spans=Spans([], [], []))
        mine = (spent.seconds() - began) / len(people)
        if number:
            ours.append(mine)
            limits.append(limit)
    return _told(
        "attribution: all five models, written down; orders per second",
        "bare indexed lateral join, one model, read only",
        ours,
        limits,
        3.0,
    )


class _Cpu:
    """Processor seconds of this process and of its database session: neighbours do not count."""

    def __init__(self) -> None:
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            [(pid,)] = cursor.fetchall()
        self._session = Path(f"/proc/{pid}/schedstat")

    def seconds(self) -> float:
        session = int(self._session.read_text().split()[0])
        return (time.process_time_ns() + session) / 1e9


def _told(workload: str, limit: str, ours: list[float], limits: list[float], goal: float) -> dict:
    """Times of each round as figures; the ratio is of times, so less is better."""
    ratios = [mine / bare for mine, bare in zip(ours, limits, strict=True)]
    return {
        "workload": workload,
        "ours_per_second": round(1 / statistics.median(ours)),
        "limit": limit,
        "limit_per_second": round(1 / statistics.median(limits)),
        "ratio": round(statistics.median(ratios), 2),
        "spread": round((max(ratios) - min(ratios)) / statistics.median(ratios), 2),
        "goal": f"≤ {goal:g}",
    }


def _truth() -> str:
    """Every order's shares add up to it under every model, and roll-ups to all revenue credited."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM shop_order AS o JOIN (SELECT shop_id, order_id, sum(linear_minor) AS l,"
            " sum(last_minor) AS m, sum(decay_minor) AS d, sum(position_minor) AS p FROM order_credit"
            " GROUP BY 1, 2) AS c ON c.shop_id = o.shop_id AND c.order_id = o.id"
            " WHERE (c.l, c.m, c.d, c.p) <> (o.total_minor, o.total_minor, o.total_minor, o.total_minor)"
        )
        [(wrong,)] = cursor.fetchall()
        cursor.execute("SELECT count(*) FROM order_credit")
        [(shares,)] = cursor.fetchall()
    return "ok" if not wrong and shares else f"{wrong} orders are not shared out whole"
