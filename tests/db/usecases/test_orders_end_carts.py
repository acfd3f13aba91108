"""What an order does to carts (CAP-5 to CAP-7, CAP-9), told forwards, backwards and one by one."""

import pytest

from ripresa.domain.carts.models import Abandonment, Cart, Order
from tests.db.usecases.test_fold_in_any_order import let_the_clock_run
from tests.db.usecases.test_who_is_who import ADA, BEN, ITEMS, at, cart, order, shop_after

__all__ = ["shop_after"]
pytestmark = pytest.mark.django_db


def states(shop):
    return dict(Cart.objects.filter(shop=shop).values_list("token", "state"))


def event(kind, number, when, **body):
    return {"id": number, "type": kind, "occurred_at": when, **body}


def test_by_its_token_the_cart_is_ordered_without_an_abandonment_and_recovered_after_one(
    shop_after,
):
    shop = shop_after(
        cart("soon", at(9), ADA),
        order("o1", at(9, 30), cart_token="soon"),
        cart("late", at(12), BEN),
        order("o2", at(15), cart_token="late"),
    )
    assert states(shop) == {"soon": "ordered", "late": "recovered"}
    found = Cart.objects.get(shop=shop, token="late")
    assert (found.abandoned_at.hour, found.ended_at.hour, found.cause) == (13, 15, "own")


def test_by_person_alone_the_newest_abandoned_is_recovered_and_the_others_close(shop_after):
    shop = shop_after(
        cart("old", at(6), ADA),
        cart("new", at(8), ADA),
        cart("open", at(11, 30), ADA),
        order("o1", at(12), ADA),
    )
    assert states(shop) == {"old": "closed", "new": "recovered", "open": "closed"}


def test_by_person_alone_without_an_abandonment_the_newest_open_is_ordered(shop_after):
    shop = shop_after(
        cart("a", at(11, 10), ADA), cart("b", at(11, 30), ADA), order("o1", at(11, 45), ADA)
    )
    assert states(shop) == {"a": "closed", "b": "ordered"}


def test_an_order_that_names_one_cart_closes_her_others(shop_after):
    shop = shop_after(
        cart("a", at(9), ADA), cart("b", at(9, 10), ADA), order("o1", at(9, 30), cart_token="a")
    )
    assert states(shop) == {"a": "ordered", "b": "closed"}


def test_an_order_leaves_carts_begun_after_it_and_strangers_alone(shop_after):
    shop = shop_after(
        cart("bens", at(9), BEN), order("o1", at(10), ADA), cart("later", at(10, 30), ADA)
    )
    assert states(shop) == {"bens": "open", "later": "open"}


def test_a_token_used_again_after_its_order_is_a_new_cart(shop_after):
    shop = shop_after(
        cart("t", at(9), ADA), order("o1", at(9, 30), cart_token="t"), cart("t", at(11), ADA)
    )
    found = Cart.objects.filter(shop=shop).order_by("generation")
    assert [(one.generation, one.state) for one in found] == [(1, "ordered"), (2, "open")]


def test_other_items_under_the_same_checkout_id_are_a_new_cart(shop_after):
    first, other = cart("t", at(9), ADA), cart("t", at(10), ADA)
    first["cart"] = {**first["cart"], "checkout_id": "chk"}
    other["cart"] = {**first["cart"], "items": [{**ITEMS[0], "quantity": 2}]}
    shop = shop_after(first, order("o1", at(9, 30), cart_token="t"), other)
    found = Cart.objects.filter(shop=shop).order_by("generation")
    assert [(one.generation, one.state) for one in found] == [(1, "ordered"), (2, "open")]


def test_by_its_checkout_id_alone_the_cart_is_ordered(shop_after):
    started = event("checkout.started", "s1", at(9, 5), cart={"token": "t", "checkout_id": "chk"})
    shop = shop_after(cart("t", at(9)), started, order("o1", at(9, 30), checkout_id="chk"))
    assert states(shop) == {"t": "ordered"}


def test_the_cart_of_her_browser_is_ordered_though_nothing_names_it(shop_after):
    shop = shop_after(
        cart("t", at(9), visitor_id="v1"),
        event("contact.identified", "i1", at(9, 10), visitor_id="v1", contact=ADA),
        order("o1", at(9, 30), ADA),
    )
    assert states(shop) == {"t": "ordered"}


def test_who_fills_the_cart_after_her_order_did_not_order_it(shop_after):
    refilled = cart("t", at(10), BEN)
    refilled["cart"] = {**refilled["cart"], "items": [{**ITEMS[0], "quantity": 2}]}
    shop = shop_after(cart("t", at(9), ADA), order("o1", at(9, 30), BEN), refilled)
    found = Cart.objects.get(shop=shop)
    assert (found.generation, found.state) == (1, "open")


def test_a_second_order_does_not_take_the_cart_from_the_first(shop_after):
    shop = shop_after(
        cart("t", at(9), ADA),
        order("o1", at(9, 30), cart_token="t"),
        order("o2", at(10, 30), cart_token="t"),
    )
    found = Cart.objects.get(shop=shop)
    assert (found.state, found.ended_at.minute, found.ended_at.hour) == ("ordered", 30, 9)


def test_a_cart_that_expired_is_not_recovered_any_more(shop_after):
    shop = shop_after(cart("t", at(9), ADA), order("o1", "2026-11-20T09:00:00Z", ADA))
    let_the_clock_run(shop)
    assert states(shop) == {"t": "expired"}


def test_an_order_at_the_very_instant_came_in_time(shop_after):
    shop = shop_after(cart("t", at(9), ADA), order("o1", at(10), cart_token="t"))
    assert states(shop) == {"t": "ordered"}


@pytest.mark.parametrize(
    ("change", "minute"), [({"unit_price": "19.90"}, 0), ({"title": "Wine"}, 0), ({"variant": "blu"}, 30)]
)  # fmt: skip
def test_only_another_product_variant_or_quantity_is_another_cart(shop_after, change, minute):
    changed = cart("t", at(9, 30), ADA)
    changed["cart"] = {**changed["cart"], "items": [{**ITEMS[0], **change}]}
    shop = shop_after(cart("t", at(9), ADA), changed)
    assert Cart.objects.get(shop=shop).left_at.minute == minute


def test_a_cancelled_order_gives_back_the_carts_that_it_closed(shop_after):
    shop = shop_after(
        cart("old", at(6), ADA),
        cart("new", at(8), ADA),
        order("o1", at(12), ADA),
        event("order.cancelled", "c1", at(13), order={"id": "o1"}),
    )
    assert states(shop) == {"old": "abandoned", "new": "abandoned"}


def test_a_checkout_of_nothing_does_not_fill_the_cart_again(shop_after):
    shop = shop_after(
        cart("t", at(9), ADA),
        event("cart.emptied", "x1", at(9, 30), cart={"token": "t"}),
        event("checkout.started", "s1", at(9, 40), cart={"token": "t"}),
    )
    assert states(shop) == {"t": "emptied"}


def test_a_checkout_without_items_is_never_abandoned(shop_after):
    started = event("checkout.started", "s1", at(9), cart={"token": "t"}, contact=ADA)
    shop = shop_after(started)
    let_the_clock_run(shop)
    assert states(shop) == {"t": "open"}


def test_emptying_and_echoing_after_the_order_begins_no_new_cart(shop_after):
    echo = cart("t", at(10), ADA)
    first = cart("t", at(9), ADA)
    for one in (first, echo):
        one["cart"] = {**one["cart"], "checkout_id": "chk"}
    shop = shop_after(
        first,
        order("o1", at(9, 30), cart_token="t"),
        echo,
        event("cart.emptied", "emptied", at(10, 5), cart={"token": "t"}),
    )
    assert Cart.objects.get(shop=shop).state == "ordered"


def test_cancelled_it_is_abandoned_again_and_the_money_is_gone(shop_after):
    shop = shop_after(
        cart("t", at(9), ADA),
        order("o1", at(12), cart_token="t"),
        event("order.cancelled", "c1", at(13), order={"id": "o1"}),
    )
    assert states(shop) == {"t": "abandoned"}
    assert Order.objects.get(shop=shop).cancelled_at is not None
    let_the_clock_run(shop)
    assert states(shop) == {"t": "expired"}


def test_an_order_told_again_later_was_placed_when_it_was_first_told(shop_after):
    shop = shop_after(order("o1", at(9), ADA), order("o1", at(10), ADA))
    assert Order.objects.get(shop=shop).placed_at.hour == 9


@pytest.mark.parametrize(("amount", "state"), [("29.89", "recovered"), ("29.90", "abandoned")])
def test_only_a_whole_refund_takes_the_recovery_back(shop_after, amount, state):
    refund = {"id": "r1", "order_id": "o1", "amount": amount, "currency": "EUR"}
    shop = shop_after(
        cart("t", at(9), ADA),
        order("o1", at(12), cart_token="t"),
        event("order.refunded", "f1", at(13), refund=refund),
    )
    assert states(shop) == {"t": state}


@pytest.mark.parametrize("named", [{"test": True}, {"origin": "draft"}, {"origin": "renewal"}])
def test_what_is_no_purchase_ends_nothing(shop_after, named):
    shop = shop_after(cart("t", at(9), ADA), order("o1", at(9, 30), ADA, cart_token="t", **named))
    assert states(shop) == {"t": "open"}
    assert Cart.objects.get(shop=shop).is_test == ("test" in named)


def test_staff_may_order_for_her(shop_after):
    shop = shop_after(cart("t", at(9), ADA), order("o1", at(9, 30), ADA, origin="staff"))
    assert states(shop) == {"t": "ordered"}


def test_every_abandonment_is_kept_and_all_turn_when_she_buys(shop_after):
    again = cart("t", at(12), ADA)
    again["cart"] = {**again["cart"], "items": [{**ITEMS[0], "quantity": 2}]}
    shop = shop_after(cart("t", at(9), ADA), again, order("o1", at(15), cart_token="t"))
    kept = Abandonment.objects.filter(shop=shop).order_by("abandoned_at")
    assert [(one.abandoned_at.hour, one.total_minor) for one in kept] == [(10, 2990), (13, 5980)]
    assert states(shop) == {"t": "recovered"}


def test_reached_only_later_it_is_abandoned_when_she_is(shop_after):
    shop = shop_after(
        cart("t", at(9), visitor_id="v1"),
        event("contact.identified", "i1", at(14), visitor_id="v1", contact=ADA),
    )
    let_the_clock_run(shop)
    assert Abandonment.objects.get(shop=shop).abandoned_at.hour == 14


def test_a_look_and_the_same_items_told_again_restart_nothing(shop_after):
    shop = shop_after(
        cart("t", at(9), ADA),
        event("cart.viewed", "w1", at(9, 30), cart={"token": "t"}),
        cart("t", at(9, 45), ADA),
    )
    assert Cart.objects.get(shop=shop).left_at.hour == 9
    assert Cart.objects.get(shop=shop).left_at.minute == 0


@pytest.mark.parametrize("kind", ["checkout.started", "checkout.left"])
def test_moving_to_checkout_and_back_restarts_the_clock_and_tells_the_kind(shop_after, kind):
    shop = shop_after(
        cart("t", at(9), ADA), event(kind, "m1", at(9, 30), cart={"token": "t"}, contact=ADA)
    )
    found = Cart.objects.get(shop=shop)
    assert (found.left_at.minute, found.kind) == (
        30,
        "checkout" if kind == "checkout.started" else "cart",
    )


def test_emptied_it_is_nobody_s_business(shop_after):
    shop = shop_after(
        cart("t", at(9), ADA), event("cart.emptied", "x1", at(9, 30), cart={"token": "t"})
    )
    let_the_clock_run(shop)
    assert states(shop) == {"t": "emptied"}
    assert not Abandonment.objects.filter(shop=shop).exists()


def test_a_crawler_s_cart_is_marked(shop_after):
    agent = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
    shop = shop_after(cart("t", at(9), ADA, user_agent=agent))
    assert Cart.objects.get(shop=shop).is_bot
