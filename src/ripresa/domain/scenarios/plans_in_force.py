"""The plans on which scenarios run. A version never changes, so each is read once a process."""

from functools import lru_cache, partial
from uuid import UUID

import msgspec

from ripresa.core import query
from ripresa.domain.scenarios.models import Scenario, ScenarioVersion
from ripresa.domain.scenarios.plan import Plan, load_plan
from ripresa.domain.scenarios.rules import Contender

run = partial(query.run, "ripresa.domain.scenarios")


def contenders(shop_id: int) -> list[Contender]:
    """The shop's scenarios that are live or paused, each on its newest version."""
    return [
        Contender(scenario_id, version_id, activated_at, load_plan(plan))
        for scenario_id, version_id, activated_at, plan in run("contenders", shop_id=shop_id)
    ]


def plans_of_all(shop_id: int) -> dict[str, Plan]:
    """The newest plan of every scenario of the shop that has not ended, by its name."""
    found = Scenario.objects.filter(shop_id=shop_id).exclude(state="ended")
    return {
        name: plan_of(shop_id, version_id)
        for name, version_id in found.values_list("name", "version_id")
    }


def live_over(shop_id: int, segment: str) -> list[str]:
    """The live scenarios whose audience is a segment, by name."""
    live = Scenario.objects.filter(shop_id=shop_id, state="live").order_by("name")
    return [
        name
        for name, version_id in live.values_list("name", "version_id")
        if plan_of(shop_id, version_id).audience.segment == segment
    ]


@lru_cache(maxsize=1024)
def plan_of(shop_id: int, version_id: UUID) -> Plan:
    """The plan of one version."""
    version = ScenarioVersion.objects.only("plan").get(shop_id=shop_id, id=version_id)
    return msgspec.convert(version.plan, type=Plan)
