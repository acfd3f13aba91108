"""The demo's shop is made once; what somebody then did with it outlives a start of the demo."""

from dataclasses import asdict

import pytest

from ripresa.domain.scenarios.models import Scenario, ScenarioVersion
from ripresa.domain.shops.models import Shop
from ripresa.entrypoints.demo.memory import Memory
from ripresa.entrypoints.demo.seed import seed
from ripresa.usecases.scenarios.publish_scenario import publish_scenario
from tests.rows import DAY, SCENARIO_TEXT, T0

pytestmark = pytest.mark.django_db


def test_a_second_start_switches_nothing_on_and_publishes_nothing(tmp_path):
    memory = Memory.of(tmp_path)
    seed(memory, store_url="http://localhost:8300", now=T0)
    shop = Shop.objects.get(slug="bottega")
    assert [one.state for one in Scenario.objects.filter(shop=shop)] == ["live"]
    own = SCENARIO_TEXT.replace("name: ", "name: My ", 1)
    publish_scenario(shop_id=shop.id, text=own, file_name="own.yaml", now=T0)
    Scenario.objects.filter(shop=shop, state="live").update(state="paused")
    Shop.objects.update(second_person=True)
    before = asdict(memory), ScenarioVersion.objects.count()
    seed(memory, store_url="http://localhost:9300", now=T0 + DAY)
    states = Scenario.objects.filter(shop=shop).values_list("state", flat=True)
    assert sorted(states) == ["draft", "paused"]
    assert (asdict(memory), ScenarioVersion.objects.count()) == before
    assert Shop.objects.get(slug="bottega").store_url == "http://localhost:9300"
