"""Who a payload is about, and what they said about being written to."""

from datetime import UTC, datetime

import pytest

from ripresa.connectors.shopify.carts import events_of_checkout
from ripresa.connectors.shopify.customers import events_of_customer
from ripresa.connectors.shopify.orders import events_of_order
from ripresa.contracts.events import AddressBlock, ConsentBlock
from tests.unit.connectors.shopify.payloads import (
    ADDRESS,
    CUSTOMER,
    a_checkout,
    an_order,
    events,
    only,
    rejections,
)


def buyer(**changes):
    return only(events_of_checkout(a_checkout(**changes)), "contact.identified").contact


def customer(**changes):
    return events_of_customer({**CUSTOMER, **changes})


def consent_of(state="subscribed", level="single_opt_in", at="2026-02-01T08:00:00Z"):
    return {"state": state, "opt_in_level": level, "consent_updated_at": at}


def test_a_buyer_is_everything_the_checkout_says_of_her():
    contact = buyer()
    assert (contact.email, contact.customer_id) == ("ada@mail.test", "7001")
    assert (contact.first_name, contact.last_name, contact.locale) == ("Ada", "Rossi", "it-IT")
    assert contact.address == AddressBlock(
        "Ada Rossi", ("Via Emilia 7",), "40121", "Bologna", "BO", "IT"
    )


def test_the_address_typed_at_the_checkout_comes_before_the_customers():
    assert buyer(email="Work@Mail.test").email == "work@mail.test"
    assert buyer(email=None).email == "ada@mail.test"


def test_an_order_may_name_its_address_as_contact_email_only():
    outcomes = events_of_order(an_order(email="", customer=None))
    assert only(outcomes, "order.placed").contact.email == "ada@mail.test"


def test_a_guest_is_named_by_the_billing_address_before_the_person_it_is_sent_to():
    contact = buyer(customer=None, shipping_address={**ADDRESS, "first_name": "Ben"})
    assert (contact.first_name, contact.customer_id) == ("Ada", None)
    assert buyer(customer=None, billing_address=None).first_name == "Ada"


def test_a_company_stands_above_the_street():
    contact = buyer(shipping_address={**ADDRESS, "company": "Rossi srl", "address2": "Scala B"})
    assert contact.address.lines == ("Rossi srl", "Via Emilia 7", "Scala B")


def test_a_country_alone_is_no_address():
    only_country = {"country_code": "IT", "country": "Italy"}
    contact = buyer(
        shipping_address=only_country,
        billing_address=None,
        customer={**CUSTOMER, "default_address": None},
    )
    assert contact.address is None


@pytest.mark.parametrize(
    ("changes", "phone"),
    [
        ({"phone": "+39 333 1234567"}, "+393331234567"),
        ({"phone": "333 1234567"}, "+393331234567"),  # dialled within the country of the address
        ({"customer": {**CUSTOMER, "phone": "+393331234567"}}, "+393331234567"),
        ({"billing_address": {**ADDRESS, "phone": "051 234567"}}, "+39051234567"),
        ({"billing_address": {**ADDRESS, "phone": "ring the bell"}}, None),
        (
            {"shipping_address": {**ADDRESS, "phone": "333 1234567"}},
            None,
        ),  # somebody else's, perhaps
        ({}, None),
    ],
)
def test_a_phone_number_is_one_that_can_be_dialled_from_abroad(changes, phone):
    assert buyer(**changes).phone == phone


def test_a_number_given_for_messages_comes_first():
    changes = {"phone": "+393330000001", "sms_marketing_phone": "+393330000002"}
    assert buyer(**changes).phone == "+393330000001"
    ticked = buyer(**changes, buyer_accepts_sms_marketing=True)
    assert (ticked.phone, ticked.consent.sms) == ("+393330000002", "granted")


def test_a_ticked_box_is_carried_along_and_an_unticked_one_refuses_nothing():
    ticked = buyer(buyer_accepts_marketing=True)
    assert (ticked.consent, ticked.consent_source) == (ConsentBlock(email="granted"), "checkout")
    assert buyer(buyer_accepts_marketing=False).consent is None


@pytest.mark.parametrize("state", ["not_subscribed", "pending", "invalid", "redacted", None])
def test_who_was_never_heard_has_said_nothing(state):
    outcomes = customer(email_marketing_consent=consent_of(state))
    assert [each.type for each in events(outcomes)] == ["contact.identified"]
    assert only(outcomes, "contact.identified").contact.consent is None


@pytest.mark.parametrize("level", ["single_opt_in", "CONFIRMED_OPT_IN"])
def test_her_own_dated_word_is_a_change_of_consent(level):
    outcomes = customer(email_marketing_consent=consent_of(level=level))
    event = only(outcomes, "consent.changed")
    assert event.occurred_at == datetime(2026, 2, 1, 8, 0, tzinfo=UTC)
    assert event.contact.consent == ConsentBlock(email="granted")
    assert event.contact.consent_source == f"shopify {level.lower()}"
    assert (event.contact.email, event.contact.customer_id) == ("ada@mail.test", "7001")
    assert only(outcomes, "contact.identified").contact.consent is None


@pytest.mark.parametrize(
    "consent", [consent_of(level="unknown"), consent_of(level=None), consent_of(at=None)]
)
def test_a_grant_that_somebody_else_may_have_entered_is_only_carried_along(consent):
    event = only(customer(email_marketing_consent=consent), "contact.identified")
    assert event.contact.consent == ConsentBlock(email="granted")


def test_a_dated_refusal_counts_whoever_wrote_it_down():
    event = only(
        customer(email_marketing_consent=consent_of("UNSUBSCRIBED", "unknown")), "consent.changed"
    )
    assert event.contact.consent == ConsentBlock(email="denied")


def test_a_refusal_is_not_lost_to_a_bad_date():
    outcomes = customer(email_marketing_consent=consent_of("unsubscribed", at="last week"))
    (identified,) = events(outcomes)
    assert identified.contact.consent == ConsentBlock(email="denied")
    assert [each.field for each in rejections(outcomes)] == [
        "email_marketing_consent.consent_updated_at"
    ]


def test_consent_for_messages_is_a_word_of_its_own():
    outcomes = customer(phone="+393331234567", sms_marketing_consent=consent_of())
    event = only(outcomes, "consent.changed")
    assert (event.contact.consent, event.contact.phone) == (
        ConsentBlock(sms="granted"),
        "+393331234567",
    )


def test_an_order_tells_its_customers_consent_as_the_customer_does():
    person = {**CUSTOMER, "email_marketing_consent": consent_of()}
    inside = only(events_of_order(an_order(customer=person)), "consent.changed")
    alone = only(events_of_customer(person), "consent.changed")
    assert (inside.contact, inside.occurred_at) == (alone.contact, alone.occurred_at)


def test_a_refusal_on_record_beats_the_box():
    person = {**CUSTOMER, "email_marketing_consent": consent_of("unsubscribed", at=None)}
    assert buyer(customer=person, buyer_accepts_marketing=True).consent.email == "denied"


@pytest.mark.parametrize(
    ("dated", "kind"), [("2019-05-01T08:00:00Z", "consent.changed"), (None, "contact.identified")]
)
def test_consent_of_an_older_version(dated, kind):
    outcomes = customer(
        accepts_marketing=True,
        accepts_marketing_updated_at=dated,
        marketing_opt_in_level="single_opt_in",
    )
    assert only(outcomes, kind).contact.consent == ConsentBlock(email="granted")


def test_accepting_nothing_in_an_older_version_is_no_refusal():
    outcomes = customer(
        accepts_marketing=False, accepts_marketing_updated_at="2019-05-01T08:00:00Z"
    )
    assert only(outcomes, "contact.identified").contact.consent is None


def test_a_customer_is_who_she_is_since_her_latest_change():
    event = only(customer(), "contact.identified")
    assert event.occurred_at == datetime(2026, 2, 1, 8, 0, tzinfo=UTC)
    assert event.visitor_id == "shopify-customer-7001"
    assert event.contact.address.city == "Bologna"


def test_a_customer_may_have_no_address_and_no_name():
    event = only(customer(email=None, first_name=None, last_name="", default_address=None), "contact.identified")  # fmt: skip
    assert event.contact.customer_id == "7001"
    assert event.contact.first_name is None
