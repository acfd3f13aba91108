"""Lists: pages that neither repeat nor hide, and a cost that does not grow with them."""

import pytest

from ripresa.domain.contacts.models import ContactKey
from tests.rows import DAY, HOUR, T0, make_cart, make_contact
from tests.world import fill

LISTS = ["/contacts", "/carts", "/recoveries", "/messages"]
# The key with its shop, then what the list itself costs, however long it is.
COSTS = {"/contacts": 2, "/carts": 4, "/recoveries": 2, "/messages": 2, "/scenarios": 3}
SHORT_COSTS = {"/coupons/pools": 3, "/agents": 2, "/deals": 3, "/segments": 2}


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("limit", [1, 3])
def test_pages_make_up_the_whole_list(path, limit, world, ada):
    fill(world.shop, world.scenario, 12, T0)
    whole = ada.get(path, limit=200).json()
    assert whole["next"] is None
    assert len(whole["items"]) > 4
    assert list(ada.pages(path, limit=limit)) == whole["items"]


def test_the_next_page_keeps_the_filters(world, ada):
    fill(world.shop, world.scenario, 20, T0)
    states = {cart["state"] for cart in ada.pages("/carts", state=["closed", "expired"], limit=2)}
    assert states == {"closed", "expired"}


def test_the_last_page_may_be_full(world, ada):
    count = len(ada.get("/carts").json()["items"])
    assert ada.get("/carts", limit=count).json()["next"] is None


def test_rows_of_the_same_instant_are_each_shown_once(world, ada):
    for _ in range(7):
        make_cart(world.shop, world.ben, left_at=T0 - HOUR)
    ids = [cart["id"] for cart in ada.pages("/carts", limit=2)]
    assert len(ids) == len(set(ids)) == len(ada.get("/carts").json()["items"])


def test_what_comes_meanwhile_moves_nothing(world, ada):
    first = ada.get("/carts", limit=2).json()
    make_cart(world.shop, world.ben, left_at=T0)
    seen = [cart["id"] for cart in [*first["items"], *ada.get(first["next"]).json()["items"]]]
    assert len(seen) == len(set(seen))


def test_a_cursor_of_another_list_is_refused(world, ada):
    following = ada.get("/carts", limit=1).json()["next"]
    cursor = following.partition("cursor=")[2]
    assert ada.get("/messages", cursor=cursor).status_code == 422


@pytest.mark.parametrize("path", COSTS)
def test_costs_the_same_however_long(path, world, ada, django_assert_num_queries):
    ada.get("/shop")  # that a key is used is noted once an hour
    with django_assert_num_queries(COSTS[path]):
        short = ada.get(path).json()["items"]
    fill(world.shop, world.scenario, 30, T0)
    with django_assert_num_queries(COSTS[path]):
        long = ada.get(path).json()["items"]
    assert path == "/scenarios" or len(long) > len(short)


@pytest.mark.parametrize("path", SHORT_COSTS)
def test_short_lists_cost_as_little(path, rows, ada, django_assert_num_queries):
    ada.post(f"/deals/{rows['deal_id']}/take-over", {"who": "sara@wines.test"})
    with django_assert_num_queries(SHORT_COSTS[path]):
        assert ada.get(path).json()["items"]


@pytest.mark.parametrize("part", ["orders", "abandonments"])
def test_what_a_person_did_comes_in_pages_too(part, world, ada, django_assert_num_queries):
    path = f"/contacts/{world.ben.id}/{part}"
    whole = ada.get(path).json()["items"]
    assert list(ada.pages(path, limit=1)) == whole
    with django_assert_num_queries(3):
        ada.get(path)


def test_people_are_found_by_any_key_and_by_words(world, ada):
    ben = str(world.ben.id)
    fill(world.shop, world.scenario, 5, T0)

    def found(**asked):
        return [person["id"] for person in ada.pages("/contacts", **asked)]

    assert found(email=" BEN@mail.test ") == [ben]
    assert found(phone="+39 333 1234567") == [ben]
    assert found(customer_id="c_77") == [ben]
    assert found(customer_id="c_77", email="cleo@mail.test") == []
    assert found(words="ross ben@") == [ben]
    assert ada.get("/contacts", email="ben").status_code == 422
    assert ada.get("/contacts", phone="12").status_code == 422


def test_a_person_is_found_by_an_address_of_long_ago(world, ada):
    ContactKey.objects.create(shop=world.shop, key="email:old@mail.test", contact_id=world.ben.id)
    [found] = ada.get("/contacts", email="old@mail.test").json()["items"]
    assert found["id"] == str(world.ben.id)


def test_carts_by_the_filters_of_the_console(world, ada):
    cheap = make_cart(world.shop, world.cleo, left_at=T0 - 2 * HOUR, kind="checkout", total_minor=5)

    def found(**asked):
        return {cart["id"] for cart in ada.pages("/carts", **asked)}

    assert str(cheap.id) in found(kind="checkout")
    assert str(cheap.id) not in found(value_from="0.06")
    assert str(cheap.id) in found(value_from="0.05")
    assert str(cheap.id) in found(left_from="2026-11-20T13:00:00Z")
    assert str(cheap.id) not in found(left_until="2026-11-20T14:00:00+01:00")
    assert found(contact_id=str(world.cleo.id)) == {str(cheap.id), str(world.cleo_cart.id)}
    assert found(buyer="cleo") == {str(cheap.id), str(world.cleo_cart.id)}


def test_crawlers_and_test_carts_are_left_out(world, ada):
    shown = len(ada.get("/carts").json()["items"])
    make_cart(world.shop, world.ben, left_at=T0, is_bot=True)
    make_cart(world.shop, world.ben, left_at=T0, is_test=True)
    assert len(ada.get("/carts").json()["items"]) == shown


def test_recoveries_and_messages_by_filter(world, ada):
    cart = str(world.ben_recovered.id)
    [run] = ada.pages("/recoveries", cart_id=cart)
    assert (run["state"], run["reason"], run["scenario"]) == (
        "cancelled",
        "ordered",
        "Left in the cart",
    )
    assert {each["cart_id"] for each in ada.pages("/messages", recovery_id=run["id"])} == {cart}
    states = {each["state"] for each in ada.pages("/messages", state=["sent", "planned"])}
    assert states == {"sent", "planned"}
    assert list(ada.pages("/messages", channel="sms")) == []
    late = ada.pages("/messages", planned_from=(T0 + DAY).isoformat())
    assert [each["step"] for each in late] == ["second"]


def test_ids_of_contacts_made_in_the_same_millisecond(world, ada):
    for number in range(5):
        make_contact(world.shop, f"same{number}@mail.test", created_at=T0)
    ids = [each["id"] for each in ada.pages("/contacts", limit=2)]
    assert len(ids) == len(set(ids)) == 7
