"""What doesn't fit is named in Shopify's words, and costs nothing but itself."""

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ripresa.connectors.shopify.carts import events_of_cart, events_of_checkout
from ripresa.connectors.shopify.customers import events_of_customer
from ripresa.connectors.shopify.orders import events_of_order, events_of_refund
from ripresa.contracts.decoding import decode_event
from ripresa.contracts.events import encode_event
from tests.unit.connectors.shopify.payloads import (
    ADDRESS,
    BAROLO,
    CUSTOMER,
    a_cart,
    a_checkout,
    a_refund,
    a_transaction,
    an_order,
    events,
    rejections,
)

CONSENT = {"state": "subscribed", "opt_in_level": "single_opt_in", "consent_updated_at": "2026-02-01T08:00:00Z"}  # fmt: skip
RICH = {**CUSTOMER, "email_marketing_consent": CONSENT, "sms_marketing_consent": CONSENT}
MAPPINGS = [
    (lambda payload: events_of_cart(payload, currency="EUR"), a_cart()),
    (events_of_checkout, a_checkout(customer=RICH, buyer_accepts_marketing=True)),
    (
        events_of_order,
        an_order(customer=RICH, refunds=[a_refund()], discount_codes=[{"code": "A"}]),
    ),
    (events_of_refund, a_refund()),
    (events_of_customer, RICH),
]
ESSENTIAL = {
    "id",
    "created_at",
    "updated_at",
    "processed_at",
    "total_price",
    "total_price_set",
    "currency",
}

junk = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters() | st.sampled_from("\x00\ud800\u202e"), max_size=300)
    | st.sampled_from(["null", "-5", "1e400", "2026-13-01", "2026-03-01T10:00:00", "ada@", "+39", "EURO"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=5,
)  # fmt: skip


def fields_of(outcomes):
    return [(each.field, each.code.value) for each in rejections(outcomes)]


def places(value, path=()):
    """Every place of a payload."""
    parts = value.items() if isinstance(value, dict) else enumerate(value)
    for key, part in parts:
        yield (*path, key)
        if isinstance(part, dict | list):
            yield from places(part, (*path, key))


def changed(payload, path, value):
    made = copy.deepcopy(payload)
    place = made
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return made


@pytest.mark.parametrize("payload", [None, [], "x", 1])
def test_a_payload_that_is_no_object(payload):
    assert fields_of(events_of_order(payload)) == [("order", "not_an_object")]


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("id", None, "missing"),
        ("id", "null", "not_an_id"),
        ("total_price", None, "missing"),
        ("total_price", 64.7, "not_a_decimal"),
        ("total_price", "-64.70", "not_a_decimal"),
        ("currency", "EURO", "not_a_currency"),
        ("created_at", "2026-03-02 12:00:00", "not_an_instant"),
        ("processed_at", "soon", "not_an_instant"),
    ],
)
def test_an_order_without_its_essentials_is_refused_by_name(field, value, code):
    outcomes = events_of_order(an_order(**{field: value}))
    assert events(outcomes) == []
    assert fields_of(outcomes) == [(field, code)]


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"email": "not an address"}, "email", "not_an_email"),
        ({"email": None, "contact_email": None, "customer": {**CUSTOMER, "email": "x@"}}, "customer.email", "not_an_email"),
        ({"phone": "12"}, "phone", "not_a_phone"),
        ({"customer_locale": "it it"}, "customer_locale", "not_a_locale"),
        ({"name": "#" * 201}, "name", "too_long"),
        ({"shipping_address": {**ADDRESS, "address1": "a" * 201}}, "shipping_address.address1", "too_long"),
        ({"shipping_address": {**ADDRESS, "country_code": "Italy"}}, "shipping_address.country_code", "not_a_country"),
        ({"customer": {**CUSTOMER, "first_name": "A\x00"}}, "customer.first_name", "bad_text"),
        ({"customer": {**CUSTOMER, "first_name": ["Ada"]}}, "customer.first_name", "wrong_type"),
        ({"customer": [7001]}, "customer", "not_an_object"),
        ({"total_tax": "none"}, "total_tax", "not_a_decimal"),
        ({"discount_codes": "BACK10"}, "discount_codes", "wrong_type"),
        ({"discount_codes": [{"code": "x" * 201}]}, "discount_codes[0]", "too_long"),
        ({"checkout_token": "null"}, "checkout_token", "not_an_id"),
        ({"test": "no"}, "test", "wrong_type"),
    ],
)  # fmt: skip
def test_a_bad_detail_is_told_and_the_order_still_ends_its_cart(changes, field, code):
    outcomes = events_of_order(an_order(**changes))
    (placed,) = [each for each in events(outcomes) if each.type == "order.placed"]
    assert (placed.order.total, placed.order.cart_token) == ("64.70", "cart_1")
    assert fields_of(outcomes) == [(field, code)]


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"quantity": 0}, "line_items[1].quantity", "not_a_quantity"),
        ({"quantity": "2"}, "line_items[1].quantity", "not_a_quantity"),
        ({"quantity": None}, "line_items[1].quantity", "missing"),
        ({"price": "free"}, "line_items[1].price", "not_a_decimal"),
    ],
)
def test_a_bad_line_is_named_and_the_checkout_is_not_lost(changes, field, code):
    outcomes = events_of_checkout(a_checkout(line_items=[BAROLO, {**BAROLO, **changes}]))
    assert (field, code) in fields_of(outcomes)
    assert {each.type for each in events(outcomes)} == {"checkout.started", "contact.identified"}


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"presentment_currency": "EURO"}, "presentment_currency", "not_a_currency"),
        ({"subtotal_price": "59,80"}, "subtotal_price", "not_a_decimal"),
        ({"subtotal_price": "9" * 16}, "subtotal_price", "out_of_range"),
        ({"cart_token": "undefined"}, "cart_token", "not_an_id"),
        ({"line_items": [BAROLO] * 501}, "line_items", "too_many_entries"),
        ({"completed_at": "soon"}, "completed_at", "not_an_instant"),
    ],
)
def test_what_a_checkout_cannot_say_is_named(changes, field, code):
    assert set(fields_of(events_of_checkout(a_checkout(**changes)))) == {(field, code)}


def test_a_recovery_url_that_is_none_is_left_out():
    outcomes = events_of_checkout(a_checkout(abandoned_checkout_url="javascript:alert(1)"))
    (updated,) = [each for each in events(outcomes) if each.type == "cart.updated"]
    assert updated.cart.restore_url is None
    assert fields_of(outcomes) == [("abandoned_checkout_url", "not_a_url")]


def test_a_transaction_without_amount_is_named():
    outcomes = events_of_refund(a_refund(transactions=[a_transaction(None)]))
    assert fields_of(outcomes) == [("transactions[0].amount", "missing")]


@pytest.mark.parametrize(("events_of", "payload"), MAPPINGS, ids=["cart", "checkout", "order", "refund", "customer"])  # fmt: skip
@given(data=st.data())
def test_whatever_a_field_holds_nothing_invalid_comes_out(events_of, payload, data):
    path = data.draw(st.sampled_from(sorted(places(payload), key=repr)))
    outcomes = events_of(changed(payload, path, data.draw(junk)))
    for event in events(outcomes):
        assert decode_event(encode_event(event)) == event
    assert outcomes or events_of is events_of_refund


@given(data=st.data())
def test_no_detail_takes_an_order_down(data):
    payload = MAPPINGS[2][1]
    details = [path for path in places(payload) if path[0] not in ESSENTIAL]
    path = data.draw(st.sampled_from(sorted(details, key=repr)))
    outcomes = events_of_order(changed(payload, path, data.draw(junk)))
    assert "order.placed" in {each.type for each in events(outcomes)}
