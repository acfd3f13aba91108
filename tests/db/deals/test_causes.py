"""What brought a cart back: the first that holds of agent, coupon, link, own (CAP-5, AGT-4)."""

from datetime import timedelta

import pytest

from tests.db.deals.sale import ADA, HOUR, Sale, begin, ordered

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def left() -> Sale:
    """Ada left a cart and there is a deal about it."""
    sale = begin()
    sale.leave()
    sale.open_deal()
    sale.now += HOUR
    return sale


def cause(sale: Sale):
    return sale.cart().cause, sale.cart().cause_message_id


def test_after_the_agents_call_the_cause_is_the_agent_and_no_mail(left):
    left.follow_link()
    left.act("log_call", at=left.now, text="")
    left.now += HOUR
    left.tell(ordered(cart_token="t"))
    assert (left.cart().cause, left.cart().cause_message_id) == ("agent", None)


def test_without_a_call_it_is_the_link(left):
    message = left.follow_link()
    for act in ({"name": "take_over", "instead_of": None}, {"name": "note", "text": "Call her."}):
        left.act(**act)
    left.tell(ordered(cart_token="t"))
    assert (left.cart().cause, left.cart().cause_message_id) == ("link", message.id)


def test_a_call_told_the_day_after_counts_if_it_was_before_the_order(left):
    called_at = left.now
    left.now += HOUR
    left.tell(ordered(cart_token="t"))
    assert left.cart().cause == "own"
    left.now += DAY
    left.act("log_call", at=called_at, text="She said she would.")
    assert left.cart().cause == "agent"


def test_a_call_after_the_order_counts_for_nothing(left):
    left.tell(ordered(cart_token="t"))
    left.now += HOUR
    left.act("log_call", at=left.now, text="Thank you.")
    assert left.cart().cause == "own"


def test_a_call_before_the_cart_was_left_counts_for_nothing(left):
    left.act("log_call", at=left.now - DAY, text="")
    left.tell(ordered(cart_token="t"))
    assert left.cart().cause == "own"


def test_a_call_about_another_cart_of_hers_counts(left):
    left.leave("u")
    left.act("log_call", "t", at=left.now, text="")
    left.now += HOUR
    left.tell(ordered(cart_token="u"))
    assert left.cart("u").cause == "agent"


def test_a_coupon_of_ours_is_the_cause_before_a_link(left):
    message = left.send(coupon="BACK10")
    left.follow_link()
    left.now += HOUR
    left.tell(ordered(cart_token="t", discount_codes=["SUMMER", "back10"]))
    assert cause(left) == ("coupon", message.id)


def test_a_coupon_of_somebody_elses_mail_is_not(left):
    left.leave("u", {"email": "ben@people.test"})
    left.send("u", coupon="BACK10")
    left.now += HOUR
    left.tell(ordered(contact=ADA, cart_token="t", discount_codes=["BACK10"]))
    assert cause(left) == ("own", None)


def test_a_coupon_that_left_after_the_order_is_not(left):
    order = ordered(cart_token="t", discount_codes=["BACK10"]) | {
        "occurred_at": left.now.isoformat()
    }
    left.now += HOUR
    left.send(coupon="BACK10")
    left.tell(order)
    assert cause(left) == ("own", None)


def test_a_call_of_the_agent_is_the_cause_before_a_coupon(left):
    left.send(coupon="BACK10")
    left.act("log_call", at=left.now, text="")
    left.now += HOUR
    left.tell(ordered(cart_token="t", discount_codes=["BACK10"]))
    assert cause(left) == ("agent", None)


def test_codes_that_the_shop_tells_later_count_as_well(left):
    message = left.send(coupon="BACK10")
    left.now += HOUR
    left.tell(ordered(cart_token="t"))
    assert cause(left) == ("own", None)
    left.now += HOUR
    left.tell(ordered(cart_token="t", discount_codes=["BACK10"]))
    assert cause(left) == ("coupon", message.id)
