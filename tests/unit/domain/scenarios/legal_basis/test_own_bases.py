"""What a shop asks beyond a preset is never laxer than it (CNS-5)."""

from datetime import timedelta

import pytest

from ripresa.contracts.reasons import Reason
from ripresa.domain.scenarios.legal_basis.own import (
    BadBases,
    LaxerThanLaw,
    narrow,
    read_bases,
    rules_allowed,
)
from ripresa.domain.scenarios.legal_basis.rules import Allowed, Case, Refused, decide


def case(**values):
    usual = {
        "country": "IT", "relation": "none", "channel": "email", "has_offer": False,
        "reminders_sent_before": 0, "since_left": timedelta(hours=2), "consent": "unknown",
    }  # fmt: skip
    return Case(**usual | values)


@pytest.mark.parametrize(
    ("country", "channel", "allowed"),
    [
        ("IT", "email", {"consent", "one_text", "one_reminder"}),
        ("FR", "sms", {"consent", "one_text", "earlier_sale", "recent_sale"}),
        ("CA", "email", {"consent", "one_text", "recent_sale"}),
        # A yes alone would be laxer there.
        ("US", "sms", {"one_text"}),
        ("US", "email", {"consent", "not_refused", "earlier_sale", "recent_sale", "one_text",
                         "one_reminder"}),
        ("JP", "email", {"consent", "one_text"}),
    ],
)  # fmt: skip
def test_what_is_as_strict_as_the_preset(country, channel, allowed):
    assert set(rules_allowed(country, channel)) == allowed


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"country": "Italy"}, "no country"),
        ({"channel": "fax"}, "fax"),
        ({"rule": "no_such"}, "no rule 'no_such'"),
        ({"why": "x"}, "why"),
    ],
)
def test_what_makes_no_sense_is_named(said, told):
    with pytest.raises(BadBases) as wrong:
        read_bases([{"country": "IT", "channel": "email", "rule": "consent"} | said])
    assert told in str(wrong.value)


def test_what_is_laxer_is_refused_with_what_is_possible():
    with pytest.raises(LaxerThanLaw) as wrong:
        read_bases([{"country": "IT", "channel": "email", "rule": "not_refused"}])
    assert "laxer than the preset for email in IT" in str(wrong.value)
    assert "one_reminder" in str(wrong.value)


def test_it_can_only_say_no():
    silent, willing = case(), case(consent="granted")
    assert isinstance(narrow(decide("by_country", silent), None, silent), Allowed)
    assert narrow(decide("by_country", silent), "consent", silent) == Refused(Reason.LEGAL_BASIS)
    assert isinstance(narrow(decide("by_country", willing), "consent", willing), Allowed)
    # What the scenario's preset refuses stays refused, whatever the shop's rule is.
    assert isinstance(narrow(decide("consent", silent), "not_refused", silent), Refused)
    # A scenario that names a laxer preset is held to it, too.
    assert isinstance(narrow(decide("any", silent), "one_reminder", silent), Allowed)
    late = case(since_left=timedelta(days=9))
    assert isinstance(narrow(decide("any", late), "one_reminder", late), Refused)
    # A rule that is gone from the installation's own file: a yes.
    assert isinstance(narrow(decide("any", silent), "gone", silent), Refused)
