"""Connections over the API: what they can't do, the gaps of each, and nothing that is a secret."""

from datetime import timedelta

from ripresa.domain.audit.models import AuditEntry
from ripresa.domain.carts.models import Cart
from ripresa.domain.connections.models import Connection, ConnectionGap
from tests.contracts.shops.woocommerce import shop as wordpress
from tests.db.api.conftest import Caller, key_of
from tests.rows import T0

URL = "https://wines.test/checkouts/ac/tok?key=opens-it-filled-in"


def test_connections_say_what_they_cannot_do_and_no_secret(rows, ada):
    path = f"/connections/{rows['connection_id']}"
    told = ada.get(path)
    assert list(ada.pages("/connections")) == [told.json()]
    assert told.json()["cannot"] == ["registered", "watched"]
    assert b"sealed" not in told.content
    # The trail of each cart ends with what the shops could not do for it.
    trail = ada.get(f"/carts/{rows['cart_id']}/trail").json()
    [limits] = trail["shop_limits"]
    assert limits == {
        "connection": "shop",
        "platform": "medusa",
        "cannot": told.json()["cannot"],
    }


def test_a_shop_is_connected_by_a_program_and_calls_from_then_on(world, ada):
    with wordpress() as shop:
        settings = {
            **{name: shop.settings[name] for name in ("url", "consumer_key", "consumer_secret")},
            "webhook_secret": "made-up-by-us",
        }
        asked = {"platform": "woocommerce", "name": "enoteca", "settings": settings}
        made = ada.post("/connections", asked)
        assert made.status_code == 201
        told = made.json()
        assert shop.webhooks
        assert "order.created" in told["webhooks"]["made"]
        assert {each["delivery_url"] for each in shop.webhooks} == {told["webhook_url"]}
        assert told["install_url"] is None
        for secret in ("made-up-by-us", settings["consumer_secret"]):
            assert secret not in made.content.decode()
        assert ada.post("/connections", asked).status_code == 409
    assert Connection.objects.get(shop=world.shop).name == "enoteca"
    [line] = AuditEntry.objects.filter(shop=world.shop, subject_kind="connection")
    assert line.action == "connected"


def test_what_is_missing_is_said_by_name_and_nothing_is_connected(world, ada):
    for asked, word in (
        ({"platform": "magento"}, "there are: billbee, medusa, shopify, woocommerce"),
        ({"platform": "woocommerce", "settings": {"uri": "x"}}, "woocommerce has no setting 'uri'"),
        ({"platform": "woocommerce"}, "woocommerce has to be told url"),
    ):
        answer = ada.post("/connections", asked)
        assert answer.status_code == 422
        assert word in answer.json()["errors"][0]["message"]
    assert not Connection.objects.filter(shop=world.shop).exists()
    given = {"shop": "wines.myshopify.com", "client_id": "c", "client_secret": "s", "auth": "oauth"}
    # An app of Shopify's is let in by a person: the answer says where.
    told = ada.post("/connections", {"platform": "shopify", "settings": given}).json()
    assert "/connect/shopify/" in told["install_url"]
    assert "/hooks/shopify/" in told["webhook_url"]
    assert "orders/create" in told["topics"]


def test_gaps_are_listed_page_by_page(rows, ada):
    connection = Connection.objects.get(id=rows["connection_id"])
    known = ConnectionGap.objects.get(connection_id=connection.id)
    for number in range(3):
        found_at = T0 + timedelta(hours=number + 1)
        ConnectionGap.objects.create(
            shop_id=connection.shop_id, id=known.id.__class__(int=known.id.int + number + 1),
            connection_id=connection.id, found_at=found_at, way="before_sending", since=T0, events=1,
            by_type={"order.placed": 1}, earliest_at=T0, latest_at=T0,
        )  # fmt: skip
    path = f"/connections/{connection.id}/gaps"
    listed = list(ada.pages(path, limit=2))
    assert [one["way"] for one in listed] == ["before_sending"] * 3 + ["asked"]
    assert listed[-1]["by_type"] == {"cart.updated": 2, "order.placed": 1}
    assert len({one["id"] for one in listed}) == 4


def test_another_shop_sees_nothing_of_it(rows, dan):
    assert list(dan.pages("/connections")) == []
    assert dan.get(f"/connections/{rows['connection_id']}").status_code == 404
    assert dan.get(f"/connections/{rows['connection_id']}/gaps").status_code == 404


def test_the_way_back_into_a_checkout_is_shown_only_to_who_may_send_it(rows, world, ada):
    Cart.objects.filter(id=rows["cart_id"]).update(restore_url=URL)
    path = f"/carts/{rows['cart_id']}"
    assert ada.get(path).json()["restore_url"] == URL
    for scopes in (("read",), ("read", "write")):
        told = Caller(key_of(world.shop, *scopes)).get(path)
        assert told.json()["restore_url"] is None
        assert b"opens-it" not in told.content
