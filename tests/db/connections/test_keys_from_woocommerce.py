"""A WooCommerce shop hands its key over: asked for in the browser, called with by the shop, bound to one connection."""

import json
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.test import override_settings

from ripresa.contracts.shops.connector import NotLetIn
from ripresa.core.config import load
from ripresa.domain.connections.models import Connection
from ripresa.entrypoints.registry import CONNECTORS
from ripresa.public.installing import install_pages
from ripresa.usecases.connected.installing import install_url
from ripresa.usecases.connected.opening import Opener
from ripresa.usecases.connections import Connections
from tests.contracts.shops.woocommerce import KEY, SECRET
from tests.contracts.shops.woocommerce import shop as wordpress
from tests.db.connections.test_listening import shop  # noqa: F401  (fixture)
from tests.unit.connectors.calls import T0

pytestmark = pytest.mark.django_db
KEYS = {
    "key_id": 1, "user_id": "ripresa", "consumer_key": KEY, "consumer_secret": SECRET,
    "key_permissions": "read_write",
}  # fmt: skip


@pytest.fixture
def connections(monkeypatch):
    monkeypatch.setenv("RIPRESA_PUBLIC_URL", "https://r.test")
    found = Connections(CONNECTORS)
    conf = type("Addresses", (), {"urlpatterns": install_pages(lambda: found)})
    with override_settings(ROOT_URLCONF=conf), time_machine.travel(T0, tick=False):
        yield found


@pytest.fixture
def woo(connections, shop):  # noqa: F811
    with wordpress() as one:
        given = {"url": one.url, "webhook_secret": "woo"}
        one.made = connections.connect(
            shop_id=shop.id, platform="woocommerce", name="w", given=given, now=T0
        )
        yield one


def began(client, woo):
    """Off to the shop: the addresses it is to send the user, and its key, to."""
    address = install_url(woo.made, CONNECTORS["woocommerce"], load())
    there = client.get(urlsplit(address).path)["location"]
    assert there.startswith(f"{woo.url}/wc-auth/v1/authorize?")
    query = {name: value for name, [value] in parse_qs(urlsplit(there).query).items()}
    assert (query["scope"], query["app_name"]) == ("read_write", "Ripresa")
    for name in ("callback_url", "return_url"):
        assert query[name].startswith("https://r.test/connect/woocommerce/back")
    return urlsplit(query["callback_url"]).path, query["return_url"]


def called(client, path, keys=KEYS):
    body = keys if isinstance(keys, str) else json.dumps(keys)
    return client.post(path, body, content_type="application/json")


def key_of(woo, connections):
    return connections.settings_of(Connection.objects.get(id=woo.made.id))["consumer_key"]


def test_the_shop_hands_over_a_key_and_is_asked_and_called_from_then_on(client, woo, connections):
    with pytest.raises(NotLetIn, match="no REST key yet"):
        list(CONNECTORS["woocommerce"].ask(connections.settings_of(woo.made), T0))
    path, back = began(client, woo)
    # Back without the shop's call, and back after the user said no.
    for success in ("1", "0"):
        assert client.get(f"{back}&success={success}&user_id=ripresa").status_code == 400
    path, back = began(client, woo)
    assert called(client, path).status_code == 200
    answer = client.get(f"{back}&success=1&user_id=ripresa")
    assert answer.status_code == 200
    assert SECRET not in answer.content.decode()
    row = Connection.objects.get(id=woo.made.id)
    assert (row.register_at, row.ask_at) == (T0, T0)
    assert SECRET.encode() not in bytes(row.secrets)
    opened = Opener(connections).open(row, T0)
    assert list(CONNECTORS["woocommerce"].ask(opened.settings, T0 - timedelta(days=99)))
    # It has what it needs: nothing is offered, and nobody changes it by the same way.
    assert install_url(row, CONNECTORS["woocommerce"], load()) is None
    assert called(client, path).status_code == 400


@pytest.mark.parametrize(
    "keys",
    [
        KEYS | {"consumer_secret": "cs_forged"},  # of another shop: this one lets nobody in with it
        KEYS | {"key_permissions": "read"},
        KEYS | {"consumer_key": "ck_1\r\nx: y"},
        KEYS | {"consumer_key": "cs_1"},
        {},
        "[]",
        "no json",
    ],
)
def test_a_key_that_does_not_open_the_shop_is_refused(client, woo, keys, connections):
    path, _ = began(client, woo)
    assert called(client, path, keys).status_code == 400
    assert key_of(woo, connections) == ""


def test_the_address_is_bound_to_the_connection_and_to_a_quarter_of_an_hour(
    client,
    woo,
    connections,
    shop,  # noqa: F811
):
    path, _ = began(client, woo)
    given = {"url": woo.url, "webhook_secret": "woo"}
    other = connections.connect(
        shop_id=shop.id, platform="woocommerce", name="o", given=given, now=T0
    )
    root, _, state = path.rpartition("/")
    token, _, nonce = state.partition(".")
    others = install_url(other, CONNECTORS["woocommerce"], load()).rpartition("/")[2]
    for wrong in (f"{others}.{nonce}", f"{token}.x{nonce}", f"{token}.", f"{token}.a.b.c"):
        assert called(client, f"{root}/{wrong}").status_code == 400
    assert called(client, f"{root}/nobody.{nonce}").status_code == 404
    assert called(client, f"{path}/").status_code == 404
    assert client.get(path).status_code == 405
    assert called(client, path, "x" * 20_000).status_code == 413
    with time_machine.travel(T0 + timedelta(minutes=16), tick=False):
        assert called(client, path).status_code == 400
    assert key_of(woo, connections) == ""
    assert called(client, path).status_code == 200


def test_a_shop_that_cannot_answer_while_it_waits_for_us_is_believed(client, woo, connections):
    path, _ = began(client, woo)
    woo.faults += [503] * 4
    assert called(client, path).status_code == 200
    assert key_of(woo, connections) == KEY


def test_without_https_keys_are_given_by_hand(monkeypatch, woo):
    monkeypatch.setenv("RIPRESA_PUBLIC_URL", "http://r.test")
    assert install_url(woo.made, CONNECTORS["woocommerce"], load()) is None
