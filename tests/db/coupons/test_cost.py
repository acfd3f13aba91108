"""What a reservation costs does not depend on how many codes are free. Counted in buffers, which know no noise."""

import json

import pytest
from django.db import connection

from ripresa.core.sql import statement
from ripresa.domain.coupons import operations
from tests.db.coupons.pools import make_pool, wish
from tests.rows import DAY, T0, make_contact, make_shop

pytestmark = pytest.mark.django_db
FEW, MANY = 2_000, 50_000


def fill(pool, count, expires_at=None):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO coupon_code (shop_id, id, pool_id, code, expires_at)"
            " SELECT %s, lpad(to_hex(n), 32, '0')::uuid, %s, 'CODE-' || n, %s"
            " FROM generate_series(%s + 1, %s + %s) AS n",
            [pool.shop_id, pool.id, expires_at, count, count, count],
        )


def buffers(name, **values):
    with connection.cursor() as cursor:
        query = (
            f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {statement('ripresa.domain.coupons', name)}"
        )
        cursor.execute(query, values)
        plan = cursor.fetchone()[0]
    plan = json.loads(plan) if isinstance(plan, str) else plan
    return plan[0]["Plan"]["Shared Hit Blocks"] + plan[0]["Plan"]["Shared Read Blocks"]


@pytest.mark.parametrize("analyzed", [False, True])
@pytest.mark.parametrize("end", [None, T0 + 3 * DAY])
def test_taking_ten_codes_costs_the_same_out_of_any_number(end, analyzed):
    pool = make_pool(make_shop("wines", "Ada's Wines"))
    at = {"shop_id": pool.shop_id, "pool_id": pool.id, "until": T0 + DAY, "now": T0, "count": 10,
          "checked_since": T0 - DAY}  # fmt: skip

    def cost():
        if analyzed:
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE coupon_code")
        buffers("take_codes", **at)
        return buffers("take_codes", **at)

    fill(pool, FEW, end)
    few = cost()
    fill(pool, MANY, end)
    many = cost()
    # For each code a few descents of an index, each at most one level deeper; all codes are 400 pages.
    assert many <= few + 10 * 5, (few, many)


def test_the_look_for_pools_that_run_low_counts_no_further_than_the_mark():
    pool = make_pool(make_shop("wines", "Ada's Wines"), low_water=20)
    at = {"shop_id": pool.shop_id, "now": T0}
    fill(pool, FEW)
    few = buffers("tell_low", **at)
    fill(pool, MANY)
    assert buffers("tell_low", **at) <= few + 2 * 21  # rows of the table, wherever they lie


def test_what_was_given_is_swept_after_a_fixed_number_of_codes():
    """By default a fifth of the table: of a million codes every reservation would walk over 200,000."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reloptions FROM pg_class WHERE relname = 'coupon_code'")
        [options] = cursor.fetchone()
    assert {"autovacuum_vacuum_scale_factor=0", "vacuum_index_cleanup=on"} <= set(options)


def test_reserving_reads_by_keys_however_many_were_given():
    shop = make_shop("wines", "Ada's Wines")
    pool = make_pool(shop)
    fill(pool, FEW)
    ben = make_contact(shop, "ben@mail.test")
    asked = wish(ben)
    operations.reserve(shop_id=shop.id, wishes=[asked], now=T0)
    for name, values in (
        ("issues_of_steps", {"kinds": "{recovery}", "origin_ids": f"{{{asked.origin_id}}}", "steps": "{first}"}),
        ("latest_issues", {"contact_ids": f"{{{ben.id}}}"}),
    ):  # fmt: skip
        few = buffers(name, shop_id=shop.id, **values)
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO coupon_issue (shop_id, id, pool_id, code, contact_id, origin_kind, origin_id,"
                " step, reserved_at) SELECT %s, gen_random_uuid(), %s, 'X', %s, 'recovery',"
                " gen_random_uuid(), 'first', %s FROM generate_series(1, 20000)",
                [shop.id, pool.id, ben.id, T0],
            )
            # As autovacuum does, which sees nothing of an open transaction.
            cursor.execute("ANALYZE coupon_issue")
        assert buffers(name, shop_id=shop.id, **values) <= few + 4, name
