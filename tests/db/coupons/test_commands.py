"""`ripresa coupon` as a person and as a program use it."""

import json
from functools import partial

import pytest

from ripresa.domain.coupons.models import CouponCode, CouponPool
from ripresa.domain.shops.models import Shop
from ripresa.entrypoints.cli.problem import Problem
from tests.commands import commands
from tests.db.coupons.pools import add_codes, make_pool
from tests.rows import DAY, T0, make_shop

pytestmark = pytest.mark.django_db
HEAD = (
    "codes.csv: utf-8, columns parted by ';', the first row has the names, "
    "codes in column 1 'code', their end in column 2 'expires'"
)
FILE = "code;expires;note\nA-1;2027-03-01;x\nA-2;;\na-1;;\nA-3;soon;\n"


@pytest.fixture
def shop():
    return make_shop("wines", "Ada's Wines")


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "codes.csv"
    path.write_text(FILE)
    return path


@pytest.fixture
def ripresa(shop, monkeypatch):
    """Run a command against the test's database; a problem is raised as it is."""
    run = commands(monkeypatch, lambda: T0)
    return partial(run, "coupon")


def test_what_would_be_stored_is_shown_and_asked_for(ripresa, shop, file):
    pool = make_pool(shop)
    done = ripresa("import", file, "--pool", "spring", answer="y\n")
    assert done.exit_code == 0, done.output
    assert done.output.splitlines() == [
        HEAD,
        "  row 2: A-1  until 2027-03-01 23:59",
        "  row 3: A-2",
        "2 new, 1 repeated, 0 already known, 1 wrong, 0 blank.",
        "  codes.csv:4: a-1 stands in row 2 as well (repeated)",
        "  codes.csv:5: 'soon' is no date: write it like 2027-04-03 or 2027-04-03 18:00 (not_a_date)",
        "Store 2 codes in the pool 'spring'? [y/N]: y",
        "2 stored in the pool 'spring'.",
    ]
    assert CouponCode.objects.filter(pool_id=pool.id).count() == 2


@pytest.mark.parametrize("answer", ["n\n", ""])
def test_a_refusal_stores_nothing(ripresa, shop, file, answer):
    make_pool(shop)
    done = ripresa("import", file, "--pool", "spring", answer=answer)
    assert done.exit_code == 1
    assert CouponCode.objects.count() == 0


def test_a_preview_does_not_ask(ripresa, shop, file):
    make_pool(shop)
    done = ripresa("import", file, "--pool", "spring", "--preview")
    assert done.output.endswith("Nothing was stored: this was a preview.\n")
    assert CouponCode.objects.count() == 0


def test_for_programs(ripresa, shop, file):
    make_pool(shop)
    with pytest.raises(Problem, match="--yes"):
        ripresa("import", file, "--pool", "spring", "--json")
    told = json.loads(ripresa("import", file, "--pool", "spring", "--json", "--yes").output)
    problems = told.pop("problems")
    assert told == {
        "stored": 2, "new": 2, "repeated": 1, "known": 0, "known_elsewhere": 0, "wrong": 1, "blank": 0,
        "encoding": "utf-8", "delimiter": ";", "header": True, "column": 1, "expiry_column": 2,
    }  # fmt: skip
    assert [(each["row"], each["code"]) for each in problems] == [
        (4, "repeated"),
        (5, "not_a_date"),
    ]
    assert (
        json.loads(ripresa("import", file, "--pool", "spring", "--json", "--yes").output)["stored"]
        == 0
    )


def test_many_rows_are_told_in_short(ripresa, shop, tmp_path):
    make_pool(shop)
    path = tmp_path / "many.txt"
    path.write_text("".join(f"A-{number}\n" for number in range(8)) + "A-1\n" * 12)
    done = ripresa("import", path, "--pool", "spring", "--yes", "--no-header", "--delimiter", "tab")
    assert "columns parted by a tab, no row with names, codes in column 1" in done.output
    assert "  … and 3 more\n" in done.output
    assert "  … and 2 more; --json tells more of them\n" in done.output


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["--pool", "summer"], "there is no pool 'summer'; there is: 'spring'"),
        (["--pool", "spring", "--column", "Prize"], "no column is called 'Prize'"),
        (["--pool", "spring", "--delimiter", "||"], "--delimiter is one character"),
        (["--pool", "spring", "--dates", "ymd"], "--dates is dmy or mdy"),
    ],
)
def test_what_is_wrong_is_a_sentence(ripresa, shop, file, words, complaint):
    make_pool(shop)
    with pytest.raises(Problem, match=complaint):
        ripresa("import", file, *words)


def test_pools(ripresa, shop):
    assert ripresa("pool", "list").output == "wines has no pools.\n"
    assert "fill it" in ripresa("pool", "create", "spring", "--low-water", "5").output
    static = ["pool", "create", "all", "--static", "WELCOME", "--expires", "2027-01-31"]
    assert ripresa(*static).output == "The pool 'all' gives WELCOME to everybody.\n"
    with pytest.raises(Problem, match="there is a pool 'all' already"):
        ripresa(*static)
    for words in (["--expires", "2027-01-31"], ["--static", "A", "--low-water", "1"]):
        with pytest.raises(Problem):
            ripresa("pool", "create", "new", *words)
    made = json.loads(ripresa("pool", "create", "json", "--json").output)
    assert made == {"pool": "json", "kind": "dynamic", "low_water": 20}
    assert ripresa("pool", "list").output.splitlines() == [
        "all  static  WELCOME, until 2027-01-31 23:59",
        "json  dynamic  warns at 20",
        "spring  dynamic  warns at 5",
    ]
    rows = json.loads(ripresa("pool", "list", "--json").output)["pools"]
    assert [row["pool"] for row in rows] == ["all", "json", "spring"]


def test_stock(ripresa, shop):
    pool = make_pool(shop, low_water=2)
    add_codes(pool, ["A", "B"])
    add_codes(pool, ["C"], T0 - DAY)
    make_pool(shop, "all", code="WELCOME")
    assert ripresa("stock").output.splitlines() == [
        "all  WELCOME for everybody, 0 given",
        "spring  2 left, 1 ended unused, 0 given  LOW: the mark is 2",
    ]
    [static, dynamic] = json.loads(ripresa("stock", "--json").output)["pools"]
    assert (static["left"], dynamic["left"], dynamic["is_low"]) == (None, 2, True)


def test_emptying_a_pool(ripresa, shop):
    add_codes(make_pool(shop), ["A", "B"])
    assert ripresa("pool", "empty", "spring", answer="n\n").exit_code == 1
    assert CouponCode.objects.count() == 2
    assert ripresa("pool", "empty", "spring", "--yes").output.startswith("2 codes thrown away")
    assert CouponCode.objects.count() == 0
    assert CouponPool.objects.count() == 1


def test_the_cap(ripresa, shop):
    assert ripresa("cap", "30d").output == "wines: one new coupon for a person in 30d.\n"
    assert Shop.objects.get(id=shop.id).coupon_gap == 30 * DAY
    for wrong in ("1mo", "soon"):
        with pytest.raises(Problem):
            ripresa("cap", wrong)
    ripresa("cap", "off")
    assert Shop.objects.get(id=shop.id).coupon_gap is None
