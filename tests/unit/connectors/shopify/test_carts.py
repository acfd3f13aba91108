"""carts/* and checkouts/*: what is in the cart, since when, and how an order will find it."""

from datetime import UTC, datetime

import pytest

from ripresa.connectors.shopify.carts import events_of_cart, events_of_checkout
from ripresa.contracts.events import CartItem
from tests.unit.connectors.shopify.payloads import (
    BAROLO,
    a_cart,
    a_checkout,
    events,
    money,
    only,
    rejections,
)


def types(outcomes):
    return sorted(each.type.value for each in events(outcomes))


def test_a_cart_is_what_it_holds_at_its_latest_change():
    event = only(events_of_cart(a_cart(), currency="EUR"), "cart.updated")
    assert event.occurred_at == datetime(2026, 3, 1, 8, 59, tzinfo=UTC)
    assert (event.cart.token, event.cart.currency, event.cart.total) == ("cart_1", "EUR", "59.80")
    wine = CartItem(2, "BAR-75", "41", "Barolo", "0,75 l", "29.90", variant_id="411")
    assert event.cart.items == (wine,)


def test_a_cart_without_lines_is_emptied():
    event = only(events_of_cart(a_cart(line_items=[]), currency="EUR"), "cart.emptied")
    assert event.cart.token == "cart_1"


def test_a_cart_is_told_in_the_currency_its_buyer_saw():
    line = {
        **BAROLO,
        "price_set": money("149.00", "RON"),
        "line_price_set": money("298.00", "RON"),
    }
    event = only(events_of_cart(a_cart(line_items=[line]), currency="EUR"), "cart.updated")
    assert (event.cart.currency, event.cart.total) == ("RON", "298.00")
    assert event.cart.items[0].unit_price == "149.00"


def test_lines_in_two_currencies_cannot_be_one_cart():
    lines = [{**BAROLO, "price_set": money("1.00", code)} for code in ("RON", "EUR")]
    (refused,) = events_of_cart(a_cart(line_items=lines), currency="EUR")
    assert refused.field == "line_items[1].price_set.presentment_money.currency_code"


def test_a_checkout_began_when_it_was_made_and_holds_what_it_held_at_its_latest_change():
    outcomes = events_of_checkout(a_checkout())
    started, updated = only(outcomes, "checkout.started"), only(outcomes, "cart.updated")
    assert types(outcomes) == ["cart.updated", "checkout.started", "contact.identified"]
    assert started.occurred_at == datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
    assert updated.occurred_at == datetime(2026, 3, 1, 9, 5, tzinfo=UTC)
    assert updated.cart.restore_url == "https://wines.test/1/checkouts/tok_1/recover?key=k"
    assert updated.cart.items[0].variant == "0,75 l"


def test_nobody_is_known_before_the_state_that_names_her():
    outcomes = events_of_checkout(a_checkout())
    assert only(outcomes, "checkout.started").contact is None
    identified = only(outcomes, "contact.identified")
    assert identified.occurred_at == datetime(2026, 3, 1, 9, 5, tzinfo=UTC)


def test_the_value_of_a_checkout_is_its_goods_without_shipping_and_tax_on_top():
    assert only(events_of_checkout(a_checkout()), "cart.updated").cart.total == "59.80"
    without = only(events_of_checkout(a_checkout(subtotal_price=None)), "cart.updated")
    assert without.cart.total is None


def test_a_checkout_is_told_in_the_currency_its_buyer_saw():
    outcomes = events_of_checkout(a_checkout(presentment_currency="RON"))
    assert only(outcomes, "cart.updated").cart.currency == "RON"
    old = events_of_checkout(a_checkout(presentment_currency=None))
    assert only(old, "cart.updated").cart.currency == "EUR"


@pytest.mark.parametrize(
    ("cart_token", "token", "ours"),
    [
        ("cart_1", "tok_1", "cart_1"),
        (None, "tok_1", "tok_1"),
        (None, None, "checkout-9007199254740993"),
    ],
)
def test_a_checkout_goes_by_its_carts_token_then_its_own(cart_token, token, ours):
    outcomes = events_of_checkout(a_checkout(cart_token=cart_token, token=token))
    assert {event.cart.token for event in events(outcomes)} == {ours}


def test_an_id_beyond_the_exact_range_of_a_double_is_kept_to_the_digit():
    outcomes = events_of_checkout(a_checkout())
    assert {event.cart.checkout_id for event in events(outcomes)} == {"9007199254740993"}


@pytest.mark.parametrize("url", [None, ""])
def test_a_recovery_url_that_shopify_withholds_is_nothing_special(url):
    outcomes = events_of_checkout(a_checkout(abandoned_checkout_url=url))
    assert only(outcomes, "cart.updated").cart.restore_url is None


def test_a_completed_checkout_leaves_nothing_to_remind_of_and_never_looks_like_a_new_cart():
    outcomes = events_of_checkout(
        a_checkout(completed_at="2026-03-01T10:07:00+01:00", updated_at="2026-03-01T10:08:00+01:00")
    )
    assert types(outcomes) == ["cart.emptied", "checkout.started", "contact.identified"]
    emptied = only(outcomes, "cart.emptied")
    assert emptied.occurred_at == datetime(2026, 3, 1, 9, 8, tzinfo=UTC)
    assert emptied.cart.token == "cart_1"


def test_a_checkout_without_lines_is_emptied_and_still_says_whose_it_is():
    outcomes = events_of_checkout(a_checkout(line_items=[]))
    assert only(outcomes, "cart.emptied").cart.token == "cart_1"
    identified = only(outcomes, "contact.identified")
    assert (identified.contact.email, identified.cart.token) == ("ada@mail.test", "cart_1")


def test_a_checkout_before_any_name_was_typed_is_nobodys():
    outcomes = events_of_checkout(
        a_checkout(email=None, customer=None, billing_address=None, shipping_address=None)
    )
    assert types(outcomes) == ["cart.updated", "checkout.started"]
    assert rejections(outcomes) == []


def test_a_checkout_that_hides_its_lines_still_says_whose_it_is():
    outcomes = events_of_checkout(a_checkout(line_items=None))
    assert types(outcomes) == ["checkout.started", "contact.identified"]
    assert [each.field for each in rejections(outcomes)] == ["line_items"]


def test_the_only_variant_of_a_product_has_no_name():
    line = {**BAROLO, "variant_title": "Default Title"}
    outcomes = events_of_checkout(a_checkout(line_items=[line]))
    assert only(outcomes, "cart.updated").cart.items[0].variant is None


def test_titles_are_those_the_buyer_read():
    line = {**BAROLO, "presentment_title": "Barolo rosso", "presentment_variant_title": "bottiglia"}
    item = only(events_of_checkout(a_checkout(line_items=[line])), "cart.updated").cart.items[0]
    assert (item.title, item.variant) == ("Barolo rosso", "bottiglia")


def test_a_line_made_up_by_an_app_goes_by_its_title():
    line = {"title": "Gift wrap", "quantity": 1, "price": "3.00", "product_id": None, "sku": ""}
    item = only(events_of_checkout(a_checkout(line_items=[line])), "cart.updated").cart.items[0]
    assert (item.product_id, item.sku, item.title) == (None, None, "Gift wrap")


def test_the_same_state_is_the_same_event_however_it_came():
    assert events_of_checkout(a_checkout()) == events_of_checkout(
        dict(reversed(a_checkout().items()))
    )


def test_two_states_of_one_second_are_two_events():
    more = a_checkout(line_items=[{**BAROLO, "quantity": 3}])
    one, other = (only(events_of_checkout(each), "cart.updated") for each in (a_checkout(), more))
    assert one.occurred_at == other.occurred_at
    assert one.id != other.id
