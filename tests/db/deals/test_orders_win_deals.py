"""An order moves deals to Confirmed, in the transaction that folds it (AGT-2), however it comes."""

from datetime import timedelta

import pytest

from ripresa.domain.carts.models import Cart
from ripresa.domain.contacts.models import Contact
from ripresa.domain.deals.operations import DealMoved
from tests.db.deals.sale import (
    ADA,
    HOUR,
    ITEM,
    Sale,
    begin,
    cancelled,
    emptied,
    filled,
    ordered,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
WON = ("confirmed", "won")
LOST = ("lost", "lost")
OPEN = ("check_out_abandoned", None)


@pytest.fixture
def sale() -> Sale:
    return begin()


@pytest.fixture
def left(sale) -> Sale:
    """Ada left a cart of 2,500 € and there is a deal about it."""
    sale.leave()
    sale.open_deal()
    sale.now += HOUR
    return sale


@pytest.mark.parametrize(
    "named", [{"cart_token": "t"}, {"contact": ADA}, {"origin": "staff", "contact": ADA}]
)
def test_an_order_wins_the_deal(left, named):
    left.tell(ordered(**named))
    assert left.outcome() == WON
    assert left.deal().order_id == left.cart().order_id
    assert left.deal().closed_at == left.now
    assert left.kinds() == ["opened", "won"]


@pytest.mark.parametrize("named", [{"test": True}, {"origin": "draft"}, {"origin": "renewal"}])
def test_what_is_no_purchase_wins_nothing(left, named):
    left.tell(ordered(contact=ADA, cart_token="t", **named))
    assert left.outcome() == OPEN


def test_an_order_told_twice_is_logged_once(left):
    for _ in range(2):
        left.tell(ordered(cart_token="t"))
    assert left.kinds() == ["opened", "won"]


def test_an_order_of_somebody_else_wins_nothing(left):
    left.tell(ordered(contact={"email": "ben@people.test"}))
    assert left.outcome() == OPEN


def test_a_deal_about_another_cart_of_hers_is_won_as_well(left):
    left.leave("u")
    left.open_deal("u")
    left.now += HOUR
    left.tell(ordered(cart_token="u"))
    assert (left.cart("t").state, left.cart("u").state) == ("closed", "recovered")
    assert (left.outcome("t"), left.outcome("u")) == (WON, WON)


def test_a_cart_she_came_back_to_and_bought_wins_it(left):
    left.tell(filled("t", ADA, items=[{**ITEM, "quantity": 2}]))
    assert left.cart().state == "open"
    left.tell(ordered(cart_token="t"))
    assert left.outcome() == WON


def test_emptied_it_stands_and_an_order_of_hers_wins_it(left):
    left.tell(emptied("t"))
    assert left.outcome() == OPEN
    left.now += HOUR
    left.tell(ordered(contact=ADA))
    assert (left.cart().state, left.outcome()) == ("emptied", WON)


def test_an_order_before_the_cart_was_left_wins_nothing_later_emptied(left):
    left.tell(emptied("t"))
    early = ordered(contact=ADA) | {"occurred_at": (left.now - 2 * DAY).isoformat()}
    left.tell(early)
    assert left.outcome() == OPEN


def test_cancelled_it_stays_won_and_the_log_says_so_once(left):
    left.tell(ordered(cart_token="t"))
    left.now += HOUR
    for _ in range(2):
        left.tell(cancelled())
    assert (left.cart().state, left.outcome()) == ("abandoned", WON)
    assert left.kinds() == ["opened", "won", "order_cancelled"]


def test_wholly_refunded_is_told_as_cancelled(left):
    left.tell(ordered(cart_token="t"))
    left.now += HOUR
    refund = {"id": "r1", "order_id": "o1", "amount": "2500.00", "currency": "EUR"}
    left.tell({"type": "order.refunded", "refund": refund})
    assert left.kinds() == ["opened", "won", "order_cancelled"]


def test_ordered_and_cancelled_in_one_batch_it_is_won_all_the_same(left):
    left.tell(ordered(cart_token="t"), cancelled())
    assert left.outcome() == WON
    assert sorted(left.kinds()) == ["opened", "order_cancelled", "won"]


def test_expired_it_is_lost_where_nobody_works_on_it(left):
    left.wait(31 * DAY)
    assert (left.cart().state, left.outcome()) == ("expired", LOST)
    assert left.kinds() == ["opened", "lost"]


@pytest.mark.parametrize(
    ("act", "values"),
    [
        ("take_over", {"instead_of": None}),
        ("move", {"from_stage": "check_out_abandoned", "to_stage": "in_talks"}),
        ("log_call", {"text": "", "at": None}),
        ("log_reply", {"text": "", "at": None}),
        ("snooze", {"until": None}),
    ],
)
def test_expired_it_stays_with_whoever_works_on_it(left, act, values):
    values = {name: left.now if name == "at" else value for name, value in values.items()}
    if act == "snooze":
        values["until"] = left.now + 60 * DAY
    left.act(act, **values)
    left.wait(31 * DAY)
    assert left.deal().outcome is None


def test_lost_it_is_won_by_an_order_after_all(left):
    left.wait(31 * DAY)
    left.tell(ordered(cart_token="t"))
    assert (left.cart().state, left.outcome()) == ("recovered", WON)


def test_lost_by_hand_or_ordered_first_ends_the_same(left):
    left.act("lose", from_stage="check_out_abandoned", why="no answer")
    left.now += HOUR
    left.tell(ordered(cart_token="t"))
    assert left.outcome() == WON


def test_after_a_merge_the_deal_is_hers_whose_cart_it_is(sale):
    """A guest with a customer id, who then gives the address she is known by."""
    sale.tell(filled("u", ADA))
    sale.leave("t", {"customer_id": "c_1"})
    sale.open_deal()
    sale.now += HOUR
    sale.tell(
        {
            "type": "contact.identified",
            "cart": {"token": "u"},
            "contact": ADA | {"customer_id": "c_1"},
        }
    )
    (contact,) = Contact.objects.filter(shop=sale.shop)
    assert sale.deal().contact_id == contact.id
    assert set(Cart.objects.filter(shop=sale.shop).values_list("contact_id", flat=True)) == {
        contact.id
    }
    sale.tell(ordered(contact=ADA))
    assert sale.outcome() == WON


def test_a_won_deal_is_not_moved_by_who_still_saw_it_open(left):
    left.tell(ordered(cart_token="t"))
    with pytest.raises(DealMoved):
        left.act("move", from_stage="check_out_abandoned", to_stage="in_talks")
    assert left.outcome() == WON
