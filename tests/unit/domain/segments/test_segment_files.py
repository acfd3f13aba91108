"""What is wrong with a segment file is told with its line, field and what to do."""

import pytest

from ripresa.domain.scenarios.file.document import ScenarioInvalid
from ripresa.domain.scenarios.plan import Amount
from ripresa.domain.segments.conditions import Abandoned, All
from ripresa.domain.segments.conditions import Test as Comparison
from ripresa.domain.segments.reading import parse_segment


def read(when):
    return parse_segment(f"name: Left\nwhen:\n  {when}\n", file_name="s.yaml", currency="EUR")


def test_a_file_is_understood():
    found = read('{abandonment: {value: {gte: "89.00"}, sku: A1}, country: {in: [IT, SM]}}')
    assert found.name == "Left"
    assert found.condition == All(
        (
            Abandoned(value=(("gte", Amount(8900, "EUR")),), skus=("A1",)),
            Comparison("country", "in", ("IT", "SM")),
        )
    )


@pytest.mark.parametrize(
    ("when", "field", "hint"),
    [
        ("{contry: {eq: IT}}", "when.contry", "did you mean 'country'?"),
        ("{country: {gt: IT}}", "when.country.gt", "eq, ne, in"),
        ("{country: {eq: [IT, DE]}}", "when.country.eq", "in: [...]"),
        ("{abandonment: {state: lost}}", "when.abandonment.state", "not_recovered"),
        ("{abandonment: {value: {gte: lots}}}", "when.abandonment.value.gte", "89.00"),
        ("{abandonment: {within: soon}}", "when.abandonment.within", "90m"),
        ("{orders: {eq: many}}", "when.orders.eq", "whole number"),
        ("{has_phone: {eq: maybe}}", "when.has_phone.eq", "true, false"),
        ("{consent.email: {eq: yes}}", "when.consent.email.eq", "granted"),
        ("{all: []}", "when.all", "list of conditions"),
        ("{last_order: {}}", "when.last_order", "before: 90d"),
        ("{}", "when", "asks for nothing"),
    ],
)
def test_what_is_wrong_is_told(when, field, hint):
    with pytest.raises(ScenarioInvalid) as wrong:
        read(when)
    (problem, *_) = wrong.value.problems
    assert (problem.line, problem.field) == (3, field)
    assert hint in problem.message


def test_a_file_without_name_and_condition_says_both():
    with pytest.raises(ScenarioInvalid) as wrong:
        parse_segment("{}", file_name="s.yaml", currency="EUR")
    assert [problem.field for problem in wrong.value.problems] == ["name", "when"]
