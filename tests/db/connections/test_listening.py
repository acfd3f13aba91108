"""Shops that call and shops that are asked: nothing is lost, nothing false gets in, a gap is found and filled."""

from datetime import timedelta

import pytest
from cryptography.fernet import Fernet
from django.db import connection as database

from ripresa.contracts.provider import BadSettings
from ripresa.core.ids import new_id
from ripresa.core.secrets.box import SecretBox
from ripresa.domain.carts.models import Order
from ripresa.domain.connections import operations
from ripresa.domain.connections.models import Connection
from ripresa.domain.connections.operations import ConnectionExists
from ripresa.domain.inbox.models import InboxEvent
from ripresa.domain.providers.models import ProviderCall
from ripresa.entrypoints.registry import CONNECTORS
from ripresa.usecases.calls.read_calls import CallReader
from ripresa.usecases.connected.asking import ASK_EVERY, ShopAsker
from ripresa.usecases.connected.opening import Opener
from ripresa.usecases.connections import Connections, NoSuchConnection, find_connection
from ripresa.usecases.fold_events import fold_shop
from ripresa.usecases.providers.provider_accounts import Accounts
from tests.db.usecases.engine_world import LETTERHEAD
from tests.rows import make_shop
from tests.scripted_http import Said, ScriptedApi
from tests.unit.connectors import calls
from tests.unit.connectors.calls import SETTINGS, T0
from tests.unit.connectors.test_hearing import CHECKOUT, WOO_ORDER

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def shop():
    return make_shop("wines", "Ada's Wines")


@pytest.fixture
def connections():
    return Connections(CONNECTORS, SecretBox([Fernet.generate_key().decode()]))


@pytest.fixture
def listener(connections):
    return reader(connections)


@pytest.fixture
def asker(connections):
    return ShopAsker(Opener(connections))


def reader(connections):
    return CallReader(Accounts({}), LETTERHEAD, connections)


def connect(connections, shop, platform, **more):
    given = {**SETTINGS[platform], **more}
    return connections.connect(
        shop_id=shop.id, platform=platform, name=platform, given=given, now=T0
    )


def came_in(connection, call, at=T0):
    """As the intake stores it."""
    return ProviderCall.objects.create(
        shop_id=connection.shop_id, id=new_id(at), account_id=connection.id, method=call.method,
        target="/hooks/x/1", headers=dict(call.headers), body=call.body, received_at=at, due_at=at,
    )  # fmt: skip


def told(shop):
    return sorted(InboxEvent.objects.filter(shop=shop).values_list("type", flat=True))


def again(connection):
    return Connection.objects.get(shop_id=connection.shop_id, id=connection.id)


def test_secrets_are_sealed_and_apart(connections, shop):
    made = connect(connections, shop, "shopify")
    assert made.settings.items() >= {"shop": "wines.myshopify.com", "currency": "EUR"}.items()
    assert not made.settings.keys() & {"client_secret", "old_client_secret", "access_token"}
    with database.cursor() as cursor:
        cursor.execute("SELECT connection::text FROM connection")
        [(text,)] = cursor.fetchall()
    assert "s3cret" not in text
    assert b"s3cret".hex() not in text
    assert connections.settings_of(made).items() >= SETTINGS["shopify"].items()
    connections.change(made, {"client_secret": "other"}, T0)
    assert connections.settings_of(again(made))["client_secret"] == "other"
    assert connections.settings_of(again(made))["shop"] == "wines.myshopify.com"


def test_what_it_must_be_told_and_names(connections, shop):
    with pytest.raises(BadSettings, match="no connector 'magento'; there are: billbee, medusa"):
        connections.connect(shop_id=shop.id, platform="magento", name="x", given={}, now=T0)
    with pytest.raises(BadSettings, match="shopify has to be told client_secret"):
        connections.connect(
            shop_id=shop.id, platform="shopify", name="x", given={"shop": "a"}, now=T0
        )
    connect(connections, shop, "shopify")
    with pytest.raises(ConnectionExists):
        connect(connections, shop, "shopify")
    with pytest.raises(NoSuchConnection, match="no connection 'woo'; there are: shopify"):
        find_connection(shop_id=shop.id, name="woo")


def test_a_call_becomes_events_once_however_often_it_comes(connections, listener, shop):
    made = connect(connections, shop, "shopify")
    call = calls.shopify("checkouts/update", CHECKOUT)
    for _ in range(3):
        came_in(made, call)
    assert listener.read_due(shop_id=shop.id, now=T0) == 3
    assert told(shop) == ["cart.updated", "checkout.started", "contact.identified"]
    assert not ProviderCall.objects.filter(shop=shop).exists()
    assert (again(made).heard, again(made).refused) == (3, 0)
    assert again(made).last_heard_at == T0
    assert listener.read_due(shop_id=shop.id, now=T0) == 0


def test_what_is_not_believed_is_kept_with_its_reason_and_let_in_nowhere(
    connections, listener, shop
):
    made = connect(connections, shop, "shopify")
    good, forged = calls.shopify("checkouts/update", CHECKOUT), calls.shopify("x", {}, secret="no")
    came_in(made, forged)
    came_in(made, good)
    listener.read_due(shop_id=shop.id, now=T0)
    assert len(told(shop)) == 3
    (kept,) = ProviderCall.objects.filter(shop=shop)
    assert "signature" in kept.detail
    assert kept.refused_at == T0
    came_in(made, good, T0 + timedelta(days=31))
    listener.read_due(shop_id=shop.id, now=T0 + timedelta(days=31))
    assert [one.id for one in ProviderCall.objects.filter(shop=shop)] != [kept.id]


def test_a_bad_detail_is_told_and_loses_nothing_else(connections, listener, shop):
    made = connect(connections, shop, "woocommerce")
    order = WOO_ORDER | {"billing": {"email": "not an address"}}
    came_in(made, calls.woocommerce("order.created", order))
    listener.read_due(shop_id=shop.id, now=T0)
    assert told(shop) == ["order.placed"]
    (problem,) = again(made).problems
    assert problem["field"] == "billing.email"


def test_secrets_that_cannot_be_opened_make_calls_wait(connections, listener, shop):
    made = connect(connections, shop, "shopify")
    came_in(made, calls.shopify("checkouts/update", CHECKOUT))
    other = Connections(CONNECTORS, SecretBox([Fernet.generate_key().decode()]))
    reader(other).read_due(shop_id=shop.id, now=T0)
    assert told(shop) == []
    assert listener.read_due(shop_id=shop.id, now=T0 + HOUR) == 1
    assert len(told(shop)) == 3


def test_an_app_that_was_removed_is_heard_no_more(connections, listener, shop):
    made = connect(connections, shop, "shopify")
    came_in(made, calls.shopify("app/uninstalled", {"myshopify_domain": "wines.myshopify.com"}))
    listener.read_due(shop_id=shop.id, now=T0)
    assert again(made).closed_at == T0
    came_in(made, calls.shopify("checkouts/update", CHECKOUT), T0 + HOUR)
    listener.read_due(shop_id=shop.id, now=T0 + HOUR)
    assert told(shop) == []
    assert ProviderCall.objects.get(shop=shop).detail == "nobody listens here any more"
    assert not operations.close(
        shop_id=shop.id, connection_id=made.id, reason="again", now=T0 + HOUR
    )


def order(number, minute):
    return WOO_ORDER | {
        "id": number, "date_created_gmt": f"2026-11-02T15:{minute:02}:00",
        "date_modified_gmt": f"2026-11-02T15:{minute:02}:00",
    }  # fmt: skip


def test_a_webhook_that_was_lost_is_found_by_asking(connections, listener, asker, shop):
    orders = [order(1, 5), order(2, 6)]
    with ScriptedApi(lambda _: Said(200, orders)) as api:
        made = connect(connections, shop, "woocommerce", url=api.url)
        came_in(made, calls.woocommerce("order.created", orders[0]), T0 + HOUR)
        listener.read_due(shop_id=shop.id, now=T0 + HOUR)
        assert asker.ask_due(shop_id=shop.id, now=T0 + HOUR) == 1
        assert asker.ask_due(shop_id=shop.id, now=T0 + HOUR) == 0
        # What was before the connection is not asked for.
        assert api.heard[0].query["modified_after"] == "2026-11-02T14:30:00"
        asker.ask_due(shop_id=shop.id, now=T0 + HOUR + ASK_EVERY)
        assert api.heard[1].query["modified_after"] == "2026-11-02T15:15:00"
    assert told(shop) == ["order.placed"] * 2
    assert (again(made).heard, again(made).missed) == (2, 1)
    while fold_shop(shop_id=shop.id, now=T0 + HOUR):
        pass
    assert Order.objects.filter(shop=shop).count() == 2


def test_a_shop_that_is_away_is_asked_later_for_all_of_it(connections, asker, shop):
    answers = [Said(500), Said(401), Said(200, [order(1, 5)])]
    with ScriptedApi(lambda _: answers.pop(0)) as api:
        made = connect(connections, shop, "woocommerce", url=api.url)
        asker.ask_due(shop_id=shop.id, now=T0)
        assert "says 500" in again(made).trouble
        asker.ask_due(shop_id=shop.id, now=T0 + ASK_EVERY)
        assert "check the keys" in again(made).trouble
        assert asker.ask_due(shop_id=shop.id, now=T0 + 2 * ASK_EVERY) == 0  # twice as long
        assert asker.ask_due(shop_id=shop.id, now=T0 + 3 * ASK_EVERY) == 1
        assert {one.query["modified_after"] for one in api.heard} == {"2026-11-02T14:30:00"}
    assert again(made).trouble == ""
    assert again(made).missed == 1
