"""Hand-over on real rows: each reason with its name, and a hold is told once."""

from datetime import timedelta

import pytest

from ripresa.core.ids import new_id
from ripresa.domain.carts.models import Cart
from ripresa.domain.contacts.models import Contact, Suppression
from ripresa.domain.messages.models import Message
from ripresa.domain.messages.operations import release_held
from ripresa.domain.scenarios.models import Recovery
from ripresa.domain.scenarios.operations import cancel_channel
from ripresa.usecases.scenarios import activate_scenario
from tests.db.usecases.engine_world import DAY, HOUR, T0, make_world

pytestmark = pytest.mark.django_db
ONE = "  - {id: first, after: 0h, send: [email], template: reminder}\n"
TWO = f"{ONE}  - {{id: second, after: 1h, send: [email], template: reminder}}\n"


@pytest.fixture
def world():
    return make_world()


def one_step(world, more="", **contact):
    world.scenario(more=more, steps=ONE)
    person = world.contact(**contact)
    return person, world.cart(person)


def test_no_email(world):
    one_step(world, email=None, phone="+393331234567")
    world.run_until(T0 + 2 * DAY)
    assert world.trail() == [(24, "first", "skipped", "no_email")]
    assert world.states(Recovery) == ["done"]


@pytest.mark.parametrize(
    ("basis", "consent", "outcome", "reason", "rule"),
    [
        ("consent", "granted", "sent", "due", "consent/consent@2"),
        ("consent", "unknown", "skipped", "no_consent", None),
        ("consent", "denied", "skipped", "no_consent", None),
        ("any", "unknown", "sent", "due", "any/not_refused@2"),
        ("any", "denied", "skipped", "no_consent", None),
        ("by_country", "unknown", "sent", "due", "by_country/IT/one_reminder@2"),
        ("by_country", "denied", "skipped", "no_consent", None),
    ],
)
def test_consent(world, basis, consent, outcome, reason, rule):
    one_step(world, f"legal_basis: {basis}", consent_email=consent)
    world.run_until(T0 + 2 * DAY)
    assert world.trail() == [(24, "first", outcome, reason)]
    assert Message.objects.get(shop_id=world.shop_id).rule == rule


def test_a_suppressed_address(world):
    one_step(world)
    Suppression.objects.create(
        shop_id=world.shop_id, id=new_id(T0), channel="email", address="ada@example.test",
        cause="complaint", created_at=T0,
    )  # fmt: skip
    world.run_until(T0 + 2 * DAY)
    assert world.trail() == [(24, "first", "skipped", "suppressed")]


@pytest.mark.parametrize(
    ("order", "outcome"),
    [
        ({}, "skipped"),
        ({"origin": "staff"}, "skipped"),
        ({"refunded_minor": 10}, "skipped"),
        ({"cancelled_at": T0}, "sent"),
        ({"refunded_minor": 1000}, "sent"),
        ({"is_test": True}, "sent"),
        ({"origin": "draft"}, "sent"),
        ({"origin": "renewal"}, "sent"),
        ({"placed_at": None}, "sent"),
        ({"placed_at": T0 - 6 * DAY}, "sent"),
        ({"total_minor": 0}, "skipped"),
    ],
)
def test_a_recent_order_skips_the_step_and_some_orders_do_not_count(world, order, outcome):
    person, _ = one_step(world, "limits: {not_after_order: 7d}")
    world.order(person, **order)
    world.run_until(T0 + 2 * DAY)
    reason = "recent_order" if outcome == "skipped" else "due"
    assert world.trail() == [(24, "first", outcome, reason)]


def test_a_test_cart_and_a_crawler(world):
    world.scenario(steps=ONE)
    world.cart(world.contact("ada"), is_test=True)
    world.cart(world.contact("bot"), is_bot=True)
    world.run_until(T0 + 2 * DAY)
    assert sorted(world.trail(), key=str) == [
        (24, "first", "skipped", "test_order"),
        (24, None, "skipped", "bot"),
    ]
    assert world.states(Recovery) == ["done", "skipped"]


def test_quiet_hours_hold_until_the_window_opens(world):
    # T0 is 17:00 in Rome; taken up at 17:00 the next day.
    one_step(world, "quiet_hours: {email: {from: '09:00', until: '16:00'}}")
    world.run_until(T0 + 3 * DAY)
    assert world.trail() == [(24, "first", "held", "quiet_hours"), (40, "first", "sent", "due")]


def test_the_recipient_s_own_zone_counts(world):
    # 17:00 in Rome is noon in Lima.
    one_step(
        world, "quiet_hours: {email: {from: '09:00', until: '16:00'}}", timezone="America/Lima"
    )
    world.run_until(T0 + 3 * DAY)
    assert world.trail() == [(24, "first", "sent", "due")]


def test_two_steps_never_come_closer_than_the_cap(world):
    world.scenario(more="limits: {not_more_often_than: 24h}", steps=TWO)
    world.cart(world.contact())
    world.run_until(T0 + 5 * DAY)
    assert world.trail() == [
        (24, "first", "sent", "due"),
        (25, "second", "held", "cap"),
        (48, "second", "sent", "due"),
    ]


def test_the_shop_s_floor_holds_across_scenarios(world):
    world.set(min_gap=6 * HOUR)
    world.scenario("carts", more="trigger: {on: cart}", steps=ONE)
    world.scenario("checkouts", more="trigger: {on: checkout}", steps=ONE)
    person = world.contact()
    world.cart(person)
    world.cart(person, kind="checkout", left_at=T0 + HOUR, due_at=T0 + 2 * HOUR)
    world.run_until(T0 + 5 * DAY)
    assert world.trail() == [
        (24, "first", "sent", "due"),
        (25, "first", "held", "cap"),
        (30, "first", "sent", "due"),
    ]


def test_the_number_in_thirty_days(world):
    world.scenario(
        more="limits: {max_messages_per_30d: 1}\nstale_after: 60d",
        steps=ONE + "  - {id: second, after: 1d, send: [email], template: reminder}\n",
    )
    world.set(expires_after=90 * DAY)
    world.cart(world.contact())
    world.run_until(T0 + 60 * DAY)
    assert world.trail() == [
        (24, "first", "sent", "due"),
        (48, "second", "held", "cap"),
        (24 * 31, "second", "sent", "due"),
    ]


def test_steps_due_together_see_each_other_in_order(world):
    world.set(min_gap=2 * HOUR)
    world.scenario(steps=TWO.replace("after: 1h", "after: 0h"))
    world.cart(world.contact())
    world.run_until(T0 + 3 * DAY)
    assert world.trail() == [
        (24, "first", "sent", "due"),
        (24, "second", "held", "cap"),
        (26, "second", "sent", "due"),
    ]


def test_a_stopped_shop_holds_tells_it_once_and_goes_on(world):
    one_step(world)
    world.set(stopped_at=T0)
    world.run_until(T0 + DAY + HOUR)
    assert world.trail() == [(24, "first", "held", "stopped")]
    world.set(stopped_at=None)
    release_held(shop_id=world.shop_id, now=world.now)
    world.run()
    assert world.trail()[1:] == [(25, "first", "sent", "due")]


def test_a_stopped_shop_goes_on_by_itself_within_minutes(world):
    one_step(world)
    world.set(stopped_at=T0)
    world.run_until(T0 + DAY + HOUR)
    world.set(stopped_at=None)
    world.run_until(T0 + 2 * DAY)
    hours, *rest = world.trail()[1]
    assert rest == ["first", "sent", "due"]
    assert hours - 25 <= 5 / 60


def test_a_paused_scenario_holds_and_on_resume_what_is_still_due_goes_out(world):
    scenario_id = world.scenario(steps=TWO.replace("after: 1h", "after: 100h"))
    world.cart(world.contact())
    activate_scenario.pause(shop_id=world.shop_id, scenario_id=scenario_id, why="a look", now=T0)
    world.run_until(T0 + 30 * HOUR)
    assert world.trail() == [(24, "first", "held", "paused")]
    activate_scenario.resume(shop_id=world.shop_id, scenario_id=scenario_id, now=world.now)
    world.run_until(T0 + 6 * DAY)
    assert world.trail()[1:] == [(30, "first", "sent", "due"), (124, "second", "sent", "due")]


def test_what_is_too_late_or_overtaken_is_stale(world):
    scenario_id = world.scenario(more="stale_after: 24h", steps=TWO)
    world.cart(world.contact())
    activate_scenario.pause(shop_id=world.shop_id, scenario_id=scenario_id, why="a look", now=T0)
    world.run_until(T0 + 48 * HOUR + timedelta(minutes=30))
    activate_scenario.resume(shop_id=world.shop_id, scenario_id=scenario_id, now=world.now)
    world.run()
    assert [row[1:] for row in world.trail()[2:]] == [
        ("first", "skipped", "stale"),
        ("second", "sent", "due"),
    ]


def test_a_step_that_a_later_one_overtook_is_stale(world):
    world.scenario(steps=TWO)
    world.cart(world.contact())
    world.run_until(T0 + DAY - HOUR)
    world.run_until(T0 + DAY)
    first = Message.objects.get(shop_id=world.shop_id, step="first")
    second = Message.objects.get(shop_id=world.shop_id, step="second")
    Message.objects.filter(shop_id=world.shop_id, id=first.id).update(
        state="planned", due_at=T0 + 26 * HOUR, handed_over_at=None, departed_at=None
    )
    world.run_until(T0 + 27 * HOUR)
    assert world.trail()[-1] == (26, "first", "skipped", "stale")
    assert Message.objects.get(id=second.id, shop_id=world.shop_id).state == "sent"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"state": "recovered"}, "ordered"),
        ({"state": "ordered"}, "ordered"),
        ({"state": "closed"}, "closed"),
        ({"state": "emptied"}, "emptied"),
        ({"state": "open"}, "reopened"),
        ({"left_at": T0 + HOUR}, "reopened"),
    ],
)
def test_a_cart_that_no_longer_waits_cancels_by_itself(world, change, reason):
    """The fold says so at once; this is the second lock on the door."""
    _, cart = one_step(world)
    world.run_until(T0 + DAY - HOUR)
    Message.objects.filter(shop_id=world.shop_id).delete()
    Recovery.objects.filter(shop_id=world.shop_id).update(state="waiting", due_at=T0 + DAY)
    world.set(stopped_at=T0)
    world.run_until(T0 + DAY)
    Cart.objects.filter(shop_id=world.shop_id, id=cart.id).update(due_at=None, **change)
    world.set(stopped_at=None)
    world.run_until(T0 + 2 * DAY)
    assert [row[2:] for row in world.trail()] == [("held", "stopped"), ("cancelled", reason)]


def test_an_unsubscribe_cancels_what_is_planned_with_a_reason_for_each(world):
    world.scenario()
    person = world.contact()
    world.cart(person)
    world.run_until(T0 + DAY)
    Contact.objects.filter(shop_id=world.shop_id, id=person.id).update(consent_email="denied")
    cancel_channel(
        shop_id=world.shop_id, contact_ids=[person.id], channel="email",
        reason="unsubscribed", now=world.now,
    )  # fmt: skip
    assert world.trail()[1:] == [
        (24, "second", "cancelled", "unsubscribed"),
        (24, "third", "cancelled", "unsubscribed"),
    ]
    assert world.states(Recovery) == ["done"]


def test_whoever_has_an_order_that_is_not_folded_waits_undecided(world):
    person, cart = one_step(world)
    world.run_until(T0 + DAY - HOUR)
    inbox = [
        world.accept_order(key)
        for key in (f"email:{person.email}", f"token:{cart.token}", f"checkout:{cart.checkout_id}")
    ]
    from ripresa.domain.inbox.models import PendingOrderKey

    world.run(T0 + DAY)
    for inbox_id in inbox:
        assert world.trail() == []
        assert world.channel.mails == []
        PendingOrderKey.objects.filter(shop_id=world.shop_id, inbox_id=inbox_id).delete()
        world.run()
    assert world.trail() == [(24, "first", "sent", "due")]


def test_an_order_of_somebody_else_holds_nobody(world):
    one_step(world)
    world.accept_order("email:ben@example.test", "token:other", "phone:+39000")
    world.run_until(T0 + DAY)
    assert world.trail() == [(24, "first", "sent", "due")]


def test_many_who_wait_for_the_fold_do_not_stand_in_the_way_of_others(world):
    world.scenario(steps=ONE)
    for number in range(40):
        person = world.contact(f"early{number}")
        world.cart(person)
        world.accept_order(f"email:{person.email}")
    world.cart(world.contact("late"), left_at=T0 + timedelta(minutes=1))
    world.run(T0 + DAY + HOUR)
    world.run()
    assert world.channel.recipients == ["late@example.test"]
