"""Versions (SCN-12): recoveries finish on theirs, unless they are moved on purpose."""

import pytest

from ripresa.domain.messages.models import Decision, Message
from ripresa.domain.scenarios import figures
from ripresa.domain.scenarios.figures import VersionFigures
from ripresa.domain.scenarios.models import Recovery, Scenario
from ripresa.usecases.advance_carts import advance_carts
from ripresa.usecases.hand_over import hand_over
from ripresa.usecases.scenarios.move_recoveries import Moved, move_recoveries
from ripresa.usecases.scenarios.publish_scenario import publish_scenario
from ripresa.usecases.take_up_recoveries import take_up_recoveries
from tests.db.usecases.engine_world import DAY, HOUR, T0, make_world

pytestmark = pytest.mark.django_db
FIRST = "  - {id: first, after: 0h, send: [email], template: reminder}\n"
SECOND = "  - {id: second, after: 2d, send: [email], template: second_reminder}\n"
THIRD = "  - {id: third, after: 7d, send: [email], template: last_reminder}\n"


@pytest.fixture
def world():
    return make_world()


def publish(world, *steps, head=""):
    text = f"version: 1\nname: Left\n{head}steps:\n{''.join(steps)}"
    publish_scenario(shop_id=world.shop_id, text=text, file_name="x", now=world.now)


def move(world, scenario_id):
    return move_recoveries(shop_id=world.shop_id, scenario_id=scenario_id, now=world.now)


def planned(world):
    rows = Message.objects.filter(shop_id=world.shop_id).order_by("planned_for", "step_number")
    return [
        (one.step, one.step_number, one.template, (one.planned_for - T0) / HOUR, one.state)
        for one in rows
    ]


def test_moved_on_purpose_they_follow_the_newest_version(world):
    scenario_id = world.scenario(steps=FIRST + SECOND + THIRD)
    world.cart(world.contact())
    world.run_until(T0 + 26 * HOUR)
    publish(world, FIRST, THIRD.replace("7d", "3d"), SECOND.replace("second_", "last_"))
    world.run_until(T0 + 27 * HOUR)
    assert move(world, scenario_id) == Moved(recoveries=1, replanned=2)
    assert planned(world) == [
        ("first", 1, "reminder", 24, "sent"),
        ("third", 2, "last_reminder", 24 + 72, "planned"),
        ("second", 3, "last_reminder", 24 + 72 + 48, "planned"),
    ]
    world.run_until(T0 + 30 * DAY)
    assert world.trail() == [
        (24, "first", "sent", "due"),
        (96, "third", "sent", "due"),
        (144, "second", "sent", "due"),
    ]
    assert world.states(Recovery) == ["done"]


def test_a_step_that_is_gone_is_cancelled_by_hand(world):
    scenario_id = world.scenario(steps=FIRST + SECOND + THIRD)
    world.cart(world.contact())
    world.run_until(T0 + 26 * HOUR)
    publish(world, FIRST, THIRD.replace("third", "other"))
    assert move(world, scenario_id) == Moved(recoveries=1, added=1, cancelled=2)
    world.run_until(T0 + 30 * DAY)
    assert world.trail() == [
        (24, "first", "sent", "due"),
        (26, "second", "cancelled", "by_hand"),
        (26, "third", "cancelled", "by_hand"),
        (24 + 7 * 24, "other", "sent", "due"),
    ]


def test_where_nothing_is_left_to_send_it_is_done(world):
    scenario_id = world.scenario(steps=FIRST + SECOND)
    world.cart(world.contact())
    world.run_until(T0 + 26 * HOUR)
    publish(world, FIRST)
    assert move(world, scenario_id) == Moved(recoveries=1, cancelled=1)
    assert world.states(Recovery) == ["done"]


def test_one_that_waits_is_taken_up_when_the_newest_version_says_so(world):
    scenario_id = world.scenario(steps=FIRST)
    world.cart(world.contact())
    world.run_until(T0 + 2 * HOUR)
    publish(world, FIRST, head="trigger: {idle: 48h}\n")
    assert move(world, scenario_id) == Moved(recoveries=1)
    world.run_until(T0 + 5 * DAY)
    assert world.trail() == [(48, "first", "sent", "due")]


def test_one_that_would_have_been_taken_up_by_now_is_taken_up_now(world):
    scenario_id = world.scenario(steps=FIRST)
    world.cart(world.contact())
    world.run_until(T0 + 10 * HOUR)
    publish(world, FIRST, head="trigger: {idle: 2h}\n")
    assert move(world, scenario_id) == Moved(recoveries=1)
    world.run_until(T0 + 5 * DAY)
    assert world.trail() == [(10, "first", "sent", "due")]


def test_a_branch_that_is_gone_ends_its_recoveries_where_they_are(world):
    scenario_id = world.scenario(
        text=f"version: 1\nname: Left\nbranches:\n- name: all\n  steps:\n{FIRST}{SECOND}"
    )
    world.cart(world.contact())
    world.run_until(T0 + 26 * HOUR)
    publish(world, FIRST, SECOND)
    assert move(world, scenario_id) == Moved(cancelled=1)
    (run,) = Recovery.objects.filter(shop_id=world.shop_id)
    assert (run.state, run.branch, run.version.number) == ("done", "all", 1)


def test_what_is_being_sent_is_left_alone(world):
    scenario_id = world.scenario(steps=FIRST + SECOND)
    world.cart(world.contact())
    world.run_until(T0 + 2 * HOUR)
    world.now = T0 + 24 * HOUR
    advance_carts(shop_id=world.shop_id, now=world.now)
    take_up_recoveries(shop_id=world.shop_id, now=world.now)
    assert len(hand_over(shop_id=world.shop_id, now=world.now, room=5, lease=HOUR).claimed) == 1
    publish(world, FIRST, THIRD)
    assert move(world, scenario_id) == Moved(left_alone=1)
    assert sorted(one[0] for one in planned(world)) == ["first", "second"]


def test_others_and_other_shops_stay_where_they_are(world):
    elsewhere = make_world()
    for one in (world, elsewhere):
        one.scenario(steps=FIRST + SECOND)
        one.cart(one.contact())
        one.run_until(T0 + 26 * HOUR)
        publish(one, FIRST, THIRD)
    scenario = Scenario.objects.get(shop_id=world.shop_id)
    move(world, scenario.id)
    assert not Decision.objects.filter(shop_id=elsewhere.shop_id, reason="by_hand").exists()
    assert [run.version.number for run in Recovery.objects.filter(shop_id=elsewhere.shop_id)] == [1]


def test_how_many_run_on_which_version(world):
    scenario_id = world.scenario(steps=FIRST + SECOND)
    scenario = Scenario.objects.get(shop_id=world.shop_id, id=scenario_id)
    world.cart(world.contact("ada"))
    world.run_until(T0 + 26 * HOUR)
    world.cart(world.contact("ben"))
    world.run_until(T0 + 28 * HOUR)
    publish(world, FIRST, THIRD)
    world.cart(world.contact("cleo"))
    world.run_until(T0 + 30 * HOUR)
    scenario.refresh_from_db()
    assert figures.version_figures(scenario) == [
        VersionFigures(2, T0 + 28 * HOUR, is_newest=True, waiting=1, active=0),
        VersionFigures(1, T0, is_newest=False, waiting=1, active=1),
    ]
    move(world, scenario_id)
    assert figures.version_figures(scenario) == [
        VersionFigures(2, T0 + 28 * HOUR, is_newest=True, waiting=2, active=1)
    ]


def test_by_pages(world, monkeypatch):
    monkeypatch.setattr("ripresa.usecases.scenarios.move_recoveries.PAGE", 2)
    scenario_id = world.scenario(steps=FIRST + SECOND)
    for number in range(5):
        world.cart(world.contact(f"p{number}"))
    world.run_until(T0 + 26 * HOUR)
    publish(world, FIRST, THIRD)
    assert move(world, scenario_id) == Moved(recoveries=5, added=5, cancelled=5)
    assert move(world, scenario_id) == Moved()


def test_caps_count_a_step_once_whatever_its_number_was(world):
    """The first step is gone, the second one moves up to its number, the third follows at a distance."""
    scenario_id = world.scenario(steps=FIRST + SECOND + THIRD)
    world.cart(world.contact())
    world.run_until(T0 + 4 * DAY)
    head = "limits: {not_more_often_than: 3d}\n"
    publish(world, SECOND.replace("2d", "0h"), THIRD.replace("7d", "2d"), head=head)
    assert move(world, scenario_id) == Moved(recoveries=1, replanned=1)
    assert [(step, number) for step, number, *_ in planned(world)] == [
        ("first", -1),
        ("second", 1),
        ("third", 2),
    ]
    world.run_until(T0 + 30 * DAY)
    assert world.trail()[1:] == [
        (72, "second", "sent", "due"),
        (96, "third", "held", "cap"),
        (144, "third", "sent", "due"),
    ]
