"""The lot of a person (SCN-17): by the names of scenario and person alone, in the stated share."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ripresa.domain.scenarios.holdout import is_drawn

PEOPLE = [f"p{number}@people.test" for number in range(2000)]
names = st.text(max_size=30)


def share_of(scenario, share):
    return sum(is_drawn(scenario, person, share) for person in PEOPLE) / len(PEOPLE)


@pytest.mark.parametrize("share", [500, 1000, 5000])
def test_the_share_is_about_right_over_two_thousand_people(share):
    expected = share / 10_000
    sigma = (expected * (1 - expected) / len(PEOPLE)) ** 0.5
    assert abs(share_of("Left", share) - expected) < 4 * sigma


def test_another_scenario_draws_other_people():
    here = {person for person in PEOPLE if is_drawn("Left", person, 1000)}
    there = {person for person in PEOPLE if is_drawn("Left at the checkout", person, 1000)}
    assert 0 < len(here & there) < len(here) / 2


@given(names, names)
def test_nobody_at_nothing_everybody_at_all(scenario, person):
    assert not is_drawn(scenario, person, 0)
    assert is_drawn(scenario, person, 10_000)


@given(names, names, st.integers(0, 10_000), st.integers(0, 10_000))
def test_a_larger_share_holds_out_whom_a_smaller_one_does(scenario, person, one, other):
    if is_drawn(scenario, person, min(one, other)):
        assert is_drawn(scenario, person, max(one, other))


@given(names, names, st.integers(1, 9_999))
def test_the_formula_is_the_published_one(scenario, person, share):
    lot = int.from_bytes(sha256(f"holdout\n{scenario}\n{person}".encode()).digest()[:8], "big")
    assert is_drawn(scenario, person, share) == (lot / 2**64 < share / 10_000)
