"""Branches in a file at work (SCN-7): one more, one less, and their order; the rest stays as written."""

from ripresa.domain.scenarios.drafting import branching
from ripresa.domain.scenarios.drafting.asking import is_same, read_asked
from ripresa.domain.scenarios.file.editing import ScenarioText
from ripresa.domain.scenarios.file.scenario_file import parse_scenario
from ripresa.domain.scenarios.file.surroundings import Surroundings

AROUND = Surroundings({"reminder": {"email": frozenset({"en"})}})
FILE = """\
version: 1
name: Left
steps:
  - {id: first, after: 0h, send: [email], template: reminder}  # the gentle one
"""


def names_of(scenario):
    plan = parse_scenario(scenario.text(), file_name="x.yaml", around=AROUND)
    return [branch.name for branch in plan.branches]


def test_branches_come_before_everyone_else_and_the_last_one_leaves_plain_steps():
    scenario = ScenarioText(FILE)
    assert [branching.add_branch(scenario), branching.add_branch(scenario)] == [0, 1]
    assert names_of(scenario) == ["large", "large 2", "everyone"]
    assert "# the gentle one" in scenario.text()
    branching.ask_earlier(scenario, 1)
    branching.ask_earlier(scenario, 2)  # who is for everyone else stays the last
    assert names_of(scenario) == ["large 2", "large", "everyone"]
    branching.remove_branch(scenario, 0)
    branching.remove_branch(scenario, 0)
    branching.remove_branch(scenario, 0)
    assert names_of(scenario) == ["everyone"]
    assert scenario.get("branches") is None
    assert "# the gentle one" in scenario.text()


def test_a_new_step_has_a_name_that_says_which_it_is():
    scenario = ScenarioText(FILE)
    branching.add_branch(scenario)
    assert scenario.get("branches", 0, "steps", 0, "id") == "large_first"
    assert branching.new_step_name(scenario, 1, "everyone") == "second"
    assert branching.new_step_name(scenario, 0, "everyone") == "second"
    assert branching.new_step_name(scenario, 1, "large 2") == "large_2_second"
    assert branching.new_step_name(scenario, 20) == "step1"


def test_conditions_are_the_same_by_what_they_ask():
    def read(text):
        return read_asked(ScenarioText(f"when: {text}").get("when"), AROUND)

    assert is_same(read("{country: IT, item_count: {gt: 1}}"),
                   read("{all: [{country: {in: [IT]}}, {item_count: {gt: 1}}]}"))  # fmt: skip
    assert is_same(read("{not: {country: IT}}"), read("{country: {ne: IT}}"))
    assert not is_same(read("{country: IT}"), read("{country: SM}"))
    assert not is_same(read("{country: IT}"), None)
    assert read("{county: IT}") is None
