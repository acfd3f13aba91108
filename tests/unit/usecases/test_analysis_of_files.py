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


def test_a_touchpoint_told_twice_counts_once(attribute):
    again = TOUCHPOINTS + TOUCHPOINTS.partition("\n")[2]
    assert attribute("--model", "linear", touchpoints=again) == attribute("--model", "linear")
    nameless = "order,at,channel\n" + "7,2026-11-01,sms\n" * 2 + "7,2026-11-02,sms\n"
    orders = "order,at,amount\n7,2026-11-05,5.01\n"
    rows = attribute("--model", "linear", touchpoints=nameless, orders=orders)
    assert [row[1:3] for row in rows] == [("row 2", "2.51"), ("row 4", "2.50")]
    # Two things done with one message are two touchpoints.
    two = "message_id,order,at,kind\nm1,7,2026-11-01,click\nm1,7,2026-11-02,click\n"
    rows = attribute("--model", "linear", touchpoints=two, orders=orders)
    assert rows == [("7", "m1", "2.51", "EUR"), ("7", "m1", "2.50", "EUR")]


@pytest.mark.parametrize(
    ("amount", "currency", "told"),
    [
        ("1000", "JPY", ["334", "333", "333"]),
        ("1.000", "KWD", ["0.334", "0.333", "0.333"]),
        ("0.02", "EUR", ["0.01", "0.01", "0.00"]),
        ("0.00", "EUR", ["0.00", "0.00", "0.00"]),
        ("0.0200", "EUR", ["0.01", "0.01", "0.00"]),  # noughts more are no decimals more
        ("1000.00", "JPY", ["334", "333", "333"]),
        ("9999999999999.98", "EUR", ["3333333333333.33", "3333333333333.33", "3333333333333.32"]),
    ],
)
def test_shares_are_exact_in_every_currency_however_much_it_is(attribute, amount, currency, told):
    touchpoints = "id,order,at,channel\n" + "".join(f"t{n},7,2026-11-0{n},sms\n" for n in (1, 2, 3))
    orders = f"\ufefforder,at,amount,currency\n7,2026-11-05,{amount},{currency}\n"
    rows = attribute("--model", "linear", touchpoints=touchpoints, orders=orders)
    assert [share for _, _, share, _ in rows] == told


def test_an_order_with_a_thousand_touchpoints_adds_up_and_no_share_strays_by_a_cent(attribute):
    touchpoints = "id,order,at,channel\n" + "".join(
        f"t{n:04},7,2026-10-{1 + n // 40:02}T{n % 24:02}:{n % 60:02}:00Z,sms\n"
        for n in range(1_000)
    )
    orders = "order,at,amount\n7,2026-10-31,12345.67\n"
    rows = attribute("--model", "linear", "--window", "60d", touchpoints=touchpoints, orders=orders)
    shares = [Decimal(share) for _, _, share, _ in rows]
    assert (len(shares), sum(shares)) == (1_000, Decimal("12345.67"))
    assert shares == [Decimal("12.35")] * 567 + [Decimal("12.34")] * 433


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
        # Rounded in silence, shares would not add up to what the file says.
        (
            TOUCHPOINTS,
            "order,at,amount\n1,2026-11-01,12.345\n",
            "o.csv, row 2: '12.345' has more decimals than amounts in EUR .* such as 12.35",
        ),
        (
            TOUCHPOINTS,
            "order,at,amount,currency\n1,2026-11-01,99.5,JPY\n",
            "row 2: '99.5' has more decimals",
        ),
        (
            TOUCHPOINTS,
            "order,at,amount,refunded\n1,2026-11-01,5,0.001\n",
            "'0.001' has more decimals",
        ),
        (TOUCHPOINTS, "order,at,amount\n1,2026-11-01,1_0\n", "'1_0' is not a decimal number"),
        (TOUCHPOINTS, "order,at,amount\n1,2026-11-01,-2\n", "is negative: refunds have a column"),
        (TOUCHPOINTS, "order,at,amount,currency\n1,2026-11-01,2,EURO\n", "'EURO' is no currency"),
        (TOUCHPOINTS, ORDERS + "1001,x,2026-11-05,1,EUR\n", "the order '1001' stands there twice"),
        ("person,at,kind\na,2026-11-01,wink\n", ORDERS, "'wink' is no kind of touchpoint"),
        ("person,order,at\n,,2026-11-01\n", ORDERS, "whose touchpoint is it"),
        ("", ORDERS, "t.csv is empty"),
        # An amount with a comma falls into two cells; a file that was cut off ends in the middle of a row.
        (
            TOUCHPOINTS,
            "order,at,amount\n1,2026-11-01,12,50\n",
            "row 2: 4 cells, but the first row names 3",
        ),
        (
            TOUCHPOINTS,
            ORDERS + "1004,ada@example.test,2026-11-05",
            "row 5: it ends before 'amount'",
        ),
        (
            TOUCHPOINTS,
            "order,at,amount,amount\n1,2026-11-01,2,3\n",
            "the column 'amount' stands there twice",
        ),
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


def test_a_file_without_a_buyer_says_what_is_not_known_yet(run):
    told = json.loads(run("holdout", "@p.csv", p=people(90, 10, rate=(0, 0))))
    money = told["revenue_per_person"]
    assert (money["difference"], money["interval"], money["relative_lift"]) == (0, None, None)
    assert money["not_known"] == "not known yet: it takes buyers in both arms"
    assert (money["always_valid"], money["capped"]["interval"]) == (
        {"interval": None, "p": 1},
        None,
    )
    brought = told["incremental_revenue"]
    assert (brought["estimate"], brought["lower"], brought["upper"]) == (0, None, None)
    assert brought["always_valid"]["interval"] is None
    assert told["conversion"]["not_known"] is None
    assert told["conversion"]["interval"] == pytest.approx([-0.277533, 0.040936], abs=1e-6)
    # None of 100: a buyer in a hundred may be missing, and one in ten is held out.
    assert (told["verdict"], told["people_needed"]) == ("not enough data yet", 1000)
    assert told["people_needed_for"] == "first_buyers"
    few = json.loads(run("holdout", "@p.csv", p=people(2, 2, rate=(1, 0))))
    assert few["conversion"]["always_valid"]["interval"] == [-1, 1]
    assert few["incremental_orders"]["always_valid"]["interval"] == [-2, 2]


@pytest.mark.parametrize(
    ("treated", "held_out", "share"),
    [(6_667, 3_333, 1 / 3), (9_800, 200, 0.02), (5_000, 5_050, 0.5)],
)
def test_a_usual_share_that_nobody_named_is_recognised(run, treated, held_out, share):
    ratio = json.loads(run("holdout", "@p.csv", p=people(treated, held_out)))["sample_ratio"]
    assert ratio["expected_holdout_share"] == pytest.approx(share)
    assert (ratio["is_assumed"], ratio["ok"]) == (True, True)


def test_revenues_are_cut_at_the_99th_of_a_hundred(run):
    """Of 100 people the one who spent most is cut to what the second spent; 1 % of them, no more."""
    lines = [f"p{n},{'holdout' if n % 2 else 'treated'},1,{n + 1}.5" for n in range(99)]
    text = "\n".join(["person,arm,converted,revenue", *lines, "whale,holdout,1,1000000"])
    capped = json.loads(run("holdout", "@p.csv", p=text + "\n"))["revenue_per_person"]["capped"]
    assert capped["at"] == 99.5
    # 50 treated bring 1.5, 3.5 … 99.5, as many held out 2.5, 4.5 … 98.5 and the whale's 99.5.
    assert capped["difference"] == pytest.approx(2525 / 50 - (2474.5 + 99.5) / 50)


def test_every_figure_of_a_verdict_by_hand(run):
    """200 treated of whom 30 spent 40, 50 held out of whom 5 spent 30."""
    rows = [f"t{n},treated,{int(n < 30)},{40 * (n < 30)}" for n in range(200)]
    rows += [f"h{n},holdout,{int(n < 5)},{30 * (n < 5)}" for n in range(50)]
    told = json.loads(
        run("holdout", "@p.csv", p="person,arm,converted,revenue\n" + "\n".join(rows))
    )
    money, bought = told["revenue_per_person"], told["conversion"]
    assert (money["treated"], money["holdout"], money["difference"]) == pytest.approx((6, 3, 3))
    # A purchase counts for 40 and 30, in both arms together for 52,500 ÷ 1,350 = 38.8889, of which each arm
    # is lent ten buyers: 39.7222 and 35.9259. The roots of m² (1 + z²/n) - m (2 mean + z² counts/n) + mean²
    # are 4.291123 and 8.231312 of the treated, 1.206232 and 6.928911 of the held out.
    assert money["interval"] == pytest.approx([-1.284461, 5.862928], abs=1e-6)
    assert money["relative_lift"] == pytest.approx(
        {"estimate": 1.0, "lower": -0.188253, "upper": 4.246508}, abs=1e-6
    )
    assert bought["interval"] == pytest.approx([-0.071420, 0.129607], abs=1e-6)
    brought = told["incremental_revenue"]
    always_valid = brought.pop("always_valid")["interval"]
    assert brought == pytest.approx(
        {"estimate": 600, "lower": -256.89221, "upper": 1172.58560}, abs=1e-4
    )
    assert always_valid == pytest.approx([-1_436.51906, 2_636.51906], abs=1e-4)
    assert told["incremental_orders"]["estimate"] == pytest.approx(10)
    assert told["incremental_orders"]["upper"] == pytest.approx(25.92136, abs=1e-4)
    assert (told["verdict"], told["alpha"]) == ("not enough data yet", 0.05)
    # By power it takes 1,914 people; the interval for every day, twelve times as many as there are.
    assert told["people_needed"] == 3000


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
    with pytest.raises(Problem, match="row 2: it ends before 'converted'"):
        run("holdout", "@p.csv", p="person,arm,converted,revenue\na,treated\n")
    with pytest.raises(Problem, match="'1_0' is no amount"):
        run("holdout", "@p.csv", p="person,arm,converted,revenue\na,treated,1,1_0\n")
    with pytest.raises(Problem, match="each arm needs two people"):
        run("holdout", "@p.csv", p=people(5, 1))
    # Told how many rows that were, an auditor sees a file that holds everybody twice.
    assert told["rows"] == 5


FOUR = "person,arm,converted,revenue,currency\na,treated,1,5.50,EUR\nb,treated,0,0,\nc,holdout,0,0,\nd,holdout,0,,\n"


@pytest.mark.parametrize(
    ("more", "complaint"),
    [
        ("e,treated,1,700,JPY\n", r"several currencies \(EUR, JPY\), and no sum crosses"),
        ("e,treated,1,7,\n", r"several currencies \(EUR, none named\)"),
        ("A,holdout,0,0,EUR\n", "1 people stand in both arms, 'a' for one"),
        ("e,treated,no,7.00,EUR\n", "row 6: a revenue of 7.00 from somebody who did not convert"),
        ("e,treated,1,-7.00,EUR\n", "row 6: '-7.00' is negative"),
    ],
)
def test_people_whose_revenue_cannot_be_added_up_are_refused(run, more, complaint):
    told = json.loads(run("holdout", "@p.csv", p=FOUR))
    assert (told["currency"], told["revenue_per_person"]["treated"]) == ("EUR", 2.75)
    with pytest.raises(Problem, match=complaint):
        run("holdout", "@p.csv", p=FOUR + more)


def test_a_file_in_no_known_encoding_says_what_to_do_about_it(attribute, tmp_path):
    """There is no option to name one: it has to be saved anew."""
    (tmp_path / "x.csv").write_bytes(b"order,at,amount\n1,2026-11-01,\x81\x8d\n")
    with pytest.raises(Problem, match=r"x\.csv is not cp1252: .* Save it as UTF-8"):
        attribute("--orders", "@x.csv")


def test_a_window_of_no_time_is_refused(attribute):
    with pytest.raises(Problem, match="a window of no time lets nothing count"):
        attribute("--window", "0d")
