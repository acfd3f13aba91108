"""The test of a scenario file: ways tried against each other, each as what it changes of the steps."""

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

import msgspec

from ripresa.contracts.calling.sayings import say
from ripresa.domain.scenarios.file.document import Value, given
from ripresa.domain.scenarios.file.steps_of_file import StepReader
from ripresa.domain.scenarios.file.surroundings import Surroundings
from ripresa.domain.scenarios.plan import WHOLE_SHARE, Arm, Branch, SplitTest, Step

_LEAST_ARMS, _MOST_ARMS = 2, 6
_LONGEST_NAME = 40
_SHARE_DECIMALS = 4


class Trial(NamedTuple):
    """A test as the file has it: its arms, and by arm the steps that are different in it."""

    split: SplitTest
    steps: Mapping[str, Mapping[str, Step]]


class _Way(NamedTuple):
    arm: Arm
    steps: Mapping[str, Step]


def read_test(
    value: Value, branches: tuple[Branch, ...], languages: tuple[str, ...], around: Surroundings
) -> Trial | None:
    """The test of a scenario with these branches."""
    found = value.entries(("name", "arms"))
    for key in ("name", "arms"):
        if value.is_mapping and key not in found:
            value.fail(say("has no {key}", key=key))
    if "arms" not in found:
        return None
    known = {step.id: step for branch in branches for step in branch.steps}
    reader = StepReader(languages, around)
    ways = [way for item in found["arms"].items() if (way := _read_way(item, known, reader))]
    _check(found["arms"], [way.arm for way in ways])
    name = given(found, "name", lambda one: one.text(longest=_LONGEST_NAME), "")
    split = SplitTest(name, tuple(way.arm for way in ways))
    return Trial(split, {way.arm.name: way.steps for way in ways})


def in_arms(branches: tuple[Branch, ...], trial: Trial) -> tuple[Branch, ...]:
    """Each branch once for each arm, side by side."""
    return tuple(
        msgspec.structs.replace(
            branch,
            name=f"{branch.name}/{arm.name}",
            arm=arm.name,
            steps=tuple(trial.steps[arm.name].get(step.id, step) for step in branch.steps),
        )
        for branch in branches
        for arm in trial.split.arms
    )


def _read_way(item: Value, known: Mapping[str, Step], reader: StepReader) -> _Way | None:
    found = item.entries(("name", "share", "steps"))
    for key in ("name", "share"):
        if item.is_mapping and key not in found:
            item.fail(say("has no {key}", key=key))
    name = given(found, "name", lambda one: one.text(longest=_LONGEST_NAME), "")
    if "/" in name:
        found["name"].fail(say("can't hold a slash"))
    share = given(found, "share", _read_share, 0)
    steps: dict[str, Step] = {}
    if "steps" in found:
        for step_id, value in found["steps"].entries(tuple(known)).items():
            steps[step_id] = reader.read_variation(value, known[step_id])
    return _Way(Arm(name, share), steps) if name else None


def _read_share(value: Value) -> int | None:
    share = value.decimal(Decimal("0.01"), Decimal("0.99"), _SHARE_DECIMALS)
    return None if share is None else int(share * WHOLE_SHARE)


def _check(value: Value, arms: list[Arm]) -> None:
    if not value.is_list:
        return
    if not _LEAST_ARMS <= len(value.items()) <= _MOST_ARMS:
        value.fail(say("must hold {least} to {most} arms", least=_LEAST_ARMS, most=_MOST_ARMS))
    if len({arm.name for arm in arms}) != len(arms):
        value.fail(say("names an arm twice"))
    total = Decimal(sum(arm.share for arm in arms)) / WHOLE_SHARE
    if total != 1 and all(arm.share for arm in arms):
        value.fail(
            say("has shares that add up to {total}, not to 1", total=f"{total.normalize():f}")
        )
