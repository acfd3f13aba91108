"""One person, many keys (CUS-1), one number, one address (CUS-5), consent that holds (CNS-2).

Each test tells the fold what happened and looks at who came out; each is told forwards and backwards.
"""

import itertools

import pytest

from ripresa.domain.carts.models import Cart, Order
from ripresa.domain.contacts.models import Contact, ContactKey
from ripresa.domain.shops.models import Shop
from ripresa.usecases.fold_events import fold_shop
from ripresa.usecases.give_back_phone import NeverHers, give_back_phone
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


@pytest.fixture(params=["as it happened", "backwards", "one by one, backwards"])
def shop_after(request):
    def tell(*events, trusted=True):
        shop = Shop.objects.create(slug=f"s{next(_number)}", name="Ada", created_at=NOW)
        told = list(events) if request.param == "as it happened" else list(reversed(events))
        for parcel in [[one] for one in told] if "one by one" in request.param else [told]:
            arrive(shop, parcel, trusted=trusted)
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
    assert ["email:ada@people.test"] in people(shop)
    assert ["email:ben@people.test"] in people(shop)


def test_a_cart_of_a_browser_belongs_to_who_is_known_on_it_next(shop_after):
    shop = shop_after(
        cart("t1", at(9), visitor_id="v1"),
        said("contact.identified", at(10), ADA, visitor_id="v1"),
        said("contact.identified", at(15), BEN, visitor_id="v1"),
    )
    assert holder(shop, "t1") == "ada@people.test"


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
