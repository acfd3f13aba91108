"""`ripresa scenario pause, resume, end, versions, move`, as a person and as a program use them."""

import json

import pytest

from ripresa.domain.scenarios.models import Scenario
from ripresa.entrypoints.cli.problem import Problem
from ripresa.usecases.scenarios.publish_scenario import publish_scenario
from tests.commands import commands
from tests.db.usecases.engine_world import HOUR, STEPS, T0, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def ripresa(world, monkeypatch):
    """Run a command of `ripresa scenario` on the world's clock; a problem is raised as it is."""
    run = commands(monkeypatch, lambda: world.now, shop=world.shop.slug)
    return lambda *words: run("scenario", *words).stdout


def test_moving_what_runs_to_the_newest_version(world, ripresa):
    world.scenario(steps=STEPS)
    world.cart(world.contact())
    world.run_until(T0 + 25 * HOUR)
    text = f"version: 1\nname: Left\nsteps:\n{STEPS.replace('third', 'other')}"
    publish_scenario(shop_id=world.shop_id, text=text, file_name="x", now=world.now)
    assert ripresa("versions", "Left") == (
        "version 2 of 2026-10-04 16:00 UTC: 0 waiting, 0 with messages planned\n"
        "version 1 of 2026-10-03 15:00 UTC: 0 waiting, 1 with messages planned\n"
    )
    assert json.loads(ripresa("move", "Left", "--json")) == {
        "recoveries": 1, "left_alone": 0, "replanned": 1, "added": 1, "cancelled": 1,
    }  # fmt: skip
    assert ripresa("move", "Left").startswith("Recoveries moved: 0.")
    (newest,) = json.loads(ripresa("versions", "Left", "--json"))
    assert (newest["number"], newest["active"]) == (2, 1)


def test_pause_resume_and_end(world, ripresa):
    world.scenario()
    world.cart(world.contact())
    world.run_until(T0 + 2 * HOUR)
    scenario = Scenario.objects.get(shop_id=world.shop_id)
    ripresa("pause", "Left", "--why", "new prices")
    scenario.refresh_from_db()
    assert (scenario.state, scenario.paused_reason) == ("paused", "new prices")
    ripresa("resume", "Left")
    assert json.loads(ripresa("end", "Left", "--yes", "--json")) == {"cancelled": 1}
    for again in ("pause", "resume"):
        with pytest.raises(Problem, match="is ended, not"):
            ripresa(again, "Left")
    with pytest.raises(Problem, match="has no scenario 'Right'; it has: 'Left'"):
        ripresa("move", "Right")
