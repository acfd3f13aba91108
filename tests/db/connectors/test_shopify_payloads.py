"""Shopify's own recorded answers, mapped and folded: carts, orders and profiles as the files say.

What is expected is counted here from the files, without the mapping's help.
"""

import csv
import itertools
import json
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from ripresa.connectors.shopify.carts import events_of_cart, events_of_checkout
from ripresa.connectors.shopify.customers import events_of_customer
from ripresa.connectors.shopify.orders import events_of_order, events_of_refund
from ripresa.contracts.events import StoreEvent
from ripresa.domain.carts.models import Abandonment, Cart, Order, Refund
from ripresa.domain.carts.person_queries import order_figures, orders_of_contact
from ripresa.domain.contacts.models import Contact
from ripresa.domain.shops.models import Shop
from ripresa.usecases.advance_carts import advance_carts
from ripresa.usecases.fold_events import fold_shop
from tests.db.usecases.fold_tables import NOW, arrive
from tests.foreign import FOREIGN

PAYLOADS = FOREIGN / "payloads"
RECORDED, SEEDS = PAYLOADS / "shopify_python_api", PAYLOADS / "shopify_fivetran_seeds"
CENT = Decimal("0.01")
HOUR = timedelta(hours=1)

pytestmark = [pytest.mark.django_db, pytest.mark.foreign]

_number = itertools.count(1)


def recorded(name):
    return json.loads((RECORDED / f"{name}.json").read_text(encoding="utf-8"))


def seed(name):
    text = (SEEDS / f"shopify_{name}_data.csv").read_text(encoding="utf-8-sig")
    return [
        {key: (value or "").strip() or None for key, value in row.items()}
        for row in csv.DictReader(text.splitlines())
    ]


def cents(text):
    return int(Decimal(text) / CENT)


def instant(text):
    return datetime.fromisoformat(text).astimezone(UTC)


@pytest.fixture
def shop():
    return Shop.objects.create(
        slug=f"shopify-{next(_number)}", name="shopify", created_at=NOW, currency="USD"
    )


def told(outcomes):
    """The events; a recorded payload leaves nothing behind."""
    assert [each for each in outcomes if not isinstance(each, StoreEvent)] == []
    return outcomes


def fold(shop, events):
    arrive(shop, events)
    while fold_shop(shop_id=shop.id, now=NOW):
        pass


def let_the_clock_run(shop):
    while advance_carts(shop_id=shop.id, now=NOW):
        pass


# --- answers recorded from Shopify ------------------------------------------------------------------


def test_abandoned_checkouts_become_carts_of_known_people(shop):
    checkouts = recorded("checkouts")["checkouts"]
    fold(shop, [event for each in checkouts for event in told(events_of_checkout(each))])
    let_the_clock_run(shop)
    carts = {cart.token: cart for cart in Cart.objects.filter(shop=shop)}
    assert carts.keys() == {each["cart_token"] for each in checkouts}
    for each in checkouts:
        cart = carts[each["cart_token"]]
        assert (cart.kind, cart.checkout_id) == ("checkout", str(each["id"]))
        assert (cart.currency, cart.total_minor) == (
            each["currency"],
            cents(each["subtotal_price"]),
        )
        assert cart.item_count == sum(line["quantity"] for line in each["line_items"])
        lines = Counter((line["sku"], line["unit_minor"]) for line in cart.items)
        assert lines == Counter((line["sku"], cents(line["price"])) for line in each["line_items"])
        assert cart.restore_url == each["abandoned_checkout_url"]
        assert cart.begun_at == instant(each["created_at"])
        assert cart.left_at == instant(each["updated_at"])
        assert cart.abandoned_at == instant(each["updated_at"]) + HOUR
        person = Contact.objects.get(shop=shop, id=cart.contact_id)
        assert (person.email, person.customer_id) == (each["email"], str(each["customer"]["id"]))
        assert person.address["postal_code"] == each["shipping_address"]["zip"]
        # 555-625-1199 is a number nobody has: it is no key of anybody.
        assert person.phone is None


def test_carts_of_nobody_stay_nobodys(shop):
    carts = recorded("carts")["carts"]
    currency = recorded("shop")["shop"]["currency"]
    fold(shop, [event for each in carts for event in told(events_of_cart(each, currency=currency))])
    let_the_clock_run(shop)
    found = {cart.token: cart for cart in Cart.objects.filter(shop=shop)}
    assert found.keys() == {each["token"] for each in carts}
    for each in carts:
        cart = found[each["token"]]
        worth = sum(cents(line["line_price"]) for line in each["line_items"])
        assert (cart.state, cart.contact_id, cart.total_minor) == ("open", None, worth)
        assert (cart.currency, cart.left_at) == (currency, instant(each["updated_at"]))


@pytest.mark.parametrize("answer", ["order", "orders"])
def test_an_order_is_what_its_answer_says(shop, answer):
    body = recorded(answer)
    orders = body["orders"] if answer == "orders" else [body["order"]]
    fold(shop, [event for each in orders for event in told(events_of_order(each))])
    found = {order.external_id: order for order in Order.objects.filter(shop=shop)}
    assert found.keys() == {str(each["id"]) for each in orders}
    for each in orders:
        order = found[str(each["id"])]
        assert (order.number, order.currency) == (each["name"], each["currency"])
        assert order.total_minor == cents(each["total_price"])
        assert order.tax_minor == cents(each["total_tax"])
        assert order.discount_minor == cents(each["total_discounts"])
        assert order.discount_codes == [code["code"] for code in each.get("discount_codes", [])]
        assert order.placed_at == instant(each["created_at"])
        assert (order.origin, order.is_test, order.cancelled_at) == ("web", False, None)
        person = Contact.objects.get(shop=shop, id=order.contact_id)
        assert (person.email, person.phone) == (each["email"], each.get("phone"))


def test_refunds_are_net_of_the_order_they_name_whichever_comes_first(shop):
    order, refund = recorded("order")["order"], recorded("refund")["refund"]
    assert refund["order_id"] == order["id"]
    back = sum(
        cents(each["amount"])
        for each in refund["transactions"]
        if (each["kind"], each["status"]) == ("refund", "success")
    )
    fold(shop, told(events_of_refund(refund)))
    fold(shop, told(events_of_order(order)))
    (found,) = Order.objects.filter(shop=shop)
    assert found.refunded_minor == back == 20900
    (figures,) = order_figures(orders_of_contact(shop.id, found.contact_id))
    assert figures.orders == 1
    assert figures.lifetime.minor == cents(order["total_price"]) - back == 20094


def test_an_order_recovers_the_checkout_it_names_only_if_it_came_after_it(shop):
    """As recorded, the order is four years older than the checkout whose keys it carries."""
    (checkout,), order = recorded("checkouts")["checkouts"], recorded("order")["order"]
    assert (order["checkout_id"], order["cart_token"]) == (checkout["id"], checkout["cart_token"])
    assert instant(order["created_at"]) < instant(checkout["created_at"])
    fold(shop, [*told(events_of_checkout(checkout)), *told(events_of_order(order))])
    let_the_clock_run(shop)
    cart = Cart.objects.get(shop=shop)
    assert (cart.abandoned_at, cart.order_id) == (instant(checkout["updated_at"]) + HOUR, None)


@pytest.mark.parametrize("keys", ["all", "cart_token", "checkout_id", "person"])
def test_the_same_order_a_day_later_recovers_it_by_any_key(shop, keys):
    (checkout,), order = recorded("checkouts")["checkouts"], recorded("order")["order"]
    at = (datetime.fromisoformat(checkout["updated_at"]) + timedelta(days=1)).isoformat()
    later = order | {"created_at": at, "updated_at": at}
    if keys != "all":
        later |= {name: None for name in ("cart_token", "checkout_id") if name != keys}
    fold(shop, told(events_of_checkout(checkout)))
    advance_carts(shop_id=shop.id, now=instant(at) - HOUR)
    fold(shop, told(events_of_order(later)))
    (cart,), (bought,) = Cart.objects.filter(shop=shop), Order.objects.filter(shop=shop)
    assert (cart.state, cart.order_id) == ("recovered", bought.id)
    left = Abandonment.objects.get(shop=shop, cart_id=cart.id)
    assert left.total_minor == cents(checkout["subtotal_price"])
    assert cart.contact_id == bought.contact_id


def test_customers_become_profiles_with_what_they_allowed(shop):
    customers = [
        recorded("customer")["customer"],
        *recorded("customers_search")["customers"],
        *recorded("customer_saved_search_customers")["customers"],
    ]
    fold(shop, [event for each in customers for event in told(events_of_customer(each))])
    latest = {each["id"]: each for each in sorted(customers, key=lambda each: each["updated_at"])}
    found = {person.customer_id: person for person in Contact.objects.filter(shop=shop)}
    assert found.keys() == {str(ident) for ident in latest}
    for ident, each in latest.items():
        person = found[str(ident)]
        assert (person.email, person.first_name) == (each["email"], each["first_name"])
        assert person.address["city"] == each["default_address"]["city"]
        allowed = "granted" if each["accepts_marketing"] else "unknown"
        assert person.consent_email == allowed


def test_everything_recorded_is_one_buyer_whatever_comes_first(shop):
    """Checkout, order, refund and customer of Bob, and John who only subscribed."""
    answers = [
        *told(events_of_customer(recorded("customer")["customer"])),
        *told(events_of_customer(recorded("customer_saved_search_customers")["customers"][0])),
        *told(events_of_refund(recorded("refund")["refund"])),
        *told(events_of_checkout(recorded("checkouts")["checkouts"][0])),
        *told(events_of_order(recorded("order")["order"])),
    ]
    for event in answers:
        fold(shop, [event])
    people = {person.email: person for person in Contact.objects.filter(shop=shop)}
    assert people.keys() == {"bob.norman@hostmail.com", "john.smith@gmail.com"}
    bob = people["bob.norman@hostmail.com"]
    assert Cart.objects.get(shop=shop).contact_id == bob.id
    assert (
        len(orders_of_contact(shop.id, bob.id)) == recorded("customer")["customer"]["orders_count"]
    )


# --- rows of a warehouse: the same resources, flat --------------------------------------------------


def nested(row, *parts):
    """REST's shape again: `shipping_address_city` into its address, instants with their zone."""
    body = dict(row)
    for part in parts:
        body[part] = {}
        for column in [name for name in row if name.startswith(f"{part}_")]:
            name = column.removeprefix(f"{part}_").replace("address_0", "address_2")
            body[part][name.replace("address_", "address")] = body.pop(column)
    for name in [name for name in body if name.endswith("_at") and body[name]]:
        body[name] = f"{body[name]}+00:00"
    for name in ("test", "buyer_accepts_marketing", "accepts_marketing"):
        if name in body:
            body[name] = (body[name] or "").lower() == "true"
    return body


def a_seeded_checkout(row):
    body = nested(row, "billing_address", "shipping_address")
    return body | {"id": int(row["id"]), "customer": {"id": int(row["customer_id"])}}


def a_seeded_order(row, codes):
    body = nested(row, "billing_address", "shipping_address")
    shipping = row["total_shipping_price_set"]
    return body | {
        "id": int(row["id"]),
        "customer": {"id": int(row["customer_id"])},
        "discount_codes": codes,
        "total_shipping_price_set": json.loads(shipping) if shipping else None,
    }


def test_seeded_checkouts_are_people_at_a_checkout_though_the_table_has_no_lines(shop):
    rows = seed("abandoned_checkout")
    assert len(rows) == 3
    missing = []
    for row in rows:
        outcomes = events_of_checkout(a_seeded_checkout(row))
        missing += [each.field for each in outcomes if not isinstance(each, StoreEvent)]
        fold(shop, [each for each in outcomes if isinstance(each, StoreEvent)])
    assert set(missing) == {"line_items"}
    let_the_clock_run(shop)
    carts = {cart.token: cart for cart in Cart.objects.filter(shop=shop)}
    assert carts.keys() == {row["cart_token"] for row in rows}
    for row in rows:
        cart = carts[row["cart_token"]]
        assert (cart.kind, cart.state, cart.item_count) == ("checkout", "open", 0)
        person = Contact.objects.get(shop=shop, id=cart.contact_id)
        assert (person.email, person.customer_id) == (row["email"], row["customer_id"])
        assert (person.locale, person.consent_email) == ("en", "unknown")
        assert person.address["city"] == row["shipping_address_city"]


def test_seeded_orders_make_the_figures_of_their_customers(shop):
    rows = seed("order")
    codes = defaultdict(list)
    for row in seed("order_discount_code"):
        codes[row["order_id"]].append({"code": row["code"], "amount": row["amount"]})
    complaints = Counter()
    for row in rows:
        outcomes = events_of_order(a_seeded_order(row, codes[row["id"]]))
        complaints.update(each.code for each in outcomes if not isinstance(each, StoreEvent))
        fold(shop, [each for each in outcomes if isinstance(each, StoreEvent)])
    # The addresses are hashes: each is named, and none takes its order along.
    assert complaints["not_an_email"] == len(rows)
    assert complaints.keys() <= {"not_an_email", "not_a_country"}
    found = {order.external_id: order for order in Order.objects.filter(shop=shop)}
    assert found.keys() == {row["id"] for row in rows}
    spent, bought = defaultdict(int), Counter()
    for row in rows:
        order = found[row["id"]]
        assert (order.currency, order.total_minor) == (row["currency"], cents(row["total_price"]))
        assert order.placed_at == datetime.fromisoformat(row["created_at"]).replace(tzinfo=UTC)
        assert order.discount_codes == [code["code"] for code in codes[row["id"]]]
        spent[row["customer_id"]] += cents(row["total_price"])
        bought[row["customer_id"]] += 1
    people = {person.customer_id: person.id for person in Contact.objects.filter(shop=shop)}
    assert people.keys() == bought.keys()
    for customer, person in people.items():
        (figures,) = order_figures(orders_of_contact(shop.id, person))
        assert (figures.orders, figures.lifetime.minor) == (bought[customer], spent[customer])
    # Shopify's own count and sum agree, for the customers that the seeds know.
    for row in seed("customer"):
        assert int(row["orders_count"]) == bought[row["id"]]
        assert cents(row["total_spent"]) == spent[row["id"]]


def test_seeded_refunds_without_a_transaction_move_no_money(shop):
    """The table of transactions holds sales only, so nobody can say what was given back."""
    paid = {row["refund_id"] for row in seed("transaction")} - {None}
    refunds = [row for row in seed("refund") if row["id"] not in paid]
    assert len(refunds) == 5
    for row in refunds:
        assert events_of_refund(nested(row) | {"transactions": []}) == []
    assert not Refund.objects.filter(shop=shop).exists()


def test_seeded_refunds_of_the_newer_tables_come_to_the_cent(shop):
    """Their sums stand on the refund itself; as one transaction each they are what REST would say."""
    rows = seed("gql_refund")
    given = {}
    for row in rows:
        amount, currency = (row[f"total_refunded_set_pres_{name}"] for name in ("amount", "currency_code"))  # fmt: skip
        paid = {"kind": "refund", "status": "success", "amount": amount, "currency": currency}
        body = nested({name: row[name] for name in ("id", "order_id", "created_at")})
        fold(shop, told(events_of_refund(body | {"transactions": [paid]})))
        given[row["id"]] = (row["order_id"], cents(amount), currency)
    assert given == {
        each.external_id: (each.order_external_id, each.amount_minor, each.currency)
        for each in Refund.objects.filter(shop=shop)
    }
    # No order was heard of yet: they wait for it, and count nowhere.
    assert set(Order.objects.filter(shop=shop).values_list("placed_at", flat=True)) == {None}


def test_seeded_consent_is_what_the_customers_said(shop):
    rows = seed("gql_customer")
    said = {"SUBSCRIBED": "granted", "UNSUBSCRIBED": "denied"}
    for row in rows:
        consent = {
            "state": row["email_marketing_consent_state"],
            "opt_in_level": row["email_marketing_consent_opt_in_level"],
            "consent_updated_at": f"{row['email_marketing_consent_updated_at']}+00:00",
        }
        body = nested(row) | {"email": None, "phone": None, "email_marketing_consent": consent}
        fold(shop, told(events_of_customer(body)))
    found = dict(Contact.objects.filter(shop=shop).values_list("customer_id", "consent_email"))
    assert found == {
        row["id"]: said.get(row["email_marketing_consent_state"], "unknown") for row in rows
    }
