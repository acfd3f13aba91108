"""CNS-1, CNS-2: consent per person and channel, with proof that is never overwritten."""

import json
from datetime import timedelta

import pytest

from ripresa.domain.contacts.choices.consent import Proof
from ripresa.domain.contacts.models import ConsentWord, Contact
from ripresa.entrypoints.cli.problem import Problem
from ripresa.usecases.consent.change_consent import NotAConsent, Said, change_consent
from ripresa.usecases.consent.consent_settings import change_consent_settings
from tests.rows import DAY, HOUR, T0, make_contact

ADA = "ada@example.test"


def said(number, states, at=T0 - DAY, **proof):
    """A consent.changed event of Ada's."""
    contact = {"email": ADA, "consent": states}
    contact |= {f"consent_{name}": value for name, value in proof.items()}
    return {
        "id": f"c{number}", "type": "consent.changed", "occurred_at": at.isoformat(), "visitor_id": "v1",
        "contact": contact,
    }  # fmt: skip


def states(email=ADA):
    ada = Contact.objects.get(email=email)
    return ada.consent_email, ada.consent_sms, ada.consent_letter


class TestHistory:
    def test_every_word_is_kept_with_its_proof(self, shop, hear):
        hear(
            said(1, {"email": "granted"}, T0 - 3 * DAY, text="Yes.", version="2", ip="192.0.2.7",
                 source="form"),
            said(2, {"email": "denied"}, T0 - 2 * DAY),
            said(3, {"email": "granted"}, T0 - DAY),
        )  # fmt: skip
        words = ConsentWord.objects.filter(shop=shop).order_by("at")
        assert [(word.state, word.proven) for word in words] == [
            ("granted", True), ("denied", True), ("granted", True),
        ]  # fmt: skip
        first = words[0]
        assert (first.text, first.version, first.ip, first.source) == (
            "Yes.", "2", "192.0.2.7", "form",
        )  # fmt: skip
        assert states()[0] == "granted"

    def test_the_same_event_again_adds_nothing(self, shop, hear):
        hear(said(1, {"email": "granted"}))
        hear(said(1, {"email": "granted"}))
        assert ConsentWord.objects.filter(shop=shop).count() == 1

    def test_what_a_cart_carries_lifts_no_refusal(self, hear):
        hear(said(1, {"email": "denied"}))
        hear(
            {"id": "k", "type": "contact.identified", "occurred_at": T0.isoformat(), "visitor_id": "v",
             "contact": {"email": ADA, "consent": {"email": "granted"}}}
        )  # fmt: skip
        assert states()[0] == "denied"

    def test_a_command_shows_all_of_it(self, hear, ripresa):
        hear(said(1, {"email": "granted"}, text="Yes.", ip="192.0.2.7"))
        text = ripresa("consent", "show", ADA).output
        assert "email   granted" in text
        assert "“Yes.”" in text
        assert "192.0.2.7" in text
        told = json.loads(ripresa("consent", "show", ADA, "--json").output)
        assert (told["email"], told["sms"], told["history"][0]["text"]) == (
            "granted", "unknown", "Yes.",
        )  # fmt: skip


class TestByHand:
    def test_a_grant_lifts_an_older_refusal(self, hear, ripresa):
        hear(said(1, {"email": "denied"}))
        ripresa("consent", "grant", ADA, "--source", "phone call", "--by", "Ada")
        assert states()[0] == "granted"
        word = ConsentWord.objects.get(state="granted")
        assert (word.source, word.by, word.proven, word.at) == ("phone call", "Ada", True, T0)

    def test_a_grant_that_is_older_lifts_nothing(self, hear, ripresa):
        hear(said(1, {"email": "denied"}))
        ripresa("consent", "grant", ADA, "--source", "form", "--at", "2026-01-01T10:00")
        assert states()[0] == "denied"

    def test_a_refusal_stops_every_channel_unless_one_is_named(self, hear, ripresa):
        hear(said(1, {"email": "granted", "sms": "granted"}))
        ripresa("consent", "deny", ADA, "--channel", "sms")
        assert states() == ("granted", "denied", "unknown")
        ripresa("consent", "deny", ADA)
        assert states() == ("denied", "denied", "denied")

    def test_who_is_not_known_is_made(self, shop, ripresa):
        ripresa("consent", "grant", "new@example.test", "--source", "fair")
        assert states("new@example.test")[0] == "granted"

    def test_twice_is_as_good_as_once(self, hear, ripresa):
        hear(said(1, {"email": "granted"}))
        for _ in range(2):
            ripresa("consent", "deny", ADA, "--channel", "email")
        assert ConsentWord.objects.filter(state="denied").count() == 1

    def test_nobody_says_something_in_the_future(self, shop, hear):
        hear(said(1, {"email": "granted"}))
        later = Said({"email": "denied"}, Proof("x", "", "e"), T0 + HOUR)
        with pytest.raises(NotAConsent, match="has not come yet"):
            change_consent(shop_id=shop.id, key=f"email:{ADA}", said=later, now=T0)

    @pytest.mark.parametrize("person", ["nobody", "customer:", "+1", ""])
    def test_who_is_meant_must_be_plain(self, person, ripresa):
        with pytest.raises(Problem, match="no e-mail address"):
            ripresa("consent", "show", person)


class TestCoupled:
    def couple(self, shop, choice=True):
        change_consent_settings(shop_id=shop.id, now=T0, couple_channels=choice)

    def test_apart_unless_the_shop_says_otherwise(self, hear):
        hear(said(1, {"email": "granted"}))
        assert states() == ("granted", "unknown", "unknown")

    @pytest.mark.parametrize("one", ["email", "sms"])
    @pytest.mark.parametrize("state", ["granted", "denied"])
    def test_one_is_both(self, one, state, shop, hear):
        self.couple(shop)
        hear(said(1, {one: state}))
        assert states() == (state, state, "unknown")

    def test_a_choice_holds_for_everybody_at_once_and_can_be_taken_back(self, shop, hear):
        hear(said(1, {"email": "granted", "letter": "denied"}))
        self.couple(shop)
        assert states() == ("granted", "granted", "denied")
        self.couple(shop, False)
        assert states() == ("granted", "unknown", "denied")

    def test_one_unsubscribe_stops_both_by_her_own_word(self, shop, hear, ripresa):
        self.couple(shop)
        hear(said(1, {"email": "granted"}))
        ripresa("consent", "deny", ADA, "--channel", "sms")
        assert states()[:2] == ("denied", "denied")
        self.couple(shop, False)
        assert states()[:2] == ("denied", "denied")

    def test_a_command_changes_it(self, shop, hear, monkeypatch, ripresa):
        hear(said(1, {"email": "granted"}))
        from typer.testing import CliRunner

        from ripresa.entrypoints.cli.app import app

        CliRunner().invoke(app, ["shop", "change", "wines", "--couple-channels"])
        shop.refresh_from_db()
        assert shop.couple_channels
        assert states()[1] == "granted"


def test_another_shop_hears_nothing(shop, hear, ripresa):
    from tests.rows import make_shop

    other = make_contact(make_shop("bikes", "Dan's Bikes"), ADA)
    hear(said(1, {"email": "granted"}))
    ripresa("consent", "deny", ADA)
    other.refresh_from_db()
    assert other.consent_email == "unknown"


def test_a_page_can_refuse_and_is_heeded(hear):
    hear(said(1, {"email": "granted"}, T0 - 2 * DAY))
    hear(said(2, {"email": "denied"}, T0 - DAY + timedelta(1)), trusted=False)
    assert states()[0] == "denied"
