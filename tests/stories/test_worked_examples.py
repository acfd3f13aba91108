"""The worked examples of the requirements, lived through from the shop's events to what leaves.

SCN-3: four messages, bought after the first. SCN-9: left at 17:00, texted at 09:00. SCN-7 and SCN-8: below and from
2,000 €, the agent first. CAP-4: left twice, told twice. SCN-11: coupons run out in the middle of a batch.
"""

from datetime import UTC, datetime, timedelta

import pytest

from ripresa.domain.carts.models import Abandonment, Cart
from ripresa.domain.coupons.models import CouponIssue
from ripresa.domain.deals.models import Deal
from ripresa.domain.messages.models import Message
from ripresa.domain.scenarios.models import Scenario
from ripresa.usecases.agents import work_on_deal
from ripresa.usecases.fold_events import fold_shop
from ripresa.usecases.scenarios import activate_scenario
from tests.db.coupons.pools import add_codes, make_pool
from tests.db.usecases.engine_world import make_world
from tests.db.usecases.fold_tables import arrive

pytestmark = pytest.mark.django_db

LEFT = datetime(2026, 10, 3, 15, 0, tzinfo=UTC)  # five in the afternoon in Rome
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
OWNER = "owner@shop.test"
FOUR = """\
  - {id: one, after: 0h, send: [email], template: reminder}
  - {id: two, after: 2d, send: [email], template: second_reminder}
  - {id: three, after: 5d, send: [email], template: second_reminder}
  - {id: four, after: 7d, send: [email], template: last_reminder}
"""
LARGE_FIRST = """\
version: 1
name: Large carts
branches:
  - name: small
    when: {cart_value: {lt: "2000.00"}}
    steps:
      - {id: first, after: 0h, send: [email], template: agent_reminder, sender: agent}
  - name: large
    steps:
      - {id: tell, after: 0h, notify: agent, stage: check_out_abandoned}
      - {id: second, after: 48h, only_if: {deal_stage: check_out_abandoned}, send: [email],
         template: agent_reminder, sender: agent}
"""
WITH_CODE = (
    "  - {id: first, after: 0h, send: [email], template: reminder, coupon: {pool: winter}}\n"
)


@pytest.fixture
def world():
    made = make_world()
    made.now = LEFT - DAY
    return made


def tell(world, at, kind, **parts):
    """An event of the shop, told and folded when it happens."""
    world.run_until(at)
    event = {"id": f"{kind}-{at.isoformat()}-{len(parts)}-{parts}"[:200], "type": kind}
    arrive(world.shop, [{**event, "occurred_at": at.isoformat(), **parts}])
    while fold_shop(shop_id=world.shop_id, now=at):
        pass
    world.run(at)


def leaves(world, at=LEFT, name="ada", price="89.00", sku="A", **contact):
    consent = {"email": "granted", "sms": "granted"}
    items = [{"sku": sku, "title": "Vino", "quantity": 1, "unit_price": price}]
    cart = {"token": f"cart of {name}", "currency": "EUR", "items": items}
    who = {"email": f"{name}@people.test", "consent": consent, **contact}
    tell(world, at, "cart.updated", contact=who, cart=cart)


def buys(world, at, name="ada", **keys):
    order = {"id": f"order of {name}", "currency": "EUR", "total": "89.00", **keys}
    tell(world, at, "order.placed", contact={"email": f"{name}@people.test"}, order=order)


def lived(world):
    return [line[1:] for line in world.trail("at", "step", "channel", "outcome", "reason")]


def mails_to(world, address):
    return [mail for mail in world.channel.mails if mail.recipient.address == address]


def test_four_messages_and_she_buys_after_the_first(world):
    world.scenario(steps=FOUR)
    leaves(world)
    world.run_until(LEFT + DAY)
    assert len(mails_to(world, "ada@people.test")) == 1
    buys(world, LEFT + DAY + HOUR)
    world.run_until(LEFT + 40 * DAY)
    assert sorted(lived(world)) == sorted(
        [
            ("one", "email", "sent", "due"),
            ("two", "email", "cancelled", "ordered"),
            ("three", "email", "cancelled", "ordered"),
            ("four", "email", "cancelled", "ordered"),
        ]
    )
    assert len(mails_to(world, "ada@people.test")) == 1
    assert Cart.objects.get(shop_id=world.shop_id).state == "recovered"


def test_left_at_five_and_texted_at_nine_next_day(world):
    world.scenario(
        more="trigger: {on: cart, idle: 4h}",
        steps="  - {id: first, after: 4h, from: left, send: [sms], template: reminder}\n",
    )
    leaves(world, phone="+393331234567")
    world.run_until(LEFT + 5 * DAY)
    nine = datetime(2026, 10, 4, 7, 0, tzinfo=UTC)
    assert world.trail("at", "channel", "outcome", "reason") == [
        (LEFT + 4 * HOUR, "sms", "held", "quiet_hours"),
        (nine, "sms", "sent", "due"),
    ]
    assert world.sms.recipients == ["+393331234567"]


def test_a_cent_below_two_thousand_she_hears_by_mail_after_24_hours(world):
    world.scenario(text=LARGE_FIRST)
    leaves(world, price="1999.99", agent="bruno@shop.test")
    world.run_until(LEFT + 20 * DAY)
    [mail] = world.channel.mails
    assert (mail.recipient.address, mail.sender.address) == ("ada@people.test", "bruno@shop.test")
    assert world.trail("at", "step") == [(LEFT + DAY, "first")]
    assert not Deal.objects.filter(shop_id=world.shop_id).exists()


@pytest.mark.parametrize("moves", [False, True])
def test_from_two_thousand_the_agent_hears_first_and_she_only_if_the_deal_still_stands(
    world, moves
):
    world.scenario(text=LARGE_FIRST)
    leaves(world, price="2000.00", agent="bruno@shop.test")
    world.run_until(LEFT + DAY + HOUR)
    [notice] = world.channel.mails
    assert notice.recipient.address == "bruno@shop.test"
    deal = Deal.objects.select_related("stage").get(shop_id=world.shop_id)
    assert deal.stage.key == "check_out_abandoned"
    if moves:
        work_on_deal.move(
            shop_id=world.shop_id, deal_id=deal.id, from_stage="check_out_abandoned",
            to_stage="in_talks", who="bruno@shop.test", now=world.now,
        )  # fmt: skip
    world.run_until(LEFT + 20 * DAY)
    end = ("skipped", "only_if") if moves else ("sent", "due")
    assert lived(world) == [("tell", "agent", "sent", "due"), ("second", "email", *end)]
    heard = mails_to(world, "ada@people.test")
    assert [mail.sender.address for mail in heard] == ([] if moves else ["bruno@shop.test"])
    assert world.trail("at")[-1] == (LEFT + 3 * DAY,)


def test_an_order_moves_the_deal_to_confirmed_and_she_hears_nothing(world):
    world.scenario(text=LARGE_FIRST)
    leaves(world, price="2000.00", agent="bruno@shop.test")
    world.run_until(LEFT + DAY + HOUR)
    buys(world, LEFT + 2 * DAY, cart_token="cart of ada")
    world.run_until(LEFT + 20 * DAY)
    assert mails_to(world, "ada@people.test") == []
    deal = Deal.objects.select_related("stage").get(shop_id=world.shop_id)
    assert (deal.stage.key, deal.outcome) == ("confirmed", "won")


def test_who_leaves_her_cart_twice_is_told_twice(world):
    world.scenario(steps=FOUR)
    leaves(world)
    leaves(world, LEFT + DAY + HOUR, price="101.00", sku="B")
    world.run_until(LEFT + 2 * DAY + 2 * HOUR)
    assert sorted(lived(world)) == sorted(
        [
            *[("one", "email", "sent", "due")] * 2,
            *((step, "email", "cancelled", "reopened") for step in ("two", "three", "four")),
        ]
    )
    assert Abandonment.objects.filter(shop_id=world.shop_id).count() == 2


def test_coupons_run_out_in_the_middle_of_a_batch(world, monkeypatch):
    """Who has got one hears of it, nobody else is written to, nothing is lost, the owner is told once."""
    monkeypatch.setattr("ripresa.domain.templates.shelf.Texts.needs_coupon", lambda *_: True)
    winter = make_pool(world.shop, "winter")
    add_codes(winter, ["A-1", "A-2"])
    scenario_id = world.scenario(steps=WITH_CODE)
    for number in range(5):
        leaves(world, LEFT + number * MINUTE, name=f"p{number}")
    world.run_until(LEFT + DAY - MINUTE)
    world.run(LEFT + DAY + 10 * MINUTE)
    heard = {mail.recipient.address for mail in world.channel.mails} - {OWNER}
    assert heard == {"p0@people.test", "p1@people.test"}
    assert len(mails_to(world, OWNER)) == 1
    scenario = Scenario.objects.get(shop_id=world.shop_id)
    assert (scenario.state, scenario.paused_reason) == (
        "paused",
        "the coupons of winter are used up",
    )
    add_codes(winter, ["B-1", "B-2", "B-3"])
    activate_scenario.resume(shop_id=world.shop_id, scenario_id=scenario_id, now=world.now)
    world.run()
    assert {mail.recipient.address for mail in world.channel.mails} - {OWNER} == {
        f"p{number}@people.test" for number in range(5)
    }
    given = CouponIssue.objects.filter(shop_id=world.shop_id).values_list("code", flat=True)
    assert sorted(given) == ["A-1", "A-2", "B-1", "B-2", "B-3"]
    carried = Message.objects.filter(shop_id=world.shop_id).values_list("coupon_code", flat=True)
    assert sorted(carried) == sorted(given)
