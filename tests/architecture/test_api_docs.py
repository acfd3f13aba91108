"""docs/reference/api.md says what the API's own description says, and nothing else."""

import re

import pytest

from ripresa.api.app import make_api
from ripresa.api.protocol.problems import KINDS
from tests.architecture.tree import DOCS, SRC

PAGE = (DOCS / "reference" / "api.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def described() -> dict:
    return make_api().get_openapi_schema()


def _calls(described: dict) -> dict[str, dict]:
    return {
        f"{method.upper()} {path.removeprefix('/api/v1')}": operation
        for path, operations in described["paths"].items()
        for method, operation in operations.items()
    }


def test_every_call_is_told_and_no_other(described):
    told = re.findall(r"^\| `([A-Z]+ /[^`]*)` \|", PAGE, re.MULTILINE)
    assert told == list(_calls(described))


def test_no_two_shapes_have_one_name():
    """The description names shapes by their class alone: of two with one name it would tell the first."""
    names = [
        name
        for file in (SRC / "api").rglob("*.py")
        for name in re.findall(r"^class (\w+)\(", file.read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert {name for name in names if names.count(name) > 1} == set()


def test_every_scope_is_told_as_it_is_asked(described):
    told = dict(re.findall(r"^\| `([A-Z]+ /[^`]*)` \| `(\w+)` \|", PAGE, re.MULTILINE))
    assert told == {name: call["security"][0]["key"][0] for name, call in _calls(described).items()}


def test_every_filter_is_told(described):
    untold = {}
    for name, call in _calls(described).items():
        [row] = re.findall(rf"^\| `{re.escape(name)}` \|.*$", PAGE, re.MULTILINE)
        asked = {each["name"] for each in call["parameters"] if each["in"] == "query"}
        if missing := {each for each in asked - {"limit", "cursor"} if f"`{each}`" not in row}:
            untold[name] = missing
    assert untold == {}


def test_every_kind_of_problem_is_told():
    told = re.findall(r"^\| (\d{3}) \| `/problems/([\w-]+)` \|", PAGE, re.MULTILINE)
    assert told == [(str(status), slug) for status, (slug, _) in KINDS.items()]


def test_every_operation_says_what_it_does_and_how_it_refuses(described):
    calls = _calls(described).values()
    assert all(call["description"] and call["operationId"] for call in calls)
    assert len({call["operationId"] for call in calls}) == len(calls)
    for call in calls:
        assert {400, 401, 403, 422, 429, 503} <= set(call["responses"])
