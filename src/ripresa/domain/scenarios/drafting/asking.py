"""A condition that stands in a file at work: read by itself, and compared by its meaning."""

import io
from typing import Any

from ruamel.yaml import YAML

from ripresa.domain.scenarios.file.conditions_of_file import read_condition
from ripresa.domain.scenarios.file.document import ScenarioInvalid, read_document
from ripresa.domain.scenarios.file.surroundings import Surroundings
from ripresa.domain.scenarios.plan import All, AnyOf, Condition, Not, Test

_KEY = "when"


def read_asked(raw: Any, around: Surroundings) -> Condition | None:
    """The condition that `raw`, a value of a loaded file, says; None where it is wrong."""
    out = io.StringIO()
    YAML().dump({_KEY: raw}, out)
    try:
        top = read_document(out.getvalue(), "")
        found = read_condition(top.entries((_KEY,))[_KEY], around)
    except ScenarioInvalid:
        return None
    return None if top.problems else found


def as_written(raw: Any) -> str:
    """A value of a loaded file as it stands there."""
    out = io.StringIO()
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.dump({_KEY: raw}, out)
    return out.getvalue().removeprefix(f"{_KEY}:").strip()


def is_same(one: Condition | None, other: Condition | None) -> bool:
    """Whether two conditions ask the same, in whatever words."""
    return one is other or (one is not None and other is not None and _plain(one) == _plain(other))


def _plain(condition: Condition) -> Condition:
    match condition:
        case All(of):
            return _joined(All, of)
        case AnyOf(of):
            return _joined(AnyOf, of)
        case Not(of):
            turned = _plain(of)
            if isinstance(turned, Test) and turned.op == "eq":
                return _plain_test(Test(turned.fact, "ne", turned.value))
            return Not(turned)
    return _plain_test(condition)


def _plain_test(test: Test) -> Test:
    match test:
        case Test(op="in", value=(only,)):
            return Test(test.fact, "eq", only)
        case Test(op="ne", value=bool() as value):
            return Test(test.fact, "eq", not value)
    return test


def _joined(kind: type[All] | type[AnyOf], of: tuple[Condition, ...]) -> Condition:
    parts: list[Condition] = []
    for part in map(_plain, of):
        parts += part.of if isinstance(part, kind) else (part,)
    return parts[0] if len(parts) == 1 else kind(tuple(parts))
