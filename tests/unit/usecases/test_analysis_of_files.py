"""`ripresa attribute` and `ripresa holdout`: what an auditor's files say, to the cent."""

import csv
import io
import json
from decimal import Decimal
from random import Random

import pytest
from typer.testing import CliRunner

from ripresa.entrypoints.cli.app import app
from ripresa.entrypoints.cli.problem import Problem

TOUCHPOINTS = """\
touchpoint,person,at,channel,kind,machine
t1,ada@example.test,2026-11-01T09:00:00Z,email,click,no
t2,Ada@example.test,2026-11-03T09:00:00Z,letter,sent,
t3,ada@example.test,2026-11-04T09:00:00+01:00,email,click,no
t4,ada@example.test,2026-11-04T09:00:01Z,email,click,yes
t5,ada@example.test,2026-11-04T10:00:00Z,email,open,no
t6,ben@example.test,2026-11-01T09:00:00Z,email,sent,no
"""
ORDERS = """\
order,person,at,amount,currency
1001,ada@example.test,2026-11-05T12:00:00Z,120.00,EUR
1002,ben@example.test,2026-11-05T12:00:00Z,59.99,EUR
1003,ada@example.test,2026-11-02T12:00:00Z,1000,JPY
"""


@pytest.fixture
def run(tmp_path):
    def invoke(*words, **files):
        for name, text in files.items():
            (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
        done = CliRunner().invoke(
            app, [word.replace("@", f"{tmp_path}/") for word in map(str, words)]
        )
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        assert done.exit_code == 0, done.output
        return done.stdout

    return invoke


@pytest.fixture
def attribute(run):
    def invoke(*more, touchpoints=TOUCHPOINTS, orders=ORDERS):
        out = run(
            "attribute", "--touchpoints", "@t.csv", "--orders", "@o.csv", *more,
            t=touchpoints, o=orders,
        )  # fmt: skip
        return [tuple(row.values()) for row in csv.DictReader(io.StringIO(out))]

    return invoke


def test_an_order_among_email_letter_email(attribute):
    rows = attribute("--model", "linear", "--window", "30d")
    assert rows == [
        ("1001", "t1", "40.00", "EUR"),
        ("1001", "t2", "40.00", "EUR"),
        ("1001", "t3", "40.00", "EUR"),
        ("1002", "", "59.99", "EUR"),
        ("1003", "t1", "1000", "JPY"),
    ]
    assert attribute("--model", "last")[:3] == [
        ("1001", "t1", "0.00", "EUR"),
        ("1001", "t2", "0.00", "EUR"),
        ("1001", "t3", "120.00", "EUR"),
    ]


def test_the_window_and_opens(attribute):
    assert [row[1] for row in attribute("--window", "36h")] == ["t3", "", "t1"]
    assert [row[1] for row in attribute("--window", "36h", "--opens")] == ["t3", "t5", "", "t1"]


def test_touchpoints_may_name_the_order_and_refunds_lower_it(attribute):
    rows = attribute(
        touchpoints="order_id;time;channel\n7;2026-11-01 09:00;sms\n",
        orders="id;placed_at;total;refunded\n7;2026-11-02;10,00;25.00\n".replace("10,00", "10.00"),
    )
    assert rows == [("7", "row 2", "0.00", "EUR")]


def test_an_agents_contact_leaves_the_email_nothing(attribute):
    rows = attribute(
        "--model", "linear",
        touchpoints=TOUCHPOINTS + "call,ada@example.test,2026-11-04T12:00:00Z,agent,call,\n",
    )  # fmt: skip
    assert rows[:2] == [("1001", "t2", "60.00", "EUR"), ("1001", "call", "60.00", "EUR")]


@pytest.mark.parametrize("model", ["linear", "last", "first", "position", "decay"])
def test_every_order_adds_up_whatever_the_model(attribute, model):
    chance = Random(model)
    touchpoints = "person,at,channel\n" + "".join(
        f"p{chance.randrange(20)},2026-10-{chance.randrange(1, 31):02}T{chance.randrange(24):02}:00:00Z,email\n"
        for _ in range(200)
    )
    amounts = {str(n): f"{chance.randrange(1, 50_000) / 100:.2f}" for n in range(60)}
    orders = "order,person,at,amount\n" + "".join(
        f"{n},p{chance.randrange(20)},2026-11-{chance.randrange(1, 28):02},{amount}\n"
        for n, amount in amounts.items()
    )
    sums = dict.fromkeys(amounts, Decimal(0))
    for order, _, share, _ in attribute("--model", model, touchpoints=touchpoints, orders=orders):
        sums[order] += Decimal(share)
    assert sums == {order: Decimal(amount) for order, amount in amounts.items()}


@pytest.mark.parametrize(
    ("touchpoints", "orders", "complaint"),
    [
        ("person,channel\n", ORDERS, "t.csv has no column 'at'"),
        (TOUCHPOINTS, "order,at,amount\n1,soon,2\n", "o.csv, row 2: 'soon' is no instant"),
        (TOUCHPOINTS, "order,at,amount\n1,2026-11-01,much\n", "row 2: 'much' is not a decimal"),
        (TOUCHPOINTS, "order,at,amount\n1,2026-11-01,-2\n", "is negative: refunds have a column"),
        (TOUCHPOINTS, "order,at,amount,currency\n1,2026-11-01,2,EURO\n", "'EURO' is no currency"),
        (TOUCHPOINTS, ORDERS + "1001,x,2026-11-05,1,EUR\n", "the order '1001' stands there twice"),
        ("person,at,kind\na,2026-11-01,wink\n", ORDERS, "'wink' is no kind of touchpoint"),
        ("person,order,at\n,,2026-11-01\n", ORDERS, "whose touchpoint is it"),
        ("", ORDERS, "t.csv is empty"),
    ],
)
def test_bad_files_are_refused_and_say_where(attribute, touchpoints, orders, complaint):
    with pytest.raises(Problem, match=complaint):
        attribute(touchpoints=touchpoints, orders=orders)


def people(treated, held_out, *, rate=(0.3, 0.1)):
    lines = ["person,arm,converted,revenue"]
    for arm, count, chance in (("treated", treated, rate[0]), ("holdout", held_out, rate[1])):
        bought = int(count * chance)
        lines += [f"{arm}{n},{arm},{int(n < bought)},{(n < bought) * 50}" for n in range(count)]
    return "\n".join(lines) + "\n"


def test_a_lift_that_is_there(run):
    told = json.loads(run("holdout", "@p.csv", p=people(4_000, 1_000)))
    assert told["people"] == {"treated": 4_000, "holdout": 1_000}
    assert told["sample_ratio"]["expected_holdout_share"] == 0.2
    assert told["sample_ratio"]["is_assumed"]
    assert told["sample_ratio"]["ok"]
    low, high = told["conversion"]["interval"]
    assert told["conversion"]["difference"] == pytest.approx(0.2)
    assert low < 0.2 < high
    low, high = told["conversion"]["always_valid"]["interval"]
    assert 0 < low < 0.2 < high
    assert told["revenue_per_person"]["difference"] == pytest.approx(10)
    assert told["incremental_revenue"]["estimate"] == pytest.approx(40_000)
    assert told["revenue_per_person"]["relative_lift"]["estimate"] == pytest.approx(2)
    assert told["verdict"] == "lift"


def test_too_few_people_say_how_many_it_takes(run):
    told = json.loads(run("holdout", "@p.csv", p=people(90, 10, rate=(0.12, 0.1))))
    assert told["verdict"] == "not enough data yet"
    assert told["people_needed"] > 10_000


def test_a_broken_assignment_is_no_result(run):
    told = json.loads(run("holdout", "@p.csv", "--share", "0.1", p=people(4_000, 1_000)))
    assert told["sample_ratio"]["p"] < 0.001
    assert told["verdict"] == "assignment is broken"


def test_a_person_counts_once(run):
    text = "person,arm,converted,revenue\n" + "".join(
        f"{name},{arm},{bought},{revenue}\n"
        for name, arm, bought, revenue in [
            ("a", "treated", 0, 0), ("a", "treated", 1, "20.50"), ("b", "treated", 0, 0),
            ("c", "control", 0, 0), ("d", "control", 0, ""),
        ]
    )  # fmt: skip
    told = json.loads(run("holdout", "@p.csv", p=text))
    assert told["people"] == {"treated": 2, "holdout": 2}
    assert told["revenue_per_person"]["treated"] == 10.25
    with pytest.raises(Problem, match="stand in both arms, 'c'"):
        run("holdout", "@p.csv", p=text + "c,treated,0,0\n")
    with pytest.raises(Problem, match="row 2: 'blue' is no arm"):
        run("holdout", "@p.csv", p="person,arm,converted,revenue\na,blue,0,0\n")
    with pytest.raises(Problem, match="each arm needs two people"):
        run("holdout", "@p.csv", p=people(5, 1))
