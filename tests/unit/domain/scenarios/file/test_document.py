"""What is no scenario file at all gets one clear line, and nothing brings the reader down."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ripresa.domain.scenarios.file.document import ScenarioInvalid
from tests.scenario_files import parse, problems

LAUGHS = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join(['*' + before] * 9)}]\n"
    for before, name in zip("abcdefg", "bcdefgh", strict=True)
)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "cart.yaml:1: is empty"),
        ("# only a remark\n", "cart.yaml:1: is empty"),
        ("- a\n", "cart.yaml:1: must be a mapping that has a name"),
        ("a: [\n", "cart.yaml:2: is no YAML: a quotation mark or bracket is opened and never closed (expected the node content, but found '<stream end>')"),
        ("\na: *x\n", "cart.yaml:2: is no YAML: write * and & in quotes (found undefined alias 'x')"),
        ("a: 1\n---\nb: 2\n", "cart.yaml:2: is no YAML: a file holds one document: leave out the --- inside it (but found another document)"),
        ("name: x\na: \x00", "cart.yaml:2: is no YAML: a character is no text: delete it (unacceptable character #x0000: special characters are not allowed)"),
        ("[" * 30_000, "cart.yaml:1: is nested too deeply"),
        ("- " * 10_000, "cart.yaml:1: is nested too deeply"),
        ("a" * 40_000, "cart.yaml:1: longer than 32768 characters"),
        ("branches:\n  - &b\n    when: {not: &n {not: *n}}\n", "cart.yaml:1: has more than 5000 values"),
        (LAUGHS, "cart.yaml:1: has more than 5000 values"),
    ],
)  # fmt: skip
def test_what_is_no_scenario_at_all_gets_one_clear_line(text, told):
    assert problems(text) == [told]


def test_a_hundred_problems_are_told_and_no_more():
    text = "".join(f"key{number}: 1\n" for number in range(2_000))
    assert len(problems(text)) == 100


def test_an_alias_stands_for_what_it_names():
    plan = parse("""\
version: 1
name: Same text twice
branches:
  - name: a
    when: &italian {country: IT}
    steps: [{id: one, after: 0h, send: [email], template: reminder}]
  - name: b
    when: {not: *italian}
    steps: [{id: two, after: 0h, send: [email], template: reminder}]
""")
    assert plan.branches[1].when.of == plan.branches[0].when


SOME_KEYS = r"(name|steps|on|when|branches|only_if|coupon|quiet_hours|languages|audience): "


@given(st.text(max_size=200) | st.from_regex(SOME_KEYS + r"[\[\]{}&*!|>\-'\" a-z:,\n]{0,60}"))
def test_no_text_brings_it_down(text):
    try:
        parse(text)
    except ScenarioInvalid as wrong:
        assert wrong.problems  # noqa: PT017  (most texts are wrong, and may be)
