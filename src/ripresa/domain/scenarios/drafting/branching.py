"""Branches in a scenario file at work: one more, one less, the order in which they are asked."""

from collections.abc import Mapping
from typing import Any

from ruamel.yaml.comments import CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from ripresa.domain.scenarios.drafting.trying import forget_step
from ripresa.domain.scenarios.file.branches_of_file import EVERYONE
from ripresa.domain.scenarios.file.editing import (
    ScenarioText,
    branches_of,
    one_line,
    one_line_list,
    steps_of,
)

# Large enough that nobody is surprised, and seen at once to be set.
_PROPOSED_VALUE = "100.00"
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")


def add_branch(scenario: ScenarioText) -> int:
    """A branch for carts of some value, before the one that takes everyone else; its number."""
    listed = scenario.get("branches")
    if not isinstance(listed, list):
        everyone = {"name": EVERYONE, "steps": scenario.get("steps") or CommentedSeq()}
        place = list(scenario.top).index("steps") if "steps" in scenario.top else len(scenario.top)
        scenario.top.pop("steps", None)
        scenario.top.insert(place, "branches", CommentedSeq([everyone]))
        listed = scenario.get("branches")
    names = {str(branch.get("name")) for _path, branch in branches_of(scenario)}
    numbered = (f"large {number}" for number in range(2, len(names) + 3))
    name = "large" if "large" not in names else next(one for one in numbered if one not in names)
    conditional = [n for n, (_path, one) in enumerate(branches_of(scenario)) if "when" in one]
    place = conditional[-1] + 1 if conditional else 0
    listed.insert(place, {
        "name": name,
        "when": one_line({"cart_value": one_line({"gte": DoubleQuotedScalarString(_PROPOSED_VALUE)})}),
        "steps": [_first_step(scenario, name)],
    })  # fmt: skip
    return place


def new_step_name(scenario: ScenarioText, before: int, branch: str = "") -> str:
    """A name for one more step behind `before` others that none has yet: "third", "large_third", "step9"."""
    taken = {str(step.get("id")) for _path, step in steps_of(scenario)}
    lane = branch.replace(" ", "_") + "_" if branch and branch != EVERYONE else ""
    readable = [lane + ordinal for ordinal in _ORDINALS[before:]]
    numbered = [f"{lane}step{n}" for n in range(1, len(taken) + 2)]
    return next(name for name in (*readable, *numbered) if name not in taken)


def _first_step(scenario: ScenarioText, branch: str) -> Mapping[str, Any]:
    name = new_step_name(scenario, 0, branch)
    return one_line(
        {"id": name, "after": "0h", "send": one_line_list(["email"]), "template": "reminder"}
    )


def remove_branch(scenario: ScenarioText, number: int) -> None:
    """One branch less, with its steps; the last one stays, as plain steps where it is for everyone."""
    listed = scenario.get("branches")
    if not isinstance(listed, list) or not 0 <= number < len(listed) or len(listed) == 1:
        return
    for step in scenario.get("branches", number, "steps", default=()) or ():
        if isinstance(step, dict):
            forget_step(scenario, str(step.get("id")))
    del listed[number]
    (*_more, left) = listed
    if len(listed) == 1 and left.get("name") == EVERYONE and "when" not in left:
        place = list(scenario.top).index("branches")
        del scenario.top["branches"]
        scenario.top.insert(place, "steps", left.get("steps"))


def ask_earlier(scenario: ScenarioText, number: int) -> None:
    """Ask a branch before the one above it; who is for everyone else stays the last."""
    listed = scenario.get("branches")
    if isinstance(listed, list) and 0 < number < len(listed) and "when" in listed[number]:
        listed.insert(number - 1, listed.pop(number))
