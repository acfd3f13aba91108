"""Spans of time as people type them: a number with the unit beside it, or with its own."""

import pytest

from ripresa.console.layout.forms import typed_duration


@pytest.mark.parametrize(
    ("number", "unit", "meant"),
    [
        ("4", "h", "4h"),
        ("04", "d", "4d"),
        ("1h", "d", "1h"),
        ("36H", "m", "1d12h"),
        ("2d12h", "h", "2d12h"),
        ("3mo", "h", "3mo"),
    ],
)
def test_both_forms_are_understood(number, unit, meant):
    assert str(typed_duration(number, unit)) == meant


@pytest.mark.parametrize(
    ("number", "unit"),
    [("", "h"), ("soon", "h"), ("-1", "h"), ("4", "weeks"), ("1h2d", "h"), ("٤", "h")],
)
def test_all_else_is_none(number, unit):
    assert typed_duration(number, unit) is None
