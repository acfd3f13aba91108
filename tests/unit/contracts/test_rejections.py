"""An event that breaks the contract is refused with its field, a code of the closed list, and advice."""

import pytest

from ripresa.contracts.decoding import decode_event, decode_events
from ripresa.contracts.events import StoreEvent
from ripresa.contracts.rejections import ADVICE, Rejection, RejectionCode
from tests.events import an_event, at_path, body_of, without


def rejection_of(event: object) -> Rejection:
    outcome = decode_event(body_of(event))
    assert isinstance(outcome, Rejection), outcome
    return outcome


def test_every_code_has_advice():
    assert set(ADVICE) == set(RejectionCode)


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        ("id", "", "empty"),
        ("id", "x" * 201, "too_long"),
        ("id", 7, "wrong_type"),
        ("id", None, "wrong_type"),
        ("id", "  ", "not_an_id"),
        ("id", "null", "not_an_id"),
        ("type", "cart.melted", "unknown_type"),
        ("type", 5, "unknown_type"),
        ("type", "contact.split", "forbidden_type"),
        ("type", "contact.merge", "forbidden_type"),
        ("occurred_at", "2026-10-03T15:02:11", "not_an_instant"),
        ("occurred_at", "2026-10-03", "not_an_instant"),
        ("occurred_at", "yesterday", "not_an_instant"),
        ("occurred_at", 1790000000, "not_an_instant"),
        ("occurred_at", "1969-12-31T23:59:59Z", "not_an_instant"),
        ("occurred_at", "2101-01-01T00:00:00Z", "not_an_instant"),
        ("occurred_at", "2100-12-31T23:30:00-01:00", "not_an_instant"),
        ("occurred_at", "0001-01-01T00:00:00+23:59", "not_an_instant"),
        ("occurred_at", "9999-12-31T23:59:59-23:59", "not_an_instant"),
        ("received_at", "1969-12-31T23:59:59Z", "not_an_instant"),
        ("visitor_id", "undefined", "not_an_id"),
        ("visitor_id", " v_1", "not_an_id"),
        ("visitor_id", "v\n1", "not_an_id"),
        ("user_agent", "x" * 1001, "too_long"),
        ("contact", [], "not_an_object"),
        ("contact.email", "ada", "not_an_email"),
        ("contact.email", 5, "wrong_type"),
        ("contact.email", "a" * 250 + "@example.test", "too_long"),
        ("contact.agent", "nobody", "not_an_email"),
        ("contact.phone", "3331234567", "not_a_phone"),
        ("contact.phone", "+39 12", "not_a_phone"),
        ("contact.phone", "+0000", "not_a_phone"),
        ("contact.phone", "+" + "3" * 60, "too_long"),
        ("contact.customer_id", "NaN", "not_an_id"),
        ("contact.locale", "italiano!", "not_a_locale"),
        ("contact.timezone", "Rome", "not_a_timezone"),
        ("contact.timezone", "../../etc/passwd", "not_a_timezone"),
        ("contact.consent.email", "yes", "not_a_consent"),
        ("contact.consent.sms", True, "not_a_consent"),
        ("contact.address.country", "Italy", "not_a_country"),
        ("contact.address.country", "I1", "not_a_country"),
        ("contact.address.lines", ["x"] * 11, "too_many_entries"),
        ("contact.address.lines[0]", 5, "wrong_type"),
        ("cart", None, "missing"),
        ("cart.token", None, "missing"),
        ("cart.token", "", "missing"),
        ("cart.token", "null", "not_an_id"),
        ("cart.items", None, "missing"),
        ("cart.items", "A1", "wrong_type"),
        ("cart.items", [{"sku": "a", "quantity": 1}] * 501, "too_many_entries"),
        ("cart.items[0]", "A1", "not_an_object"),
        ("cart.items[0].quantity", 0, "not_a_quantity"),
        ("cart.items[0].quantity", -1, "not_a_quantity"),
        ("cart.items[0].quantity", 1.5, "not_a_quantity"),
        ("cart.items[0].quantity", "2", "not_a_quantity"),
        ("cart.items[0].quantity", True, "not_a_quantity"),
        ("cart.items[0].quantity", 1_000_001, "not_a_quantity"),
        ("cart.items[0].quantity", 10**30, "not_a_quantity"),
        ("cart.items[0].unit_price", 29.9, "not_a_decimal"),
        ("cart.items[0].unit_price", 30, "not_a_decimal"),
        ("cart.items[0].unit_price", "29,90", "not_a_decimal"),
        ("cart.items[0].unit_price", "€ 29.90", "not_a_decimal"),
        ("cart.items[0].unit_price", "-1.00", "not_a_decimal"),
        ("cart.items[0].unit_price", "1e3", "not_a_decimal"),
        ("cart.items[0].unit_price", "1_000", "not_a_decimal"),
        ("cart.items[0].unit_price", "NaN", "not_a_decimal"),
        ("cart.items[0].unit_price", "٣", "not_a_decimal"),
        ("cart.items[0].unit_price", "9" * 16, "out_of_range"),
        ("cart.items[0].title", "x" * 501, "too_long"),
        ("cart.items[0].url", "javascript:alert(1)", "not_a_url"),
        ("cart.items[0].url", "/vino", "not_a_url"),
        ("cart.items[0].url", "https://a b.test/", "not_a_url"),
        ("cart.items[0].url", "https://shop.test\\@evil.test/", "not_a_url"),
        ("cart.items[0].image_url", "https://user:pw@shop.test/", "not_a_url"),
        ("cart.items[0].categories", ["x"] * 51, "too_many_entries"),
        ("cart.currency", "eur", "not_a_currency"),
        ("cart.currency", "EURO", "not_a_currency"),
        ("cart.currency", "ZZZ", "not_a_currency"),
        ("cart.total", "12 ", "not_a_decimal"),
        ("cart.restore_url", "ftp://shop.test/", "not_a_url"),
        ("cart.restored_from", "undefined", "not_an_id"),
        ("cart.restored_from", "x" * 201, "too_long"),
    ],
)
def test_field_and_code(path, value, code):
    rejection = rejection_of(at_path(an_event(), path, value))
    assert (rejection.field, rejection.code) == (path, code)
    assert rejection.message.startswith(path)


@pytest.mark.parametrize(
    ("kind", "path", "value", "code"),
    [
        ("order.placed", "order.id", "", "empty"),
        ("order.placed", "order.test", "no", "wrong_type"),
        ("order.placed", "order.currency", "€", "not_a_currency"),
        ("order.placed", "order.total", 59.8, "not_a_decimal"),
        ("order.placed", "order.tax_total", "x", "not_a_decimal"),
        ("order.placed", "order.shipping_total", "9" * 17, "not_a_decimal"),
        ("order.placed", "order.cart_token", "undefined", "not_an_id"),
        ("order.refunded", "refund.amount", "ten", "not_a_decimal"),
        ("order.refunded", "refund.currency", "Eur", "not_a_currency"),
        ("order.refunded", "refund.order_id", " ", "not_an_id"),
    ],
)
def test_field_and_code_of_orders(kind, path, value, code):
    rejection = rejection_of(at_path(an_event(kind), path, value))
    assert (rejection.field, rejection.code) == (path, code)


@pytest.mark.parametrize(
    ("kind", "lost"),
    [
        ("cart.updated", "id"),
        ("cart.updated", "type"),
        ("cart.updated", "occurred_at"),
        ("cart.updated", "cart"),
        ("cart.updated", "cart.token"),
        ("cart.updated", "cart.items"),
        ("cart.emptied", "cart.token"),
        ("cart.viewed", "cart"),
        ("checkout.started", "cart.token"),
        ("checkout.left", "cart.token"),
        ("contact.identified", "contact"),
        ("contact.identified", "visitor_id"),
        ("consent.changed", "contact"),
        ("consent.changed", "contact.consent"),
        ("order.placed", "order"),
        ("order.placed", "order.id"),
        ("order.placed", "order.currency"),
        ("order.placed", "order.total"),
        ("order.cancelled", "order"),
        ("order.refunded", "refund"),
        ("order.refunded", "refund.order_id"),
        ("order.refunded", "refund.amount"),
        ("order.refunded", "refund.currency"),
    ],
)
def test_what_a_type_needs(kind, lost):
    rejection = rejection_of(without(an_event(kind), lost))
    assert (rejection.field, rejection.code) == (lost, "missing")


@pytest.mark.parametrize("kind", ["contact.identified", "consent.changed"])
def test_somebody_has_to_be_named(kind):
    contact = {"first_name": "Ada", "consent": {"email": "granted"}}
    rejection = rejection_of(an_event(kind, contact=contact))
    assert (rejection.field, rejection.code) == ("contact.email", "missing")


def test_a_cart_token_is_enough_to_identify_somebody():
    event = an_event("contact.identified", visitor_id=None, cart={"token": "cart_5"})
    assert isinstance(decode_event(body_of(event)), StoreEvent)


def test_consent_that_says_nothing_is_missing():
    rejection = rejection_of(
        an_event("consent.changed", contact={"email": "a@b.test", "consent": {}})
    )
    assert (rejection.field, rejection.code) == ("contact.consent", "missing")


def test_an_item_has_to_be_something():
    rejection = rejection_of(an_event(cart={"token": "t", "items": [{"quantity": 1, "sku": ""}]}))
    assert (rejection.field, rejection.code) == ("cart.items[0].product_id", "missing")


def test_a_quantity_has_to_be_said():
    rejection = rejection_of(an_event(cart={"token": "t", "items": [{"sku": "A1"}]}))
    assert (rejection.field, rejection.code) == ("cart.items[0].quantity", "missing")


@pytest.mark.parametrize("currency", ["EUR", "JPY", "KWD", "CLF", None])
def test_no_cart_adds_up_to_more_than_money_may_be(currency):
    item = {"sku": "A1", "quantity": 1_000_000, "unit_price": "9999999999"}
    rejection = rejection_of(an_event(cart={"token": "t", "currency": currency, "items": [item]}))
    assert (rejection.field, rejection.code) == ("cart.items[0].quantity", "out_of_range")


@pytest.mark.parametrize("value", ["x", 5, None, True, [], [[]]])
def test_an_event_is_an_object(value):
    assert rejection_of(value).code == "not_an_object"


def test_a_bad_event_never_takes_its_neighbours_down():
    bad = at_path(an_event(number=1), "cart.items[0].unit_price", 29.9)
    outcomes = decode_events(body_of([an_event(number=0), bad, 5, an_event(number=3)]))
    assert [outcome.id for outcome in outcomes if isinstance(outcome, StoreEvent)] == [
        "evt_0",
        "evt_3",
    ]
    assert outcomes[1] == Rejection(
        1,
        "cart.items[0].unit_price",
        RejectionCode.NOT_A_DECIMAL,
        'cart.items[0].unit_price must be a decimal string such as "29.90"',
    )
    assert outcomes[2] == Rejection(
        2, "", RejectionCode.NOT_AN_OBJECT, "the event must be a JSON object"
    )
