"""What short messages cost: by country, by part, and fractions of a cent that add up."""

import pytest

from ripresa.contracts.provider import BadSettings
from ripresa.contracts.sms.prices import prices_of
from ripresa.core.money import Money
from tests.outgoing import an_sms

ITALIAN, GERMAN, CANADIAN = "+393331234567", "+4915112345678", "+15067654321"


def cost(part_cost, *, currency="EUR", transliterate="no", **sms):
    settings = {"part_cost": part_cost, "currency": currency, "transliterate": transliterate}
    (found,) = prices_of([an_sms(**sms)], settings)
    return found


@pytest.mark.parametrize(
    ("part_cost", "recipient", "minor"),
    [
        ("0.07", ITALIAN, 7),
        ("0.07 DE=0.09", GERMAN, 9),
        ("de=0.09 0.07", GERMAN, 9),
        ("0.07 US=0.01 CA=0.02", CANADIAN, 2),  # one prefix, two countries
        ("0", ITALIAN, 0),
    ],
)
def test_the_country_of_the_number_says_what_a_part_costs(part_cost, recipient, minor):
    assert cost(part_cost, recipient=recipient) == Money(minor, "EUR")


@pytest.mark.parametrize("part_cost", ["", "DE=0.09"])
def test_what_no_price_is_given_for_has_none(part_cost):
    assert cost(part_cost, recipient=ITALIAN) is None


def test_each_part_is_paid_for_and_a_text_made_cheaper_costs_less():
    text = "Coșul tău te așteaptă. " * 5  # 115 letters, of which some need UTF-16
    assert cost("0.10", text=text, language="ro") == Money(20, "EUR")
    assert cost("0.10", text=text, language="ro", transliterate="yes") == Money(10, "EUR")
    assert cost("5", text=text, currency="jpy") == Money(10, "JPY")


@pytest.mark.parametrize(("part_cost", "cents"), [("0.065", 6.5), ("0.0333", 3.33), ("0.001", 0.1)])
def test_fractions_of_a_cent_add_up_over_many_and_each_message_always_costs_the_same(
    part_cost, cents
):
    settings = {"part_cost": part_cost, "currency": "EUR", "transliterate": "no"}
    many = [an_sms(number) for number in range(4_000)]
    found = [one.minor for one in prices_of(many, settings)]
    assert found == [one.minor for one in prices_of(many, settings)]
    assert set(found) == {int(cents), int(cents) + 1}
    # 4,000 draws of at most half a cent of spread: 32 cents; four times that.
    assert sum(found) == pytest.approx(4_000 * cents, abs=130)


@pytest.mark.parametrize("part_cost", ["0,07", "DE", "DE=", "=0.07", "DEU=1", "-1", "1_0", "1e3", "DE=1 de=2", "1 2"])  # fmt: skip
def test_a_price_list_that_cannot_be_read_is_refused(part_cost):
    with pytest.raises(BadSettings, match="part_cost"):
        cost(part_cost)


def test_a_currency_that_cannot_be_is_refused():
    with pytest.raises(BadSettings, match="currency"):
        cost("0.07", currency="euro")
