"""States, reasons and typed words."""

import string
from decimal import Decimal

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from ripresa.console.audit.fields import field_in_words, value_in_words
from ripresa.console.connections.reasons import told_reason
from ripresa.console.layout import badges, reasons
from ripresa.console.layout.typed import LONGEST, cleaned
from ripresa.console.layout.writing import as_typed, in_words, number_in_words, share_in_words
from ripresa.console.scenarios.timeline import worth_in_words
from ripresa.console.templatetags.console import (
    country,
    platform,
    quoted,
    share,
    text_title,
    tongue,
)
from ripresa.contracts.reasons import Outcome, Reason
from ripresa.domain.carts.rules import CartState
from ripresa.domain.coupons.rules import Worth
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


@pytest.mark.parametrize(
    ("language", "number", "part", "name"),
    [("en", "40.00", "17.2%", "“A”"), ("de", "40,00", "17,2\xa0%", "„A“"), ("ru", "40,00", "17,2\xa0%", "«A»")],
)  # fmt: skip
def test_numbers_and_quotation_marks_are_the_readers(language, number, part, name):
    with override(language):
        assert (as_typed("40.00"), as_typed(None)) == (number, "")
        assert share(0.172) == part
        assert quoted("A") == name


@pytest.mark.parametrize(
    ("language", "third", "digits", "thousands", "worth"),
    [
        ("en", "33.33%", "1.50", "12,345", ("12.5%", "5.00 EUR")),
        ("de", "33,33\xa0%", "1,50", "12.345", ("12,5\xa0%", "5,00 EUR")),
        ("it", "33,33%", "1,50", "12.345", ("12,5%", "5,00 EUR")),
        ("ro", "33,33\xa0%", "1,50", "12.345", ("12,5\xa0%", "5,00 EUR")),
        ("ru", "33,33\xa0%", "1,50", "12\xa0345", ("12,5\xa0%", "5,00 EUR")),
    ],
)
def test_numbers_are_written_as_the_language_has_it(language, third, digits, thousands, worth):
    with override(language):
        assert share_in_words(Decimal(3333) / 10000, 2) == third
        assert number_in_words(1.5, 2, least=2) == digits
        assert number_in_words(12345) == thousands
        worths = (Worth(Decimal("12.5")), Worth(Decimal(5), "EUR"))
        assert tuple(worth_in_words(one) for one in worths) == worth


def test_what_the_audit_log_tells_has_names():
    with override("de"):
        assert field_in_words("role") == "Rolle"
        assert field_in_words("track_opens") == "Öffnungen verfolgen"
        assert field_in_words("button_ink") == "button_ink"
        assert value_in_words("role", "viewer") == "Betrachter"
        assert value_in_words("why", "held by hand") == told_reason("held by hand").text
        assert value_in_words("name", "viewer") == "viewer"


def test_names_stand_where_codes_are_kept():
    with override("de"):
        assert text_title("reminder") == "Erinnerung mit Warenkorb"
        assert text_title("ours") == "ours"
        assert (country("IT"), country("?")) == ("Italien", "?")
        assert (tongue("it-IT"), tongue("x"), tongue("Latin!")) == (
            "Italienisch (Italien)",
            "x",
            "Latin!",
        )
        assert (platform("woocommerce"), platform("none")) == ("WooCommerce", "none")
