"""What Shopify asks by law, from the call to the end: told, erased, kept from coming back, and no more than was asked."""

from datetime import timedelta

import pytest

from ripresa.domain.contacts.erasure import tombstones
from ripresa.domain.contacts.models import Contact
from ripresa.domain.messages import owner_notices
from ripresa.domain.messages.models import OwnerNotice
from ripresa.usecases import grant_wishes
from ripresa.usecases.fold_events import fold_shop
from tests.db.connections.test_listening import (  # noqa: F401  (fixtures)
    came_in,
    connect,
    connections,
    listener,
    shop,
)
from tests.unit.connectors import calls
from tests.unit.connectors.calls import T0
from tests.unit.connectors.test_hearing import CHECKOUT

pytestmark = pytest.mark.django_db
DOMAIN = {"shop_domain": "wines.myshopify.com"}
EMAIL = CHECKOUT["email"]


def hear(reader, connection, topic, body):
    came_in(connection, calls.shopify(topic, body))
    reader.read_due(shop_id=connection.shop_id, now=T0)


def test_a_person_is_told_and_erased(connections, listener, shop):  # noqa: F811
    made = connect(connections, shop, "shopify")
    hear(listener, made, "checkouts/create", CHECKOUT)
    hear(
        listener,
        made,
        "checkouts/create",
        {**CHECKOUT, "id": 5, "email": "ben@mail.test", "token": "t5"},
    )
    fold_shop(shop_id=shop.id, now=T0)
    known = Contact.objects.filter(shop_id=shop.id, erased_at=None)
    assert known.count() == 2

    customer = {"id": 424242, "email": EMAIL.upper(), "phone": None}
    asked = {**DOMAIN, "customer": customer, "data_request": {"id": 99}}
    hear(listener, made, "customers/data_request", asked)
    hear(listener, made, "customers/data_request", {**asked, "customer": {"id": 1}})
    told = {one.kind: one for one in OwnerNotice.objects.all()}
    assert told["data_request"].about == f"email:{EMAIL}"
    assert "99" in told["data_request"].cause
    assert told["data_request_nobody"].about == "customer:1"
    for one in told.values():
        assert one.about in owner_notices.words_of(one.kind, one.about, one.cause, "de").text

    hear(
        listener, made, "customers/redact", {**DOMAIN, "customer": customer, "orders_to_redact": []}
    )
    assert known.count() == 1
    keys = [f"email:{EMAIL}", "customer:424242"]
    assert tombstones.erased_among(shop.id, keys) == set(keys)


def test_a_whole_shop_is_erased_once_it_has_let_go_of_us(connections, listener, shop, monkeypatch):  # noqa: F811
    made = connect(connections, shop, "shopify")
    hear(listener, made, "checkouts/create", CHECKOUT)
    fold_shop(shop_id=shop.id, now=T0)
    known = Contact.objects.filter(shop_id=shop.id, erased_at=None)
    hear(listener, made, "shop/redact", DOMAIN)
    assert known.count() == 1, "a shop that is still heard is not erased"
    assert OwnerNotice.objects.filter(kind="shop_erasure_refused").count() == 1

    hear(listener, made, "app/uninstalled", {"myshopify_domain": "wines.myshopify.com"})
    hear(
        listener,
        made,
        "checkouts/create",
        {**CHECKOUT, "id": 6, "email": "cleo@mail.test", "token": "t6"},
    )
    fold_shop(shop_id=shop.id, now=T0)
    assert known.count() == 1, "a shop that let go of us is heard no more"
    monkeypatch.setattr(grant_wishes, "_AT_ONCE", 0)
    hear(listener, made, "shop/redact", DOMAIN)
    assert known.count() == 1
    monkeypatch.setattr(grant_wishes, "_AT_ONCE", 50)
    listener.read_due(shop_id=shop.id, now=T0 + timedelta(seconds=2))
    assert known.count() == 0
