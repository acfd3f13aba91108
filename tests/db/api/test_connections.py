"""Connections over the API: what they can't do, the gaps of each, and nothing that is a secret."""

from datetime import timedelta

from ripresa.domain.carts.models import Cart
from ripresa.domain.connections.models import Connection, ConnectionGap
from tests.db.api.conftest import Caller, key_of
from tests.world import T0

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
