"""Whom a scenario is for (SCN-6): new, inactive for N calendar months, in a segment."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ripresa.domain.scenarios.audiences import belongs, customer_classes
from ripresa.domain.scenarios.durations import Duration, parse_duration
from ripresa.domain.scenarios.plan import Audience

A_SECOND = timedelta(seconds=1)
THREE_MONTHS = Duration(months=3)
instants = st.integers(0, 4_000 * 86_400).map(
    lambda seconds: at("2020-01-01") + timedelta(seconds=seconds)
)


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_who_never_bought_is_new():
    assert customer_classes(None, inactive_for=THREE_MONTHS, at=at("2026-11-22")) == {"new"}


@pytest.mark.parametrize(
    ("ordered", "span", "edge"),
    [
        ("2026-08-22T10:00:00", "3mo", "2026-11-22T10:00:00"),
        ("2026-11-30T23:59:59", "3mo", "2027-02-28T23:59:59"),
        ("2023-11-30T00:00:00", "3mo", "2024-02-29T00:00:00"),
        ("2026-01-31T12:00:00", "1mo", "2026-02-28T12:00:00"),
        ("2026-03-28T12:00:00", "1mo", "2026-04-28T12:00:00"),  # a month in which clocks jump
        ("2026-10-03T12:00:00", "90d", "2027-01-01T12:00:00"),
    ],
)
def test_inactive_from_the_instant_at_which_the_months_are_over(ordered, span, edge):
    def classes(instant):
        return customer_classes(at(ordered), inactive_for=parse_duration(span), at=instant)

    assert classes(at(edge) - A_SECOND) == {"returning"}
    assert classes(at(edge)) == {"returning", "inactive"}


def test_inactive_means_three_months_unless_said_otherwise():
    ordered, edge = at("2026-08-22T10:00:00"), at("2026-11-22T10:00:00")
    assert "inactive" not in customer_classes(ordered, inactive_for=None, at=edge - A_SECOND)
    assert "inactive" in customer_classes(ordered, inactive_for=None, at=edge)


@given(st.none() | instants, instants)
def test_everybody_is_new_or_returning_and_nobody_both(ordered, instant):
    classes = customer_classes(ordered, inactive_for=THREE_MONTHS, at=instant)
    assert ("new" in classes) != ("returning" in classes)
    assert "inactive" not in classes or "returning" in classes


@pytest.mark.parametrize("customers", ["all", "new", "inactive"])
@pytest.mark.parametrize("ordered", [None, "2026-06-01", "2026-11-01"])
@pytest.mark.parametrize("is_in_segment", [True, False])
def test_an_audience_is_its_customers_and_its_segment(customers, ordered, is_in_segment):
    facts = {
        "latest_order_at": ordered and at(ordered),
        "abandoned_at": at("2026-11-22"),
        "is_in_segment": is_in_segment,
    }
    by_class = {"all": True, "new": ordered is None, "inactive": ordered == "2026-06-01"}[customers]
    assert belongs(Audience(customers), **facts) == by_class
    assert belongs(Audience(customers, segment="Loyal"), **facts) == (by_class and is_in_segment)
