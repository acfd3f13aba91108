"""One person, many keys (CUS-1), one number, one address (CUS-5), consent that holds (CNS-2).

Each test tells the fold what happened and looks at who came out; each is told forwards and backwards.
"""

import itertools

import pytest

from ripresa.domain.carts.models import Cart, Order
from ripresa.domain.contacts.models import Contact, ContactKey
from ripresa.domain.shops.models import Shop
from ripresa.usecases.contacts.give_back_phone import NeverHers, give_back_phone
from ripresa.usecases.fold_events import fold_shop
from tests.db.usecases.fold_tables import NOW, arrive

pytestmark = pytest.mark.django_db
ITEMS = [{"sku": "A1", "title": "Vino", "quantity": 1, "unit_price": "29.90"}]
_number = itertools.count(1)


def at(hour, minute=0):
    return f"2026-10-03T{hour:02}:{minute:02}:00Z"


def cart(token, when, contact=None, **more):
    return {
        "id": f"e{next(_number)}",
        "type": "cart.updated",
        "occurred_at": when,
        "cart": {"token": token, "currency": "EUR", "items": ITEMS},
        **({"contact": contact} if contact else {}),
        **more,
    }


def said(kind, when, contact, **more):
    return {
        "id": f"e{next(_number)}",
        "type": kind,
        "occurred_at": when,
        "contact": contact,
        **more,
    }


def order(number, when, contact=None, **named):
    body = {"id": number, "currency": "EUR", "total": "29.90", **named}
    event = {"id": f"e{next(_number)}", "type": "order.placed", "occurred_at": when, "order": body}
    return event | ({"contact": contact} if contact else {})


def by_page(event):
    """The same event, said with the key that stands in the shop's pages."""
    return {**event, "by_page": True}


@pytest.fixture(params=["as it happened", "backwards", "one by one, backwards"])
def shop_after(request):
    def tell(*events, trusted=True):
        shop = Shop.objects.create(slug=f"s{next(_number)}", name="Ada", created_at=NOW)
        told = list(events) if request.param == "as it happened" else list(reversed(events))
        for parcel in [[one] for one in told] if "one by one" in request.param else [told]:
            for one in parcel:
                said = {name: value for name, value in one.items() if name != "by_page"}
                arrive(shop, [said], trusted=trusted and "by_page" not in one)
            while fold_shop(shop_id=shop.id, now=NOW):
                pass
        return shop

    return tell


def people(shop):
    """Each person as the set of her strong keys."""
    found = {}
    for contact, key in ContactKey.objects.filter(shop=shop).values_list("contact_id", "key"):
        found.setdefault(contact, set()).add(key)
    return sorted(sorted(keys) for keys in found.values())


def holder(shop, token):
    return Cart.objects.get(shop=shop, token=token).contact.email


ADA, BEN = {"email": "ada@people.test"}, {"email": "ben@people.test"}


def test_an_event_that_names_address_and_customer_id_makes_one_person_of_them(shop_after):
    shop = shop_after(
        cart("t1", at(9), ADA),
        said("contact.identified", at(10), {"customer_id": "c7"}, visitor_id="v1"),
        said("contact.identified", at(11), {**ADA, "customer_id": "c7"}, visitor_id="v1"),
        order("o1", at(12), {"customer_id": "c7"}),
    )
    assert people(shop) == [["customer:c7", "email:ada@people.test"]]
    assert Order.objects.get(shop=shop).contact_id == Contact.objects.get(shop=shop).id


def test_a_guest_who_registers_on_the_same_cart_is_one_person(shop_after):
    shop = shop_after(cart("t1", at(9), ADA), cart("t1", at(10), {"customer_id": "c7"}))
    assert people(shop) == [["customer:c7", "email:ada@people.test"]]


def test_two_addresses_on_one_cart_stay_two_people_and_the_latest_holds_it(shop_after):
    shop = shop_after(cart("t1", at(9), ADA), cart("t1", at(10), BEN))
    assert people(shop) == [["email:ada@people.test"], ["email:ben@people.test"]]
    assert holder(shop, "t1") == "ben@people.test"


def test_a_third_key_on_a_cart_joins_nobody_and_undoes_the_joining_of_two(shop_after):
    shop = shop_after(
        cart("t1", at(9), ADA), cart("t1", at(10), {"customer_id": "c7"}), cart("t1", at(11), BEN)
    )
    assert people(shop) == [
        ["customer:c7"], ["email:ada@people.test"], ["email:ben@people.test"],
    ]  # fmt: skip


@pytest.mark.parametrize("later", [{"phone": "+393331234567"}, BEN])
def test_a_page_takes_no_cart_from_whom_the_shop_named_nor_a_number_from_an_address(
    shop_after, later
):
    shop = shop_after(cart("t1", at(9), ADA), by_page(cart("t1", at(10), later)))
    assert holder(shop, "t1") == "ada@people.test"


def test_an_address_from_a_page_outweighs_a_number_from_the_shop(shop_after):
    shop = shop_after(
        by_page(cart("t1", at(9), ADA)), cart("t1", at(10), {"phone": "+393331234567"})
    )
    assert holder(shop, "t1") == "ada@people.test"


def test_a_page_moves_no_number(shop_after):
    phone = {"phone": "+393331234567"}
    shop = shop_after(
        said("contact.identified", at(9), {**ADA, **phone}, visitor_id="v1"),
        by_page(said("contact.identified", at(10), {**BEN, **phone}, visitor_id="v2")),
    )
    phones = dict(Contact.objects.filter(shop=shop).values_list("email", "phone"))
    assert phones == {"ada@people.test": "+393331234567", "ben@people.test": None}


def test_what_the_shop_says_of_her_outweighs_the_page(shop_after):
    shop = shop_after(
        said("contact.identified", at(9), {**ADA, "first_name": "Ada"}, visitor_id="v"),
        by_page(said("contact.identified", at(10), {**ADA, "first_name": "Eve"}, visitor_id="v")),
    )
    assert Contact.objects.get(shop=shop).first_name == "Ada"


def test_a_page_lifts_no_refusal(shop_after):
    shop = shop_after(
        said("consent.changed", at(9), {**ADA, "consent": {"email": "denied"}}),
        by_page(said("consent.changed", at(10), {**ADA, "consent": {"email": "granted"}})),
    )
    assert Contact.objects.get(shop=shop).consent_email == "denied"


def test_unknown_is_no_word_at_all(shop_after):
    shop = shop_after(
        said("consent.changed", at(9), {**ADA, "consent": {"email": "granted"}}),
        said("consent.changed", at(10), {**ADA, "consent": {"email": "unknown"}}),
    )
    assert Contact.objects.get(shop=shop).consent_email == "granted"


@pytest.mark.parametrize("weak", [{"phone": "+393331234567"}, {}])
def test_a_number_or_a_browser_alone_never_merges_two_people(shop_after, weak):
    shop = shop_after(
        cart("t1", at(9), {**ADA, **weak}, visitor_id="v1"),
        cart("t2", at(10), {**BEN, **weak}, visitor_id="v1"),
    )
    assert people(shop) == [["email:ada@people.test"], ["email:ben@people.test"]]
    assert (holder(shop, "t1"), holder(shop, "t2")) == ("ada@people.test", "ben@people.test")


def test_what_the_page_says_never_merges_two_known_people(shop_after):
    shop = shop_after(
        cart("t1", at(9), ADA),
        said("contact.identified", at(10), {**BEN, "customer_id": "c7"}, visitor_id="v2"),
        said("contact.identified", at(11), {**ADA, "customer_id": "c7"}, visitor_id="v3"),
        trusted=False,
    )
    assert people(shop) == [["email:ada@people.test"], ["email:ben@people.test"]]


def test_a_cart_of_a_browser_belongs_to_who_is_known_on_it_next(shop_after):
    shop = shop_after(
        cart("t1", at(9), visitor_id="v1"),
        said("contact.identified", at(10), ADA, visitor_id="v1"),
        said("contact.identified", at(15), BEN, visitor_id="v1"),
    )
    assert holder(shop, "t1") == "ada@people.test"


def test_a_cart_of_a_browser_belongs_to_who_was_known_on_it_before_if_nobody_is_later(shop_after):
    shop = shop_after(
        said("contact.identified", at(8), BEN, visitor_id="v1"),
        said("contact.identified", at(9), ADA, visitor_id="v1"),
        cart("t1", at(10), visitor_id="v1"),
    )
    assert holder(shop, "t1") == "ada@people.test"


def test_a_cart_is_of_the_browser_in_which_it_was_begun(shop_after):
    shop = shop_after(
        cart("t1", at(9), visitor_id="v1"),
        cart("t1", at(10), visitor_id="v2"),
        said("contact.identified", at(11), ADA, visitor_id="v1"),
        said("contact.identified", at(12), BEN, visitor_id="v2"),
    )
    assert holder(shop, "t1") == "ada@people.test"


def test_who_turns_up_after_the_order_does_not_hold_the_cart_it_ended(shop_after):
    shop = shop_after(
        cart("t1", at(9), ADA),
        order("o1", at(9, 30), cart_token="t1"),
        said("contact.identified", at(10), BEN, cart={"token": "t1"}),
    )
    assert holder(shop, "t1") == "ada@people.test"


def test_whom_the_cart_names_comes_before_whom_its_browser_knows(shop_after):
    shop = shop_after(
        cart("t1", at(9), visitor_id="v1"),
        said("contact.identified", at(10), BEN, visitor_id="v1"),
        cart("t1", at(11), ADA),
    )
    assert holder(shop, "t1") == "ada@people.test"


def test_of_her_numbers_the_latest_is_shown(shop_after):
    shop = shop_after(
        said("contact.identified", at(9), {**ADA, "phone": "+393331234568"}, visitor_id="v1"),
        said("contact.identified", at(10), {**ADA, "phone": "+393331234567"}, visitor_id="v1"),
    )
    assert Contact.objects.get(shop=shop).phone == "+393331234567"


def test_a_number_known_on_a_browser_holds_no_cart_of_it(shop_after):
    shop = shop_after(
        cart("t1", at(9), visitor_id="v1"),
        said("contact.identified", at(10), {"phone": "+393331234567"}, visitor_id="v1"),
    )
    assert Cart.objects.get(shop=shop).contact_id is None


def test_she_is_reachable_since_her_browser_was_known_whenever_that_is_told(shop_after):
    shop = shop_after(
        said("contact.identified", at(9), ADA, visitor_id="v1"),
        cart("t1", at(12), ADA, visitor_id="v1"),
        said("contact.identified", at(8), ADA, visitor_id="v2"),
    )
    assert Cart.objects.get(shop=shop).reachable_at.isoformat() == "2026-10-03T09:00:00+00:00"


def test_a_number_moves_to_the_address_that_claims_it_last(shop_after):
    shop = shop_after(
        said("contact.identified", at(9), {**ADA, "phone": "+393331234567"}, visitor_id="v1"),
        said("contact.identified", at(10), {**BEN, "phone": "+393331234567"}, visitor_id="v2"),
    )
    phones = dict(Contact.objects.filter(shop=shop).values_list("email", "phone"))
    assert phones == {"ada@people.test": None, "ben@people.test": "+393331234567"}


def test_a_number_given_back_is_hers_again_until_somebody_newly_claims_it(shop_after):
    phone = "+393331234567"
    shop = shop_after(
        said("contact.identified", at(9), {"customer_id": "c7", "phone": phone}, visitor_id="v1"),
        said("contact.identified", at(10), {**BEN, "phone": phone}, visitor_id="v2"),
        cart("t1", at(9), {"phone": phone}),
    )
    assert give_back_phone(shop_id=shop.id, phone=phone, key="customer:c7", now=NOW)
    assert people(shop) == [["customer:c7", f"phone:{phone}"], ["email:ben@people.test"]]
    assert Cart.objects.get(shop=shop).contact.customer_id == "c7"
    arrive(shop, [said("contact.identified", at(11), {**BEN, "phone": phone}, visitor_id="v2")])
    fold_shop(shop_id=shop.id, now=NOW)
    assert Contact.objects.get(shop=shop, phone=phone).customer_id == "c7"


def test_a_claim_from_a_clock_that_runs_ahead_can_be_undone(shop_after):
    ahead = "2027-02-01T00:00:00Z"
    shop = shop_after(
        said("contact.identified", at(9), {**ADA, "phone": "+393331234567"}, visitor_id="v1"),
        said("contact.identified", ahead, {**BEN, "phone": "+393331234567"}, visitor_id="v2"),
    )
    key = "email:ada@people.test"
    assert give_back_phone(shop_id=shop.id, phone="+393331234567", key=key, now=NOW)


def test_nobody_is_given_a_number_she_never_had(shop_after):
    shop = shop_after(
        said("contact.identified", at(9), {**ADA, "phone": "+393331234567"}, visitor_id="v1")
    )
    with pytest.raises(NeverHers, match=r"email:ben@people.test never had the number \+39333"):
        give_back_phone(
            shop_id=shop.id, phone="+393331234567", key="email:ben@people.test", now=NOW
        )


def test_an_order_closes_the_carts_that_share_its_number_alone(shop_after):
    shop = shop_after(
        cart("t1", at(9), {**ADA, "phone": "+393331234567"}),
        order("o1", at(9, 30), {"phone": "+393331234567"}),
    )
    assert Cart.objects.get(shop=shop).state == "ordered"


def test_an_order_that_names_nobody_is_hers_who_held_the_cart(shop_after):
    shop = shop_after(cart("t1", at(9), ADA), order("o1", at(10), cart_token="t1"))
    assert Order.objects.get(shop=shop).contact.email == "ada@people.test"


def test_the_latest_facts_hold_whichever_came_first(shop_after):
    shop = shop_after(
        said(
            "contact.identified",
            at(9),
            {**ADA, "first_name": "A.", "locale": "it-IT"},
            visitor_id="v",
        ),
        said("contact.identified", at(10), {**ADA, "first_name": "Ada"}, visitor_id="v"),
    )
    found = Contact.objects.get(shop=shop)
    assert (found.first_name, found.locale) == ("Ada", "it-IT")


@pytest.mark.parametrize(
    ("kind", "expected"), [("consent.changed", "granted"), ("contact.identified", "denied")]
)
def test_a_refusal_yields_only_to_her_own_newer_word(shop_after, kind, expected):
    more = {"visitor_id": "v"} if kind == "contact.identified" else {}
    shop = shop_after(
        said("consent.changed", at(9), {**ADA, "consent": {"email": "granted"}}),
        said("consent.changed", at(10), {**ADA, "consent": {"email": "denied"}}),
        said(kind, at(11), {**ADA, "consent": {"email": "granted"}}, **more),
    )
    assert Contact.objects.get(shop=shop).consent_email == expected


def test_consent_is_the_person_s_whichever_key_it_came_with(shop_after):
    shop = shop_after(
        said("consent.changed", at(9), {"customer_id": "c7", "consent": {"email": "denied"}}),
        cart("t1", at(10), {**ADA, "customer_id": "c7", "consent": {"email": "granted"}}),
    )
    assert Contact.objects.get(shop=shop).consent_email == "denied"
