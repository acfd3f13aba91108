"""orders/* and refunds: what was bought, when, for how much, and which cart it ends."""

from datetime import UTC, datetime

import pytest

from ripresa.connectors.shopify.orders import events_of_order, events_of_refund
from ripresa.contracts.keys import cart_keys
from tests.unit.connectors.shopify.payloads import (
    a_refund,
    a_transaction,
    an_order,
    events,
    money,
    only,
    rejections,
)


def placed(**changes):
    return only(events_of_order(an_order(**changes)), "order.placed")


def test_an_order_is_placed_when_shopify_made_it():
    # processed_at is a second earlier: taken, the checkout's last state would come after the order.
    assert placed().occurred_at == datetime(2026, 3, 2, 11, 0, 1, tzinfo=UTC)


def test_an_order_brought_in_from_another_system_keeps_its_true_date():
    event, *_ = events(events_of_order(an_order(processed_at="2024-07-01T08:00:00Z")))
    assert event.occurred_at == datetime(2024, 7, 1, 8, 0, tzinfo=UTC)


def test_its_amounts_are_in_the_currency_the_buyer_paid_in():
    event = placed(
        total_price_set=money("322.00", "RON"),
        total_tax_set=money("58.00", "RON"),
        total_discounts_set=money("25.00", "RON"),
        total_shipping_price_set=money("24.50", "RON"),
    )
    order = event.order
    assert (order.currency, order.total, order.tax_total) == ("RON", "322.00", "58.00")
    assert (order.discount_total, order.shipping_total) == ("25.00", "24.50")


def test_an_order_of_an_older_version_has_amounts_in_the_shops_currency():
    order = placed().order
    assert (order.currency, order.total, order.tax_total) == ("EUR", "64.70", "11.67")
    assert (order.discount_total, order.shipping_total) == ("0.00", "4.90")


def test_an_amount_of_another_currency_is_not_told_as_one_of_the_orders():
    order = placed(total_price_set=money("322.00", "RON")).order
    assert (order.tax_total, order.discount_total, order.shipping_total) == (None, None, None)


def test_it_names_its_number_and_its_codes():
    order = placed(discount_codes=[{"code": "BACK10", "amount": "5.00"}, {"code": ""}]).order
    assert (order.number, order.discount_codes) == ("#1012", ("BACK10",))


@pytest.mark.parametrize(
    ("given", "keys"),
    [
        ({}, {"token:cart_1", "token:tok_1", "checkout:9007199254740993"}),
        ({"cart_token": None}, {"token:tok_1", "checkout:9007199254740993"}),
        ({"checkout_id": None}, {"token:cart_1", "token:tok_1"}),
        ({"checkout_token": None, "checkout_id": None}, {"token:cart_1"}),
        ({"checkout_token": None, "checkout_id": None, "cart_token": None}, set()),
    ],
)
def test_it_finds_its_cart_by_every_key_it_has(given, keys):
    assert set(cart_keys(placed(**given))) == keys


@pytest.mark.parametrize(
    ("source_name", "origin"),
    [
        ("web", "web"),
        ("iphone", "web"),
        (None, "web"),
        ("580111", "web"),
        ("pos", "staff"),
        ("shopify_draft_order", "staff"),
        ("subscription_contract", "renewal"),
        ("subscription_contract_checkout_one", "renewal"),
    ],
)
def test_who_placed_it(source_name, origin):
    assert placed(source_name=source_name).order.origin == origin


def test_a_test_order_says_so():
    assert placed(test=True).order.test
    assert not placed().order.test


def test_an_edited_order_keeps_its_date_and_has_its_new_contents_later():
    outcomes = events_of_order(
        an_order(total_price="70.00", updated_at="2026-03-03T09:00:00+01:00")
    )
    first, second = [each for each in events(outcomes) if each.type == "order.placed"]
    assert first.occurred_at == datetime(2026, 3, 2, 11, 0, 1, tzinfo=UTC)
    assert second.occurred_at == datetime(2026, 3, 3, 8, 0, tzinfo=UTC)
    assert first.order == second.order
    assert first.id != second.id


def test_a_cancelled_order_is_placed_and_cancelled():
    outcomes = events_of_order(an_order(cancelled_at="2026-03-04T10:00:00+01:00"))
    cancelled = only(outcomes, "order.cancelled")
    assert cancelled.occurred_at == datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
    assert cancelled.order.id == only(outcomes, "order.placed").order.id == "5001"


def test_a_cancellation_does_not_depend_on_the_rest_of_the_order():
    outcomes = events_of_order(
        an_order(cancelled_at="2026-03-04T10:00:00+01:00", total_price="lots")
    )
    assert [each.type for each in events(outcomes)] == ["order.cancelled"]
    assert [each.field for each in rejections(outcomes)] == ["total_price"]


def test_an_order_at_the_counter_may_be_nobodys():
    event = placed(email="", contact_email=None, customer=None, billing_address=None,
                   shipping_address=None, customer_locale=None, source_name="pos")  # fmt: skip
    assert event.contact is None


def test_a_refund_is_the_money_that_went_back():
    paid = [
        a_transaction("10.00"),
        a_transaction("2.50"),
        a_transaction("99.00", status="failure"),
        a_transaction("99.00", status="pending"),
        a_transaction("99.00", kind="void"),
    ]
    event = only(events_of_refund(a_refund(transactions=paid)), "order.refunded")
    refund = event.refund
    assert (refund.id, refund.order_id, refund.amount, refund.currency) == (
        "8001", "5001", "12.50", "EUR",
    )  # fmt: skip
    assert event.occurred_at == datetime(2026, 3, 5, 8, 0, 5, tzinfo=UTC)


@pytest.mark.parametrize("transactions", [[], [a_transaction("0.00")], None])
def test_goods_taken_back_without_money_are_no_refund(transactions):
    assert events_of_refund(a_refund(transactions=transactions)) == []


def test_a_refund_says_its_currency_or_takes_the_orders():
    silent = a_refund(transactions=[a_transaction(currency=None)])
    (refused,) = events_of_refund(silent)
    assert (refused.field, refused.code) == ("transactions[0].currency", "missing")
    told = only(events_of_refund(silent, currency="EUR"), "order.refunded")
    assert told.refund.currency == "EUR"


def test_a_refund_in_two_currencies_is_refused():
    mixed = a_refund(transactions=[a_transaction(), a_transaction(currency="RON")])
    (refused,) = events_of_refund(mixed)
    assert (refused.field, refused.code) == ("transactions[1].currency", "not_a_currency")


def test_a_refund_inside_its_order_is_the_same_refund():
    silent = a_refund(transactions=[a_transaction(currency=None)])
    alone = only(events_of_refund(silent, currency="EUR"), "order.refunded")
    inside = only(events_of_order(an_order(refunds=[silent])), "order.refunded")
    assert (alone.refund, alone.occurred_at) == (inside.refund, inside.occurred_at)


def test_an_unreadable_refund_does_not_cost_the_order():
    outcomes = events_of_order(an_order(refunds=[a_refund(processed_at="yesterday")]))
    assert [each.type for each in events(outcomes)] == ["order.placed"]
    assert [each.field for each in rejections(outcomes)] == ["refunds[0].processed_at"]
