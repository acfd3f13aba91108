"""The steps of a scenario file: one branch without a condition, one to four steps in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from ripresa.domain.scenarios.durations import Duration
from ripresa.domain.scenarios.file.document import Problem, Value, given, nearest
from ripresa.domain.scenarios.plan import Base, Branch, Step

MAX_STEPS = 4
EVERYONE = "everyone"
_STEP = ("id", "after", "from", "send", "template", "sender")
_STEP_LATER = ("notify", "stage", "only_if", "coupon")
_BASES: tuple[Base, ...] = ("left", "abandoned", "previous")
_CHANNELS = ("email",)
_CHANNELS_LATER = ("sms", "letter")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a file is checked against: `templates` maps a name to its languages.

    `language` is the shop's, for a file that names none; `has_sender` says whether the shop has an
    address that can stand in for a missing `sender`.
    """

    templates: Mapping[str, frozenset[str]]
    language: str = "en"
    abandoned_after: timedelta = timedelta(0)
    has_sender: bool = True
    max_steps: int = MAX_STEPS


def read_branch(
    top: Value, found: Mapping[str, Value], language: str, around: Surroundings
) -> Branch:
    """The only branch: the one of `branches`, or top-level `steps`."""
    nothing = Branch(EVERYONE, ())
    if "branches" in found and "steps" in found:
        found["steps"].fail("stands beside branches: write the steps in the branch")
    if "branches" in found:
        branches = found["branches"].items()
        if len(branches) != 1:
            found["branches"].fail("must hold exactly one branch; more is not supported yet")
            return nothing
        entries = branches[0].entries(("name", "steps"), ("when",))
        name = given(entries, "name", Value.text, EVERYONE)
        if "steps" not in entries:
            branches[0].fail("has no steps")
            return nothing
        return Branch(name, _read_steps(entries["steps"], language, around))
    if "steps" not in found:
        top.problems.append(Problem(1, "steps", "is missing, and so is branches"))
        return nothing
    return Branch(EVERYONE, _read_steps(found["steps"], language, around))


def _read_steps(value: Value, language: str, around: Surroundings) -> tuple[Step, ...]:
    items = value.items()
    if not 1 <= len(items) <= around.max_steps:
        value.fail(f"must hold 1 to {around.max_steps} steps, not {len(items)}")
    steps = []
    seen: dict[str, int] = {}
    for number, item in enumerate(items):
        step, line = _read_step(item, language, around, is_first=number == 0)
        if step.id in seen:
            item.fail(f"id {step.id!r} is taken by the step on line {seen[step.id]}")
        seen.setdefault(step.id, line)
        steps.append(step)
    return tuple(steps)


def _read_step(
    item: Value, language: str, around: Surroundings, *, is_first: bool
) -> tuple[Step, int]:
    entries = item.entries(_STEP, _STEP_LATER)
    for name in ("id", "after", "send", "template"):
        if item.is_mapping and name not in entries:
            item.fail(f"has no {name}")
    usual: Base = "abandoned" if is_first else "previous"
    base = given(entries, "from", lambda value: value.choice(_BASES), usual)
    if is_first and base == "previous":
        entries["from"].fail("can't be 'previous': this is the first step")
    template = given(entries, "template", Value.text, "")
    if template:
        _check_template(entries["template"], template, language, around)
    step = Step(
        id=given(entries, "id", lambda value: value.text(longest=60), f"#{item.line}"),
        after=given(entries, "after", Value.duration, Duration()),
        base=base,
        channels=given(entries, "send", _read_channels, ()),
        template=template,
        by_agent=given(entries, "sender", lambda value: value.choice(("agent",)), "") == "agent",
    )
    return step, entries["id"].line if "id" in entries else item.line


def _read_channels(value: Value) -> tuple[str, ...]:
    items = value.items()
    if not items:
        value.fail("must be a list of channels, like [email]")
    channels = [item.choice(_CHANNELS, _CHANNELS_LATER) for item in items]
    named = [channel for channel in channels if channel is not None]
    if len(set(named)) != len(named):
        value.fail("names a channel twice")
    return tuple(named)


def _check_template(value: Value, name: str, language: str, around: Surroundings) -> None:
    if name not in around.templates:
        value.fail(f"there is no template {name!r}; {nearest(name, sorted(around.templates))}")
    elif language not in around.templates[name]:
        languages = ", ".join(sorted(around.templates[name]))
        value.fail(f"template {name!r} has no text in language {language!r}; it has: {languages}")
