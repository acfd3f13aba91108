"""What Shopify asks by law, from the call to the end: told, erased, kept from coming back, and no more than was asked."""

from datetime import timedelta

import pytest

from ripresa.domain.contacts.choices.consent import Proof
from ripresa.domain.contacts.erasure import tombstones
from ripresa.domain.contacts.models import (
    ConsentClaim,
    ConsentWord,
    Contact,
    Suppression,
    SuppressionChange,
)
from ripresa.domain.contacts.suppression import suppress
from ripresa.domain.messages import owner_notices
from ripresa.domain.messages.models import OwnerNotice
from ripresa.usecases.consent.change_consent import Said, change_consent
from ripresa.usecases.contacts import grant_wishes
from ripresa.usecases.fold_events import fold_shop
from ripresa.usecases.retention import keeping
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


def refused(shop):  # noqa: F811
    """Whose checkout it was wants no mails, and complained of one."""
    said = Said({"email": "denied"}, Proof("form", "no, from 192.0.2.7", "p1"), T0)
    change_consent(shop_id=shop.id, key=f"email:{EMAIL}", said=said, now=T0)
    suppress(shop_id=shop.id, channel="email", cause="complaint", details={EMAIL: ""}, now=T0)


def kept_of_her(shop):  # noqa: F811
    return {
        kind.__name__
        for kind in (ConsentClaim, ConsentWord, Suppression, SuppressionChange)
        for row in kind.objects.filter(shop_id=shop.id).values()
        if any(EMAIL in str(value) for value in row.values())
    }


@pytest.mark.parametrize("topic", ["customers/redact", "shop/redact"])
@pytest.mark.parametrize("is_idle", [False, True])
def test_who_is_erased_by_law_leaves_no_refusal_behind(
    topic,
    is_idle,
    connections,  # noqa: F811
    listener,  # noqa: F811
    shop,  # noqa: F811
):
    """What she refused outlives retention, for nobody asked for that; never a wish by law."""
    made = connect(connections, shop, "shopify")
    hear(listener, made, "checkouts/create", CHECKOUT)
    fold_shop(shop_id=shop.id, now=T0)
    refused(shop)
    if is_idle:
        while keeping.let_go(shop_id=shop.id, now=T0 + timedelta(days=2000)):
            pass
        assert not Contact.objects.filter(shop_id=shop.id, erased_at=None).exists()
    assert {"ConsentClaim", "Suppression"} <= kept_of_her(shop)
    if topic == "shop/redact":
        hear(listener, made, "app/uninstalled", {"myshopify_domain": "wines.myshopify.com"})
    hear(listener, made, topic, {**DOMAIN, "customer": {"id": 424242, "email": EMAIL}})
    assert kept_of_her(shop) == set()
