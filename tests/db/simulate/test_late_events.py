"""What is learnt late moves a cart's past; what was begun for it goes on (architecture: Folding)."""

import json

import pytest

from tests.db.simulate.comparison import run_product, wish

pytestmark = pytest.mark.django_db(transaction=True)

SCENARIO = """\
version: 1
name: Test
trigger: {on: any, idle: 24h}
legal_basis: consent
languages: {default: en}
sender: {name: B, email: ciao@bottega.example}
steps:
  - {id: first, after: 0h, send: [email], template: reminder}
  - {id: second, after: 2d, from: abandoned, send: [email], template: reminder}
"""


def update(number, when, sku, **more):
    return {
        "id": f"e{number}",
        "type": "cart.updated",
        "occurred_at": when,
        "cart": {
            "token": "t",
            "currency": "EUR",
            "items": [{"sku": sku, "quantity": 1, "unit_price": "10.00"}],
        },
        "contact": {"email": "ada@example.test", "consent": {"email": "granted"}},
        **more,
    }


def lines(tmp_path, *events):
    (tmp_path / "scenario.yaml").write_text(SCENARIO)
    (tmp_path / "events.jsonl").write_text("\n".join(json.dumps(one) for one in events))
    told = wish(tmp_path / "events.jsonl", tmp_path / "out", tmp_path / "scenario.yaml")
    messages, carts = run_product(told)
    return [(one["at"][:16], one["step"], one["outcome"]) for one in messages], carts


def test_a_last_activity_that_moves_back_is_no_new_activity(tmp_path):
    told, (cart,) = lines(
        tmp_path,
        update(1, "2026-10-01T08:00:00Z", "A"),
        update(2, "2026-10-01T12:00:00Z", "B"),
        # She had the same in her cart two hours before: nothing happened at twelve after all.
        update(3, "2026-10-01T10:00:00Z", "B", received_at="2026-10-03T00:00:00Z"),
    )
    assert told == [
        ("2026-10-02T12:00", "first", "sent"),
        ("2026-10-04T12:00", "second", "sent"),
    ]
    assert cart["abandoned_at"] == ["2026-10-02T10:00:00.000Z"]


def test_a_last_activity_that_moves_on_is_one(tmp_path):
    told, _ = lines(
        tmp_path,
        update(1, "2026-10-01T08:00:00Z", "A"),
        update(2, "2026-10-02T09:00:00Z", "B", received_at="2026-10-03T00:00:00Z"),
    )
    assert told == [
        ("2026-10-02T08:00", "first", "sent"),
        ("2026-10-03T00:00", "second", "cancelled"),
        ("2026-10-03T09:00", "first", "sent"),
        ("2026-10-05T09:00", "second", "sent"),
    ]


def order(number, when, **more):
    return {
        "id": f"order-{number}",
        "type": "order.placed",
        "occurred_at": when,
        "order": {"id": number, "currency": "EUR", "total": "10.00"},
        "contact": {"email": "ada@example.test"},
        **more,
    }


@pytest.mark.parametrize("received", ["2026-10-03T12:00:00Z", "2026-10-04T12:00:00Z"])
def test_nobody_is_reminded_twice_of_one_last_activity(tmp_path, received):
    """The late order makes a cart of its own of what she put in after it, and she has heard of that."""
    told, carts = lines(
        tmp_path,
        update(1, "2026-10-01T10:00:00Z", "A"),
        update(2, "2026-10-02T10:00:00Z", "B"),
        order("o1", "2026-10-01T12:00:00Z", received_at=received),
    )
    assert told == [
        ("2026-10-03T10:00", "first", "sent"),
        (received[:16], "second", "cancelled"),
    ]
    assert [(one["generation"], one["state"]) for one in carts] == [(1, "ordered"), (2, "expired")]


def test_who_comes_back_after_that_is_reminded_again(tmp_path):
    told, _ = lines(
        tmp_path,
        update(1, "2026-10-01T10:00:00Z", "A"),
        update(2, "2026-10-02T10:00:00Z", "B"),
        order("o1", "2026-10-01T12:00:00Z", received_at="2026-10-03T12:00:00Z"),
        update(3, "2026-10-05T10:00:00Z", "C"),
    )
    assert told[2:] == [("2026-10-06T10:00", "first", "sent"), ("2026-10-08T10:00", "second", "sent")]  # fmt: skip


def test_who_has_not_been_reminded_yet_is_once(tmp_path):
    told, _ = lines(
        tmp_path,
        update(1, "2026-10-01T10:00:00Z", "A"),
        update(2, "2026-10-02T10:00:00Z", "B"),
        order("o1", "2026-10-01T12:00:00Z", received_at="2026-10-03T09:59:00Z"),
    )
    assert told == [("2026-10-03T10:00", "first", "sent"), ("2026-10-05T10:00", "second", "sent")]


def test_an_order_told_late_does_not_undo_what_was_sent(tmp_path):
    told, carts = lines(
        tmp_path,
        update(1, "2026-10-01T10:00:00Z", "A"),
        order("o1", "2026-10-01T11:00:00Z"),
        update(2, "2026-10-02T10:00:00Z", "B"),
        order("o2", "2026-10-02T12:00:00Z", received_at="2026-10-04T00:00:00Z"),
    )
    assert told == [
        ("2026-10-03T10:00", "first", "sent"),
        ("2026-10-04T00:00", "second", "cancelled"),
    ]
    assert [(one["state"], one["order"]) for one in carts] == [("ordered", "o1"), ("ordered", "o2")]
