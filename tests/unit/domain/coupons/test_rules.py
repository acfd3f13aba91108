"""What may be a code, when one ends, and when the cap holds: never by a second too much."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ripresa.domain.coupons.rules import Wish, capped, ends_at, fault_of_code, needed_until

NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
SPANS = st.none() | st.timedeltas(timedelta(0), timedelta(days=400))
AGES = st.timedeltas(timedelta(0), timedelta(days=800))


def wish(**values):
    return Wish(uuid4(), "spring", uuid4(), "recovery", uuid4(), "first", **values)


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        ("A", None), ("SUMMER 10", None), ("ÄÖ-1%", None), ("1E5", None), ("x" * 100, None),
        ("", "no_code"), ("x" * 101, "too_long"), ("A\tB", "not_printable"), ("A\u200bB", "not_printable"),
        ("A\x00", "not_printable"), ("1.23E+15", "rounded"), ("4,5e+9", "rounded"),
    ],
)  # fmt: skip
def test_what_may_be_a_code(code, fault):
    assert (fault_of_code(code) or (None,))[0] == fault


@given(SPANS, st.none() | st.timedeltas(timedelta(seconds=1), timedelta(days=800)))
def test_a_code_that_is_given_is_good_as_long_as_the_message_says(valid_for, own):
    asked = wish(valid_for=valid_for)
    own_end = own and NOW + own
    end = ends_at(asked, own_end, now=NOW)
    assert end is None or end <= (own_end or end)
    if own_end is None or own_end >= needed_until(asked, now=NOW):
        assert end == (own_end if valid_for is None else NOW + valid_for)


@given(SPANS, st.none() | AGES)
def test_the_cap_ends_when_it_says(one_per, age):
    latest = None if age is None else NOW - age
    answer = capped(wish(one_per=one_per), latest, now=NOW)
    if answer is None:
        assert one_per is None or age is None or age >= one_per
    else:
        until = datetime.fromisoformat(answer.facts["until"])
        assert until > NOW
        assert capped(wish(one_per=one_per), latest, now=until) is None
        assert capped(wish(one_per=one_per), latest, now=until - timedelta(microseconds=1))
