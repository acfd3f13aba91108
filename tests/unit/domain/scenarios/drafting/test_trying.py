"""A test in a file at work (SCN-17, RPT-5): what is not being tested stays as its writer had it."""

import pytest

from ripresa.domain.scenarios.drafting import trying
from ripresa.domain.scenarios.file.editing import ScenarioText
from ripresa.domain.scenarios.file.scenario_file import parse_scenario
from ripresa.domain.scenarios.file.surroundings import Surroundings

EN = {"email": frozenset({"en"})}
AROUND = Surroundings({"reminder": EN, "last_reminder": EN}, pools=frozenset({"spring"}))
FILE = """\
version: 1
name: Left
steps:
  # the gentle one
  - {id: first, after: 0h, send: [email], template: reminder, coupon: {pool: spring}}
  - {id: second, after: 48h, send: [email], template: reminder}
"""
TEST = """\
test:
  name: offer
  arms:
    - {name: with, share: 0.5}
    - {name: without, share: 0.5, steps: {first: {coupon: none, template: last_reminder}, second: {after: 24h}}}
"""


def plan_of(scenario):
    return parse_scenario(scenario.text(), file_name="x.yaml", around=AROUND)


def test_a_test_begins_with_two_halves_that_are_alike_under_a_name_of_its_own():
    scenario = ScenarioText(FILE)
    trying.begin_test(scenario, taken=["test 1"])
    assert scenario.text().startswith(FILE)
    split = plan_of(scenario).test
    assert split.name == "test 2"
    assert [(arm.name, arm.share) for arm in split.arms] == [("A", 5000), ("B", 5000)]
    trying.begin_test(scenario, taken=[])
    assert plan_of(scenario).test == split
    scenario.put(("test",), None)
    assert scenario.text() == FILE


def test_arms_come_and_go_and_their_shares_stay_a_whole():
    scenario = ScenarioText(FILE + TEST)
    for _each in range(6):
        trying.add_arm(scenario)
    arms = plan_of(scenario).test.arms  # 6 at most
    assert [arm.name for arm in arms] == ["with", "without", "A", "B", "C", "D"]
    assert sum(arm.share for arm in arms) == 10_000
    for _each in range(6):
        trying.remove_arm(scenario, 2)
    assert plan_of(scenario) == plan_of(ScenarioText(FILE + TEST))


def test_a_step_that_goes_takes_along_what_arms_say_of_it():
    scenario = ScenarioText(FILE + TEST)
    trying.forget_step(scenario, "second")
    del scenario.get("steps")[1]
    assert len(plan_of(scenario).branches) == 2


@pytest.mark.parametrize(
    ("arm", "first", "second"),
    [("with", ("reminder", "spring"), "2d"), ("without", ("last_reminder", None), "1d")],
)
def test_ending_it_leaves_what_one_arm_says(arm, first, second):
    scenario = ScenarioText(FILE + TEST)
    assert not trying.keep_arm(scenario, "gone")
    assert trying.keep_arm(scenario, arm)
    plan = plan_of(scenario)
    assert plan.test is None
    one, two = plan.branches[0].steps
    assert (one.template, one.coupon and one.coupon.pool) == first
    assert str(two.after) == second
    assert "# the gentle one" in scenario.text()
    if arm == "with":
        assert scenario.text() == FILE
