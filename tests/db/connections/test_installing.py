"""An app is installed by a browser that goes to the shop and comes back; another browser, or shop, gets nowhere."""

import hashlib
import hmac
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import override_settings

from ripresa.core.config import load
from ripresa.domain.connections.models import Connection
from ripresa.entrypoints.registry import CONNECTORS
from ripresa.public.installing import install_pages
from ripresa.usecases.connected.installing import install_url
from ripresa.usecases.connected.opening import Opener
from tests.db.connections.test_listening import connections, shop  # noqa: F401  (fixtures)
from tests.shopify.nodes import order
from tests.shopify.server import SHOP, ShopifyShop
from tests.unit.connectors.calls import T0

pytestmark = pytest.mark.django_db


@pytest.fixture
def platform():
    with ShopifyShop() as one:
        yield one


@pytest.fixture
def pages(connections):  # noqa: F811
    conf = type("Addresses", (), {"urlpatterns": install_pages(lambda: connections)})
    with override_settings(ROOT_URLCONF=conf):
        yield


@pytest.fixture
def made(platform, connections, shop):  # noqa: F811
    given = {
        "shop": SHOP, "client_secret": "s3cret", "client_id": "app1", "auth": "oauth",
        "api_url": platform.url,
    }  # fmt: skip
    return connections.connect(shop_id=shop.id, platform="shopify", name="s", given=given, now=T0)


def back(state, when, **changes):
    query = {
        "code": "c0de",
        "shop": SHOP,
        "state": state,
        "timestamp": str(int(when.timestamp())),
        **changes,
    }
    signed = "&".join(f"{name}={query[name]}" for name in sorted(query))
    return query | {"hmac": hmac.new(b"s3cret", signed.encode(), hashlib.sha256).hexdigest()}


def began(client, made):
    address = urlsplit(install_url(made, CONNECTORS["shopify"], load()))
    answer = client.get(address.path)
    assert answer.status_code == 302
    assert answer.cookies["ripresa_install"]["httponly"]
    there = urlsplit(answer["location"])
    assert (there.netloc, there.path) == (SHOP, "/admin/oauth/authorize")
    query = parse_qs(there.query)
    assert query["redirect_uri"] == [f"{load().public_url}/connect/shopify/back"]
    return query["state"][0]


@pytest.mark.usefixtures("pages")
def test_there_and_back(client, made, platform, connections):  # noqa: F811
    now = load().clock.now()
    state = began(client, made)
    assert platform.grants == []
    answer = client.get("/connect/shopify/back", back(state, now))
    assert answer.status_code == 200, answer.content
    assert platform.grants[0]["code"] == "c0de"
    assert "s3cret" not in answer.content.decode()
    row = Connection.objects.get(id=made.id)
    assert row.register_at is not None
    assert abs((row.register_at - now).total_seconds()) < 60
    opened = Opener(connections).open(row, now)
    platform.orders.append(order(1))
    assert any(opened.connector.ask(opened.settings, T0))
    # The same answer once more, its cookie gone.
    assert client.get("/connect/shopify/back", back(state, now)).status_code == 400
    assert len(platform.grants) == 1


@pytest.mark.usefixtures("pages")
def test_what_is_not_believed(client, made, platform):
    now = load().clock.now()
    state = began(client, made)
    for wrong in (
        back(state, now, shop="other.myshopify.com"),
        back(state, now) | {"code": "forged"},
        back(f"{state}x", now),
    ):
        answer = client.get("/connect/shopify/back", wrong)
        assert answer.status_code == 400, answer.content
    assert client.get("/connect/shopify/back", back("nobody.x", now)).status_code == 404
    assert client.get("/connect/shopify/back").status_code == 404
    assert client.get("/connect/shopify/aaaa").status_code == 404
    client.cookies.clear()
    assert client.get("/connect/shopify/back", back(state, now)).status_code == 400
    assert platform.grants == []


def test_only_what_is_to_be_installed_has_an_address(connections, platform, shop):  # noqa: F811
    given = {"shop": SHOP, "client_secret": "s3cret", "access_token": "t", "api_url": platform.url}
    other = connections.connect(shop_id=shop.id, platform="shopify", name="o", given=given, now=T0)
    assert install_url(other, CONNECTORS["shopify"], load()) is None
