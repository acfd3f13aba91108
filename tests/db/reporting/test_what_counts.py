"""What figures count and what they leave out, each by a case that would be counted if a rule were forgotten."""

from datetime import UTC, date, datetime, timedelta

import pytest

from ripresa.core.ids import new_id
from ripresa.core.money import Money
from ripresa.domain.attribution.credit import Model
from ripresa.domain.attribution.models import NOBODY, CreditFigures, OrderCredit
from ripresa.domain.attribution.outside import NewTouch, add_touchpoints
from ripresa.domain.carts.models import Abandonment, Cart
from ripresa.domain.carts.queries import CartFilter, figures
from ripresa.domain.coupons.models import CouponIssue, CouponPool
from ripresa.domain.deals.models import Agent, Deal
from ripresa.domain.messages.models import Message, MessageLink
from ripresa.usecases.name_causes import name_causes_after_clicks
from ripresa.usecases.reporting.figures import Only, part_of, table
from ripresa.usecases.reporting.keeping import catch_up
from ripresa.usecases.reporting.orders import Why, explain_order
from ripresa.usecases.reporting.recovery import buyers, recovery
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
from tests.db.reporting.test_figures import an_agent_called
from tests.db.usecases.engine_world import T0, make_world

pytestmark = pytest.mark.django_db
TODAY = Only(T0.date(), T0.date())
MIDNIGHT = datetime(2026, 10, 3, 22, tzinfo=UTC)  # in Rome
MICROSECOND = timedelta(microseconds=1)


@pytest.fixture
def world():
    made = make_world()
    made.now = T0 + 30 * DAY
    return made


def followed(world, message, purpose, at):
    MessageLink.objects.create(
        shop_id=world.shop_id, token_hash=f"{message.id}{purpose}".encode(), purpose=purpose,
        message_id=message.id, expires_at=T0 + DAY, used_at=at,
    )  # fmt: skip


def counted(world, *people):
    all_stale(world, *people)
    catch_up(shop_id=world.shop_id, now=world.now)


def test_what_became_of_messages_counts_people_and_each_message_once(world):
    ada = world.contact()
    busy, scanned, back, again, unknown, refused, restored, taken_back = (
        wrote(world, ada, T0) for _ in range(8)
    )
    for message, values in (
        (back, {"delivery": "bounced"}), (again, {"delivery": "bounced"}), (unknown, {"state": "unknown"}), (taken_back, {"delivery": "cancelled"}),
    ):  # fmt: skip
        Message.objects.filter(id=message.id).update(**values)
    for later in (HOUR, 2 * HOUR):
        for kind in ("delivered", "opened", "clicked"):
            heard(world, busy, kind, T0 + later)
    heard(world, busy, "complained", T0 + 3 * HOUR)
    heard(world, scanned, "opened", T0 + HOUR, SCANNER)
    heard(world, scanned, "clicked", T0 + HOUR, SCANNER)
    followed(world, refused, "unsubscribe", T0 + HOUR)
    followed(world, restored, "restore", T0 + HOUR)
    followed(world, scanned, "restore", None)
    wrote(world, ada, MIDNIGHT)
    wrote(world, ada, MIDNIGHT - MICROSECOND)
    counted(world, ada)
    assert table(world.shop_id, TODAY).total.counts == {
        "sent": 9,
        "delivered": 5,  # neither what came back or was taken back, nor what nobody knows of
        "opened": 1,
        "clicked": 2,
        "unsubscribed": 1,
        "bounced": 2,
        "complained": 1,
    }


def test_orders_that_do_not_count_are_in_no_figure(world):
    ada, bea, cleo = (world.contact(name) for name in ("ada", "bea", "cleo"))
    for values in (
        {"origin": "draft"}, {"origin": "renewal"}, {"origin": "staff"}, {"is_test": True},
        {"cancelled_at": T0 + DAY}, {"refunded_minor": 5_000}, {"placed_at": MIDNIGHT},
    ):  # fmt: skip
        for person in (bea, cleo):
            world.order(person, **{"placed_at": T0, "total_minor": 5_000, **values})
    clicked(world, bea, T0 - HOUR)
    world.order(ada, placed_at=T0, total_minor=4_000, refunded_minor=1_000, discount_minor=200)
    world.order(ada, placed_at=MIDNIGHT - MICROSECOND, total_minor=0)
    world.order(cleo, placed_at=T0, total_minor=7_000)
    counted(world, ada, bea, cleo)
    back = recovery(world.shop_id, TODAY.begin, TODAY.end)
    sold = back.sold["EUR"]
    assert (sold.orders, sold.gross, sold.refunded, sold.net) == (3, 11_000, 1_000, 10_000)
    assert buyers(world.shop_id, TODAY.begin, TODAY.end) == (2, 1)
    # The one that counts of hers was placed a day later.
    assert table(world.shop_id, TODAY).total.all_orders == 0
    assert table(world.shop_id, Only(date(2026, 10, 4), date(2026, 10, 4))).total.all_orders == 1


def test_carts_left_twice_count_once_and_those_of_crawlers_never(world):
    ada = world.contact()
    cart = left(world, ada, T0 - 3 * DAY)
    again = left(world, ada, T0, total_minor=99_000)
    Abandonment.objects.filter(cart_id=again.id).update(cart_id=cart.id)
    again.delete()
    order = world.order(ada, placed_at=T0 + HOUR, total_minor=6_000, refunded_minor=1_000)
    recovered(cart, order, "link")
    for values in ({"is_bot": True}, {"is_test": True}):
        other = left(world, ada, T0)
        Cart.objects.filter(id=other.id).update(**values)
        recovered(other, world.order(ada, placed_at=T0, total_minor=500), "link")
    # Ordered in another way: nothing was left behind that came back.
    closed = left(world, ada, T0)
    recovered(closed, world.order(ada, placed_at=T0, total_minor=800))
    Cart.objects.filter(id=closed.id).update(state="closed", cause=None)
    counted(world, ada)
    back = recovery(world.shop_id, date(2026, 9, 1), date(2026, 10, 31))
    assert (back.carts, back.recovered, back.causes["link"]) == (2, 1, 1)
    assert back.left["EUR"].value == 2 * 5_980
    assert back.left["EUR"].revenue == 5_000
    assert back.hours_to_recover == 73
    assert back.value_share("EUR") == 5_000 / 11_960
    assert (back.sold["EUR"].recovered_orders, back.sold["EUR"].recovered) == (1, 5_000)
    assert back.revenue_share("EUR") == 5_000 / 6_800
    first = recovery(world.shop_id, date(2026, 9, 30), date(2026, 9, 30))
    assert (first.carts, first.left["EUR"].value) == (1, 5_980)


def test_an_order_by_staff_ends_a_cart_and_is_no_money_of_the_storefront(world):
    ada = world.contact()
    cart = left(world, ada, T0 - DAY)
    recovered(cart, world.order(ada, placed_at=T0, total_minor=8_000, origin="staff"))
    counted(world, ada)
    back = recovery(world.shop_id, date(2026, 9, 1), TODAY.end)
    listed = figures(world.shop_id, CartFilter())
    assert (back.recovered, back.money("recovered_revenue")) == (1, (Money(0, "EUR"),))
    assert (listed.recovered, listed.recovered_revenue) == (1, ())
    assert back.sold == {}


def test_a_cause_named_after_its_click_was_counted_is_counted_too(world):
    ada = world.contact()
    cart = left(world, ada, T0 - DAY)
    mail = clicked(world, ada, T0 - HOUR, cart_id=cart.id)
    recovered(cart, world.order(ada, placed_at=T0, total_minor=8_000), "own")
    counted(world, ada)
    assert recovery(world.shop_id, date(2026, 9, 1), TODAY.end).causes["own"] == 1
    name_causes_after_clicks(shop_id=world.shop_id, message_ids=[mail.id], now=world.now)
    catch_up(shop_id=world.shop_id, now=world.now)
    assert recovery(world.shop_id, date(2026, 9, 1), TODAY.end).causes["link"] == 1


def test_what_came_after_the_end_earns_nothing_and_the_latest_of_each_message_counts(world):
    ada = world.contact()
    cart = left(world, ada, T0 - 5 * DAY)
    restored = wrote(world, ada, T0 - 4 * DAY, "sms", cart_id=cart.id)
    heard(world, restored, "clicked", T0 - 3 * DAY)
    followed(world, restored, "restore", T0 - 2 * DAY)
    mail = clicked(world, ada, T0 - 3 * DAY)
    late = wrote(world, ada, T0 - 3 * DAY)
    heard(world, late, "clicked", T0)
    later = wrote(world, ada, T0 - 3 * DAY)
    followed(world, later, "restore", T0 - MICROSECOND)
    order = world.order(ada, placed_at=T0, total_minor=10_000)
    recovered(cart, order, "link")
    # The deal was Confirmed a day before the shop had the order: there counting ends.
    an_agent_called(world, cart, ada, T0 - DAY + HOUR)
    Deal.objects.filter(cart_id=cart.id).update(outcome="won", closed_at=T0 - DAY)
    counted(world, ada)
    rows = OrderCredit.objects.filter(order_id=order.id).order_by("place")
    assert [(one.message_id, one.at, one.linear_minor) for one in rows] == [
        (mail.id, T0 - 3 * DAY, 5_000), (restored.id, T0 - 2 * DAY, 5_000),
    ]  # fmt: skip
    by_channel = {
        model: {
            row.key["channel"]: (row.orders["EUR"], row.revenue["EUR"])
            for row in table(world.shop_id, TODAY, by=["channel"], model=model).rows
            if row.orders
        }
        for model in Model
    }
    assert by_channel[Model.LAST] == {"email": (0, 0), "sms": (1, 10_000)}
    assert by_channel[Model.FIRST] == {"email": (1, 10_000), "sms": (0, 0)}
    assert by_channel[Model.LINEAR] == {"email": (0, 5_000), "sms": (1, 5_000)}


def test_messages_are_an_agents_from_the_day_the_deal_was_hers(world):
    ada = world.contact()
    cart = left(world, ada, T0 - 3 * DAY)
    before = clicked(world, ada, T0 - 2 * DAY, cart_id=cart.id)
    an_agent_called(world, cart, ada, T0 - 2 * DAY)
    sara = Agent.objects.create(
        shop_id=world.shop_id, id=new_id(T0), email="sara@shop.test", created_at=T0
    )
    Deal.objects.filter(cart_id=cart.id).update(agent_id=sara.id)
    sms = clicked(world, ada, T0 - DAY, "sms", cart_id=cart.id)
    order = world.order(ada, placed_at=T0, total_minor=9_000)
    recovered(cart, order, "agent")
    counted(world, ada)
    days = Only(date(2026, 9, 1), TODAY.end)
    sent = {
        row.key["agent_id"]: row.counts["sent"]
        for row in table(world.shop_id, days, by=["agent"]).rows
    }
    assert sent == {NOBODY: 1, sara.id: 1}
    hers = CreditFigures.objects.filter(shop_id=world.shop_id)
    assert {(one.channel, one.agent_id, one.linear_minor) for one in hers} == {
        ("agent", sara.id, 4_500), ("sms", sara.id, 4_500),
    }  # fmt: skip
    assert before.handed_over_at < Deal.objects.get(cart_id=cart.id).opened_at < sms.handed_over_at


def test_an_agent_who_called_between_two_abandonments_earns_the_order(world):
    ada = world.contact()
    cart, again = left(world, ada, T0 - 45 * DAY), left(world, ada, T0 - DAY)
    Abandonment.objects.filter(cart_id=again.id).update(cart_id=cart.id)
    again.delete()
    an_agent_called(world, cart, ada, T0 - 40 * DAY)
    # Nothing but an agent's contact counts from before the window.
    fair = NewTouch("crm", "f", T0 - 31 * DAY, "outside", "fair", key=f"email:{ada.email}")
    add_touchpoints(shop_id=world.shop_id, touches=[fair], now=T0)
    clicked(world, ada, T0 - HOUR)
    order = world.order(ada, placed_at=T0, total_minor=9_000)
    recovered(cart, order, "agent")
    counted(world, ada)
    [share] = OrderCredit.objects.filter(order_id=order.id)
    assert (share.kind, share.is_agents, share.decay_minor) == ("agent", True, 9_000)


def test_a_code_is_the_latest_messages_that_carried_it_and_its_discount_stands_there_alone(world):
    ada = world.contact()
    pool = CouponPool.objects.create(
        shop_id=world.shop_id, id=new_id(T0), name="ten", kind="static", code="TEN", created_at=T0
    )
    sent = {
        channel: wrote(world, ada, T0 - days * DAY, channel)
        for channel, days in (("email", 3), ("sms", 2))
    }
    click = clicked(world, ada, T0 - HOUR, "letter")
    # Another step of the same run carried none, and what she was sent afterwards sold nothing.
    wrote(world, ada, T0 - DAY, "sms", origin_id=sent["sms"].origin_id, step="other")
    later = wrote(world, ada, T0 + HOUR)
    for message in (*sent.values(), later):
        CouponIssue.objects.create(
            shop_id=world.shop_id, id=new_id(T0), pool_id=pool.id, code="TEN", contact_id=ada.id,
            origin_kind="manual", origin_id=message.origin_id, step="by_hand", reserved_at=T0 - DAY,
        )  # fmt: skip
    order = world.order(
        ada, placed_at=T0, total_minor=9_000, discount_codes=["ten"], discount_minor=1_000
    )
    counted(world, ada)
    rows = OrderCredit.objects.filter(order_id=order.id).order_by("place")
    assert [(one.kind, one.message_id, one.at) for one in rows] == [
        ("click", click.id, T0 - HOUR), ("coupon", sent["sms"].id, T0),
    ]  # fmt: skip
    cost = {
        row.key["channel"]: (row.coupon_orders["EUR"], row.coupon_cost["EUR"])
        for row in table(world.shop_id, TODAY, by=["channel"]).rows
        if row.orders
    }
    assert cost == {"letter": (0, 0), "sms": (1, 1_000)}


def test_a_letter_that_came_back_earns_nothing_and_one_taken_back_costs_nothing(world):
    people = [world.contact(name) for name in ("ada", "bea", "cleo")]
    letters = [
        wrote(world, one, T0 - 3 * DAY, "letter", cost_minor=99, cost_currency="EUR")
        for one in people
    ]
    orders = [world.order(one, placed_at=T0, total_minor=9_000) for one in people]
    counted(world, *people)
    assert OrderCredit.objects.filter(kind="letter").count() == 3
    returned, cancelled, _ = letters
    heard(world, returned, "bounced", T0 + DAY)
    heard(world, cancelled, "cancelled", T0 - 3 * DAY)
    catch_up(shop_id=world.shop_id, now=world.now)
    assert [one.order_id for one in OrderCredit.objects.all()] == [orders[2].id]
    days = Only(date(2026, 9, 1), TODAY.end)
    assert table(world.shop_id, days).total.message_cost == {"EUR": 2 * 99}
    for order in orders[:2]:
        [touch] = explain_order(order).touches
        assert (touch.why, touch.shares) == (Why.CAME_BACK, {})


@pytest.mark.parametrize(
    ("minor", "margin", "part"),
    [
        (5, 5_000, 2),
        (15, 5_000, 8),
        (-5, 5_000, -2),
        (7, 5_000, 4),
        (3, 3_333, 1),
        (10**15, 10_000, 10**15),
    ],
)
def test_a_part_of_an_amount_is_rounded_to_even(minor, margin, part):
    assert part_of(minor, margin) == part
