"""SCN-13: what changed between two files is told by what they mean."""

import msgspec
import pytest

from ripresa.domain.scenarios.file.differences import differences
from ripresa.domain.scenarios.plan import Arm, Audience, SplitTest
from tests.scenario_files import parse

FILE = """\
version: 1
name: Left in the cart
languages: {mode: multi, default: en, list: [en, it]}
branches:
  - name: small
    when: {cart_value: {lt: "2000.00"}}
    steps:
      - {id: first, after: 1h, send: [email], template: reminder}
      - {id: more, after: 2d, send: [email, sms], template: reminder, coupon: {pool: SPRING, valid_for: 48h}}
  - name: large
    steps:
      - {id: tell, after: 0h, notify: agent, stage: check_out_abandoned}
      - {id: late, after: 48h, only_if: {deal_stage: check_out_abandoned}, send: [email], template: reminder, sender: agent}
"""


def changes(old, new):
    changed = FILE.replace(old, new)
    assert changed != FILE
    return [str(each) for each in differences(parse(FILE), parse(changed))]


def test_what_means_the_same_is_the_same():
    same = FILE.replace("1h", "60m").replace('"2000.00"', "2000").replace("[en, it]", "[it, en]")
    same = "# another remark\n" + same + "\npriority: 50\nholdout: 0.0\n"
    assert differences(parse(FILE), parse(same)) == []


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("version: 1\n", "version: 1\ntrigger: {on: any, idle: 12h}\n",
         ["trigger.on: cart → any", "trigger.idle: 1d → 12h"]),
        ("version: 1\n", "version: 1\nholdout: 0.25\nlegal_basis: consent\n",
         ["legal_basis: by_country → consent", "holdout: 0 → 0.25"]),
        ("version: 1\n", "version: 1\naudience: {customers: inactive, inactive_for: 3mo, segment: VIP}\n",
         ["audience.customers: all → inactive", "audience.inactive_for: added: 3mo",
          "audience.segment: added: VIP"]),
        ("version: 1\n", "version: 1\nquiet_hours: {email: {from: '22:00', until: '06:00', zone: Europe/Rome}}\n",
         ["quiet_hours.email: added: 22:00 to 06:00 in Europe/Rome"]),
        ("version: 1\n", "version: 1\nsender: {name: Bottega, email: a@b.test}\nstop_on: [reply]\n",
         ["stop_on: added: reply", "sender.name: added: Bottega", "sender.email: added: a@b.test"]),
        ('"2000.00"', '"2500.00", currency: RON',
         ["branches[small].when: cart_value lt 2000.00 EUR → cart_value lt 2500.00 RON"]),
        ('{cart_value: {lt: "2000.00"}}', "{any: [{country: {in: [IT, SM]}}, {not: {has_coupon: true}}]}",
         ["branches[small].when: cart_value lt 2000.00 EUR → any(country in [IT, SM], not(has_coupon eq true))"]),
        ("after: 1h", "after: 3h, from: left",
         ["branches[small].steps[first].after: 1h → 3h",
          "branches[small].steps[first].from: abandoned → left"]),
        ("id: first", "id: one",
         ["branches[small].steps: first, more → one, more",
          "branches[small].steps[first].after: removed: 1h",
          "branches[small].steps[first].from: removed: abandoned",
          "branches[small].steps[first].send: removed: email",
          "branches[small].steps[first].template: removed: reminder",
          "branches[small].steps[one].after: added: 1h",
          "branches[small].steps[one].from: added: abandoned",
          "branches[small].steps[one].send: added: email",
          "branches[small].steps[one].template: added: reminder"]),
        ("{pool: SPRING, valid_for: 48h}", "{mint: {percent: 10}}",
         ["branches[small].steps[more].coupon: pool SPRING, valid for 2d → mint 10 %"]),
        (", stage: check_out_abandoned}\n", "}\n",
         ["branches[large].steps[tell].stage: removed: check_out_abandoned"]),
        ("only_if: {deal_stage: check_out_abandoned}, ", "",
         ["branches[large].steps[late].only_if: removed: deal_stage eq check_out_abandoned"]),
        (", sender: agent", "", ["branches[large].steps[late].sender: removed: agent"]),
    ],
)  # fmt: skip
def test_each_field_is_told_once(old, new, told):
    assert changes(old, new) == told


def test_no_field_of_a_plan_is_forgotten():
    """Whatever is changed in a plan or a step, something is told."""
    plan = parse(FILE)
    others = {
        "name": "x", "language": "it", "languages": ("en",), "branches": plan.branches[:1],
        "trigger": "any", "idle": plan.stale_after, "audience": Audience("new"),
        "legal_basis": "any", "priority": 1, "stop_on": ("reply",), "stale_after": plan.idle,
        "not_more_often_than": plan.idle, "not_after_order": plan.idle, "max_messages_per_30d": 1,
        "quiet_hours": {}, "holdout": 1, "on_reabandon": "ignore", "on_second_cart": "each",
        "sender": parse(FILE + "sender: {email: a@b.test}\n").sender,
            "test": SplitTest("t", (Arm("a", 1), Arm("b", 9999))),
    }  # fmt: skip
    assert set(others) == set(plan.__struct_fields__)
    for name, value in others.items():
        assert differences(plan, msgspec.structs.replace(plan, **{name: value})), name
    first, other = plan.branches[0].steps[0], plan.branches[0].steps[1]
    step_fields = {
        "id": "x", "after": other.after, "base": "left", "channels": ("sms",), "template": "x",
        "by_agent": True, "only_if": plan.branches[0].when, "coupon": other.coupon, "stage": "x",
    }  # fmt: skip
    assert set(step_fields) == set(first.__struct_fields__)
    for name, value in step_fields.items():
        step = msgspec.structs.replace(first, **{name: value})
        branch = msgspec.structs.replace(plan.branches[0], steps=(step, other))
        changed = msgspec.structs.replace(plan, branches=(branch, *plan.branches[1:]))
        assert differences(plan, changed), name
