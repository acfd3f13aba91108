"""The same cart restored on another device stays one cart: its tokens are aliases (CUS-1).

Each story is told forwards, backwards and one by one: late news join two carts that were begun already.
"""

import pytest

from ripresa.contracts.keys import pending_keys
from ripresa.domain.carts.household import MOST_DEVICES
from ripresa.domain.carts.models import Abandonment, Cart, CartActivity
from ripresa.domain.carts.queries import find_cart_by_token
from ripresa.domain.contacts.models import VisitKey
from ripresa.usecases.advance_carts import advance_carts
from ripresa.usecases.fold_events import fold_shop
from ripresa.usecases.personal_data.erase import erase_contact
from ripresa.usecases.personal_data.export import collect
from ripresa.usecases.replay.history import history_of
from ripresa.usecases.restored_carts import with_reference
from tests.db.usecases.fold_tables import NOW, arrive, event
from tests.db.usecases.test_fold_in_any_order import let_the_clock_run, make_shop
from tests.db.usecases.test_who_is_who import (
    ADA,
    BEN,
    ITEMS,
    at,
    by_page,
    cart,
    holder,
    order,
    said,
    shop_after,
)

__all__ = ["shop_after"]
pytestmark = pytest.mark.django_db
BEER = [{"sku": "B1", "title": "Birra", "quantity": 6, "unit_price": "3.50"}]


def restored(token, when, origin, items=ITEMS, contact=None, **more):
    """The shop puts `origin` back on another device, where it goes on under `token`."""
    told = cart(token, when, contact, **more)
    told["cart"] |= {"items": items, "restored_from": origin}
    return told


def filled(token, when, items, contact=None):
    told = cart(token, when, contact)
    told["cart"]["items"] = items
    return told


def carts(shop):
    return sorted(Cart.objects.filter(shop=shop).values_list("token", "generation", "state"))


def test_an_order_under_the_new_token_recovers_the_cart_that_was_left(shop_after):
    shop = shop_after(
        cart("phone", at(9), ADA),
        restored("laptop", at(14), "phone"),
        order("o1", at(15), cart_token="laptop"),
    )
    assert carts(shop) == [("phone", 1, "recovered")]
    assert Abandonment.objects.get(shop=shop).abandoned_at.hour == 10


def test_an_order_under_the_old_token_ends_it_as_well(shop_after):
    shop = shop_after(
        cart("phone", at(9), ADA),
        restored("laptop", at(14), "phone"),
        order("o1", at(15), cart_token="phone"),
    )
    assert carts(shop) == [("phone", 1, "recovered")]


def test_what_changes_under_the_new_token_changes_that_cart(shop_after):
    shop = shop_after(
        cart("phone", at(9), ADA),
        restored("laptop", at(14), "phone"),
        filled("laptop", at(14, 30), BEER),
    )
    found = Cart.objects.get(shop=shop)
    assert (found.token, found.left_at.hour, found.left_at.minute) == ("phone", 14, 30)
    assert found.items[0]["title"] == "Birra"


def test_the_same_items_put_back_are_no_activity(shop_after):
    shop = shop_after(cart("phone", at(9), ADA), restored("laptop", at(14), "phone"))
    let_the_clock_run(shop)
    assert Cart.objects.get(shop=shop).left_at.hour == 9
    assert Abandonment.objects.get(shop=shop).left_at.hour == 9


def test_who_is_named_under_the_new_token_is_named_on_the_cart(shop_after):
    shop = shop_after(
        cart("phone", at(9)),
        restored("laptop", at(14), "phone"),
        said("contact.identified", at(14, 30), ADA, cart={"token": "laptop"}),
    )
    assert holder(shop, "phone") == "ada@people.test"
    assert Cart.objects.get(shop=shop).reachable_at.hour == 14


def test_who_was_named_under_that_token_before_has_nothing_to_do_with_it(shop_after):
    """The laptop is shared: Ben's cart of last week is his."""
    shop = shop_after(
        cart("laptop", at(6), BEN),
        cart("phone", at(9), ADA),
        restored("laptop", at(14), "phone"),
        order("o1", at(15), BEN),
    )
    assert holder(shop, "phone") == "ada@people.test"
    assert ("phone", 1, "recovered") not in carts(shop)


def test_what_the_new_token_held_before_gives_way(shop_after):
    """It was hers on the laptop; the shop put the other one in its place, and one order is one recovery."""
    shop = shop_after(
        filled("laptop", at(6), BEER, ADA),
        cart("phone", at(9), ADA),
        restored("laptop", at(14), "phone", [*ITEMS, *BEER]),
        order("o1", at(15), ADA, cart_token="laptop"),
    )
    assert carts(shop) == [("laptop", 1, "emptied"), ("phone", 1, "recovered")]
    assert Cart.objects.get(shop=shop, token="phone").item_count == 7


def test_after_the_order_each_token_stands_for_itself(shop_after):
    shop = shop_after(
        cart("phone", at(9), ADA),
        restored("laptop", at(14), "phone"),
        order("o1", at(15), cart_token="laptop"),
        said("cart.emptied", at(15, 1), ADA, cart={"token": "laptop"}),
        filled("laptop", at(16), BEER),
        filled("phone", at(17), ITEMS),
        order("o2", at(18), cart_token="laptop"),
    )
    assert carts(shop)[0] == ("laptop", 1, "recovered")
    assert ("phone", 1, "recovered") in carts(shop)
    assert Cart.objects.filter(shop=shop, token="phone", generation=2).exists()


def test_a_cart_that_was_bought_is_restored_by_nobody(shop_after):
    shop = shop_after(
        cart("phone", at(9), ADA),
        order("o1", at(12), cart_token="phone"),
        restored("laptop", at(14), "phone"),
    )
    assert carts(shop) == [("laptop", 1, "open"), ("phone", 1, "recovered")]


def test_another_cart_restored_on_the_same_device_leaves_the_first_as_it_was(shop_after):
    shop = shop_after(
        cart("phone", at(9), ADA),
        restored("laptop", at(10), "phone"),
        filled("tablet", at(11), BEER, BEN),
        restored("laptop", at(12), "tablet", BEER),
        order("o1", at(13), cart_token="laptop"),
    )
    assert carts(shop) == [("phone", 1, "open"), ("tablet", 1, "recovered")]
    assert holder(shop, "phone") == "ada@people.test"


def test_a_third_device_goes_on_with_the_same_cart(shop_after):
    shop = shop_after(
        cart("phone", at(9), ADA),
        restored("laptop", at(14), "phone"),
        restored("tablet", at(15), "laptop"),
        order("o1", at(16), cart_token="tablet"),
    )
    assert carts(shop) == [("phone", 1, "recovered")]
    # By this hand-over finds an order under the third token that is not folded yet.
    assert VisitKey.objects.filter(shop=shop, visit="token:phone", key="token:tablet").exists()


def test_back_on_the_first_device_it_is_the_cart_it_was(shop_after):
    shop = shop_after(
        cart("phone", at(9), ADA),
        restored("laptop", at(14), "phone"),
        restored("phone", at(15), "laptop"),
        order("o1", at(16), cart_token="phone"),
    )
    assert carts(shop) == [("phone", 1, "recovered")]


def test_a_test_order_under_the_new_token_makes_a_test_of_the_cart(shop_after):
    shop = shop_after(
        cart("phone", at(9), ADA),
        restored("laptop", at(14), "phone"),
        order("o1", at(15), cart_token="laptop", test=True),
    )
    assert Cart.objects.get(shop=shop).is_test


@pytest.mark.parametrize("kind", ["cart.emptied", "checkout.started", "cart.viewed"])
def test_only_a_cart_that_holds_something_was_restored(shop_after, kind):
    """A page that tells of its own empty cart before the shop has put the other one back empties nothing."""
    shop = shop_after(
        cart("phone", at(9), ADA),
        said(kind, at(14), None, cart={"token": "laptop", "restored_from": "phone"}),
        restored("laptop", at(14, 1), "phone", []),
    )
    assert ("phone", 1, "emptied") not in carts(shop)


def test_a_page_cannot_take_over_a_cart_whose_token_it_guessed(shop_after):
    shop = shop_after(cart("phone", at(9), ADA), by_page(restored("laptop", at(14), "phone", BEER)))
    assert [token for token, *_ in carts(shop)] == ["laptop", "phone"]


def reference(shop, token="phone"):
    url = with_reference("https://shop.test/?restore=1", Cart.objects.get(shop=shop, token=token))
    address, _, said_behind = url.partition("#")
    assert address == "https://shop.test/?restore=1"
    return said_behind.removeprefix("ripresa_cart=")


@pytest.mark.parametrize("trusted", [True, False])
def test_a_page_names_the_cart_by_what_our_link_said(shop_after, trusted):
    shop = shop_after(cart("phone", at(9), ADA))
    arrive(shop, [restored("laptop", at(14), reference(shop))], trusted=trusted)
    arrive(shop, [order("o1", at(15), cart_token="laptop")])
    while fold_shop(shop_id=shop.id, now=NOW):
        pass
    assert carts(shop) == [("phone", 1, "recovered")]


@pytest.mark.parametrize("told", ["before", "after"])
def test_with_a_link_of_ones_own_nobody_carries_off_what_the_shop_tells(shop_after, told):
    """Eve has a link to her cart, and guesses the token that Ada's has, or will have."""
    shop = shop_after(cart("eves", at(9), {"email": "eve@people.test"}))
    arrive(shop, [restored("adas", at(14), reference(shop, "eves"))], trusted=False)
    arrive(shop, [filled("adas", at(13 if told == "before" else 15), BEER, ADA)])
    while fold_shop(shop_id=shop.id, now=NOW):
        pass
    assert holder(shop, "adas") == "ada@people.test"
    assert holder(shop, "eves") == "eve@people.test"
    eves = Cart.objects.get(shop=shop, token="eves")
    assert eves.items[0]["title"] == "Vino"
    hers = collect(shop_id=shop.id, contact_id=eves.contact_id, now=NOW)
    assert {row["token"] for row in hers.tables["cart_activity"]} == {"eves"}
    arrive(shop, [order("o1", at(16), cart_token="adas")])
    while fold_shop(shop_id=shop.id, now=NOW):
        pass
    states = {token: state for token, _, state in carts(shop)}
    assert states == {"adas": "recovered" if told == "before" else "ordered", "eves": "open"}


def test_pages_restore_a_cart_on_a_few_devices_and_not_on_everybodys(shop_after):
    shop = shop_after(cart("phone", at(9), ADA))
    told = reference(shop)
    strangers = [restored(f"t{number:02}", at(14, number), told, BEER) for number in range(20)]
    arrive(shop, strangers, trusted=False)
    while fold_shop(shop_id=shop.id, now=NOW):
        pass
    assert Cart.objects.filter(shop=shop).count() == 1 + 20 - MOST_DEVICES


@pytest.mark.parametrize("trusted", [True, False])
def test_a_reference_to_the_cart_of_another_shop_says_nothing(shop_after, trusted):
    other, shop = shop_after(cart("phone", at(9), ADA)), make_shop()
    arrive(shop, [restored("laptop", at(14), reference(other))], trusted=trusted)
    while fold_shop(shop_id=shop.id, now=NOW):
        pass
    assert carts(shop) == [("laptop", 1, "open")]
    assert carts(other) == [("phone", 1, "open")]


def test_a_changed_reference_says_nothing_and_loses_nothing(shop_after):
    shop = shop_after(cart("phone", at(9), ADA))
    told = reference(shop)
    forged = told[:-2] + ("aa" if told[-2:] != "aa" else "bb")
    arrive(shop, [restored("laptop", at(14), forged)], trusted=False)
    while fold_shop(shop_id=shop.id, now=NOW):
        pass
    assert ("laptop", 1, "open") in carts(shop)


def test_two_carts_that_were_left_become_one_when_the_news_come_late():
    """Both were found abandoned by the clock before anybody knew: one of them never was."""
    shop = make_shop()
    arrive(shop, [cart("phone", at(9), ADA), filled("laptop", at(14, 30), BEER, ADA)])
    while fold_shop(shop_id=shop.id, now=NOW):
        pass
    while advance_carts(shop_id=shop.id, now=NOW):
        pass
    arrive(shop, [restored("laptop", at(14), "phone")])
    while fold_shop(shop_id=shop.id, now=NOW):
        pass
    let_the_clock_run(shop)
    found = Cart.objects.get(shop=shop)
    assert (found.token, found.left_at.hour) == ("phone", 14)
    assert [each.left_at.hour for each in Abandonment.objects.filter(shop=shop)] == [9, 14]


def test_it_is_found_under_the_new_token_as_well(shop_after):
    shop = shop_after(cart("phone", at(9), ADA), restored("laptop", at(14), "phone"))
    assert find_cart_by_token(shop.id, "laptop").token == "phone"
    assert find_cart_by_token(shop.id, "tablet") is None


def test_erasing_the_person_takes_what_the_other_device_said_of_itself(shop_after):
    browser = {"visitor_id": "v_laptop", "user_agent": "Laptop/1"}
    shop = shop_after(
        cart("phone", at(9), ADA),
        restored("laptop", at(14), "phone", visitor_id="v_laptop", user_agent="Laptop/1"),
    )
    kept = CartActivity.objects.filter(shop=shop, token="laptop")
    assert all(word in kept.get().payload for word in browser.values())
    contact = Cart.objects.get(shop=shop).contact_id
    erase_contact(shop_id=shop.id, contact_id=contact, by="Ada", now=NOW)
    assert not any(word in kept.get().payload for word in browser.values())


def test_a_replay_tells_of_one_cart_too(shop_after):
    shop = shop_after(
        cart("phone", at(9), ADA),
        restored("laptop", at(14), "phone"),
        filled("laptop", at(14, 30), BEER),
    )
    told = history_of(shop.id, [Cart.objects.get(shop=shop).id])
    again = make_shop("again")
    arrive(again, [one.event for one in told])
    while fold_shop(shop_id=again.id, now=NOW):
        pass
    assert carts(again) == carts(shop)
    assert Cart.objects.get(shop=again).items[0]["title"] == "Birra"


def test_an_address_with_a_part_of_its_own_stays_as_it_is():
    shop = make_shop()
    arrive(shop, [cart("phone", at(9), ADA)])
    fold_shop(shop_id=shop.id, now=NOW)
    left = Cart.objects.get(shop=shop)
    assert with_reference("https://shop.test/#/cart/7", left) == "https://shop.test/#/cart/7"


def test_until_it_is_folded_the_news_hold_back_what_is_due_for_that_cart():
    """An order under the new token may follow at once: hand-over must know whose it is (promise 1)."""
    shop = make_shop()
    arrive(shop, [cart("phone", at(9), ADA)])
    fold_shop(shop_id=shop.id, now=NOW)
    left = Cart.objects.get(shop=shop)
    assert pending_keys(event(restored("laptop", at(14), "phone"))) == ["token:phone"]
    assert f"cart:{left.id}" in pending_keys(event(restored("laptop", at(14), reference(shop))))
    assert pending_keys(event(cart("laptop", at(14)))) == []
