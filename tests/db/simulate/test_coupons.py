"""Scenarios with coupons in `ripresa simulate`: static, dynamic, used up, in her hand (CPN-1 to CPN-4)."""

import json

import pytest
from django.core.management import call_command
from typer.testing import CliRunner

from ripresa.domain.coupons.pools import PoolExists
from ripresa.entrypoints.cli.app import app
from ripresa.entrypoints.cli.problem import Problem
from ripresa.usecases.coupons.import_coupons import NotImportable
from ripresa.usecases.simulate.pools import Pools
from ripresa.usecases.simulate.run import simulate
from tests.db.simulate.comparison import lines_of, run_product, wish
from tests.db.simulate.test_simulate import ITEMS, write

pytestmark = pytest.mark.django_db(transaction=True)
FILES = ("messages.jsonl", "carts.jsonl", "coupons.jsonl")
SCENARIO = """\
version: 1
name: With a coupon
legal_basis: consent
languages: {mode: single, default: en}
sender: {name: Bottega, email: ciao@bottega.test}
steps:
  - {id: first, after: 0h, send: [email, sms], template: reminder, coupon: {pool: spring, valid_for: 48h}}
  - {id: second, after: 1h, only_if: {has_coupon: true}, send: [email], template: last_reminder}
"""


def left(name, minute, **more):
    yes = {"email": "granted", "sms": "granted"}
    return {
        "id": f"left-{name}",
        "type": "cart.updated",
        "occurred_at": f"2026-10-03T10:{minute:02}:00Z",
        "contact": {"email": f"{name}@people.test", "phone": f"+39333000{minute:04}", "consent": yes},
        "cart": {"token": name, "currency": "EUR", "items": ITEMS},
        **more,
    }  # fmt: skip


@pytest.fixture
def run(tmp_path):
    (tmp_path / "scenario.yaml").write_text(SCENARIO)
    (tmp_path / "spring.csv").write_text("code\nA-1\nA-2\nA-1\n")

    def go(events, pools=None, **changes):
        pools = pools or Pools({"spring": tmp_path / "spring.csv"})
        file, out = write(tmp_path, events), tmp_path / "out"
        asked = wish(file, out, tmp_path / "scenario.yaml", pools=pools, **changes)
        messages, carts = run_product(asked)
        return messages, carts, lines_of(out / "coupons.jsonl")

    return go


THREE = [left("ada", 1), left("ben", 2), left("cleo", 3)]


def test_each_gets_her_own_until_they_are_used_up_and_then_the_text_goes_without(run, tmp_path):
    messages, _, coupons = run(THREE)
    assert [(one["cart"], one["step"], one["code"]) for one in coupons] == [
        ("ada", "first", "A-1"),
        ("ben", "first", "A-2"),
    ]
    assert coupons[0]["at"] == "2026-10-04T10:01:00.000Z"
    assert coupons[0]["expires_at"] == "2026-10-06T10:01:00.000Z"
    sent = [(one["cart"], one["step"], one["channel"]) for one in messages if one["outcome"] == "sent"]  # fmt: skip
    assert [one for one in sent if one[1] == "first"] == [
        (name, "first", channel) for name in ("ada", "ben", "cleo") for channel in ("email", "sms")
    ]
    assert [name for name, step, _ in sent if step == "second"] == ["ada", "ben"]
    summary = json.loads((tmp_path / "out" / "summary.json").read_text())
    assert summary["coupons"] == {"spring": {"codes": 2, "left_out": 1, "given": 2}}


def test_one_code_for_everybody_is_never_used_up(run):
    _, _, coupons = run(THREE, Pools(codes={"spring": "BACK10"}))
    assert [one["code"] for one in coupons] == ["BACK10"] * 3


def test_an_order_with_her_code_came_by_the_coupon(run):
    order = {
        "id": "bought",
        "type": "order.placed",
        "occurred_at": "2026-10-04T10:30:00Z",
        "contact": {"email": "ada@people.test"},
        "order": {"id": "o1", "currency": "EUR", "total": "29.90", "discount_codes": ["a-1"]},
    }
    _, [cart], _ = run([left("ada", 1), order])
    assert (cart["state"], cart["cause"]) == ("recovered", "coupon")


@pytest.mark.parametrize(
    ("pools", "wrong"),
    [
        (lambda folder: Pools({"spring": folder / "nowhere.csv"}), NotImportable),
        (lambda folder: Pools({"spring": folder / "spring.csv"}, {"spring": "X"}), PoolExists),
    ],
)
def test_what_is_no_pool_is_refused(run, tmp_path, pools, wrong):
    with pytest.raises(wrong):
        run(THREE, pools(tmp_path))


def test_the_number_of_workers_gives_nobody_another_code(run, tmp_path):
    """All three fall due at one instant, and there are two codes."""
    told = []
    for workers in (1, 3):
        same = [{**one, "occurred_at": "2026-10-03T10:00:00Z"} for one in THREE]
        asked = wish(
            write(tmp_path, same),
            tmp_path / f"out-{workers}",
            tmp_path / "scenario.yaml",
            pools=Pools({"spring": tmp_path / "spring.csv"}),
            workers=workers,
        )
        # Not inside a transaction: workers have connections of their own.
        simulate(asked, began=0.0, tick=lambda _: None)
        call_command("flush", verbosity=0, interactive=False)
        told.append([(asked.out / name).read_bytes() for name in FILES])
    assert told[0] == told[1]
    assert told[0][2].count(b"\n") == 2


@pytest.mark.parametrize("said", ["spring", "=x", "spring=", "spring=a --pool spring=b"])
def test_a_pool_is_named_and_has_a_file(said, tmp_path):
    options = f"simulate --events {write(tmp_path, THREE)} --out {tmp_path} --pool {said}"
    done = CliRunner().invoke(app, options.split())
    assert isinstance(done.exception, Problem)
    assert "--pool" in str(done.exception)
