"""Money and instants as they travel."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from ripresa.api.protocol.values import Amount, Asked, Instant, Maybe, Switch
from ripresa.core.money import MAX_MINOR, parse_minor


class Box(BaseModel):
    at: Instant


@given(st.integers(-MAX_MINOR, MAX_MINOR), st.sampled_from(["EUR", "JPY", "KWD", "USD", "RON"]))
def test_an_amount_is_exact_both_ways(minor, currency):
    told = Amount.of(minor, currency)
    assert "E" not in told.amount
    assert parse_minor(told.amount, currency) == minor


@pytest.mark.parametrize(
    ("minor", "currency", "amount"),
    [
        (5980, "EUR", "59.80"),
        (0, "EUR", "0.00"),
        (5980, "JPY", "5980"),
        (1, "KWD", "0.001"),
        (-5, "EUR", "-0.05"),
    ],
)
def test_an_amount_has_the_digits_of_its_currency(minor, currency, amount):
    assert Amount.of(minor, currency).amount == amount


@pytest.mark.parametrize(("minor", "currency"), [(None, "EUR"), (1, None), (1, "")])
def test_what_is_not_known_is_no_amount(minor, currency):
    assert Amount.of(minor, currency) is None


@pytest.mark.parametrize(
    "text",
    ["2026-11-20T15:00:00Z", "2026-11-20t16:00:00.000000+01:00", "2026-11-20T10:00:00-05:00"],
)
def test_an_instant_is_read_in_utc(text):
    assert Box(at=text).at == datetime(2026, 11, 20, 15, tzinfo=UTC)
    assert Box(at=text).at.tzinfo is UTC


@pytest.mark.parametrize(
    "text",
    ["", "2026-11-20", "2026-11-20T15:00:00", "2026-11-20 15:00:00Z", "1700000000", 1700000000, None,
     "2026-02-30T00:00:00Z", "2026-11-20T24:00:00Z", "2026-11-20T15:00:00+25:00", "0001-01-01T00:00:00+01:00"],
)  # fmt: skip
def test_what_is_no_instant(text):
    with pytest.raises(ValidationError):
        Box(at=text)


class Choice(Asked):
    is_on: Maybe[Switch] = None


@pytest.mark.parametrize("said", [0, 1, "true", "no", "", 1.0, [], None])
def test_a_switch_is_true_or_false_and_nothing_that_looks_like_it(said):
    assert Choice(is_on=True).is_on is True
    assert Choice(is_on=False).is_on is False
    with pytest.raises(ValidationError):
        Choice(is_on=said)
