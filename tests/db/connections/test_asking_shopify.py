"""A Shopify shop from connecting to the end: registered, heard, asked; what both ways tell is told once."""

from datetime import timedelta
from itertools import islice, permutations

import pytest

from ripresa.domain.carts.models import Cart, Order
from ripresa.domain.connections.gaps import Asking
from ripresa.domain.connections.models import Connection
from ripresa.domain.inbox import operations as inbox
from ripresa.usecases.calls.hear_shops import store_outcomes
from ripresa.usecases.connected.opening import Opener
from ripresa.usecases.fold_events import fold_shop
from tests.db.connections.test_listening import came_in, connections, listener, shop  # noqa: F401  (fixtures)
from tests.rows import make_shop
from tests.shopify.nodes import at, checkout, line, money, order
from tests.shopify.server import SHOP, ShopifyShop
from tests.unit.connectors import calls
from tests.unit.connectors.calls import T0

pytestmark = pytest.mark.django_db
SINCE = T0 - timedelta(hours=1)
ASKING = Asking(T0, "asked", SINCE, is_called=True)
# What the webhook says of the checkout that the Admin API calls AbandonedCheckout/17.
CALLED = {
    "id": 17, "token": "chk17", "cart_token": "cart17", "email": "ada17@mail.test", "currency": "EUR",
    "presentment_currency": "EUR", "created_at": at(-5), "updated_at": at(), "subtotal_price": "59.80",
    "line_items": [{
        "product_id": 41, "variant_id": 411, "quantity": 2, "price": "29.90", "title": "Barolo",
        "variant_title": "0,75 l", "sku": "BAR-75",
    }],
}  # fmt: skip


@pytest.fixture
def platform():
    with ShopifyShop() as one:
        one.customers.clear()
        yield one


class Heard:
    """The connection to the platform, and the two ways of hearing it."""

    def __init__(self, platform, connections, listener, shop):  # noqa: F811
        given = {
            "shop": SHOP,
            "client_secret": "s3cret",
            "client_id": "app1",
            "api_url": platform.url,
        }
        self.made = connections.connect(
            shop_id=shop.id, platform="shopify", name="s", given=given, now=T0
        )
        self.opened = Opener(connections).open(self.made, T0)
        self.listener = listener
        self.shop = shop

    def call(self, topic, body, *, fold=True):
        came_in(self.made, calls.shopify(topic, body))
        self.listener.read_due(shop_id=self.shop.id, now=T0)
        if fold:
            fold_shop(shop_id=self.shop.id, now=T0)

    def ask(self, *, fold=True):
        for page in self.opened.connector.ask(self.opened.settings, SINCE):
            store_outcomes(self.made, page, T0, asking=ASKING)
        if fold:
            fold_shop(shop_id=self.shop.id, now=T0)

    def count(self):
        return Connection.objects.values_list("heard", "missed").get(id=self.made.id)

    def carts(self):
        found = Cart.objects.filter(shop_id=self.shop.id).order_by("token")
        return list(found.values_list("token", "checkout_id", "item_count"))


@pytest.fixture
def heard(platform, connections, listener, shop):  # noqa: F811
    return Heard(platform, connections, listener, shop)


def test_both_ways_tell_of_one_cart_and_a_gap_is_filled(platform, heard):
    assert platform.grants[0]["grant_type"] == "client_credentials"
    heard.call("checkouts/update", CALLED)
    assert heard.carts() == [("cart17", "17", 2)]

    # The same state, without any token.
    platform.denied.add("abandonedCheckoutUrl")
    platform.checkouts.append(checkout(17))
    heard.ask()
    assert heard.carts() == [("cart17", "17", 2)]

    # A later state whose call was missed, and a checkout that only asking tells of.
    _, missed = heard.count()
    lines = [{**platform.checkouts[0]["lineItems"][0], "quantity": 3}]
    platform.checkouts[0] |= {"updatedAt": at(2), "lineItems": lines}
    platform.checkouts.append(checkout(18))
    heard.ask()
    assert heard.carts() == [("cart17", "17", 3), ("checkout-18", "18", 2)]
    assert heard.count()[1] > missed

    # The call for that comes late.
    heard.call("checkouts/update", {**CALLED, "id": 18, "updated_at": at(3)})
    assert heard.carts() == [("cart17", "17", 3), ("checkout-18", "18", 2)]


@pytest.mark.parametrize("is_called_first", [True, False])
def test_a_call_and_an_answer_within_one_second_are_one_cart(platform, heard, is_called_first):
    """Neither is folded when the other comes; the first says what the cart is called."""
    platform.denied.add("abandonedCheckoutUrl")
    platform.checkouts.append(checkout(17))
    ways = (
        lambda: heard.call("checkouts/create", CALLED, fold=False),
        lambda: heard.ask(fold=False),
    )
    for way in ways if is_called_first else reversed(ways):
        way()
    fold_shop(shop_id=heard.shop.id, now=T0)
    assert heard.carts() == [("cart17" if is_called_first else "checkout-17", "17", 2)]


def test_other_checkouts_that_wait_are_left_alone(platform, heard):
    """Ids that contain one another, and the signs that searching knows."""
    platform.denied.add("abandonedCheckoutUrl")
    for number in (1, 117, 170):
        heard.call(
            "checkouts/create", {**CALLED, "id": number, "cart_token": f"c{number}"}, fold=False
        )
    platform.checkouts.append(checkout(17))
    heard.ask()
    assert [token for token, _, _ in heard.carts()] == ["c1", "c117", "c170", "checkout-17"]
    assert list(inbox.unfolded_of_checkouts(heard.shop.id, "shop", ["%", "_", "1%"])) == []


ORDERED = {
    "id": 17, "name": "#17", "email": "p17@mail.test", "created_at": at(5), "updated_at": at(5),
    "currency": "EUR", "total_price": "64.70", "total_discounts": "0.00", "total_tax": "11.67",
    "shipping_lines": [{"price": "4.90"}], "cart_token": "cart17", "checkout_token": "tok_17",
    "checkout_id": 17, "source_name": "web", "test": False, "customer_locale": "it-IT",
}  # fmt: skip


def test_an_order_that_both_ways_tell_of_is_told_once(platform, heard):
    heard.call("checkouts/update", CALLED)
    then = {"createdAt": at(5), "updatedAt": at(5), "processedAt": at(5)}
    platform.orders.append(order(17, cartToken="cart17", **then))
    heard.ask()
    before = heard.count()
    heard.call("orders/create", ORDERED)
    assert heard.count() == before
    assert Order.objects.filter(shop_id=heard.shop.id).count() == 1
    assert Cart.objects.get(shop_id=heard.shop.id, token="cart17").state == "ordered"


@pytest.mark.parametrize("every", [5, pytest.param(1, marks=pytest.mark.slow)])
def test_in_whatever_order_it_comes_there_is_one_cart_and_it_was_ordered(
    platform,
    connections,  # noqa: F811
    listener,  # noqa: F811
    every,
):
    platform.denied.add("abandonedCheckoutUrl")
    more = [{**CALLED["line_items"][0], "quantity": 3}]
    later = {**CALLED, "updated_at": at(2), "line_items": more, "subtotal_price": "89.70"}
    platform.checkouts.append(
        checkout(
            17, updatedAt=at(2), lines=[{**line(), "quantity": 3}], subtotalPriceSet=money("89.7")
        )
    )
    ways = (
        lambda heard: heard.call("checkouts/update", CALLED),
        lambda heard: heard.call("checkouts/update", later),
        lambda heard: heard.call("orders/create", ORDERED),
        lambda heard: heard.ask(),
    )
    for number, sequence in enumerate(islice(permutations(ways), 0, None, every)):
        shop = make_shop(f"shop-{number}", "Wines")  # noqa: F811
        heard = Heard(platform, connections, listener, shop)
        for way in sequence:
            way(heard)
        [(_, checkout_id, count)] = heard.carts()
        assert (checkout_id, count) == ("17", 3), number
        assert Cart.objects.get(shop_id=shop.id).state == "ordered", number
