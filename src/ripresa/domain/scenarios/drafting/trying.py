"""A test in a scenario file at work: begun with two arms that are alike, ended by what one of them says."""

from collections.abc import Collection
from copy import deepcopy
from decimal import Decimal
from typing import Any

from ripresa.domain.scenarios.file.editing import (
    ScenarioText,
    one_line,
    steps_of,
)

# What an arm can say otherwise of a step.
DIFFERS = ("after", "template", "coupon")
NO_COUPON = "none"
_LETTERS = "ABCDEF"


def arms_of(scenario: ScenarioText) -> list[dict[str, Any]]:
    """The arms that the file has, in their order; what is none is left out."""
    listed = scenario.get("test", "arms")
    return [arm for arm in listed if isinstance(arm, dict)] if isinstance(listed, list) else []


def begin_test(scenario: ScenarioText, *, taken: Collection[str]) -> None:
    """Give the file a test of two halves, under a name that is not `taken`: a name is drawn for once."""
    if scenario.get("test") is not None:
        return
    name = next(
        one for number in range(1, len(taken) + 2) if (one := f"test {number}") not in taken
    )
    arms = [one_line({"name": letter, "share": 0.5}) for letter in _LETTERS[:2]]
    scenario.put(("test",), {"name": name, "arms": arms})


def add_arm(scenario: ScenarioText) -> None:
    """One arm more, for as long as there are letters; everybody's share is made even."""
    arms = scenario.get("test", "arms")
    names = {str(arm.get("name")) for arm in arms_of(scenario)}
    free = [letter for letter in _LETTERS if letter not in names]
    if isinstance(arms, list) and len(arms) < len(_LETTERS) and free:
        arms.append(one_line({"name": free[0], "share": 0}))
        even_shares(scenario)


def remove_arm(scenario: ScenarioText, number: int) -> None:
    """One arm less, of three or more; everybody's share is made even."""
    arms = scenario.get("test", "arms")
    if isinstance(arms, list) and len(arms) > 2 and 0 <= number < len(arms):  # noqa: PLR2004
        del arms[number]
        even_shares(scenario)


def even_shares(scenario: ScenarioText) -> None:
    """The same share for every arm, to the ten-thousandth; the first has what is left over."""
    arms = arms_of(scenario)
    if not arms:
        return
    each = (Decimal(1) / len(arms)).quantize(Decimal("0.0001"), rounding="ROUND_DOWN")
    for number, arm in enumerate(arms):
        share = 1 - each * (len(arms) - 1) if number == 0 else each
        arm["share"] = float(share)


def forget_step(scenario: ScenarioText, step_id: str) -> None:
    """A step is gone: no arm says anything of it any more."""
    listed = scenario.get("test", "arms")
    for number in range(len(listed) if isinstance(listed, list) else 0):
        scenario.put(("test", "arms", number, "steps", step_id), None)


def keep_arm(scenario: ScenarioText, name: str) -> bool:
    """End the test: what the arm says stands in the steps from now on. False: there is no such arm."""
    found = [arm for arm in arms_of(scenario) if str(arm.get("name")) == name]
    if not found:
        return False
    said = found[0].get("steps")
    for path, step in list(steps_of(scenario)):
        said_of_it = said.get(str(step.get("id"))) if isinstance(said, dict) else None
        otherwise = said_of_it if isinstance(said_of_it, dict) else {}
        for key in DIFFERS:
            if key in otherwise:
                value = otherwise[key]
                is_none = key == "coupon" and value == NO_COUPON
                scenario.put((*path, key), None if is_none else deepcopy(value))
    scenario.put(("test",), None)
    return True
