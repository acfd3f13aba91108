"""Reports by API (RPT-7): the numbers of the command line, as JSON and CSV, of one's own shop alone."""

import csv
import io
from decimal import Decimal

import pyarrow.parquet
import pytest
from django.test import Client

from ripresa.core.ids import new_id
from ripresa.core.money import Money, parse_minor
from ripresa.domain.attribution.models import ReportSettings
from ripresa.domain.carts.models import CartActivity, Order
from ripresa.domain.coupons.models import CouponIssue, CouponPool
from ripresa.domain.messages.models import MessageLink
from ripresa.domain.scenarios.models import ArmAssignment, HoldoutAssignment
from ripresa.usecases.reporting.keeping import catch_up, change_settings, rebuild
from tests.db.console.pages import part, text_of
from tests.rows import DAY, T0, make_link

DAYS = {"begin": "2026-10-01", "until": "2026-11-30"}


@pytest.fixture
def counted(world):
    """Ben followed the link of his first mail, and bought two days later."""
    make_link(world.sent, "restore", "t", expires_at=T0)
    type(world.sent).objects.filter(id=world.sent.id).update(cost_minor=4, cost_currency="EUR")
    MessageLink.objects.update(used_at=T0 - 7.5 * DAY)
    rebuild(shop_id=world.shop.id, now=T0)
    return world


def lines(answer):
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(answer.getvalue().decode())))


def test_figures_as_json_and_as_csv(counted, ada):
    told = ada.get("/reports/figures", by="scenario,step", **DAYS).json()
    assert told["model"] == "last"
    assert told["as_of"] == "2026-11-20T15:00:00Z"
    [row] = told["rows"]
    assert row["key"] == {"scenario": "Left in the cart", "step": "first"}
    figures = row["figures"]
    assert (figures["sent"], figures["clicked"], figures["click_rate"]) == (2, 1, 0.5)
    assert (figures["orders"], figures["revenue"]) == (1, [{"amount": "90.00", "currency": "EUR"}])
    assert figures["profit"] == [{"amount": "89.96", "currency": "EUR"}]
    [line] = lines(ada.get("/reports/figures.csv", by="scenario,step", **DAYS))
    assert (line["scenario"], line["revenue"], line["sent"]) == ("Left in the cart", "90.00", "2")
    none = ada.get("/reports/figures", channel="sms", **DAYS).json()
    assert (none["rows"], none["total"]["sent"]) == ([], 0)


def test_recovery_and_models_add_up_to_all_revenue(counted, ada):
    told = ada.get("/reports/recovery", **DAYS).json()
    assert (told["abandoned"], told["recovered"], told["causes"]["own"]) == (4, 1, 1)
    assert told["all_revenue"] == [
        {"amount": "140.00", "currency": "EUR"}, {"amount": "120.00", "currency": "USD"},
    ]  # fmt: skip
    assert told["revenue_share"]["EUR"] == pytest.approx(90 / 140)
    assert {line["currency"] for line in lines(ada.get("/reports/recovery.csv", **DAYS))} == {
        "EUR",
        "USD",
    }
    for model in ("linear", "last", "first", "position", "decay"):
        rows = ada.get("/reports/models", **DAYS).json()["rows"]
        euros = [float(row["revenue"][model]) for row in rows if row["currency"] == "EUR"]
        assert sum(euros) == 140
    assert len(lines(ada.get("/reports/models.csv", **DAYS))) == len(rows)
    assert "hold-out" in ada.get("/reports/models").json()["note"]


@pytest.fixture
def priced(counted):
    """The same with a margin, a coupon, a refund and costs in cents; a second currency is there already."""
    shop, ben = counted.shop.id, counted.ben_order
    change_settings(shop_id=shop, now=T0, margin=4_250)
    pool = CouponPool.objects.create(
        shop_id=shop, id=new_id(T0), name="ten", kind="static", code="TEN", created_at=T0
    )
    CouponIssue.objects.create(
        shop_id=shop, id=new_id(T0), pool_id=pool.id, contact_id=counted.ben.id, code="TEN",
        origin_kind="recovery", origin_id=counted.sent.origin_id, step="first",
        reserved_at=T0 - 8 * DAY,
    )  # fmt: skip
    Order.objects.filter(id=ben.id).update(
        discount_minor=1_233, discount_codes=["ten"], refunded_minor=821
    )
    rebuild(shop_id=shop, now=T0)
    return counted


def written(*sums):
    """Sums of the API as pages write them."""
    of = [(one["currency"], parse_minor(one["amount"], one["currency"])) for one in sums]
    return " · ".join(Money(minor, code).text("en") for code, minor in of)


@pytest.mark.parametrize(
    "chosen", [{}, {"channel": "email"}, {"step": "first", "model": "linear"}], ids=str
)
def test_page_api_and_csv_say_the_same_to_the_cent(priced, ada, chosen):
    browser, by = Client(), "scenario,step,channel"
    browser.force_login(priced.ada)
    days = {"from": DAYS["begin"], "until": DAYS["until"]}
    page = browser.get("/wines/reports/", {**days, **chosen})
    total = ada.get("/reports/figures", by=by, **DAYS, **chosen).json()["total"]
    sums = {name: total[name] for name in ("revenue", "coupon_cost", "message_cost", "profit")}
    # (89.99 + 12.33) x 42.5 % - 12.33 - 0.04
    assert [one["amount"] for [one] in sums.values()] == ["89.99", "12.33", "0.04", "31.12"]
    said = " ".join(written(*one) for one in sums.values())
    assert f"All together 2 2 0 1 50% 0 0 0 1 1 {said}" in part(page, "What messages brought")
    rows = lines(ada.get("/reports/figures.csv", by=by, **DAYS, **chosen))
    for name, [one] in sums.items():
        assert sum(Decimal(row[name]) for row in rows) == Decimal(one["amount"])
    same = browser.get("/wines/reports/figures.csv", {**days, **chosen}).getvalue().decode()
    assert list(csv.DictReader(io.StringIO(same))) == rows
    # Models: what they share out by these filters, and without any all that was sold.
    filters = {name: value for name, value in chosen.items() if name != "model"}
    beside = part(page, "All models side by side")
    models = ada.get("/reports/models", **DAYS, **filters).json()["rows"]
    for code in {row["currency"] for row in models}:
        of_code = [row for row in models if row["currency"] == code]
        told = [
            {
                "amount": str(sum(Decimal(row["revenue"][model]) for row in of_code)),
                "currency": code,
            }
            for model in ("last", "linear", "first", "position", "decay")
        ]
        orders = sum(row["orders"] for row in of_code)
        assert f"All together · {code} {orders} " + " ".join(map(written, told)) in beside
        if not chosen:
            sold = ada.get("/reports/recovery", **DAYS).json()["all_revenue"]
            assert [one for one in sold if one["currency"] == code] * 5 == told
            assert f"All revenue {written(*sold)}" in text_of(page)
    assert "Profit takes a margin of 42.5% of revenue and coupon cost." in text_of(page)


def test_who_earned_an_order_and_why(counted, ada):
    orders = list(ada.pages("/reports/orders", limit=1, **DAYS))
    assert [order["worth"]["amount"] for order in orders] == ["120.00", "50.00", "90.00"]
    [share] = orders[-1]["shares"]
    assert (share["kind"], share["shares"]["linear"]) == ("click", "90.00")
    story = ada.get(f"/reports/orders/{counted.ben_order.id}").json()
    assert [(one["kind"], one["why"]) for one in story["touchpoints"]] == [("click", "earns")]
    assert ada.get(f"/reports/orders/{counted.sent.id}").status_code == 404


def test_settings_touchpoints_and_what_is_refused(counted, ada):
    assert ada.get("/reports/settings").json() == {
        "window_days": 30.0, "with_opens": False, "margin": None,
    }  # fmt: skip
    changed = ada.send("PATCH", "/reports/settings", {"window_days": 1, "margin": 40.5}).json()
    assert (changed["window_days"], changed["margin"]) == (1.0, 40.5)
    catch_up(shop_id=counted.shop.id, now=T0)
    assert ada.get("/reports/figures", **DAYS).json()["total"]["orders"] == 0
    touch = {"id": "f", "at": "2026-11-14T12:00:00Z", "person": "Ben@mail.test", "channel": "fair"}
    for new in (1, 0):
        told = ada.post("/reports/touchpoints", {"source": "crm", "touchpoints": [touch]})
        assert told.json() == {"new": new}
    catch_up(shop_id=counted.shop.id, now=T0)
    [row] = ada.get("/reports/figures", by="channel", **DAYS).json()["rows"][1:]
    assert (row["key"], row["figures"]["orders"]) == ({"channel": "fair"}, 1)
    for wrong in ({"order": "o"}, {"person": "x@"}, {"at": "2027-01-01T00:00:00Z"}):
        asked = {"source": "crm", "touchpoints": [{**touch, **wrong}]}
        assert ada.post("/reports/touchpoints", asked).status_code == 422
    for path in (
        "/reports/figures?by=colour", "/reports/figures?begin=2026-12-01&until=2026-11-01",
        "/reports/models?modle=last", "/reports/proof?month=2026-13", "/reports/figures?by=day,day",
    ):  # fmt: skip
        assert ada.get(path).status_code == 422, path
    lift = ada.get(f"/reports/scenarios/{counted.scenario.id}/lift")
    assert (lift.status_code, "holds nobody out" in lift.json()["detail"]) == (422, True)


def test_whether_restore_links_lead_back(counted, ada, dan):
    activity = CartActivity(
        shop=counted.shop, id=new_id(T0), source="shop", token=counted.ben_recovered.token,
        occurred_at=T0 - 7.5 * DAY, event_id="e", kind="started", payload="{}",
    )  # fmt: skip
    told = {"begin": "2026-10-01", "until": "2026-11-30"}
    row = {"source": "shop", "platform": "", "restore_followed": 1}
    gone = {**row, "restore_back": 0, "restore_rate": 0.0}
    assert ada.get("/reports/restores", **DAYS).json() == {**told, "rows": [gone]}
    activity.save()
    back = {**row, "restore_back": 1, "restore_rate": 1.0}
    assert ada.get("/reports/restores", **DAYS).json() == {**told, "rows": [back]}
    assert dan.get("/reports/restores", **DAYS).json() == {**told, "rows": []}
    assert ada.get("/reports/restores", by="day").status_code == 422


def test_every_report_is_a_csv_and_a_parquet_alike(counted, ada):
    shop, scenario = counted.shop.id, counted.scenario
    for number in range(4):
        drawn = {"shop_id": shop, "scenario_id": scenario.id, "key": f"email:p{number}@mail.test"}
        at = T0 - 40 * DAY
        HoldoutAssignment.objects.create(**drawn, is_held_out=number > 1, assigned_at=at)
        arm = "plain" if number > 1 else "other"
        ArmAssignment.objects.create(**drawn, test="wording", arm=arm, assigned_at=at)
    of_scenario, month = f"/reports/scenarios/{scenario.id}", {"month": "2026-11"}
    wanted = [
        ("/reports/restores", DAYS, 1),
        ("/reports/figures", DAYS, 1), ("/reports/recovery", DAYS, 2), ("/reports/models", DAYS, 3),
        ("/reports/orders", DAYS, 3), ("/reports/orders", {**DAYS, "channel": "email"}, 1),
        (f"/reports/orders/{counted.ben_order.id}", {}, 1), (f"{of_scenario}/lift", {}, 4),
        (f"{of_scenario}/test", {"test": "wording"}, 2), ("/reports/proof", month, 2),
        ("/reports/proof", {**DAYS, "channel": "sms"}, 0),
        ("/reports/proof", {**DAYS, "scenario": str(scenario.id), "step": "first"}, 2),
    ]  # fmt: skip
    for path, asked, number in wanted:
        told = lines(ada.get(f"{path}.csv", **asked))
        answer = ada.get(f"{path}.parquet", **asked)
        assert (answer.status_code, len(told)) == (200, number), path
        table = pyarrow.parquet.read_table(io.BytesIO(answer.getvalue()))
        assert table.num_rows == number, path
        if told:
            plain = [name.removesuffix("_minor") for name in table.column_names]
            assert plain == list(told[0]), path
    for wrong in (
        {**month, **DAYS},
        {"month": "2026-13"},
        {"begin": "2026-12-01", "until": "2026-11-01"},
    ):
        assert ada.get("/reports/proof.parquet", **wrong).status_code == 422


def test_the_proof_and_the_words(counted, ada):
    told = ada.get("/reports/proof", month="2026-11").json()
    assert (told["people_written_to"], told["messages"], told["is_clean"]) == (2, 2, True)
    assert len(lines(ada.get("/reports/proof.csv", month="2026-11"))) == 2
    named = {one["name"] for one in ada.get("/reports/definitions").json()}
    assert {"click_rate", "profit"} <= named
    assert ReportSettings.objects.get(shop_id=counted.shop.id).counted_at == T0
