"""The worked examples of channels, quiet hours and agents, through `ripresa simulate`."""

import json

import pytest

from tests.db.simulate.comparison import run_product, wish

pytestmark = pytest.mark.django_db(transaction=True)
ADA = {
    "email": "ada@people.test",
    "phone": "+393331234567",
    "agent": "bruno@shop.test",
    "consent": {"email": "granted", "sms": "granted"},
}
SMS_AFTER_4H = """\
version: 1
name: Short
trigger: {on: cart, idle: 4h}
legal_basis: consent
languages: {mode: single, default: it}
steps:
  - {id: first, after: 4h, from: left, send: [sms], template: reminder}
"""
BY_VALUE = """\
version: 1
name: By value
trigger: {on: cart, idle: 24h}
legal_basis: consent
languages: {mode: single, default: it}
branches:
  - name: small
    when: {cart_value: {lt: "2000.00"}}
    steps:
      - {id: first, after: 0h, send: [email], template: agent_reminder, sender: agent}
  - name: large
    steps:
      - {id: tell, after: 0h, notify: agent, stage: check_out_abandoned}
      - {id: second, after: 48h, only_if: {deal_stage: check_out_abandoned}, send: [email], template: agent_reminder, sender: agent}
"""


def left(at, price="29.90", **contact):
    return {
        "id": "e1",
        "type": "cart.updated",
        "occurred_at": at,
        "contact": {**ADA, **contact},
        "cart": {
            "token": "t1",
            "currency": "EUR",
            "items": [{"sku": "A1", "title": "Vino", "quantity": 1, "unit_price": price}],
        },
    }


def order(at):
    return {
        "id": "o1",
        "type": "order.placed",
        "occurred_at": at,
        "order": {"id": "o1", "currency": "EUR", "total": "2000.00", "cart_token": "t1"},
    }


def lines(folder, scenario, *events):
    files = folder / "events.jsonl", folder / "scenario.yaml"
    files[0].write_text("\n".join(json.dumps(one) for one in events))
    files[1].write_text(scenario)
    messages, _ = run_product(wish(files[0], folder / "out", files[1]))
    return [
        (one["at"], one["step"], one["channel"], one["outcome"], one["reason"], one["to"])
        for one in messages
    ]


PHONE = "+393331234567"


def test_left_at_17_an_sms_four_hours_later_goes_at_nine_the_next_day(tmp_path):
    assert lines(tmp_path, SMS_AFTER_4H, left("2026-10-05T15:00:00Z")) == [
        ("2026-10-05T19:00:00.000Z", "first", "sms", "held", "quiet_hours", PHONE),
        ("2026-10-06T07:00:00.000Z", "first", "sms", "sent", "due", PHONE),
    ]


@pytest.mark.parametrize(
    ("at", "sent_at"),
    [
        # Rome leaves summer time in the night to 25 October 2026, and comes back on 28 March 2027.
        ("2026-10-24T15:00:00Z", "2026-10-25T08:00:00.000Z"),
        ("2027-03-27T16:00:00Z", "2027-03-28T07:00:00.000Z"),
    ],
)
def test_nine_is_nine_on_the_days_on_which_the_clock_jumps(tmp_path, at, sent_at):
    *_, sent = lines(tmp_path, SMS_AFTER_4H, left(at))
    assert sent[:4] == (sent_at, "first", "sms", "sent")


def test_nine_is_nine_where_she_lives(tmp_path):
    # 17:00 in New York; four hours later it is 21:00 there.
    *_, sent = lines(
        tmp_path, SMS_AFTER_4H, left("2026-10-05T21:00:00Z", timezone="America/New_York")
    )
    assert sent[:4] == ("2026-10-06T13:00:00.000Z", "first", "sms", "sent")


def test_below_two_thousand_she_hears_from_her_agent_after_a_day(tmp_path):
    assert lines(tmp_path, BY_VALUE, left("2026-10-05T15:00:00Z", "1999.99")) == [
        ("2026-10-06T15:00:00.000Z", "first", "email", "sent", "due", "ada@people.test"),
    ]


def test_from_two_thousand_on_the_agent_is_told_and_she_hears_two_days_later(tmp_path):
    assert lines(tmp_path, BY_VALUE, left("2026-10-05T15:00:00Z", "2000.00")) == [
        ("2026-10-06T15:00:00.000Z", "tell", "agent", "sent", "due", "bruno@shop.test"),
        ("2026-10-08T15:00:00.000Z", "second", "email", "sent", "due", "ada@people.test"),
    ]


def test_who_orders_after_the_notice_hears_nothing_more(tmp_path):
    found = lines(
        tmp_path, BY_VALUE, left("2026-10-05T15:00:00Z", "2000.00"), order("2026-10-07T10:00:00Z")
    )
    assert found == [
        ("2026-10-06T15:00:00.000Z", "tell", "agent", "sent", "due", "bruno@shop.test"),
        ("2026-10-07T10:00:00.000Z", "second", "email", "cancelled", "ordered", None),
    ]


def test_without_an_agent_the_owner_is_told(tmp_path):
    first, *_ = lines(tmp_path, BY_VALUE, left("2026-10-05T15:00:00Z", "2000.00", agent=None))
    assert first[1:] == ("tell", "agent", "sent", "due", "owner@shop.test")
