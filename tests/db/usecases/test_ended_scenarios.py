"""A scenario that is ended wants no cart any more; what it had planned is cancelled, its trail stays."""

import pytest

from ripresa.domain.scenarios.file.document import ScenarioInvalid
from ripresa.domain.scenarios.models import Recovery, Scenario, ScenarioVersion
from ripresa.usecases.advance_carts import advance_carts
from ripresa.usecases.scenarios import activate_scenario
from ripresa.usecases.scenarios.activate_scenario import NotPossible
from ripresa.usecases.scenarios.end_scenario import end_scenario
from ripresa.usecases.take_up_recoveries import take_up_recoveries
from tests.db.usecases.engine_world import DAY, HOUR, T0, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return make_world()


def end(world, scenario_id):
    return end_scenario(shop_id=world.shop_id, scenario_id=scenario_id, now=world.now)


def test_what_is_planned_is_cancelled_and_what_waits_is_over(world):
    scenario_id = world.scenario()
    world.cart(world.contact("ada"))
    world.run_until(T0 + 26 * HOUR)
    world.cart(world.contact("ben"))
    world.run_until(T0 + 28 * HOUR)
    assert end(world, scenario_id) == 2
    world.run_until(T0 + 20 * DAY)
    assert world.trail() == [
        (24, "first", "sent", "due"),
        (28, "second", "cancelled", "scenario_ended"),
        (28, "third", "cancelled", "scenario_ended"),
    ]
    runs = Recovery.objects.filter(shop_id=world.shop_id)
    assert set(runs.values_list("state", "reason")) == {("cancelled", "scenario_ended")}


def test_it_takes_no_cart_any_more_and_leaves_them_to_others(world):
    scenario_id = world.scenario("Ended", more="priority: 90")
    world.scenario("Other")
    end(world, scenario_id)
    world.cart(world.contact())
    world.run_until(T0 + 2 * HOUR)
    (run,) = Recovery.objects.filter(shop_id=world.shop_id)
    assert (run.scenario.name, run.state) == ("Other", "waiting")


def test_a_recovery_that_began_in_the_same_moment_ends_at_its_taking_up(world):
    scenario_id = world.scenario()
    world.cart(world.contact())
    world.now = T0 + HOUR
    advance_carts(shop_id=world.shop_id, now=world.now)
    # As a worker leaves it that read the scenario before it was ended, and committed after.
    Scenario.objects.filter(shop_id=world.shop_id, id=scenario_id).update(state="ended")
    take_up_recoveries(shop_id=world.shop_id, now=T0 + 24 * HOUR)
    (run,) = Recovery.objects.filter(shop_id=world.shop_id)
    assert (run.state, run.reason) == ("cancelled", "scenario_ended")


def test_a_paused_one_can_be_ended_and_an_ended_one_is_ended_for_good(world):
    scenario_id = world.scenario()
    here = {"shop_id": world.shop_id, "scenario_id": scenario_id}
    activate_scenario.pause(**here, why="a look", now=T0)
    end(world, scenario_id)
    scenario = Scenario.objects.get(shop_id=world.shop_id)
    assert (scenario.state, scenario.paused_reason) == ("ended", "")
    for again in (
        lambda: activate_scenario.activate(**here, now=T0),
        lambda: activate_scenario.resume(**here, now=T0),
        lambda: end(world, scenario_id),
    ):
        with pytest.raises(NotPossible, match="is ended, not"):
            again()


def test_its_name_is_taken_and_a_file_of_that_name_says_so(world):
    end(world, world.scenario())
    with pytest.raises(ScenarioInvalid, match=r"test\.yaml:2: name: 'Left' has ended for good"):
        world.scenario(more="priority: 90", live=False)
    assert ScenarioVersion.objects.filter(shop_id=world.shop_id).count() == 1
    assert world.scenario("Left again", live=False)


def test_a_draft_has_nothing_to_end(world):
    scenario_id = world.scenario(live=False)
    with pytest.raises(NotPossible, match="is draft, not live or paused"):
        end(world, scenario_id)


def test_by_pages(world, monkeypatch):
    monkeypatch.setattr("ripresa.usecases.scenarios.end_scenario.PAGE", 2)
    scenario_id = world.scenario()
    for number in range(5):
        world.cart(world.contact(f"p{number}"))
    world.run_until(T0 + 2 * HOUR)
    assert end(world, scenario_id) == 5
