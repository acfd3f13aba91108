"""CPN-1, 6: codes out of a file. Nothing is stored unseen; the same file twice is the same codes."""

import tracemalloc
from datetime import timedelta
from itertools import count
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction

from ripresa.domain.coupons import operations, pools, staging
from ripresa.domain.coupons.ends import DateOrder
from ripresa.domain.coupons.models import CouponCode, CouponPool
from ripresa.usecases.coupons import import_coupons
from ripresa.usecases.coupons.import_coupons import NotImportable, Said, reading
from tests.db.coupons.pools import add_codes, free, make_pool, wish
from tests.rows import DAY, T0, make_contact, make_shop

SECOND = timedelta(seconds=1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    return make_shop("wines", "Ada's Wines")


@pytest.fixture
def pool(shop):
    return make_pool(shop)


@pytest.fixture
def take(shop, pool, tmp_path):
    """Read a file, store it, and tell (how many were stored, the problems, the counts)."""

    later = count()

    def _take(content, *, into=pool, store=True, **said):
        path = tmp_path / "codes.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        with reading(
            shop=shop, pool=into, path=path, said=Said(**said), now=T0 + next(later) * SECOND
        ) as found:
            stored = found.store() if store else 0
            problems = [(each.row, each.code) for each in found.problems()]
            return SimpleNamespace(
                stored=stored, problems=problems, counts=found.staging.counts,
                wrong=found.source.wrong, blank=found.source.blank,
            )  # fmt: skip

    return _take


def test_a_file_becomes_codes_in_its_order(take, pool):
    done = take("B-1\nA-1\n\nC-1\n")
    assert (done.stored, done.problems, done.blank) == (3, [], 1)
    assert free(pool) == ["B-1", "A-1", "C-1"]


def test_every_row_that_is_not_stored_is_told_by_its_number(take, shop, pool):
    add_codes(make_pool(shop, "winter"), ["W-1"])
    add_codes(pool, ["S-1"])
    rows = [
        "code;valid until",
        "S-1;",
        "A-1;",
        "a-1;",
        " ;2027-01-01",
        "W-1;",
        "x\ty;",
        "B-1;soon",
        "C-1;2026-01-01",
        "",
        "D-1",
    ]
    done = take("\n".join(rows))
    assert done.problems == [
        (2, "known"), (4, "repeated"), (5, "no_code"), (6, "known"), (7, "not_printable"),
        (8, "not_a_date"), (9, "ended"),
    ]  # fmt: skip
    assert done.counts[:4] == (2, 1, 1, 1)
    assert (done.stored, done.wrong, done.blank) == (2, 4, 1)
    assert sorted(free(pool)) == ["A-1", "D-1", "S-1"]


def test_the_same_file_again_changes_nothing(take, pool):
    text = "code,expires\n" + "".join(f"A-{number},2027-01-01\n" for number in range(50))
    assert take(text).stored == 50
    before = list(CouponCode.objects.order_by("id").values_list())
    again = take(text)
    assert (again.stored, again.counts.known) == (0, 50)
    assert list(CouponCode.objects.order_by("id").values_list()) == before


def test_what_was_given_is_not_stored_again(take, shop, pool):
    take("A-1\nA-2\n")
    ben = make_contact(shop, "ben@mail.test")
    operations.reserve(shop_id=shop.id, wishes=[wish(ben)], now=T0)
    assert take("A-1\nA-2\nA-3\n").stored == 1
    assert free(pool) == ["A-2", "A-3"]


def test_nothing_is_stored_unless_asked_for(take, pool):
    done = take("A-1\nA-2\n", store=False)
    assert done.counts.new == 2
    assert free(pool) == []


def test_two_shops_may_have_the_same_codes(take, shop):
    other = make_pool(make_shop("bikes", "Dan's Bikes"))
    add_codes(other, ["A-1"])
    assert take("A-1\n").stored == 1


def test_ends_are_read_in_the_zone_of_the_shop(take, pool):
    take("code,expires\nA-1,31.12.2026\nA-2,\nA-3,2026-12-31 12:00\n")
    zone = ZoneInfo("Europe/Rome")
    ends = CouponCode.objects.order_by("id").values_list("expires_at", flat=True)
    assert [end and end.astimezone(zone).strftime("%d %H:%M:%S") for end in ends] == [
        "31 23:59:59", None, "31 12:00:00",
    ]  # fmt: skip


def test_dates_that_can_be_read_in_two_ways_are_asked_for(take, pool):
    text = "code,expires\nA-1,03/04/2027\n"
    with pytest.raises(NotImportable, match=r"codes\.csv: dates like 03/04/2027"):
        take(text)
    assert take(text, dates=DateOrder.MONTH_FIRST).stored == 1
    assert CouponCode.objects.get().expires_at.month == 3
    assert take("code,expires\nA-2,03/04/2027\nA-3,31/12/2026\n").stored == 2
    assert CouponCode.objects.get(code="A-2").expires_at.month == 4


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("", "is empty"),
        ("\n ,\n\n", "no row with anything in it"),
        ("1,A\n2,B\n", "which column holds the codes"),
        (b"PK\x03\x04", "Save it as CSV"),
        (b"A-1\n" * 9_000 + b"\x81\n", "is not cp1252"),
    ],
)
def test_what_can_not_be_read_leaves_nothing(take, pool, content, complaint):
    with pytest.raises(NotImportable, match=complaint):
        take(content)
    assert free(pool) == []
    assert _leftovers() == []


def test_a_static_pool_takes_no_file(take, shop):
    with pytest.raises(NotImportable, match="one code for everybody"):
        take("A-1\n", into=make_pool(shop, "all", code="WELCOME"))


def test_nothing_is_left_in_the_session(take):
    take("A-1\n")
    assert _leftovers() == []


def test_a_file_of_many_batches(take, pool, monkeypatch):
    monkeypatch.setattr(staging, "_STORED_AT_ONCE", 100)
    monkeypatch.setattr(staging, "_ROWS_AT_ONCE", 7)
    monkeypatch.setattr(import_coupons, "MOST_PROBLEMS", 20)
    codes = [f"C{number % 900:04}\\{number % 900}" for number in range(1_000)]
    done = take("\n".join(codes) + "\n")
    assert (done.stored, done.counts.repeated, len(done.problems)) == (900, 100, 20)
    assert free(pool) == codes[:900]


def test_a_failure_in_the_middle_stores_nothing(take, pool, monkeypatch):
    monkeypatch.setattr(staging, "_STORED_AT_ONCE", 10)

    def breaks(done):
        raise KeyboardInterrupt

    def stored(self, progress=None):
        return whole(self, breaks)

    whole = staging.Staging.store
    monkeypatch.setattr(staging.Staging, "store", stored)
    with pytest.raises(KeyboardInterrupt), transaction.atomic():
        take("\n".join(f"A-{number}" for number in range(30)))
    assert free(pool) == []


def test_an_emptied_pool_keeps_what_was_given(take, shop, pool):
    take("A-1\nA-2\nA-3\n")
    ben = make_contact(shop, "ben@mail.test")
    operations.reserve(shop_id=shop.id, wishes=[wish(ben)], now=T0)
    assert pools.empty_pool(shop_id=shop.id, pool=pool) == 2
    other = make_pool(shop, "summer")
    assert take("A-1\nA-2\n", into=other).stored == 1
    assert free(other) == ["A-2"]


def test_the_owner_hears_once_that_a_pool_runs_low(take, shop):
    pool = pools.create_pool(shop_id=shop.id, name="few", now=T0, low_water=2)

    def told(now=T0):
        return [tuple(each) for each in operations.tell_low(shop_id=shop.id, now=now)]

    def give(count):
        people = [make_contact(shop) for _ in range(count)]
        wishes = [wish(person, "few") for person in people]
        operations.reserve(shop_id=shop.id, wishes=wishes, now=T0)

    assert told() == [], "a pool that was never filled is no news"
    take("A\nB\nC\nD\n", into=pool)
    give(1)
    assert told() == []
    give(1)
    assert told() == [("few", 2, 2)]
    give(1)
    assert told() == []
    take("E\n", into=pool)
    assert told() == [("few", 2, 2)]
    assert told() == []
    take("code,expires\nF,2026-12-01\nG,2026-12-01\n", into=pool)
    assert told() == []
    assert told(T0 + 30 * DAY) == [("few", 2, 2)]


def test_stock(take, shop, pool):
    take("code,expires\nA,\nB,\nC,2026-12-01\nD,2026-12-01\n")
    make_pool(shop, "all", code="WELCOME")
    people = [make_contact(shop) for _ in range(2)]
    operations.reserve(shop_id=shop.id, wishes=[wish(people[0]), wish(people[1], "all")], now=T0)

    def stock(now):
        rows = operations.stock(shop_id=shop.id, now=now)
        return [(row.pool, row.left, row.expired, row.given, row.is_low) for row in rows]

    CouponPool.objects.filter(id=pool.id).update(low_water=2)
    assert stock(T0) == [("all", None, 0, 1, False), ("spring", 3, 0, 1, False)]
    assert stock(T0 + 30 * DAY)[1] == ("spring", 2, 1, 1, True)
    assert operations.stock(shop_id=shop.id + 1, now=T0) == []


@pytest.mark.parametrize(
    ("values", "refusal"),
    [
        ({"name": " "}, pools.PoolRefused),
        ({"name": "a\nb"}, pools.PoolRefused),
        ({"name": "x" * 101}, pools.PoolRefused),
        ({"code": "A\tB"}, pools.PoolRefused),
        ({"low_water": -1}, pools.PoolRefused),
        ({"name": "spring"}, pools.PoolExists),
    ],
)
def test_a_pool_that_can_not_be(shop, pool, values, refusal):
    with pytest.raises(refusal):
        pools.create_pool(shop_id=shop.id, now=T0, **{"name": "new", **values})
    assert CouponPool.objects.count() == 1


def test_a_pool_that_is_not_there_names_those_that_are(shop, pool):
    with pytest.raises(pools.NoSuchPool, match="'spring'"):
        pools.get_pool(shop.id, "summer")
    assert pools.get_pool(shop.id, "spring").id == pool.id


def _leftovers():
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relpersistence = 't' AND relkind = 'r'")
        return cursor.fetchall()


def test_a_long_file_takes_little_memory(take, pool):
    lines = "code,expires\n" + "".join(f"A-{number},2027-01-01\n" for number in range(20_000))
    content = lines.encode()
    tracemalloc.start()
    try:
        assert take(content).stored == 20_000
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 1_500_000, peak  # all rows at once would be more than 4 MB
