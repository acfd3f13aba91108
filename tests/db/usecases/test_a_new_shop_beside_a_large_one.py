"""A shop that has just come is read as fast as one that the planner has known for long."""

import re
from pathlib import Path
from time import monotonic, sleep

import psycopg
import pytest

from ripresa.core.throwaway import throwaway_database
from ripresa.domain.contacts import __path__ as contacts
from ripresa.entrypoints.blank_database import blank_database

# Fewer than the tenth that PostgreSQL would wait for.
LARGE, NEW, SOME = 100_000, 8_000, 500
# One look-up of a person, her keys and her language, each in its index of three levels or so.
BUFFERS_EACH = 30

PEOPLE = """
INSERT INTO contact (shop_id, id, email, consent_email, consent_sms, consent_letter, created_at)
SELECT {shop}, md5('{shop}-' || n)::uuid, n || '@mail.test', 'unknown', 'unknown', 'unknown', '2026-01-01'
  FROM generate_series(1, {count}) AS n
"""
KEYS = """
INSERT INTO contact_key (shop_id, key, contact_id, facts)
SELECT shop_id, 'email:' || email, id, '{{}}' FROM contact WHERE shop_id = {shop}
"""
ANALYZED = """
SELECT min(analyze_count + autoanalyze_count) > 1
  FROM pg_stat_user_tables WHERE relname IN ('contact', 'contact_key')
"""


@pytest.mark.slow
def test_statistics_follow_by_themselves(postgres_url: str):
    sql = (Path(contacts[0]) / "sql" / "people.sql").read_text(encoding="utf-8")
    template = blank_database(postgres_url)
    with (
        throwaway_database(postgres_url, template=template) as dsn,
        psycopg.connect(dsn, autocommit=True) as session,
    ):
        for table in ("contact", "contact_key"):
            for (name,) in session.execute(
                "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'f'"
                " AND confrelid = 'shop'::regclass",
                [table],
            ).fetchall():
                session.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        _fill(session, shop=1, count=LARGE)
        session.execute("ANALYZE contact")
        session.execute("ANALYZE contact_key")
        _fill(session, shop=2, count=NEW)
        until = monotonic() + 130
        while not session.execute(ANALYZED).fetchone()[0]:
            assert monotonic() < until, "autovacuum has not looked at the tables"
            sleep(2)
        ids = [
            row[0]
            for row in session.execute("SELECT id FROM contact WHERE shop_id = 2 LIMIT %s", [SOME])
        ]
        plan = session.execute(
            "EXPLAIN (ANALYZE, BUFFERS) " + sql, {"shop_id": 2, "ids": ids}
        ).fetchall()
        buffers = re.search(r"shared hit=(\d+)", "\n".join(row[0] for row in plan))
        assert int(buffers[1]) < SOME * BUFFERS_EACH, plan


def _fill(session: psycopg.Connection, *, shop: int, count: int) -> None:
    session.execute(PEOPLE.format(shop=shop, count=count))
    session.execute(KEYS.format(shop=shop))
