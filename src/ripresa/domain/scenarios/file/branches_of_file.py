"""The branches of a scenario file: the first whose condition holds is taken."""

from collections.abc import Mapping

from ripresa.contracts.calling.sayings import say
from ripresa.domain.scenarios.file.conditions_of_file import read_condition
from ripresa.domain.scenarios.file.document import Problem, Value, given
from ripresa.domain.scenarios.file.steps_of_file import StepReader
from ripresa.domain.scenarios.file.surroundings import Surroundings
from ripresa.domain.scenarios.plan import Branch

EVERYONE = "everyone"


def read_branches(
    top: Value, found: Mapping[str, Value], languages: tuple[str, ...], around: Surroundings
) -> tuple[Branch, ...]:
    """Those of `branches`, or one that holds the top-level `steps`."""
    reader = StepReader(languages, around)
    if "branches" in found:
        if "steps" in found:
            found["steps"].fail(say("stands beside branches: write the steps in the branch"))
        return _read_several(found["branches"], reader, around)
    if "steps" in found:
        return (Branch(EVERYONE, reader.read_steps(found["steps"])),)
    top.problems.append(Problem(1, "steps", say("is missing, and so is branches")))
    return ()


def _read_several(value: Value, reader: StepReader, around: Surroundings) -> tuple[Branch, ...]:
    items = value.items()
    if value.is_list and not items:
        value.fail(say("must hold at least one branch"))
    branches = []
    lines: dict[str, int] = {}
    for_everyone: int | None = None
    for item in items:
        found = item.entries(("name", "when", "steps"))
        branch = _read_branch(item, found, reader, around)
        place = found.get("name", item)
        if for_everyone is not None:
            item.fail(
                say(
                    "is never reached: the branch on line {line} takes everyone else",
                    line=for_everyone,
                )
            )
        elif branch.name in lines:
            place.fail(
                say(
                    "{name!r} is taken by the branch on line {line}",
                    name=branch.name,
                    line=lines[branch.name],
                )
            )
        if item.is_mapping and "when" not in found and for_everyone is None:
            for_everyone = item.line
        lines.setdefault(branch.name, place.line)
        branches.append(branch)
    return tuple(branches)


def _read_branch(
    item: Value, found: Mapping[str, Value], reader: StepReader, around: Surroundings
) -> Branch:
    if item.is_mapping and "steps" not in found:
        item.fail(say("has no {key}", key="steps"))
    if "when" in found and "name" not in found:
        item.fail(say("has no {key}", key="name"))
    return Branch(
        name=given(found, "name", Value.text, EVERYONE),
        steps=given(found, "steps", reader.read_steps, ()),
        when=given(found, "when", lambda value: read_condition(value, around), None),
    )
