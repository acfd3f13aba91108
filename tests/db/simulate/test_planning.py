"""Audience, hold-out and branches in `simulate`, from scenario files as a merchant writes them."""

import json

import pytest

from ripresa.domain.scenarios.holdout import is_drawn
from tests.db.simulate.comparison import run_product, wish

pytestmark = pytest.mark.django_db(transaction=True)
ONE = "steps: [{id: first, after: 0h, send: [email], template: reminder}]\n"
AGENT_FIRST = """\
version: 1
name: Large carts
sender: {name: Bottega, email: ciao@bottega.test}
branches:
  - name: small
    when: {cart_value: {lt: "2000.00"}}
    steps: [{id: mail, after: 24h, send: [email], template: agent_reminder, sender: agent}]
  - name: large
    steps:
      - {id: tell, after: 0h, notify: agent, stage: check_out_abandoned}
      - {id: late, after: 48h, only_if: {deal_stage: check_out_abandoned}, send: [email],
         template: agent_reminder, sender: agent}
"""


def left(number, at="2026-10-03T15:00:00Z", price="10.00", currency="EUR"):
    return {
        "id": f"e{number}", "type": "cart.updated", "occurred_at": at,
        "contact": {"email": f"p{number}@people.test", "consent": {"email": "granted"},
                    "agent": "bruno@shop.test"},
        "cart": {"token": f"t{number}", "currency": currency,
                 "items": [{"sku": "A", "quantity": 1, "unit_price": price}]},
    }  # fmt: skip


def bought(number, at):
    return {
        "id": f"o{number}", "type": "order.placed", "occurred_at": at,
        "contact": {"email": f"p{number}@people.test"},
        "order": {"id": f"o{number}", "currency": "EUR", "total": "10.00"},
    }  # fmt: skip


def lines(tmp_path, scenario, *events):
    """(cart, branch, step, outcome, reason) of every line."""
    (tmp_path / "scenario.yaml").write_text(scenario)
    (tmp_path / "events.jsonl").write_text("\n".join(json.dumps(one) for one in events))
    asked = wish(tmp_path / "events.jsonl", tmp_path / "out", tmp_path / "scenario.yaml")
    messages, _ = run_product(asked)
    columns = ("cart", "branch", "step", "outcome", "reason")
    return [tuple(line[name] for name in columns) for line in messages]


def test_by_value_an_email_or_the_agent_first(tmp_path):
    found = lines(
        tmp_path,
        AGENT_FIRST,
        left(1, price="1999.99"),
        left(2, price="2000.00"),
        left(3, price="1999.99", currency="RON"),
    )
    assert [one for one in found if one[3] != "held"] == [
        ("t2", "large", "tell", "sent", "due"),
        ("t3", None, None, "skipped", "currency_mismatch"),
        ("t1", "small", "mail", "sent", "due"),
        ("t2", "large", "late", "sent", "due"),
    ]


def test_inactive_for_calendar_months_up_to_the_abandonment(tmp_path):
    """Idle and abandonment are one here: a cart left on 28 February is abandoned on 1 March."""
    scenario = (
        "version: 1\nname: Back\naudience: {customers: inactive, inactive_for: 3mo}\n"
        "sender: {name: Bottega, email: ciao@bottega.test}\n" + ONE
    )
    at = "2027-02-28T15:00:00Z"
    found = lines(
        tmp_path,
        scenario,
        bought(1, "2026-12-01T15:00:00Z"),
        bought(2, "2026-12-01T15:00:01Z"),
        left(1, at),
        left(2, at),
        left(3, at),
    )
    assert found == [
        ("t1", "everyone", "first", "sent", "due"),
        ("t2", None, None, "skipped", "audience"),
        ("t3", None, None, "skipped", "audience"),
    ]


def test_the_hold_out_follows_the_published_formula(tmp_path):
    scenario = (
        "version: 1\nname: Left\nholdout: 0.30\n"
        "sender: {name: Bottega, email: ciao@bottega.test}\n" + ONE
    )
    found = lines(tmp_path, scenario, *(left(number) for number in range(40)))
    held = {f"t{n}" for n in range(40) if is_drawn("Left", f"p{n}@people.test", 3000)}
    assert {cart for cart, *_, reason in found if reason == "holdout"} == held
    assert {cart for cart, *_, reason in found if reason == "due"} == {
        f"t{n}" for n in range(40)
    } - held
