"""RPT-2 to RPT-6 and AGT-4 on a database: worked examples, to the cent."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction

from ripresa.console.reports.cards import chart_of
from ripresa.core.ids import new_id
from ripresa.core.money import Money
from ripresa.domain.attribution.credit import Model
from ripresa.domain.attribution.models import OrderCredit
from ripresa.domain.attribution.rolling import (
    EVERY,
    counted_until,
    settings_of,
    shops_with_marks,
)
from ripresa.domain.carts.models import Order
from ripresa.domain.coupons.models import CouponIssue, CouponPool
from ripresa.domain.deals.models import Agent, Deal
from ripresa.domain.deals.opening import Wanted, open_deals
from ripresa.usecases.agents.work_on_deal import log_call
from ripresa.usecases.reporting.figures import Only, table, tables
from ripresa.usecases.reporting.keeping import catch_up, change_settings, keep_up, rebuild
from ripresa.usecases.reporting.names import Names
from ripresa.usecases.reporting.orders import explain_order, list_credits, side_by_side
from ripresa.usecases.reporting.outside_file import import_touchpoints
from ripresa.usecases.reporting.recovery import recovery
from ripresa.usecases.reporting.telling import csv_of_table, tell_table
from ripresa.usecases.shops.change_shop import change_shop
from tests.db.reporting.story import (
    DAY,
    HOUR,
    SCANNER,
    all_stale,
    clicked,
    heard,
    left,
    recovered,
    wrote,
)
from tests.db.usecases.engine_world import T0, make_world

pytestmark = pytest.mark.django_db
M = Model
ALL = Only(date(2026, 1, 1), date(2027, 1, 1))


@pytest.fixture
def world():
    made = make_world()
    made.now = T0 + 30 * DAY
    return made


def bought(world, person, at=T0, minor=12_000, **values):
    return world.order(person, placed_at=at, total_minor=minor, **values)


def shares(world, order):
    rows = OrderCredit.objects.filter(shop_id=world.shop_id, order_id=order.id).order_by("place")
    return [
        (one.channel, one.linear_minor, one.last_minor, one.first_minor, one.position_minor)
        for one in rows
    ]


def test_the_worked_example_to_the_cent(world):
    ada = world.contact()
    clicked(world, ada, T0 - 9 * DAY)
    wrote(world, ada, T0 - 5 * DAY, "letter", cost_minor=85, cost_currency="EUR")
    clicked(world, ada, T0 - DAY)
    order = bought(world, ada)
    all_stale(world, ada)
    catch_up(shop_id=world.shop_id, now=world.now)
    assert shares(world, order) == [
        ("email", 4000, 0, 12000, 4800), ("letter", 4000, 0, 0, 2400), ("email", 4000, 12000, 0, 4800),
    ]  # fmt: skip
    found = table(world.shop_id, ALL, by=["channel"])
    mail, letter = found.rows
    assert (mail.counts["sent"], mail.counts["clicked"], mail.click_rate) == (2, 2, 1.0)
    assert (mail.orders["EUR"], mail.revenue["EUR"]) == (1, 12_000)
    assert (letter.orders["EUR"], letter.profit) == (0, {"EUR": -85})
    assert table(world.shop_id, ALL, by=["channel"], model=M.LINEAR).rows[0].revenue["EUR"] == 8000
    change_settings(shop_id=world.shop_id, now=world.now, margin=4_000)
    assert table(world.shop_id, ALL).total.profit == {"EUR": 4_800 - 85}


def test_what_earns_and_what_does_not_is_said(world):
    ada = world.contact()
    opened = wrote(world, ada, T0 - 6 * DAY)
    heard(world, opened, "opened", T0 - 5 * DAY)
    scanned = wrote(world, ada, T0 - 4 * DAY)
    heard(world, scanned, "clicked", T0 - 3 * DAY, SCANNER)
    wrote(world, ada, T0 - 2 * DAY)
    clicked(world, ada, T0 - 40 * DAY)
    order = bought(world, ada)
    all_stale(world, ada)
    catch_up(shop_id=world.shop_id, now=world.now)
    assert shares(world, order) == []
    assert [(one.touch.kind, one.why) for one in explain_order(order).touches] == [
        ("click", "too_early"), ("open", "opens_off"), ("click", "machine"), ("sent", "sent_only"),
    ]  # fmt: skip
    [nobody] = side_by_side(world.shop_id, ALL)
    assert (nobody.key, nobody.orders, nobody.minor[M.LINEAR]) == ({}, 1, 12_000)
    change_settings(shop_id=world.shop_id, now=world.now, with_opens=True, window=60 * DAY)
    catch_up(shop_id=world.shop_id, now=world.now)
    assert [one[:3] for one in shares(world, order)] == [("email", 6000, 0), ("email", 6000, 12000)]
    [credited] = list_credits(world.shop_id, Only(T0.date(), T0.date()))
    assert [one.kind for one in credited.shares] == ["click", "open"]


def an_agent_called(world, cart, person, at):
    wanted = Wanted(cart.id, person.id, "check_out_abandoned", Money(5980, "EUR"))
    with transaction.atomic():
        [deal] = open_deals(shop_id=world.shop_id, wanted=[wanted], now=at).values()
    log_call(shop_id=world.shop_id, deal_id=deal.id, at=at, text="", who="Sara", now=at + HOUR)


def test_an_agents_call_leaves_mails_nothing_and_has_a_row_of_its_own(world):
    ada, bea = world.contact("ada"), world.contact("bea")
    for person in (ada, bea):
        cart = left(world, person, T0 - 3 * DAY)
        clicked(world, person, T0 - DAY, cart_id=cart.id)
        order = bought(world, person)
        recovered(cart, order, "agent" if person is ada else "link")
        if person is ada:
            an_agent_called(world, cart, person, T0 - 2 * DAY)
    all_stale(world, ada, bea)
    catch_up(shop_id=world.shop_id, now=world.now)
    for model in M:
        found = table(world.shop_id, ALL, by=["channel"], model=model)
        assert [dict(row.revenue) for row in found.rows] == [{"EUR": 12_000}]
        assert dict(found.of_agents.revenue) == {"EUR": 12_000}
        assert found.total.revenue["EUR"] == 24_000
    # She called two days before the order: that counts, however short the window is.
    change_settings(shop_id=world.shop_id, now=world.now, window=1.5 * DAY)
    catch_up(shop_id=world.shop_id, now=world.now)
    found = table(world.shop_id, ALL, by=["channel"])
    assert [dict(row.revenue) for row in found.rows] == [{"EUR": 12_000}]
    assert dict(found.of_agents.revenue) == {"EUR": 12_000}
    [hers] = Order.objects.filter(shop_id=world.shop_id, contact_id=ada.id)
    story = explain_order(hers)
    assert story.is_agents
    assert [(one.touch.kind, one.why) for one in story.touches] == [
        ("agent", "earns"), ("click", "agent_spoke"),
    ]  # fmt: skip
    back = recovery(world.shop_id, ALL.begin, ALL.end)
    assert back.causes == {"agent": 1, "coupon": 0, "link": 1, "own": 0}
    assert (back.rate, back.hours_to_recover) == (1.0, 72.0)


def test_what_agents_earned_stands_under_whose_it_is_and_when(world):
    ada = world.contact()
    cart = left(world, ada, T0 - 3 * DAY)
    an_agent_called(world, cart, ada, T0 - 2 * DAY)
    sara = Agent.objects.create(
        shop_id=world.shop_id, id=new_id(T0), email="sara@shop.test", created_at=T0
    )
    Deal.objects.filter(shop_id=world.shop_id).update(agent_id=sara.id)
    recovered(cart, bought(world, ada), "agent")
    all_stale(world, ada)
    catch_up(shop_id=world.shop_id, now=world.now)
    by_agent, by_day = tables(world.shop_id, ALL, bys=[["agent"], ["day"]])
    [hers] = by_agent.rows_of_agents
    assert (hers.key, hers.orders, hers.profit) == (
        {"agent_id": sara.id}, {"EUR": 1}, by_agent.of_agents.profit,
    )  # fmt: skip
    names = Names.of(world.shop_id)
    [told] = tell_table(by_agent, names)["rows_of_agents"]
    assert told["key"] == {"agent": sara.email}
    _, line = csv_of_table(by_agent, names, "EUR")
    assert (*line[:3], line[-1]) == (sara.email, "yes", "EUR", "120.00")
    # Its chart adds up to the total, too.
    [(_, sent, revenue)] = chart_of(by_day, "EUR").rows
    assert (sent, revenue) == (0, Money(12_000, "EUR"))


def test_the_code_a_message_carried_earns_and_costs(world):
    ada = world.contact()
    message = wrote(world, ada, T0 - DAY, "sms", cost_minor=7, cost_currency="EUR")
    pool = CouponPool.objects.create(
        shop_id=world.shop_id, id=new_id(T0), name="ten", kind="static", code="TEN", created_at=T0
    )
    CouponIssue.objects.create(
        shop_id=world.shop_id, id=new_id(T0), pool_id=pool.id, code="TEN", contact_id=ada.id,
        origin_kind="manual", origin_id=message.origin_id, step="by_hand", reserved_at=T0 - DAY,
    )  # fmt: skip
    bought(world, ada, minor=9_000, discount_codes=["ten"], discount_minor=1_000)
    all_stale(world, ada)
    catch_up(shop_id=world.shop_id, now=world.now)
    [row] = table(world.shop_id, ALL, by=["message"]).rows
    assert (row.coupon_orders["EUR"], row.coupon_cost["EUR"], row.revenue["EUR"]) == (
        1,
        1_000,
        9_000,
    )
    assert row.profit == {"EUR": 9_000 - 7}
    change_settings(shop_id=world.shop_id, now=world.now, margin=5_000)
    [row] = table(world.shop_id, ALL, by=["message"]).rows
    assert row.profit == {"EUR": 5_000 - 1_000 - 7}


def test_figures_are_up_to_this_moment_unless_something_waits_to_be_counted(world):
    """A shop that was quiet for a week has no week missing."""
    ada = world.contact()
    bought(world, ada)
    all_stale(world, ada)
    catch_up(shop_id=world.shop_id, now=world.now)
    later = world.now + 7 * DAY
    assert counted_until(settings_of(world.shop_id), later) == later
    all_stale(world, ada)
    assert counted_until(settings_of(world.shop_id), later) == world.now


def test_profits_of_rows_add_up_to_the_cent(world):
    """A third of 10.00 is left of each of three messages' sales, and 10.00 of all of them."""
    ada = world.contact()
    for number, step in enumerate(("one", "two", "three")):
        at = T0 + number * DAY
        clicked(world, ada, at - HOUR, step=step)
        bought(world, ada, at, 1_000)
    all_stale(world, ada)
    catch_up(shop_id=world.shop_id, now=world.now)
    change_settings(shop_id=world.shop_id, now=world.now, margin=3_335)
    found = table(world.shop_id, ALL, by=["step"])
    # 3.335 each: 3.34 would be 10.02 in all, 3.33 would be 9.99; all of it is 10.005.
    assert found.total.profit == {"EUR": 1_000}
    assert sorted(row.profit["EUR"] for row in found.rows) == [333, 333, 334]


def test_refunds_take_it_back_and_never_more(world):
    ada = world.contact()
    clicked(world, ada, T0 - DAY)
    order = bought(world, ada)
    for refunded, worth, number in [(2_001, 9_999, 1), (12_000, None, 0), (15_000, None, 0)]:
        Order.objects.filter(id=order.id).update(refunded_minor=refunded)
        all_stale(world, ada)
        catch_up(shop_id=world.shop_id, now=world.now)
        total = table(world.shop_id, ALL).total
        assert total.revenue.get("EUR") == worth
        assert sum(total.orders.values()) == number
        sold = recovery(world.shop_id, ALL.begin, ALL.end).sold
        assert (sold["EUR"].net if sold else None) == worth


def test_currencies_are_never_mixed(world):
    ada = world.contact()
    cart = left(world, ada, T0 - 3 * DAY, currency="RON", total_minor=30_000)
    clicked(world, ada, T0 - DAY, cost_minor=3, cost_currency="USD")
    recovered(cart, bought(world, ada), "own")
    bought(world, ada, T0 + HOUR, 5_000, currency="JPY")
    all_stale(world, ada)
    catch_up(shop_id=world.shop_id, now=world.now)
    total = table(world.shop_id, ALL).total
    assert dict(total.revenue) == {"EUR": 12_000, "JPY": 5_000}
    assert total.profit == {"EUR": 12_000, "JPY": 5_000, "USD": -3}
    back = recovery(world.shop_id, ALL.begin, ALL.end)
    assert {code: (one.value, one.revenue) for code, one in back.left.items()} == {
        "RON": (30_000, 0), "EUR": (0, 12_000),
    }  # fmt: skip
    assert (back.carts, back.recovered, back.value_share("RON")) == (1, 1, 0.0)
    assert back.revenue_share("JPY") == 0.0


@pytest.mark.parametrize("day", [date(2026, 10, 25), date(2026, 3, 29), date(2026, 6, 1)])
def test_days_begin_at_midnight_in_the_shop_also_when_clocks_change(world, day):
    ada, zone = world.contact(), ZoneInfo("Europe/Rome")
    begin = datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
    end = datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=zone).astimezone(UTC)
    for number, at in enumerate([begin - HOUR / 3600, begin, end, end + HOUR / 3600]):
        bought(world, ada, at, 10**number)
    all_stale(world, ada)
    catch_up(shop_id=world.shop_id, now=world.now)
    assert recovery(world.shop_id, day, day).sold["EUR"].gross == 110
    world.set(timezone="Asia/Tokyo")
    rebuild(shop_id=world.shop_id, now=world.now)
    assert recovery(world.shop_id, day, day).sold["EUR"].gross != 110


def test_touchpoints_from_outside_earn_once_however_often_they_are_told(world, tmp_path):
    ada = world.contact()
    order = bought(world, ada)
    file = tmp_path / "fair.csv"
    file.write_text(
        "touchpoint,email,order,at,channel,kind\n"
        "f1,Ada@Example.test,,2026-09-20T10:00:00Z,fair,fair\n"
        f"v1,,{order.external_id},2026-10-01T10:00:00Z,direct,direct\n"
        "f2,nobody@example.test,,2026-09-20T10:00:00Z,fair,fair\n"
    )
    for new in (3, 0):
        done = import_touchpoints(shop_id=world.shop_id, path=file, source="crm", now=world.now)
        assert done == (3, new)
        catch_up(shop_id=world.shop_id, now=world.now)
        assert shares(world, order) == [("fair", 12_000, 12_000, 12_000, 12_000)]
    assert [one.why for one in explain_order(order).touches] == ["earns", "others_count"]


def test_a_worker_looks_after_a_busy_shop_now_and_then_and_another_zone_counts_all_again(world):
    ada = world.contact()
    bought(world, ada, datetime(2026, 10, 3, 23, 30, tzinfo=UTC))
    all_stale(world, ada)
    assert world.shop_id in shops_with_marks(world.now)
    assert keep_up(shop_id=world.shop_id, now=world.now) == 1
    assert world.shop_id not in shops_with_marks(world.now)
    all_stale(world, ada)
    assert world.shop_id not in shops_with_marks(world.now)
    assert world.shop_id in shops_with_marks(world.now + EVERY)
    assert recovery(world.shop_id, date(2026, 10, 4), date(2026, 10, 4)).sold["EUR"].orders == 1
    change_shop(shop_id=world.shop_id, now=T0, timezone="Europe/London")
    catch_up(shop_id=world.shop_id, now=world.now)
    assert recovery(world.shop_id, date(2026, 10, 4), date(2026, 10, 4)).sold["EUR"].orders == 1
    change_shop(shop_id=world.shop_id, now=T0, timezone="America/New_York")
    catch_up(shop_id=world.shop_id, now=world.now)
    assert recovery(world.shop_id, date(2026, 10, 4), date(2026, 10, 4)).sold == {}
    assert recovery(world.shop_id, date(2026, 10, 3), date(2026, 10, 3)).sold["EUR"].orders == 1
