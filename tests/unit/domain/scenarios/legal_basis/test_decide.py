"""CNS-5: what allows a message, by country, relation and channel; and that a refusal always stops."""

from datetime import timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ripresa.contracts.reasons import Reason
from ripresa.domain.scenarios.legal_basis.presets import (
    EVERYWHERE,
    preset_names,
    shipped,
    shipped_text,
)
from ripresa.domain.scenarios.legal_basis.rules import Allowed, Case, Refused, decide

HOUR = timedelta(hours=1)
EU = ("BE", "BG", "CY", "CZ", "DK", "EE", "ES", "FI", "GR", "HR", "HU", "IE", "LT", "LU",
      "LV", "MT", "NL", "PT", "SE", "SI", "SK")  # fmt: skip


def case(country="IT", channel="email", **values):
    usual = {
        "relation": "none", "has_offer": False, "reminders_sent_before": 0, "since_left": 24 * HOUR,
        "consent": "unknown",
    }  # fmt: skip
    return Case(country=country, channel=channel, **(usual | values))


cases = st.builds(
    Case,
    country=st.sampled_from(["IT", "DE", "FR", "GB", "US", "CA", "CH", "JP", "", None]),
    relation=st.sampled_from(["none", "customer"]),
    channel=st.sampled_from(["email", "sms", "letter"]),
    has_offer=st.booleans(),
    reminders_sent_before=st.integers(0, 4),
    since_left=st.integers(0, 1000).map(lambda hours: hours * HOUR),
    consent=st.sampled_from(["granted", "denied", "unknown"]),
)


def allowed(preset, one):
    return isinstance(decide(preset, one), Allowed)


def test_the_default_stands_first():
    assert preset_names() == ("by_country", "consent", "any", "one_reminder")


@pytest.mark.parametrize("preset", preset_names())
@given(one=cases.filter(lambda one: one.consent == "denied"))
def test_a_refusal_stops_under_every_preset(preset, one):
    assert decide(preset, one) == Refused(Reason.NO_CONSENT)


@pytest.mark.parametrize("preset", preset_names())
@given(
    one=cases.filter(
        # Carriers of one country ask for more than a yes.
        lambda one: one.consent == "granted" and (one.country, one.channel) != ("US", "sms")
    )
)
def test_consent_allows_under_every_preset(preset, one):
    rule = decide(preset, one).rule
    assert rule.startswith(f"{preset}/")
    assert rule.endswith("/consent@2")


@given(cases.filter(lambda one: one.consent == "unknown"))
def test_consent_asks_for_a_yes_and_any_for_no_no(one):
    assert decide("consent", one) == Refused(Reason.NO_CONSENT)
    assert decide("any", one) == Allowed("any/not_refused@2")


@given(cases.filter(lambda one: one.consent == "unknown"))
def test_what_else_refuses_is_the_legal_basis(one):
    for preset in ("by_country", "one_reminder"):
        decision = decide(preset, one)
        assert isinstance(decision, Allowed) or decision.reason is Reason.LEGAL_BASIS


@given(cases.filter(lambda one: one.country not in {"DE", "US"}))
def test_more_of_a_message_is_never_allowed_where_less_is_not(one):
    """A second reminder, an offer, a later moment: none makes lawful what was not."""
    for preset in preset_names():
        if not allowed(preset, one):
            more = msgspec.structs.replace(
                one,
                has_offer=True,
                reminders_sent_before=one.reminders_sent_before + 1,
                since_left=one.since_left + HOUR,
            )
            assert not allowed(preset, more)


def test_italy_without_consent_allows_one_prompt_reminder_without_an_offer():
    assert decide("by_country", case()) == Allowed("by_country/IT/one_reminder@2")
    refused = Refused(Reason.LEGAL_BASIS)
    assert decide("by_country", case(reminders_sent_before=1)) == refused
    assert decide("by_country", case(has_offer=True)) == refused
    assert allowed("by_country", case(since_left=72 * HOUR))
    assert decide("by_country", case(since_left=72 * HOUR + timedelta(seconds=1))) == refused
    assert decide("by_country", case(channel="sms")) == refused
    assert decide("by_country", case(channel="letter")) == refused


def test_one_reminder_is_that_rule_everywhere():
    assert decide("one_reminder", case("JP")) == Allowed("one_reminder/one_reminder@2")
    assert not allowed("one_reminder", case("JP", reminders_sent_before=1))


@pytest.mark.parametrize(
    ("country", "channel", "relation", "rule"),
    [
        *((country, "email", "customer", "EU/earlier_sale") for country in EU),
        *(
            (country, "email", "customer", f"{country}/earlier_sale")
            for country in ("AT", "FR", "RO")
        ),
        ("FR", "sms", "customer", "FR/earlier_sale"),
        ("PL", "email", "customer", None),
        ("FR", "letter", "customer", None),
        ("FR", "email", "none", None),
        ("DE", "email", "customer", None),
        ("DE", "letter", "none", "DE/not_refused"),
        ("GB", "email", "customer", "GB/earlier_sale"),
        ("GB", "email", "none", None),
        ("US", "email", "none", "US/not_refused"),
        ("US", "sms", "customer", None),
        ("CA", "email", "customer", None),
        # What no source is named for, and what nobody knows: the cautious rule.
        ("CH", "email", "customer", None),
        (None, "email", "customer", None),
    ],
)
def test_by_country(country, channel, relation, rule):
    decision = decide("by_country", case(country, channel, relation=relation))
    if rule is None:
        assert decision == Refused(Reason.LEGAL_BASIS)
    else:
        assert decision == Allowed(f"by_country/{rule}@2")


@pytest.mark.parametrize(("days", "is_recent"), [(1, True), (730, True), (731, False)])
def test_canada_takes_a_sale_of_two_years(days, is_recent):
    one = case("CA", relation="customer", since_order=days * 24 * HOUR)
    expected = Allowed("by_country/CA/recent_sale@2") if is_recent else Refused(Reason.LEGAL_BASIS)
    assert decide("by_country", one) == expected


@pytest.mark.parametrize(
    ("values", "goes"),
    [
        ({}, True),
        ({"since_left": 48 * HOUR}, True),
        ({"since_left": 49 * HOUR}, False),
        ({"texts_sent_before": 1}, False),
        ({"reminders_sent_before": 1}, True),  # a mail is no text
        ({"consent": "unknown"}, False),
        ({"consent": "pending"}, False),
    ],
)
def test_america_takes_one_text_for_a_cart(values, goes):
    one = case("US", "sms", **{"consent": "granted", **values})
    assert allowed("by_country", one) is goes


def test_the_presets_are_dated():
    assert shipped().as_of is not None
    grounds = shipped().presets["by_country"].countries
    assert {"IT", "DE", "AT", "FR", "RO", "PL", "GB", "US", "CA", "EU"} <= set(grounds)
    assert "NOT LEGAL ADVICE" in shipped_text()


def test_a_name_that_is_no_preset_is_an_error():
    with pytest.raises(KeyError):
        decide("by_heart", case())


def test_the_data_are_whole():
    known = shipped()
    for preset in known.presets.values():
        assert EVERYWHERE in preset.countries
        assert set(preset.groups) <= set(preset.countries)
        for place, ground in preset.countries.items():
            assert EVERYWHERE in ground.channels
            for names in ground.channels.values():
                assert set(names) <= set(known.rules)
                assert names[0] in {"consent", "one_text"}
            # A country of its own has a law of its own, with a source to look it up.
            if place != EVERYWHERE:
                assert ground.law
                assert all(source.startswith("https://") for source in ground.sources)
                assert ground.sources
