"""The report pages: figures with their definitions, a chart with its table, CSV, hold-outs and the proof."""

import csv
import io
import json
import re
from datetime import date

import pytest
from django.http import QueryDict

from ripresa.console.layout.writing import day_in_words
from ripresa.console.reports.cards import chart_of
from ripresa.console.reports.filters import read
from ripresa.domain.attribution.credit import Model
from ripresa.domain.attribution.models import NOBODY
from ripresa.domain.carts.models import Order
from ripresa.domain.messages.models import MessageLink
from ripresa.domain.scenarios.models import ArmAssignment, HoldoutAssignment, ScenarioVersion
from ripresa.usecases.reporting.figures import Row, Table
from ripresa.usecases.reporting.keeping import rebuild
from tests.db.console.pages import markup, part, text_of
from tests.rows import DAY, T0, make_contact, make_link, make_order

ALL = "from=2026-10-01&until=2026-11-30"


@pytest.fixture
def counted(world):
    """Ben followed the link of his first mail, and bought a day and a half later."""
    make_link(world.sent, "restore", "t", expires_at=T0)
    MessageLink.objects.update(used_at=T0 - 7.5 * DAY)
    rebuild(shop_id=world.shop.id, now=T0)
    return world


def test_figures_stand_on_top_with_what_they_mean(counted, ada):
    page = text_of(ada.get(f"/wines/reports/?{ALL}"))
    for said in (
        "Abandoned carts 4 Carts that were left behind, each counted once",
        "Recovered carts 1",
        "Recovery rate 25% Recovered carts ÷ abandoned carts. Counted by: the day the cart was first left",
        "Share of revenue 64.3% EUR · 0% USD",
        "All revenue €140.00 · $120.00",
        "Profit €90.00 (Revenue + coupon cost) × margin",
    ):
        assert said in page, said


def test_rows_models_and_the_table_of_the_chart(counted, ada):
    answer = ada.get(f"/wines/reports/?{ALL}")
    brought = part(answer, "What messages brought")
    assert "Left in the cart · Message 1 · E-mail 2 2 0 1 50% 0 0 0 1 0 €90.00" in brought
    assert "Clicked ÷ delivered." in brought
    models = part(answer, "All models side by side")
    assert "Left in the cart · E-mail 1 €90.00 €90.00 €90.00 €90.00 €90.00" in models
    assert "nothing from outside. (the day of the order) 1 €50.00" in models
    assert "Only a hold-out answers that." in models
    days = part(answer, "Messages and revenue by day")
    assert "14 Nov 2026 0 €90.00" in days
    assert 'aria-describedby="by-day"' in markup(answer)
    linear = ada.get(f"/wines/reports/?{ALL}&model=linear&by=day&channel=sms&from=x")
    assert "A day looks like" in text_of(linear)
    assert "Nothing was sent" in text_of(linear)


def test_no_day_between_the_first_and_the_last_is_left_out_of_the_chart():
    """Its axis would lie about time."""
    rows = [Row({"day": day}) for day in (date(2026, 10, 30), date(2026, 11, 2))]
    for row in rows:
        row.counts["sent"], row.revenue["EUR"] = 4, 150
    chart = chart_of(Table(("day",), Model.LAST, rows, Row({}), Row({}), []), "EUR")
    told = json.loads(chart.data)
    assert (told["sent"], told["revenue"]) == ([4, 0, 0, 4], [1.5, 0, 0, 1.5])
    assert told["days"] == [day for day, *_ in chart.rows] == [*dict.fromkeys(told["days"])]
    assert chart_of(Table(("day",), Model.LAST, [], Row({}), Row({}), []), "EUR").rows == []


def test_a_row_leads_to_its_own_orders_or_nowhere():
    """A list of more orders than the row counts would look like a fault of the row."""
    asked = read(QueryDict("from=2026-10-01&until=2026-11-30&by=agent"), date(2026, 11, 30))
    days = "from=2026-10-01&until=2026-11-30"
    of_scenario = {"origin_kind": "recovery", "origin_id": NOBODY}
    assert asked.orders_of({"template": "reminder"}) == f"{days}&message=reminder"
    assert asked.orders_of({**of_scenario, "step": "one"}) == f"{days}&scenario={NOBODY}&step=one"
    assert asked.orders_of({"day": date(2026, 10, 3)}) == "from=2026-10-03&until=2026-10-03"
    for key in (
        {"agent_id": NOBODY},
        {**of_scenario, "version": 2},
        {"origin_kind": "manual", "origin_id": NOBODY},
        {"language": ""},
    ):
        assert asked.orders_of(key) == ""


def test_what_is_shown_can_be_taken_along(counted, ada, dan):
    answer = ada.get(f"/wines/reports/figures.csv?{ALL}&by=channel")
    [line] = csv.DictReader(io.StringIO(answer.getvalue().decode()))
    assert (line["channel"], line["revenue"], line["currency"]) == ("email", "90.00", "EUR")
    assert dan.get(f"/wines/reports/figures.csv?{ALL}").status_code == 404
    told = {}
    for table in ("recovery", "causes", "models"):
        answer = ada.get(f"/wines/reports/{table}.csv?{ALL}")
        told[table] = list(csv.DictReader(io.StringIO(answer.getvalue().decode())))
        assert ada.get(f"/wines/reports/{table}.parquet?{ALL}").status_code in {200, 501}
    for name in ("recovered", "recovered_revenue"):
        back = sum(float(one[name]) for one in told["recovery"])
        assert sum(float(one[name]) for one in told["causes"]) == back > 0
    assert any(float(one["last"]) == float(line["revenue"]) for one in told["models"])


def test_hold_outs_proof_and_definitions(counted, ada):
    anyway = text_of(ada.get("/wines/reports/anyway/"))
    assert "It holds nobody out, so what would have come anyway can't be told." in anyway
    proof = text_of(ada.get("/wines/reports/proof/?month=2026-11"))
    assert "People written to 2 People to whom a message was handed over" in proof
    assert "notices to agents stay out. E-mail 2" in proof
    assert "After buying 0" in proof
    assert len(ada.get("/wines/reports/proof.csv?month=2026-11").getvalue().splitlines()) == 3
    words = text_of(ada.get("/wines/reports/definitions/"))
    assert (
        "Click rate Clicked ÷ delivered. (the day the message was handed over) Statements: roll_messages"
        in words
    )
    assert "Revenue a person What those orders are worth" in words
    assert "A touchpoint counts this long before an order: 30 days." in words
    # The statement itself, and what it takes in from other files.
    assert "-- Messages by the day they were handed over on, and what became of each" in words
    assert "-- A part of other statements: what each of the `chosen` orders is worth" in words


@pytest.fixture
def held_out(counted):
    """20 treated of whom 6 spent 50, 20 held out of whom 2 spent 50."""
    shop, scenario = counted.shop.id, counted.scenario
    version = ScenarioVersion.objects.get(shop_id=shop, scenario_id=scenario.id)
    plan = {**version.plan, "holdout": 5_000}
    ScenarioVersion.objects.filter(id=version.id).update(plan=plan, created_at=T0 - 60 * DAY)
    for number in range(40):
        person = make_contact(counted.shop, f"p{number}@mail.test")
        is_held_out, at = number >= 20, T0 - 40 * DAY
        HoldoutAssignment.objects.create(
            shop_id=shop, scenario_id=scenario.id, key=f"email:p{number}@mail.test",
            is_held_out=is_held_out, assigned_at=at,
        )  # fmt: skip
        if number in {0, 1, 2, 3, 4, 5, 20, 21}:
            make_order(counted.shop, person, placed_at=at + DAY, total_minor=5_000)
    return counted


def test_a_hold_out_is_told_with_plain_intervals_first_and_what_it_brought_in_all(held_out, ada):
    said = part(ada.get("/wines/reports/anyway/"), held_out.scenario.name)
    assert "Not enough data yet: about" in said
    assert "whatever was sent to her. (the day she was drawn) 20 20" in said
    assert "(the day she was drawn) 30% 10% 20% -5.4% … 43.1% -100% … 100%" in said
    assert "buyers or not. (the day she was drawn) €15.00 €5.00 €10.00 -€2.68 … €21.53" in said
    assert "by themselves. (the day she was drawn) 4 -1.1 … 8.6 -20 … 20" in said
    assert "by itself. (the day she was drawn) €200.00 -€53.56 … €430.55" in said
    assert "Rough" not in said
    assert "A verdict takes about 360 people of both arms together; 40 have been watched" in said
    assert "Assignment: 50% were to be held out, 50% are; p = 1.000" in said


def test_it_is_said_why_nothing_can_be_told_yet_and_from_when_on(held_out, ada):
    """28 days after the first was drawn; the same of a test."""
    shop, scenario = held_out.shop.id, held_out.scenario
    HoldoutAssignment.objects.filter(shop_id=shop).update(assigned_at=T0 - 3 * DAY)
    told_from = day_in_words((T0 + 25 * DAY).date())
    waits = (
        "people have been drawn so far, and each is watched for 28 days. The first figures come on"
    )
    said = part(ada.get("/wines/reports/anyway/"), scenario.name)
    assert f"Not enough data yet: 40 {waits} {told_from}." in said
    HoldoutAssignment.objects.filter(shop_id=shop).delete()
    said = part(ada.get("/wines/reports/anyway/"), scenario.name)
    assert "Not enough data yet: hardly anybody has been drawn so far." in said
    for number in range(3):
        ArmAssignment.objects.create(
            shop_id=shop, scenario_id=scenario.id, test="colour", key=f"email:p{number}@mail.test",
            arm="red", assigned_at=T0 - 3 * DAY,
        )  # fmt: skip
    assert f"yet: 3 {waits} {told_from}." in text_of(ada.get("/wines/reports/tests/"))
    assert ada.get("/wines/reports/tests.csv").getvalue().strip() == b""


def test_what_nobody_has_shown_yet_is_not_known_on_the_page_and_in_the_file(held_out, ada):
    """Nobody has bought: of shares there are bounds, of money there are none yet."""
    Order.objects.filter(shop_id=held_out.shop.id, total_minor=5_000).update(is_test=True)
    said = part(ada.get("/wines/reports/anyway/"), held_out.scenario.name)
    assert "Nobody has bought yet: it takes" in said
    assert "(the day she was drawn) 0% 0% 0% -16.1% … 16.1%" in said
    assert (
        "buyers or not. (the day she was drawn) €0.00 €0.00 €0.00 not known yet not known yet"
        in said
    )
    assert "by itself. (the day she was drawn) €0.00 not known yet not known yet" in said
    assert "Rough:" not in said
    assert "A verdict takes about 80 people of both arms together" in said
    lines = csv.DictReader(io.StringIO(ada.get("/wines/reports/anyway.csv").getvalue().decode()))
    told = {one["measure"]: one for one in lines}["revenue_per_person"]
    assert (told["difference"], told["lower"], told["always_valid_upper"]) == ("0.000000", "", "")
    assert (told["people_needed"], told["weeks_more"]) == ("80", "2")


def test_carts_that_came_back_are_told_by_cause(counted, ada):
    assert "By itself 1 €90.00" in part(
        ada.get(f"/wines/reports/?{ALL}"), "What brought carts back"
    )


def test_whether_restore_links_lead_back_is_told_by_where_carts_come_from(counted, ada, dan):
    told = part(ada.get(f"/wines/reports/?{ALL}"), "The way back into the cart")
    assert "Seen back in the shop ÷ restore links followed." in told
    assert told.endswith("shop 1 0 0%")
    assert "The way back" not in text_of(
        ada.get("/wines/reports/?from=2026-10-01&until=2026-10-30")
    )
    [line] = csv.DictReader(
        io.StringIO(ada.get(f"/wines/reports/restores.csv?{ALL}").getvalue().decode())
    )
    assert line == {
        "source": "shop", "platform": "", "restore_followed": "1", "restore_back": "0",
        "restore_rate": "0.0000",
    }  # fmt: skip
    assert ada.get(f"/wines/reports/restores.parquet?{ALL}").status_code in {200, 501}
    assert dan.get(f"/wines/reports/restores.csv?{ALL}").status_code == 404


def test_an_order_tells_who_earned_it_and_why(counted, ada, dan):
    brought = markup(ada.get(f"/wines/reports/?{ALL}"))
    link = next(
        one
        for one in re.findall(r'href="(/wines/reports/orders/[^"]+)"', brought)
        if "step=first" in one
    )
    assert f"scenario={counted.scenario.id}" in link
    assert "channel=email" in link
    listed = ada.get(link.replace("&amp;", "&"))
    assert part(listed, "Orders that count").count("€90.00") == 1
    assert "earned by what you chose" in text_of(
        ada.get(f"/wines/reports/orders/?{ALL}&channel=sms")
    )
    both = part(ada.get(f"/wines/reports/orders/?{ALL}"), "Orders that count")
    assert both.count("Came by themselves") == 2
    order = counted.ben_order
    page = f"/wines/reports/orders/{order.id}/"
    told = part(ada.get(page), "Who earned it, and why")
    assert "Clicked · E-mail · Reminder with the cart" in told
    assert "Counts. €90.00 €90.00 €90.00 €90.00 €90.00" in told
    assert "All together €90.00 €90.00 €90.00 €90.00 €90.00" in told
    assert page in markup(ada.get(f"/wines/customers/{counted.ben.id}/"))
    assert dan.get(page).status_code == 404
    [line] = csv.DictReader(io.StringIO(ada.get(f"{page[:-1]}.csv").getvalue().decode()))
    assert (line["why"], line["linear"]) == ("earns", "90.00")
    lines = csv.DictReader(
        io.StringIO(ada.get(f"/wines/reports/orders.csv?{ALL}").getvalue().decode())
    )
    assert sorted(one["last"] for one in lines) == ["120.00", "50.00", "90.00"]


def test_the_filter_of_a_step_is_named_without_its_scenario_as_well(counted, ada):
    page = markup(ada.get(f"/wines/reports/?{ALL}&step=first"))
    assert re.search(r'<option value="first" selected>\s*first\s*</option>', page)
