"""The Admin API on a server that executes what we ask: every page, patience, and plain words else."""

from contextlib import suppress
from datetime import timedelta
from decimal import Decimal

import pytest
from graphql import parse, validate

from ripresa.connectors.shopify.admin import changes, client, documents, history
from ripresa.connectors.shopify.connector import CONNECTOR, TOPICS
from ripresa.contracts.catalogue import CatalogueItem, Gone, Offered
from ripresa.contracts.events import StoreEvent
from ripresa.contracts.shops.connector import NotLetIn, ShopAway
from ripresa.contracts.shops.errands import Buyers, CouponWanted
from tests.scripted_http import DROP, Said
from tests.shopify.nodes import T0, at, checkout, customer, line, money, order, product, variant
from tests.shopify.server import SCHEMA, ShopifyShop

SINCE = T0 - timedelta(hours=1)
SHORT = timedelta(seconds=5)
ADDRESS = "https://r.test/hooks/shopify/abc"


@pytest.fixture
def shop():
    with ShopifyShop() as one:
        yield one


def outcomes(pages):
    return [outcome for page in pages for outcome in page]


def told(events, kind):
    return [event for event in events if isinstance(event, StoreEvent) and event.type == kind]


def test_every_document_fits_the_schema():
    written = [
        text for module in (documents, changes) for name, text in vars(module).items()
        if name.isupper() and isinstance(text, str) and text.startswith(("query", "mutation"))
    ]  # fmt: skip
    written += [
        documents.orders_page(), documents.customers_page(), documents.checkouts_page(with_url=True),
        documents.checkouts_page(with_url=False), documents.orders_in_bulk("x"),
        documents.checkouts_in_bulk("x", with_url=True), documents.checkouts_in_bulk("x", with_url=False),
        documents.codes(2),
    ]  # fmt: skip
    assert len(written) > 18
    assert [error for text in written for error in validate(SCHEMA, parse(text))] == []


def test_what_changed_is_told_page_by_page_and_nothing_older(shop):
    shop.orders += [order(n) for n in range(1001, 1001 + 103)]
    shop.orders.append(order(900, updatedAt=at(-90), createdAt=at(-90), processedAt=at(-90)))
    shop.checkouts += [checkout(n) for n in range(1, 24)]
    found = outcomes(CONNECTOR.ask(shop.settings, SINCE))
    assert {event.order.id for event in told(found, "order.placed")} == {
        str(n) for n in range(1001, 1104)
    }
    assert len(told(found, "cart.updated")) == 23
    first = told(found, "order.placed")[0]
    assert (first.order.total, first.order.cart_token, first.order.number) == (
        "64.70",
        "cart_1001",
        "#1001",
    )
    assert (first.contact.email, first.contact.address.city) == ("p1001@mail.test", "Bologna")


def test_a_checkout_is_told_with_all_it_has(shop):
    shop.checkouts.append(checkout(17))
    found = outcomes(CONNECTOR.ask(shop.settings, SINCE))
    [event] = told(found, "cart.updated")
    assert (event.cart.token, event.cart.checkout_id, event.cart.total) == (
        "cart_0017",
        "17",
        "59.80",
    )
    [item] = event.cart.items
    assert (item.product_id, item.variant_id, item.unit_price) == ("41", "411", "29.90")
    assert item.image_url == "https://cdn.test/barolo.jpg"
    assert told(found, "contact.identified")[0].contact.email == "ada17@mail.test"


@pytest.mark.parametrize("count", [24, 25, 26, 125, 126, 260])
def test_all_lines_of_a_checkout_are_told_however_many(shop, count):
    shop.checkouts.append(checkout(17, lines=[line(1000 + n) for n in range(count)]))
    shop.checkouts.append(checkout(18))
    found = outcomes(CONNECTOR.ask(shop.settings, SINCE))
    by_id = {event.cart.checkout_id: event.cart.items for event in told(found, "cart.updated")}
    assert [item.variant_id for item in by_id["17"]] == [str(1000 + n) for n in range(count)]
    assert len(by_id["18"]) == 1
    assert shop.too_costly == 0


def test_completed_refunded_and_consent(shop):
    shop.checkouts.append(checkout(1, completedAt=at()))
    shop.orders.append(
        order(1, cancelledAt=at(3), refunds=[
            {"id": "gid://shopify/Refund/5", "createdAt": at(4), "totalRefundedSet": money("10.5")},
            {"id": "gid://shopify/Refund/6", "createdAt": at(4), "totalRefundedSet": money("0.0")},
        ])
    )  # fmt: skip
    email = {
        "emailAddress": "ada@mail.test",
        "marketingState": "UNSUBSCRIBED",
        "marketingUpdatedAt": at(2),
    }
    shop.customers[:] = [customer(defaultEmailAddress=email)]
    found = outcomes(CONNECTOR.ask(shop.settings, SINCE))
    assert told(found, "cart.emptied")
    assert told(found, "cart.updated") == []
    assert told(found, "order.cancelled")
    assert [event.refund.amount for event in told(found, "order.refunded")] == ["10.50"]
    [consent] = told(found, "consent.changed")
    assert consent.contact.consent.email == "denied"


def test_nulls_are_normal(shop):
    """Data that the app may not see comes as null; an order still stops what is planned."""
    bare = {
        "email": None,
        "customer": None,
        "shippingAddress": None,
        "cartToken": None,
        "checkoutToken": None,
    }
    shop.orders.append(order(1, **bare))
    shop.checkouts.append(checkout(1, customer=None, shippingAddress=None))
    shop.checkouts.append(checkout(2, lines=[line(product=None, variant=None, image=None)]))
    found = outcomes(CONNECTOR.ask(shop.settings, SINCE))
    assert len(told(found, "order.placed")) == 1
    assert len(told(found, "cart.updated")) == 2


def test_what_the_app_may_not_see_hides_nothing_else(shop):
    shop.denied |= {"customer", "shippingAddress", "phone"}
    shop.orders.append(order(1, customer=customer(1)))
    shop.checkouts.append(checkout(17))
    for pages in (
        CONNECTOR.ask(shop.settings, SINCE),
        (page.outcomes for page in CONNECTOR.back_fill(shop.settings, SINCE)),
    ):
        found = outcomes(pages)
        [placed] = told(found, "order.placed")
        assert (placed.contact.email, placed.contact.customer_id) == ("p1@mail.test", None)
        assert told(found, "cart.updated")
    [warning] = CONNECTOR.watch(shop.settings)
    assert "customer, phone, shippingAddress" in warning


def test_recovery_urls_that_are_withheld_withhold_nothing_else(shop):
    shop.denied.add("abandonedCheckoutUrl")
    shop.checkouts.append(checkout(17))
    [event] = told(outcomes(CONNECTOR.ask(shop.settings, SINCE)), "cart.updated")
    assert (event.cart.restore_url, event.cart.token) == (None, "checkout-17")


def test_the_bucket_is_kept(shop, monkeypatch):
    """A page is as big as what flows back soon: no shop is too slow to be read to the end."""
    monkeypatch.setattr(client, "LONGEST_WAIT", 0.05)
    shop.orders += [order(n) for n in range(60)]
    shop.available, shop.restore_rate = 500.0, 4000.0
    assert len(told(outcomes(CONNECTOR.ask(shop.settings, SINCE)), "order.placed")) == 60
    assert shop.throttled == 1
    assert shop.sizes[:2] == [25, 13]
    shop.available, shop.restore_rate = 0.0, 1.0
    with pytest.raises(ShopAway, match=r"pause of 450 s"):
        outcomes(CONNECTOR.ask(shop.settings, SINCE))


def test_too_much_at_once_is_asked_for_in_parts(shop, monkeypatch):
    shop.checkouts += [checkout(n) for n in range(8)]
    monkeypatch.setattr(history, "_CHECKOUTS", 20)
    assert len(told(outcomes(CONNECTOR.ask(shop.settings, SINCE)), "cart.updated")) == 8
    assert shop.too_costly == 2


def test_an_answer_of_another_shape_is_not_believed(shop):
    """Nothing else than ShopAway leaves the connector for what a shop may answer."""
    for name in ("totalPriceSet", "customer", "shippingAddress", "refunds", "discountCodes"):
        for broken in ("x", 5, [7], {"presentmentMoney": "x"}, {"amount": {}}):
            nodes = [{**order(1), name: broken}]
            page = {"nodes": nodes, "pageInfo": {"hasNextPage": False, "endCursor": None}}
            shop.faults[:] = [Said(200, {"data": {"orders": page}})]
            with suppress(ShopAway):
                list(CONNECTOR.ask(shop.settings, SINCE))
            shop.faults[:] = [Said(200, {"data": {"shop": {}, "nodes": broken}})]
            with pytest.raises(ShopAway):
                CONNECTOR.look(shop.settings, [CatalogueItem("", "", "", "1")], "EUR", SHORT)


@pytest.mark.parametrize(
    ("fault", "error", "words"),
    [
        (Said(500, "oops"), ShopAway, "says 500"),
        (Said(401, {"errors": "no"}), NotLetIn, "says 401"),
        (Said(200, '{"data": {"orders"'), ShopAway, "not JSON"),
        (
            Said(200, {"data": None, "errors": [{"message": "Internal error"}]}),
            ShopAway,
            "Internal error",
        ),
        (Said(200, []), ShopAway, "something else"),
        (Said(200, {"data": {"orders": None}}), ShopAway, "a page"),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 999\r\n\r\n{", ShopAway, "no whole answer"),
        (DROP, ShopAway, "no whole answer"),
    ],
)
def test_a_fault_lets_nothing_false_in_and_is_said(shop, fault, error, words):
    shop.orders.append(order(1))
    shop.faults.append(fault)
    with pytest.raises(error, match=words):
        outcomes(CONNECTOR.ask(shop.settings, SINCE))
    assert len(told(outcomes(CONNECTOR.ask(shop.settings, SINCE)), "order.placed")) == 1


def test_orders_of_a_few_people_are_found_before_a_message_leaves(shop):
    phone = {"phoneNumber": "+393331234567", "marketingState": "NOT_SUBSCRIBED"}
    by_phone = customer(55, defaultPhoneNumber=phone)
    shop.customers.append(by_phone)
    shop.orders += [
        order(1, email="o'ada@mail.test"), order(2), order(3, customer=by_phone), order(4), order(5),
        order(6, customer=customer(66), updatedAt=at(-90)), order(7, customer=customer(77)),
    ]  # fmt: skip
    shop.checkouts += [checkout(8, completedAt=at()), checkout(9), checkout(10, completedAt=at())]
    buyers = Buyers(
        emails=frozenset({"o'ada@mail.test"}), phones=frozenset({"+393331234567"}),
        customer_ids=frozenset({"66", "77", "not a number"}),
        cart_tokens=frozenset({"cart_2", "tok_4", *map(str, range(60))}),
        checkout_ids=frozenset({"8", "9"}),
    )  # fmt: skip
    found = CONNECTOR.find_orders(shop.settings, buyers, SINCE, SHORT)
    assert sorted(event.order.id for event in told(found, "order.placed")) == [
        "1",
        "2",
        "3",
        "4",
        "7",
    ]
    assert [event.cart.checkout_id for event in told(found, "cart.emptied")] == ["8"]
    asked = len(shop.asked)
    assert CONNECTOR.find_orders(shop.settings, Buyers(), SINCE, SHORT) == []
    assert len(shop.asked) == asked


class TestInBulk:
    def test_history_is_gathered_and_told(self, shop):
        shop.orders += [order(n) for n in range(300)]
        shop.checkouts += [checkout(1, lines=[line(411), line(412)]), checkout(2, lines=[])]
        pages = list(CONNECTOR.back_fill(shop.settings, SINCE))
        found = outcomes(page.outcomes for page in pages)
        assert len(told(found, "order.placed")) == 300
        [cart] = told(found, "cart.updated")
        assert [item.variant_id for item in cart.cart.items] == ["411", "412"]
        assert [page.until for page in pages if page.until] == [T0 + timedelta(hours=1)]
        assert {e.id for e in found} >= {e.id for e in outcomes(CONNECTOR.ask(shop.settings, SINCE))
                                         if e.type != "contact.identified"}  # fmt: skip

    def test_what_is_ready_is_not_gathered_again(self, shop):
        list(CONNECTOR.back_fill(shop.settings, SINCE))
        shop.bulks.pop()
        list(CONNECTOR.back_fill(shop.settings, SINCE))
        assert len(shop.bulks) == 2

    def test_a_file_that_is_cut_tells_nothing(self, shop):
        shop.orders.append(order(1))
        shop.faults += [None, None, None, b"HTTP/1.1 200 OK\r\ncontent-length: 999\r\n\r\n{"]
        with pytest.raises(ShopAway, match="no whole answer"):
            list(CONNECTOR.back_fill(shop.settings, SINCE))

    def test_without_urls_and_without_bulk_it_is_told_all_the_same(self, shop):
        shop.orders.append(order(1))
        shop.checkouts.append(checkout(17))
        shop.denied.add("abandonedCheckoutUrl")
        for shop.takes_bulk in (True, False):
            found = outcomes(page.outcomes for page in CONNECTOR.back_fill(shop.settings, SINCE))
            assert len(told(found, "order.placed")) == 1
            assert told(found, "cart.updated")[0].cart.restore_url is None

    def test_another_one_under_way_is_waited_for(self, shop):
        shop.on_bulkOperationRunQuery("{ orders { edges { node { id } } } }")
        with pytest.raises(ShopAway, match="something else"):
            list(CONNECTOR.back_fill(shop.settings, SINCE))


def test_webhooks_are_made_kept_and_made_again(shop):
    other = {
        "id": "gid://shopify/WebhookSubscription/900",
        "topic": "ORDERS_CREATE",
        "uri": "https://else.test",
    }
    stray = {"id": "gid://shopify/WebhookSubscription/901", "topic": "ORDERS_PAID", "uri": ADDRESS}
    shop.webhooks += [other, stray]
    shop.unwanted_topics.add("CARTS_CREATE")
    first = CONNECTOR.register(shop.settings, ADDRESS)
    assert set(first.made) == set(TOPICS) - {"carts/create"}
    assert first.problems == (
        "carts/create: You cannot create a webhook subscription with this topic",
    )
    assert other in shop.webhooks
    assert stray not in shop.webhooks
    shop.webhooks = [each for each in shop.webhooks if each["topic"] != "ORDERS_UPDATED"]
    shop.webhooks.append({**shop.webhooks[-1], "id": "gid://shopify/WebhookSubscription/902"})
    again = CONNECTOR.register(shop.settings, ADDRESS)
    assert again.made == ("orders/updated",)
    assert len(again.kept) == len(TOPICS) - 2
    assert len(shop.webhooks) == len(
        TOPICS
    )  # one topic can't be had, one webhook is somebody else's


def test_the_catalogue(shop):
    red, white = variant(412, sku="R", title="rosso"), variant(413, sku="W", title="bianco")
    for node in (
        variant(411), variant(420, availableForSale=False), variant(421, inventoryPolicy="CONTINUE"),
        variant(422, product=product(5, status="DRAFT")), product(41, variants=[red, white]),
    ):  # fmt: skip
        shop.things[node["id"]] = node
    items = [
        CatalogueItem("41", "", "", "411"), CatalogueItem("41", "", "", "420"),
        CatalogueItem("41", "", "", "421"), CatalogueItem("41", "", "", "422"),
        CatalogueItem("41", "", "", "499"), CatalogueItem("41", "rosso", ""),
        CatalogueItem("41", "rosato", ""), CatalogueItem("", "", "R"),
    ]  # fmt: skip
    url, picture = "https://wines.test/products/barolo", "https://cdn.test/barolo.jpg"
    assert CONNECTOR.look(shop.settings, items, "EUR", SHORT) == [
        Offered(2990, 6, url, picture), Gone(), Offered(2990, None, url, picture), Gone(), Gone(),
        Offered(2990, 6, url, picture), Offered(None, None, url, picture), Offered(),
    ]  # fmt: skip
    assert CONNECTOR.look(shop.settings, items[:1], "RON", SHORT) == [
        Offered(None, 6, url, picture)
    ]


def coupons(*codes, **changes):
    wanted = {"value": Decimal(10), "currency": "EUR", "is_percent": True, "valid_until": T0}
    return CouponWanted("Come back", codes, **wanted | changes)


def stands(shop, code):
    return CONNECTOR.look_at_codes(shop.settings, [code], SHORT)[code]


class TestCodes:
    def test_one_and_many(self, shop):
        codes = tuple(f"CODE{n:05}" for n in range(300))
        assert CONNECTOR.mint(shop.settings, coupons(*codes)) == list(codes)
        [discount] = shop.discounts.values()
        assert (discount["usageLimit"], discount["endsAt"]) == (1, "2026-11-02T14:30:00Z")
        assert discount["customerGets"]["value"] == {"percentage": 0.1}
        assert stands(shop, "CODE00299") is True
        discount["uses"]["CODE00299"] = 1
        assert stands(shop, "CODE00299") is False
        assert stands(shop, "CODE00298") is True
        assert stands(shop, "NOWHERE1") is False

    def test_many_codes_are_looked_at_in_a_few_questions(self, shop):
        made = [f"CODE{number:05}" for number in range(60)]
        CONNECTOR.mint(shop.settings, coupons(*made))
        asked = len(shop.asked)
        told = CONNECTOR.look_at_codes(shop.settings, [*made, "NOWHERE1"], SHORT)
        assert told == {**dict.fromkeys(made, True), "NOWHERE1": False}
        assert len(shop.asked) - asked == 3

    def test_asked_for_twice_they_stand_once_and_what_is_anothers_is_not_ours(self, shop):
        CONNECTOR.mint(shop.settings, coupons("AAAAAAAA", "BBBBBBBB"))
        other = {"title": "Else", "uses": {"CCCCCCCC": 0}, "usageLimit": None}
        shop.discounts["gid://shopify/DiscountCodeNode/77"] = other
        again = CONNECTOR.mint(shop.settings, coupons("AAAAAAAA", "BBBBBBBB", "CCCCCCCC"))
        assert again == ["AAAAAAAA", "BBBBBBBB"]
        assert len(shop.discounts) == 2

    def test_money_is_the_shops_own(self, shop):
        amount = {"is_percent": False, "value": Decimal("5.00"), "minimum": Decimal("50.00")}
        CONNECTOR.mint(shop.settings, coupons("AAAAAAAA", **amount))
        [discount] = shop.discounts.values()
        value = {"discountAmount": {"amount": "5.00", "appliesOnEachItem": False}}
        assert discount["customerGets"]["value"] == value
        with pytest.raises(NotLetIn, match="shop's own EUR, not in RON"):
            CONNECTOR.mint(shop.settings, coupons("BBBBBBBB", **amount, currency="RON"))


def test_the_user_is_told_what_there_is_to_know(shop):
    assert CONNECTOR.watch(shop.settings) == ()
    shop.reminded.append(checkout(3))
    shop.checkouts.append(checkout(4))
    shop.denied.add("abandonedCheckoutUrl")
    shop.scopes.remove("read_products")
    shop.currency = "RON"
    scope, currency, reminders, urls = CONNECTOR.watch(shop.settings)
    assert "read_products" in scope
    assert "RON" in currency
    assert "2026-11-02" in reminders
    assert "cart" in urls
