"""A plan stored before branches and languages were lists still says the same afterwards."""

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from ripresa.domain.scenarios.models import ScenarioVersion
from ripresa.domain.scenarios.plan import Branch
from ripresa.domain.scenarios.plans_in_force import plan_of
from tests.rows import make_plan
from tests.world import build_world

pytestmark = pytest.mark.django_db

# As the first version of the program wrote it: one branch, one language.
STORED = {
    "name": "Left in the cart", "language": "it", "trigger": "cart", "legal_basis": "consent",
    "idle": {"months": 0, "seconds": 86400}, "stale_after": {"months": 0, "seconds": 259200},
    "priority": 50, "not_more_often_than": {"months": 0, "seconds": 86400},
    "not_after_order": {"months": 0, "seconds": 604800}, "max_messages_per_30d": None,
    "quiet_hours": {"email": {"start": 540, "until": 1200, "zone": None}},
    "sender": {"name": "Ada's Wines", "email": "ciao@wines.test", "reply_to": ""},
    "on_reabandon": "restart", "on_second_cart": "newest",
    "branch": {"name": "everyone", "steps": [
        {"id": "first", "after": {"months": 0, "seconds": 0}, "base": "abandoned",
         "channels": ["email"], "template": "reminder", "by_agent": False},
        {"id": "second", "after": {"months": 0, "seconds": 172800}, "base": "previous",
         "channels": ["email"], "template": "second_reminder", "by_agent": False},
        {"id": "last", "after": {"months": 0, "seconds": 604800}, "base": "previous",
         "channels": ["email"], "template": "last_reminder", "by_agent": False},
    ]},
}  # fmt: skip


def _lay(*, back: bool = False) -> None:
    loader = MigrationLoader(connection)
    key = ("scenarios", "0003_plan_branches")
    migration, state = loader.get_migration(*key), loader.project_state(key, at_end=False)
    with connection.cursor() as cursor:
        # PostgreSQL alters no table whose rows still wait for a deferred check.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with connection.schema_editor(atomic=False) as editor:
        (migration.unapply if back else migration.apply)(state, editor)


def _versions():
    return dict(ScenarioVersion.objects.order_by("id").values_list("id", "plan"))


def test_a_plan_of_one_branch_loads_as_it_was():
    world = build_world()
    version_id = world.scenario.version_id
    ScenarioVersion.objects.filter(id=version_id).update(plan=STORED)
    others = {key: plan for key, plan in _versions().items() if key != version_id}
    _lay()
    assert plan_of(world.shop.id, version_id) == make_plan()
    assert {key: plan for key, plan in _versions().items() if key != version_id} == others


def test_the_way_back_loses_no_branch():
    build_world()
    version = ScenarioVersion.objects.all()[:1].get()
    version.plan["branches"].append(
        {"name": "second", "steps": version.plan["branches"][0]["steps"]}
    )
    version.save()
    before = _versions()
    _lay(back=True)
    assert all(plan["branch"] == plan["branches"][0] for plan in _versions().values())
    _lay()
    assert _versions() == before
    assert isinstance(plan_of(version.shop_id, version.id).branch_named("second"), Branch)
