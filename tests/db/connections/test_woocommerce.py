"""A WooCommerce shop from end to end: the plugin tells of carts, the shop of orders, and one finds the other."""

from datetime import timedelta

import pytest
from cryptography.fernet import Fernet

from ripresa.core.secrets.box import SecretBox
from ripresa.domain.carts.models import Cart
from ripresa.domain.contacts.models import Contact
from ripresa.entrypoints.registry import CONNECTORS
from ripresa.usecases.advance_carts import advance_carts
from ripresa.usecases.connected.restoring import find_restore_link
from ripresa.usecases.connections import Connections
from ripresa.usecases.fold_events import fold_shop
from tests.db.connections.test_listening import came_in, connect, reader
from tests.rows import make_shop
from tests.unit.connectors import calls
from tests.unit.connectors.calls import T0
from tests.unit.connectors.test_hearing import WOO_ORDER

pytestmark = pytest.mark.django_db
TOKEN = "wc_" + "0f" * 16
CART = {
    "token": TOKEN,
    "currency": "EUR",
    "items": [
        {"product_id": "7", "sku": "A1", "title": "Barolo", "quantity": 2, "unit_price": "29.90"},
        {"product_id": "19", "variant_id": "20", "title": "Shirt", "variant": "Large",
         "quantity": 1, "unit_price": "10.00"},
    ],
    "total": "69.80",
    "restore_url": f"https://wines.test/checkout-link/?products=7:2,20:1&ripresa_cart={TOKEN}",
}  # fmt: skip
ADA = {"email": "ada@example.test", "consent": {"email": "granted"}, "consent_source": "checkout"}


def visit(*kinds):
    """What the plugin sends, a minute apart."""
    parts = {
        "cart.updated": {"cart": CART},
        "checkout.started": {"cart": {"token": TOKEN}},
        "contact.identified": {"cart": {"token": TOKEN}, "contact": ADA},
    }
    events = [
        {"id": f"woocommerce-plugin:{minute}", "type": kind, **parts[kind],
         "occurred_at": (T0 + timedelta(minutes=minute)).isoformat()}
        for minute, kind in enumerate(kinds)
    ]  # fmt: skip
    return calls.woocommerce("ripresa.events", events)


def an_order(**more):
    at = (T0 + timedelta(hours=5)).strftime("%Y-%m-%dT%H:%M:%S")
    meta = [{"id": 1, "key": "_ripresa_cart", "value": TOKEN}]
    order = WOO_ORDER | {"date_created_gmt": at, "date_modified_gmt": at, "meta_data": meta}
    return calls.woocommerce("order.created", order | more)


def test_a_cart_left_at_the_checkout_comes_back_and_is_bought(monkeypatch):
    shop = make_shop("wines", "Ada's Wines")
    connections = Connections(CONNECTORS, SecretBox([Fernet.generate_key().decode()]))
    made = connect(connections, shop, "woocommerce", url="https://wines.test")

    def hear(call, hours):
        now = T0 + timedelta(hours=hours)
        came_in(made, call, now)
        reader(connections).read_due(shop_id=shop.id, now=now)
        while fold_shop(shop_id=shop.id, now=now):
            pass
        advance_carts(shop_id=shop.id, now=now)
        return Cart.objects.get(shop=shop)

    assert (
        hear(visit("cart.updated", "checkout.started", "contact.identified"), 0.1).state == "open"
    )
    left = hear(calls.woocommerce("product.updated", {"id": 1}), 3)
    assert (left.state, left.total_minor, left.token) == ("abandoned", 6980, TOKEN)
    # What is sealed with the install's own key can't be opened with the test's.
    known = connections.settings_of(made)
    monkeypatch.setattr(Connections, "settings_of", lambda *_: known)
    link = find_restore_link(
        cart=left, own_url=left.restore_url, code="BACK10", connectors=CONNECTORS
    )
    assert link == f"{CART['restore_url']}&coupon=BACK10"
    monkeypatch.undo()
    # Sent off and not paid: it is still to be reminded of.
    assert hear(an_order(status="pending"), 5).state == "abandoned"
    # Bought under another address: the token in the order finds the cart all the same.
    bought = hear(an_order(billing={"email": "work@example.test"}), 5.1)
    assert bought.state == "recovered"


@pytest.mark.parametrize("is_mail_first", [True, False])
def test_a_yes_to_mail_and_a_yes_to_texts_are_one_persons(is_mail_first):
    """The plugin tells the number once more beside the address, as soon as both have a yes."""
    shop = make_shop("wines", "Ada's Wines")
    connections = Connections(CONNECTORS, SecretBox([Fernet.generate_key().decode()]))
    made = connect(connections, shop, "woocommerce", url="https://wines.test")
    texts = {
        "phone": "333 123-4567", "phone_country": "IT", "consent": {"sms": "granted"},
        "consent_source": "checkout",
    }  # fmt: skip
    both = texts | {"email": ADA["email"]}
    events = [
        {"id": f"woocommerce-plugin:{minute}", "type": "contact.identified", "contact": contact,
         "cart": {"token": TOKEN}, "occurred_at": (T0 + timedelta(minutes=minute)).isoformat()}
        for minute, contact in enumerate([ADA, both] if is_mail_first else [texts, ADA, both])
    ]  # fmt: skip
    came_in(made, calls.woocommerce("ripresa.events", events), T0)
    reader(connections).read_due(shop_id=shop.id, now=T0)
    while fold_shop(shop_id=shop.id, now=T0):
        pass
    [ada] = Contact.objects.filter(shop=shop, email="ada@example.test")
    assert (ada.phone, ada.consent_email, ada.consent_sms) == (
        "+393331234567", "granted", "granted",
    )  # fmt: skip
    assert not Contact.objects.filter(shop=shop, phone=ada.phone).exclude(id=ada.id).exists()
