"""`ripresa report`: each report as a table, as CSV and as Parquet, with the same rows."""

import csv
import json

import pyarrow.parquet
import pytest

from ripresa.domain.messages.models import MessageLink
from ripresa.domain.scenarios.models import ArmAssignment, HoldoutAssignment, Scenario
from ripresa.entrypoints.cli.problem import Problem
from tests.commands import commands
from tests.db.reporting.story import DAY, all_stale, clicked, left
from tests.db.usecases.engine_world import T0, make_world

pytestmark = pytest.mark.django_db
DAYS = ("--from", "2026-09-01", "--until", "2026-10-31")


@pytest.fixture
def world():
    made = make_world()
    made.now = T0 + 30 * DAY
    return made


@pytest.fixture
def ripresa(world, monkeypatch):
    """Run a command of `ripresa report` on the world's clock; a problem is raised as it is."""
    run = commands(monkeypatch, lambda: world.now, shop=world.shop.slug)
    return lambda *words: run("report", *words).stdout


def test_every_report_is_a_csv_and_a_parquet_alike(world, ripresa, tmp_path):
    scenario_id = world.scenario(more="holdout: 0.5")
    name = Scenario.objects.get(id=scenario_id).name
    ada = world.contact()
    message = clicked(world, ada, T0 - DAY, cart_id=left(world, ada, T0 - 2 * DAY).id)
    MessageLink.objects.create(
        shop_id=world.shop_id, token_hash=b"t", purpose="restore", message_id=message.id,
        expires_at=T0, used_at=T0 - DAY,
    )  # fmt: skip
    order = world.order(ada, placed_at=T0, total_minor=12_000)
    all_stale(world, ada)
    for number in range(4):
        drawn = {
            "shop_id": world.shop_id,
            "scenario_id": scenario_id,
            "key": f"email:p{number}@mail.test",
        }
        HoldoutAssignment.objects.create(**drawn, is_held_out=number > 1, assigned_at=T0)
        arm = "plain" if number > 1 else "other"
        ArmAssignment.objects.create(**drawn, test="wording", arm=arm, assigned_at=T0)
    wanted = [
        (("figures", *DAYS), 1), (("recovery", *DAYS), 1), (("models", *DAYS), 1), (("orders", *DAYS), 1),
        (("restores", *DAYS), 1),
        (("order", order.external_id), 1), (("lift", name), 4), (("test", name, "--test", "wording"), 2),
        (("proof", *DAYS), 1), (("proof", "2026-10"), 1), (("proof", "2026-08"), 0),
    ]  # fmt: skip
    for words, number in wanted:
        as_csv = [] if words[0] == "orders" else ["--csv"]
        told = list(csv.DictReader(ripresa(*words, *as_csv).splitlines()))
        file = tmp_path / "report.parquet"
        assert "report.parquet" in ripresa(*words, "--parquet", file)
        assert (len(told), pyarrow.parquet.read_table(file).num_rows) == (number, number), words
    assert json.loads(ripresa("proof", *DAYS))["until"] == "2026-10-31"
    assert "120.00 EUR after refunds" in ripresa("order", order.external_id)
    with pytest.raises(Problem, match="leave --from and --until out"):
        ripresa("proof", "2026-10", *DAYS)
    with pytest.raises(Problem, match="no scenario 'Nothing'"):
        ripresa("lift", "Nothing")
