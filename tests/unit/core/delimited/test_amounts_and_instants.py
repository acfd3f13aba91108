"""CAP-1, CUS-4: amounts and dates as spreadsheets of many countries write them."""

from datetime import UTC
from zoneinfo import ZoneInfo

import pytest

from ripresa.core.delimited.amounts import NotAnAmount, guess_mark, read_amount
from ripresa.core.delimited.instants import NotAnInstant, guess_order, read_instant

ROME = ZoneInfo("Europe/Rome")


@pytest.mark.parametrize(
    ("text", "mark", "plain"),
    [
        ("59.80", ".", "59.80"),
        ("59,80", ",", "59.80"),
        ("1.234,56 €", ",", "1234.56"),
        ("$1,234.56", ".", "1234.56"),
        ("1 234,5", ",", "1234.5"),
        ("CHF 1'234.50", ".", "1234.50"),
        ("12", "", "12"),
        ("12,5", "", "12.5"),
        ("1.234", ",", "1234"),
        ("1.234", ".", "1.234"),
        ("10 zł", ",", "10"),
    ],
)
def test_amounts(text, mark, plain):
    assert read_amount(text, mark) == plain


@pytest.mark.parametrize("text", ["-3.00", "about 5", "1.2.3", "", "1e5", "١٢"])
def test_what_is_no_amount_is_refused(text):
    with pytest.raises(NotAnAmount):
        read_amount(text, ".")


def test_thousands_or_decimals_is_asked_and_never_guessed():
    with pytest.raises(NotAnAmount, match="thousands or decimals"):
        read_amount("1.234", "")


def test_a_column_tells_its_mark():
    assert guess_mark(["10", "1.234", "59,80"]) == ","
    assert guess_mark(["1,234.50"]) == "."
    assert guess_mark(["1.234.567"]) == ","
    assert guess_mark(["10", "1.234"]) == ""


@pytest.mark.parametrize(
    ("text", "order", "instant"),
    [
        ("2026-03-01T15:00:00Z", "", "2026-03-01T15:00:00"),
        ("2026-03-01 15:00", "", "2026-03-01T14:00:00"),
        ("2026-03-01 15:00:00 +0200", "", "2026-03-01T13:00:00"),
        ("2026-03-01 15:00:00 UTC", "", "2026-03-01T15:00:00"),
        ("01.03.2026 15:00", "", "2026-03-01T14:00:00"),
        ("03/04/2026", "mdy", "2026-03-03T23:00:00"),
        ("03/04/2026 3:05 PM", "dmy", "2026-04-03T13:05:00"),
        ("31/12/2026", "", "2026-12-30T23:00:00"),
        ("1772377200", "", "2026-03-01T15:00:00"),
        ("1772377200000", "", "2026-03-01T15:00:00"),
        ("March 1, 2026 3:00 PM", "", "2026-03-01T14:00:00"),
        ("29.03.2026 02:30", "", "2026-03-29T01:30:00"),
    ],
)
def test_instants(text, order, instant):
    found = read_instant(text, order=order, zone=ROME)
    assert found.tzinfo is UTC
    assert found.isoformat() == f"{instant}+00:00"


@pytest.mark.parametrize("text", ["tomorrow", "2026-02-30", "32.01.2026", "03/04/2026", "12:00"])
def test_what_is_no_date_is_refused(text):
    with pytest.raises(NotAnInstant):
        read_instant(text, order="", zone=ROME)


def test_a_column_tells_what_is_first():
    assert guess_order(["03/04/2026", "13/04/2026"]) == "dmy"
    assert guess_order(["03/04/2026", "04/13/2026"]) == "mdy"
    assert guess_order(["03/04/2026"]) == ""
