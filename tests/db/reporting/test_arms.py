"""A/B of a scenario's steps: drawn once, kept, sent as the arm says, and judged (SCN-17, RPT-5)."""

from math import ceil

import pytest

from ripresa.core.ids import new_id
from ripresa.domain.contacts.models import Contact
from ripresa.domain.coupons.models import CouponIssue, CouponPool
from ripresa.domain.messages.models import Message
from ripresa.domain.scenarios.figures import step_figures
from ripresa.domain.scenarios.models import ArmAssignment, Recovery, Scenario
from ripresa.domain.scenarios.operations import Ending, end_recoveries
from ripresa.domain.scenarios.plan import Arm, SplitTest
from ripresa.domain.scenarios.trial.arms import arm_of
from ripresa.usecases.personal_data.erase import erase_contact
from ripresa.usecases.reporting.figures import Only, table
from ripresa.usecases.reporting.keeping import catch_up, change_settings
from ripresa.usecases.reporting.tests_of_scenario import (
    NoTest,
    csv_of_test,
    judge_test,
    list_tests,
)
from ripresa.usecases.scenarios.move_recoveries import move_recoveries
from ripresa.usecases.scenarios.publish_scenario import publish_scenario
from tests.db.reporting.story import DAY, HOUR, left, wrote
from tests.db.usecases.engine_world import T0, make_world
from tests.rows import make_recovery

pytestmark = pytest.mark.django_db
STEPS = """\
  - {id: first, after: 0h, send: [email], template: reminder}
  - {id: second, after: 48h, send: [email], template: second_reminder}
"""
TEST = """\
test:
  name: wording
  arms:
    - {name: plain, share: 0.5}
    - {name: other, share: 0.5, steps: {first: {template: last_reminder, after: 5h}}}
"""
SPLIT = SplitTest("wording", (Arm("plain", 5000), Arm("other", 5000)))


def arms_of(names):
    return {name: arm_of("Left", SPLIT, f"{name}@example.test") for name in names}


@pytest.fixture
def world():
    return make_world()


def test_each_hears_what_her_arm_says_and_keeps_her_arm(world):
    scenario_id = world.scenario(more=TEST, steps=STEPS)
    wanted = arms_of(f"p{number}" for number in range(12))
    people = {name: world.contact(name) for name in wanted}
    carts = {name: world.cart(person) for name, person in people.items()}
    world.run_until(T0 + 40 * HOUR)
    sent = Message.objects.filter(shop_id=world.shop_id, step="first", state="sent")
    assert {(one.contact.email.partition("@")[0], one.template, one.branch) for one in sent} == {
        (name, {"plain": "reminder", "other": "last_reminder"}[arm], f"everyone/{arm}")
        for name, arm in wanted.items()
    }
    told = step_figures(world.shop_id, scenario_id, planned_from=None)
    by_arm = {
        arm: told[f"everyone/{arm}", "first", "email"].states["sent"] for arm in ("plain", "other")
    }
    assert by_arm == {arm: list(wanted.values()).count(arm) for arm in by_arm}
    assert told["", "first", "email"].states["sent"] == len(wanted)
    lots = ArmAssignment.objects.filter(shop_id=world.shop_id, test="wording")
    assert dict(lots.values_list("key", "arm")) == {
        f"email:{name}@example.test": arm for name, arm in wanted.items()
    }
    # The shares change, she leaves again: her arm stays. An arm that is gone is the first one.
    name = next(name for name, arm in wanted.items() if arm == "other")
    for text, branch in (
        (TEST.replace("plain, share: 0.5", "plain, share: 0.99").replace("other, share: 0.5", "other, share: 0.01"), "everyone/other"),
        (TEST.replace("other", "third"), "everyone/plain"),
    ):  # fmt: skip
        publish_scenario(
            shop_id=world.shop_id, text=f"version: 1\nname: Left\n{text}steps:\n{STEPS}",
            file_name="x", now=world.now,
        )  # fmt: skip
        end_recoveries(
            shop_id=world.shop_id, endings=[Ending(carts[name].id, "reopened")], now=world.now
        )
        carts[name] = world.cart(people[name])
        world.run_until(world.now + 30 * HOUR)
        newest = Recovery.objects.filter(cart_id=carts[name].id).get()
        assert newest.branch == branch


def test_what_was_sent_stays_with_its_version_and_who_moves_stays_in_her_arm(world):
    scenario_id = world.scenario(more=TEST, steps=STEPS)
    ada = world.contact("ada")
    world.cart(ada)
    world.run_until(T0 + 40 * HOUR)
    arm = arms_of(["ada"])["ada"]
    publish_scenario(
        shop_id=world.shop_id, text=f"version: 1\nname: Left\npriority: 60\n{TEST}steps:\n{STEPS}",
        file_name="x", now=world.now,
    )  # fmt: skip
    move_recoveries(shop_id=world.shop_id, scenario_id=scenario_id, now=world.now)
    assert Recovery.objects.get(contact_id=ada.id).branch == f"everyone/{arm}"
    world.run_until(world.now + 3 * DAY)
    catch_up(shop_id=world.shop_id, now=world.now)
    day = T0.date()
    found = table(world.shop_id, Only(day, day + 30 * DAY), by=("version", "step"))
    assert [(row.key["version"], row.key["step"], row.counts["sent"]) for row in found.rows] == [
        (1, "first", 1),
        (2, "second", 1),
    ]
    # The test ends with the next version: those under way go on as everyone does.
    publish_scenario(
        shop_id=world.shop_id, text=f"version: 1\nname: Left\nsteps:\n{STEPS}",
        file_name="x", now=world.now,
    )  # fmt: skip
    bea = world.cart(world.contact("bea"))
    world.run_until(world.now + 30 * HOUR)
    assert Recovery.objects.get(cart_id=bea.id).branch == "everyone"
    assert list_tests(Scenario.objects.get(id=scenario_id)) == ["wording"]


def test_arms_are_judged_by_who_was_drawn_and_what_came_of_it(world):
    scenario_id = world.scenario(more=TEST, steps=STEPS)
    scenario = Scenario.objects.get(shop_id=world.shop_id, id=scenario_id)
    later = T0 + 40 * DAY
    with pytest.raises(NoTest, match="nobody was drawn"):
        judge_test(scenario=scenario, now=later)
    for number in range(20):
        arm = "plain" if number % 2 else "other"
        at = T0 + HOUR if number < 18 else later - DAY
        person = world.contact(f"p{number}")
        ArmAssignment.objects.create(
            shop_id=world.shop_id, scenario_id=scenario_id, test="wording", arm=arm, assigned_at=at,
            key=f"email:p{number}@example.test",
        )  # fmt: skip
        world.order(person, placed_at=at - HOUR, total_minor=77_000)  # before she was drawn
        if number % 3 == 0:
            world.order(person, placed_at=at + DAY, total_minor=9_000, refunded_minor=1_000)
    told = judge_test(scenario=scenario, now=later)
    assert told["people"] == {"plain": 9, "other": 9}
    assert told["sample_ratio"]["expected"] == {"plain": 0.5, "other": 0.5}
    plain, other = told["arms"]
    assert (plain["orders"], plain["revenue"], other["orders"]) == (3, "240.00", 3)
    assert plain["revenue_per_person"]["estimate"] == pytest.approx(240 / 9)
    [difference] = told["differences"]
    assert difference["verdict"] == "not enough data yet"
    assert difference["coupon"] is None
    lines = list(csv_of_test(told))
    assert [len(line) for line in lines] == [len(lines[0])] * 3
    with pytest.raises(NoTest, match="nobody was drawn"):
        judge_test(scenario=scenario, test="another", now=later)
    # Who is erased stays in her arm, with what she bought.
    for person in Contact.objects.filter(
        shop_id=world.shop_id, email__in=["p0@example.test", "p3@example.test"]
    ):
        erase_contact(shop_id=world.shop_id, contact_id=person.id, by="x", now=later)
    assert judge_test(scenario=scenario, now=later) == told


def test_an_arm_has_what_came_after_the_lot_and_the_share_in_force_then(world):
    scenario_id, at, later = world.scenario(more=TEST, steps=STEPS), T0 + HOUR, T0 + 11 * DAY
    scenario = Scenario.objects.get(shop_id=world.shop_id, id=scenario_id)
    uneven = TEST.replace("plain, share: 0.5", "plain, share: 0.8").replace(
        "other, share: 0.5", "other, share: 0.2"
    )
    publish_scenario(
        shop_id=world.shop_id, text=f"version: 1\nname: Left\n{uneven}steps:\n{STEPS}",
        file_name="x", now=T0 + 10 * DAY,
    )  # fmt: skip
    people = [world.contact(f"p{number}") for number in range(7)]
    # The last one was drawn before there was a version that says by which share.
    drawn_at = [at] * 4 + [later] * 2 + [T0 - DAY]
    for number, person in enumerate(people):
        ArmAssignment.objects.create(
            shop_id=world.shop_id, scenario_id=scenario_id, test="wording",
            arm="other" if number % 2 else "plain", assigned_at=drawn_at[number],
            key=f"email:{person.email}",
        )  # fmt: skip
    one, end = people[0], at + 28 * DAY
    another = Scenario.objects.get(id=world.scenario(name="Another"))
    ours, others = (make_recovery(of, left(world, one, T0 - DAY)) for of in (scenario, another))
    for number, (of, sent_at, channel, cost, currency, state) in enumerate(
        (
            (ours, at, "email", 7, "EUR", "sent"),
            (ours, end - HOUR, "sms", 50, "RON", "unknown"),
            (ours, at - HOUR, "email", 100, "EUR", "sent"),
            (ours, end, "email", 100, "EUR", "sent"),
            (ours, at, "agent", 100, "EUR", "sent"),
            (ours, at, "sms", 100, "EUR", "sending"),
            (others, at, "email", 100, "EUR", "sent"),
        )
    ):
        sent = wrote(
            world, one, sent_at, channel, origin_kind="recovery", origin_id=of.id, step=f"s{number}",
            cost_minor=cost, cost_currency=currency,
        )  # fmt: skip
        leased = {"lease_until": end, "settled_at": None} if state == "sending" else {}
        Message.objects.filter(id=sent.id).update(state=state, **leased)
    pool = CouponPool.objects.create(
        shop_id=world.shop_id, id=new_id(T0), name="ten", kind="static", code="TEN", created_at=T0
    )
    theirs = make_recovery(scenario, left(world, people[2], T0 - DAY))
    for person, of in ((one, others), (people[2], theirs)):
        CouponIssue.objects.create(
            shop_id=world.shop_id, id=new_id(T0), pool_id=pool.id, contact_id=person.id, code="TEN",
            origin_kind="recovery", origin_id=of.id, step="first", reserved_at=T0,
        )  # fmt: skip
    for values in (
        {"total_minor": 10_000, "discount_minor": 2_000, "discount_codes": ["TEN"]},
        {"total_minor": 99_000, "currency": "RON"},
        {"total_minor": 99_000, "refunded_minor": 99_000},
        {"total_minor": 99_000, "is_test": True},
        {"total_minor": 99_000, "placed_at": end},
    ):
        world.order(one, **{"placed_at": at, **values})
    change_settings(shop_id=world.shop_id, now=world.now, margin=5_000)
    told = judge_test(scenario=scenario, now=later + 28 * DAY)
    assert told["people"] == {"plain": 4, "other": 3}
    assert told["sample_ratio"]["expected"] == pytest.approx(
        {"plain": (4 * 0.5 + 2 * 0.8 + 1) / 7, "other": (4 * 0.5 + 2 * 0.2) / 7}
    )
    plain = told["arms"][0]
    # What another scenario's coupon took off is no cost of this one.
    assert {name: plain[name] for name in plain if name not in _MEANS} == {
        "arm": "plain", "people": 4, "buyers": 1, "orders": 1, "revenue": "100.00",
        "coupon_orders": 0, "coupon_cost": "0.00", "messages": 2, "message_cost": "0.07",
    }  # fmt: skip
    assert plain["profit_per_person"]["estimate"] == pytest.approx((50 - 0.07) / 4)
    # Seven people in twelve days, of both arms together.
    [difference] = told["differences"]
    missing = difference["people_needed"] - 7
    assert difference["weeks_more"] == ceil(missing / 7 * 12 / 7) > 1


_MEANS = {"conversion", "revenue_per_person", "profit_per_person"}


def test_what_a_coupon_really_bought(world):
    """Six with a coupon of 20 € and six without: twice as many buy, and twice as little is left over."""
    CouponPool.objects.create(
        shop_id=world.shop_id, id=new_id(T0), name="ten", kind="static", code="TEN", created_at=T0
    )
    offer = TEST.replace("template: last_reminder, after: 5h", "coupon: {pool: ten}")
    scenario_id = world.scenario(more=offer, steps=STEPS)
    drawn = arms_of(f"p{number}" for number in range(40))
    people = {arm: [name for name in drawn if drawn[name] == arm][:6] for arm in ("plain", "other")}
    known = {name: world.contact(name) for some in people.values() for name in some}
    for person in known.values():
        world.cart(person)
    world.run_until(T0 + 30 * HOUR)
    issued = CouponIssue.objects.filter(shop_id=world.shop_id)
    assert set(issued.values_list("contact_id", flat=True)) == {
        known[name].id for name in people["other"]
    }
    Message.objects.filter(shop_id=world.shop_id, state="sent").update(
        cost_minor=10, cost_currency="EUR"
    )
    for name in people["plain"][:2]:
        world.order(known[name], placed_at=T0 + 35 * HOUR, total_minor=6_000)
    for name in people["other"][:4]:
        world.order(
            known[name], placed_at=T0 + 35 * HOUR, total_minor=4_000, discount_minor=2_000,
            discount_codes=["ten"],
        )  # fmt: skip
    scenario = Scenario.objects.get(shop_id=world.shop_id, id=scenario_id)
    told = judge_test(scenario=scenario, now=T0 + 40 * DAY)
    plain, other = told["arms"]
    assert (plain["coupon_cost"], other["coupon_orders"], other["coupon_cost"]) == (
        "0.00",
        4,
        "80.00",
    )
    assert (plain["messages"], plain["message_cost"]) == (6, "0.60")
    [difference] = told["differences"]
    assert difference["before_discount_per_person"]["difference"] == pytest.approx(20)
    assert difference["profit_per_person"]["difference"] == pytest.approx((160 - 120) / 6)
    bought = difference["coupon"]
    assert bought["cost"] == "80.00"
    assert (bought["extra_sales"], bought["left_over"]) == pytest.approx((120, 40))
    # Of so few people nothing is certain, and that is told beside the sums, as of a person.
    for sum_of, measure in (
        ("extra_sales", "before_discount_per_person"),
        ("left_over", "profit_per_person"),
    ):
        low, high = bought["always_valid"][sum_of]
        assert low < 0 < bought[sum_of] < high
        assert [low / 6, high / 6] == pytest.approx(difference[measure]["always_valid"]["interval"])
