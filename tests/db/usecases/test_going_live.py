"""CAP-8, SCN-11, SCN-12, SCN-13: publishing, going live, pausing."""

from threading import Thread
from time import sleep

import pytest
from django.db import connection

from ripresa.domain.scenarios.figures import version_of
from ripresa.domain.scenarios.file.document import ScenarioInvalid
from ripresa.domain.scenarios.models import Recovery, Scenario, ScenarioVersion
from ripresa.usecases.advance_carts import advance_carts
from ripresa.usecases.scenarios import activate_scenario
from ripresa.usecases.scenarios.activate_scenario import Activated, NotPossible, Reach
from ripresa.usecases.scenarios.publish_scenario import check_scenario, publish_scenario
from tests.db.usecases.engine_world import DAY, HOUR, T0, make_world
from tests.db.usecases.stepping import Actor

pytestmark = pytest.mark.django_db
ONE = "  - {id: first, after: 0h, send: [email], template: reminder}\n"
TEXT = f"version: 1\nname: Left\n# why it is so\nsteps:\n{ONE}"


@pytest.fixture
def world():
    return make_world()


def activate(world, scenario_id, **options):
    return activate_scenario.activate(
        shop_id=world.shop_id, scenario_id=scenario_id, now=world.now, **options
    )


def test_carts_left_before_get_nothing_and_a_reason(world):
    world.cart(world.contact("ada"))
    world.now = T0 + 2 * HOUR
    scenario_id = world.scenario(steps=ONE, live=False)
    assert activate(world, scenario_id) == Activated(taken_along=0, left_alone=1)
    world.cart(world.contact("ben"))
    world.run_until(T0 + 10 * DAY)
    assert world.trail() == [
        (2, None, "skipped", "before_activation"),
        (26, "first", "sent", "due"),
    ]
    assert world.channel.recipients == ["ben@example.test"]


def test_unless_the_user_says_so_after_being_shown_how_many(world):
    ada = world.contact("ada")
    world.cart(ada)
    world.cart(ada)
    world.cart(world.contact("ben"))
    world.cart(world.contact("bot"), is_bot=True)
    world.run(T0 + 12 * DAY)
    scenario_id = world.scenario(steps=ONE, live=False)
    reach = activate_scenario.count_existing(
        shop_id=world.shop_id, scenario_id=scenario_id, now=world.now
    )
    assert reach == Reach(carts=3, people=2)
    assert activate(world, scenario_id, include_existing=True) == Activated(4, 0)
    world.run_until(T0 + 20 * DAY)
    assert sorted(world.channel.recipients) == ["ada@example.test", "ben@example.test"]


def test_a_cart_another_scenario_has_at_work_stays_there(world):
    world.scenario("first", steps=ONE)
    world.cart(world.contact())
    world.run_until(T0 + 2 * HOUR)
    second = world.scenario("second", more="priority: 90", steps=ONE, live=False)
    assert activate(world, second, include_existing=True) == Activated(0, 1)
    world.run_until(T0 + 5 * DAY)
    assert world.trail() == [(2, None, "skipped", "lower_priority"), (24, "first", "sent", "due")]


def test_a_cart_whose_instant_came_before_but_whose_tick_comes_after(world):
    """The worker was away: the cart was abandoned before the watermark all the same."""
    world.cart(world.contact())
    scenario_id = world.scenario(steps=ONE, live=False)
    Scenario.objects.filter(shop_id=world.shop_id, id=scenario_id).update(
        state="live", activated_at=T0 + 2 * HOUR
    )
    world.run(T0 + 3 * HOUR)
    assert world.trail() == [(3, None, "skipped", "before_activation")]


def test_a_cart_abandoned_while_the_scenario_goes_live_is_not_lost(world, monkeypatch):
    """A worker that still took it for a draft found a cart abandoned, a moment after the watermark."""
    scenario_id = world.scenario(steps=ONE, live=False)
    begin, seen = activate_scenario._begin_for_existing, []

    def beside(scenario, now, **options):
        done = begin(scenario, now, **options)
        if not seen:
            seen.append(world.cart(world.contact(), state="abandoned", left_at=T0 - HOUR,
                                   abandoned_at=T0 + HOUR / 60, due_at=T0 + 30 * DAY))  # fmt: skip
        return done

    monkeypatch.setattr(activate_scenario, "_begin_for_existing", beside)
    assert activate(world, scenario_id) == Activated(taken_along=1, left_alone=0)
    world.run_until(T0 + 5 * DAY)
    assert world.trail() == [(23, "first", "sent", "due")]


def test_only_the_first_going_live_sets_the_watermark(world):
    scenario_id = world.scenario(steps=ONE)
    activate_scenario.pause(shop_id=world.shop_id, scenario_id=scenario_id, why="a look", now=T0)
    world.cart(world.contact())
    world.run_until(T0 + 2 * HOUR)
    activate_scenario.resume(shop_id=world.shop_id, scenario_id=scenario_id, now=world.now)
    world.run_until(T0 + 5 * DAY)
    assert world.trail() == [(24, "first", "sent", "due")]
    assert Scenario.objects.get(shop_id=world.shop_id).activated_at == T0


def test_each_state_allows_what_makes_sense(world):
    scenario_id = world.scenario(steps=ONE, live=False)
    here = {"shop_id": world.shop_id, "scenario_id": scenario_id}
    with pytest.raises(NotPossible, match="is draft, not live"):
        activate_scenario.pause(**here, why="", now=T0)
    activate(world, scenario_id)
    with pytest.raises(NotPossible, match="is live, not draft"):
        activate(world, scenario_id)
    activate_scenario.pause(**here, why="a look", now=T0)
    assert Scenario.objects.get(shop_id=world.shop_id).paused_reason == "a look"
    activate_scenario.resume(**here, now=T0)
    with pytest.raises(NotPossible, match="is live, not paused"):
        activate_scenario.resume(**here, now=T0)


def test_a_changed_file_is_a_new_version_and_the_same_one_is_none(world):
    def publish(text):
        return publish_scenario(shop_id=world.shop_id, text=text, file_name="x.yaml", now=T0)

    first, again = publish(TEXT), publish(TEXT)
    assert (first.version, first.is_new_version) == (1, True)
    assert (again.version, again.is_new_version) == (1, False)
    changed = publish(TEXT.replace("0h", "1h"))
    assert (changed.version, changed.scenario_id) == (2, first.scenario_id)
    assert ScenarioVersion.objects.filter(shop_id=world.shop_id).count() == 2


def test_recoveries_under_way_finish_on_their_version(world):
    world.scenario(text=TEXT)
    world.cart(world.contact("ada"))
    world.run_until(T0 + 2 * HOUR)
    changed = TEXT.replace("0h", "5h")
    publish_scenario(shop_id=world.shop_id, text=changed, file_name="x.yaml", now=world.now)
    world.cart(world.contact("ben"))
    world.run_until(T0 + 5 * DAY)
    assert world.trail() == [(24, "first", "sent", "due"), (31, "first", "sent", "due")]
    numbers = Recovery.objects.filter(shop_id=world.shop_id).order_by("abandoned_at")
    assert list(numbers.values_list("version__number", flat=True)) == [1, 2]


def test_export_gives_the_file_back_word_for_word(world):
    world.scenario(text=TEXT)
    text = version_of(Scenario.objects.get(shop_id=world.shop_id, name="Left")).text
    assert text == TEXT
    assert check_scenario(text, file_name="x.yaml", shop=world.shop).name == "Left"


def test_a_file_that_is_wrong_changes_nothing(world):
    with pytest.raises(ScenarioInvalid):
        publish_scenario(
            shop_id=world.shop_id, text=TEXT.replace("reminder", "remindr"), file_name="x", now=T0
        )
    assert not Scenario.objects.filter(shop_id=world.shop_id).exists()


@pytest.mark.django_db(transaction=True)
def test_going_live_waits_for_workers_that_still_see_a_draft():
    """A worker has read the scenarios and not committed yet: its cart is found once it has."""
    world = make_world()
    scenario_id = world.scenario(steps=ONE, live=False)
    world.cart(world.contact(), left_at=T0 - HOUR, due_at=T0 + HOUR / 60)
    worker = Actor("worker", [])
    try:
        worker.begin(lambda: advance_carts(shop_id=world.shop_id, now=T0 + HOUR / 30))
        while worker.at != "commit":
            worker.step()
        done = []
        merchant = Thread(
            target=lambda: (done.append(activate(world, scenario_id)), connection.close())
        )
        merchant.start()
        while not Scenario.objects.filter(shop_id=world.shop_id, state="live").exists():
            sleep(0.01)
        while worker.at != "idle":
            worker.step()
        merchant.join()
    finally:
        worker.stop()
    assert done == [Activated(taken_along=1, left_alone=0)]
