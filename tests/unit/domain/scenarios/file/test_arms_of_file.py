"""The test of a scenario file: arms as what they change of the steps (SCN-17, RPT-5)."""

import msgspec
import pytest

from ripresa.domain.scenarios.file.differences import differences
from ripresa.domain.scenarios.file.document import ScenarioInvalid
from ripresa.domain.scenarios.file.scenario_file import parse_scenario
from ripresa.domain.scenarios.file.surroundings import Surroundings
from ripresa.domain.scenarios.plan import Arm, Offer, load_plan

ALL = {"email": frozenset({"en"})}
AROUND = Surroundings({"reminder": ALL, "last_reminder": ALL}, pools=frozenset({"spring"}))
FILE = """\
version: 1
name: Left
steps:
  - {id: first, after: 0h, send: [email], template: reminder, coupon: {pool: spring}}
  - {id: second, after: 48h, send: [email], template: reminder}
"""
TWO = """\
test:
  name: offer
  arms:
    - {name: with, share: 0.5}
    - {name: without, share: 0.5, steps: {first: {coupon: none, template: last_reminder}, second: {after: 24h}}}
"""


def parse(text):
    return parse_scenario(text, file_name="x.yaml", around=AROUND)


def wrong(arms, name="offer"):
    with pytest.raises(ScenarioInvalid) as found:
        parse(f"{FILE}test: {{name: {name}, arms: {arms}}}\n")
    return "\n".join(found.value.lines())


def test_an_arm_is_the_file_with_what_it_changes():
    plan = parse(FILE + TWO)
    assert plan.test is not None
    assert plan.test.arms == (Arm("with", 5000), Arm("without", 5000))
    assert [branch.name for branch in plan.branches] == ["everyone/with", "everyone/without"]
    assert {branch.base for branch in plan.branches} == {"everyone"}
    plain, changed = (branch.steps for branch in plan.branches)
    assert plain == parse(FILE).branches[0].steps
    assert (plain[0].coupon, changed[0].coupon) == (Offer("spring"), None)
    assert (changed[0].template, str(changed[1].after)) == ("last_reminder", "1d")
    assert plan.branch_in("everyone", "without") is plan.branches[1]
    assert plan.branch_in("everyone", "gone") is plan.branches[0]
    assert plan.branch_in("nobody", "with") is None
    assert load_plan(msgspec.json.encode(plan)) == plan
    told = [str(one) for one in differences(parse(FILE), plan)]
    assert "test: added: offer: with 50 %, without 50 %" in told


@pytest.mark.parametrize(
    ("arms", "complaint"),
    [
        ("[{name: a, share: 0.5}]", "must hold 2 to 6 arms"),
        ("[{name: a, share: 0.5}, {name: a, share: 0.5}]", "names an arm twice"),
        ("[{name: a, share: 0.5}, {name: b, share: 0.4}]", "add up to 0.9, not to 1"),
        ("[{name: a/b, share: 0.5}, {name: b, share: 0.5}]", "can't hold a slash"),
        ("[{name: a, share: 0.5}, {name: b, share: 0.5, steps: {frist: {}}}]", "'first'"),
        (
            "[{name: a, share: 0.5}, {name: b, share: 0.5, steps: {first: {template: nix}}}]",
            "there is no template 'nix'",
        ),
        (
            "[{name: a, share: 0.5}, {name: b, share: 0.5, steps: {first: {coupon: {pool: x}}}}]",
            "there is no pool 'x'",
        ),
    ],
)
def test_what_is_wrong_with_arms_is_said(arms, complaint):
    assert complaint in wrong(arms)
