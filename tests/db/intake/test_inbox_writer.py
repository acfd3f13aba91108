"""One row that PostgreSQL will not take never takes the batch's neighbours down."""

import asyncio
import secrets
from datetime import UTC, datetime

import psycopg
import pytest
from psycopg_pool import AsyncConnectionPool

from ripresa.core.ids import new_id
from ripresa.intake.inbox_writer import DatabaseAway, InboxWriter
from ripresa.intake.rows import InboxRow

NOW = datetime(2026, 10, 3, 15, 2, 11, tzinfo=UTC)


def a_row(number, **changes):
    row = InboxRow(
        shop_id=1,
        id=new_id(NOW),
        source="shop",
        external_id=f"evt_{number}",
        type="order.placed" if number % 2 else "cart.viewed",
        trusted=True,
        occurred_at=NOW,
        received_at=NOW,
        payload="{}",
        order_keys=[f"token:{number}", "email:ada@example.test"] if number % 2 else [],
    )
    return row._replace(**changes)


def write(database, *batches):
    async def go():
        async with AsyncConnectionPool(
            database.dsn, kwargs={"autocommit": True}, min_size=1, open=False
        ) as pool:
            writer = InboxWriter(pool)
            return [await writer.write(batch) for batch in batches]

    return asyncio.run(go())


BOMBS = {
    "a key too long for any index": {"external_id": secrets.token_urlsafe(40_000)},
    "a NUL": {"payload": "a\x00b"},
    "half a surrogate pair": {"source": "\ud800"},
    "no type at all": {"type": None},
    "a shop beyond all numbers": {"shop_id": 1 << 63},
}


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
def test_the_bad_row_alone_stays_out(database, bomb):
    rows = [a_row(number) for number in range(40)]
    bad = a_row(17, **{"order_keys": [], **bomb})
    rows[17] = bad
    (written,) = write(database, rows)
    assert written.refused == {bad.id}
    assert written.known == set()
    assert database.count() == 39
    stored = {row[0] for row in database.run("SELECT id FROM inbox")}
    assert stored == {row.id for row in rows} - {bad.id}


def test_bad_keys_of_an_order_keep_the_order_out_too(database):
    """Stored without its keys, an order would not stop a message."""
    bad = a_row(1, order_keys=["email:\x00"])
    (written,) = write(database, [a_row(0), bad, a_row(2)])
    assert written.refused == {bad.id}
    assert database.count() == 2


def test_many_bad_rows(database):
    rows = [a_row(n, payload="\x00") if n % 3 == 0 else a_row(n) for n in range(60)]
    (written,) = write(database, rows)
    assert len(written.refused) == 20
    assert database.count() == 40


def test_known_rows_are_told_in_company_and_alone(database):
    first, again = a_row(1), a_row(1)
    twice = [a_row(2), a_row(2)]
    written = write(database, [first], [again, *twice], [a_row(2)])
    assert written[0].known == set()
    assert written[1].known == {again.id, twice[1].id}
    assert len(written[2].known) == 1
    assert database.count() == 2
    keys = database.run("SELECT key, inbox_id FROM pending_order_key ORDER BY key")
    assert keys == [("email:ada@example.test", first.id), ("token:1", first.id)]


def test_the_same_id_of_another_source_or_shop_is_another_event(database):
    rows = [a_row(0), a_row(0, source="shop/storefront"), a_row(0, shop_id=2)]
    (written,) = write(database, rows)
    assert written.known == set()
    assert database.count() == 3


def test_a_missing_table_is_no_fault_of_any_row(database):
    database.run("ALTER TABLE inbox RENAME TO gone")
    with pytest.raises(DatabaseAway):
        write(database, [a_row(0), a_row(2)])


def test_a_batch_is_one_transaction(database):
    write(database, [a_row(number) for number in range(100)])
    with psycopg.connect(database.dsn) as connection:
        transactions = connection.execute("SELECT count(DISTINCT xmin::text) FROM inbox").fetchone()
    assert transactions == (1,)
