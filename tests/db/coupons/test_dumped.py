"""A dump carries coupons there and back, and what was given stays given."""

import psycopg
import pytest
from django.db import connection
from psycopg.conninfo import make_conninfo

from ripresa.core.dump import dump, restore
from ripresa.core.pg import connect
from ripresa.core.throwaway import throwaway_database
from ripresa.domain.coupons import operations
from tests.db.coupons.pools import add_codes, make_pool, wish
from tests.rows import DAY, T0, make_contact, make_shop

TABLES = ("coupon_pool", "coupon_code", "coupon_issue")


def rows(url):
    with connect(url) as session:
        return {
            table: sorted(
                str(row) for row in session.execute(f"SELECT to_jsonb(t) FROM {table} AS t")
            )
            for table in TABLES
        }


@pytest.mark.django_db(transaction=True)
def test_there_and_back(postgres_url, tmp_path):
    shop = make_shop("wines", "Ada's Wines")
    pool = make_pool(shop, low_water=20)
    add_codes(pool, ["A-1", "A-2"], T0 + DAY)
    make_pool(shop, "all", code="WELCOME")
    ben = make_contact(shop, "ben@mail.test")
    wishes = [wish(ben), wish(ben, "all")]
    operations.reserve(shop_id=shop.id, wishes=wishes, now=T0)
    here = make_conninfo(postgres_url, dbname=connection.settings_dict["NAME"])
    before = rows(here)
    assert [len(before[table]) for table in TABLES] == [2, 2, 2]
    dump(here, tmp_path / "shop.dump")
    with throwaway_database(postgres_url) as there:
        restore(there, tmp_path / "shop.dump")
        assert rows(there) == before
        with (
            pytest.raises(psycopg.errors.UniqueViolation, match="coupon_issue_once_per_code"),
            connect(there) as session,
        ):
            session.execute(
                "INSERT INTO coupon_issue (shop_id, id, pool_id, code_id, code, contact_id,"
                " origin_kind, origin_id, step, reserved_at) SELECT shop_id, gen_random_uuid(), pool_id, code_id, code,"
                " contact_id, origin_kind, gen_random_uuid(), step, reserved_at FROM coupon_issue"
            )
