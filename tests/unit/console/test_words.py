"""States, reasons and typed words."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ripresa.console.layout import badges, reasons
from ripresa.console.layout.typed import LONGEST, cleaned
from ripresa.console.layout.writing import in_words
from ripresa.contracts.reasons import Outcome, Reason
from ripresa.domain.carts.rules import CartState
from ripresa.domain.scenarios.durations import parse_duration


def test_every_reason_has_a_sentence_and_no_other():
    assert set(reasons.SENTENCES) == {str(reason) for reason in Reason}


@pytest.mark.parametrize("code", sorted(reasons.SENTENCES))
def test_a_sentence_is_one(code):
    text = reasons.sentence(code)
    assert text[0] in string.ascii_uppercase
    assert text.endswith(".")


def test_every_state_has_a_badge_with_text():
    assert set(badges.CART) == {str(state) for state in CartState}
    assert {str(outcome) for outcome in Outcome} <= set(badges.MESSAGE)
    for family in badges.FAMILIES.values():
        assert all(str(badge.text) for badge in family.values())


def test_abandoned_is_grey_and_recovered_green():
    assert badges.CART["abandoned"] == badges.Badge("Abandoned", "grey")
    assert badges.CART["recovered"] == badges.Badge("Recovered", "green")


@pytest.mark.parametrize(
    ("text", "words"),
    [("24h", "1 day"), ("2d", "2 days"), ("90m", "1 hour 30 minutes"), ("1d12h", "1 day 12 hours"),
     ("3mo", "3 months"), ("1mo1d1h1m", "1 month 1 day 1 hour 1 minute"), ("0h", "")],
)  # fmt: skip
def test_durations_as_people_say_them(text, words):
    assert in_words(parse_duration(text)) == words


@given(st.text())
def test_typed_words_are_one_printable_line(text):
    line = cleaned(text)
    assert len(line) <= LONGEST
    assert line.isprintable()
    assert cleaned(line) == line
