"""How we are let in: three ways, tokens that are renewed in time, and an installation that is believed when signed."""

import hashlib
import hmac
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from ripresa.connectors.shopify.connector import CONNECTOR
from ripresa.contracts.feedback import HookRefused
from ripresa.contracts.shops.connector import NotLetIn, ShopAway
from tests.scripted_http import Said
from tests.shopify.nodes import T0, order
from tests.shopify.server import SHOP, ShopifyShop

APP = {"client_id": "app1", "access_token": ""}
SECOND = timedelta(seconds=1)


@pytest.fixture
def shop():
    with ShopifyShop() as one:
        one.orders.append(order(1))
        yield one


def ask(settings):
    return [outcome for page in CONNECTOR.ask(settings, T0) for outcome in page]


def test_a_token_that_never_ends_is_not_renewed(shop):
    assert CONNECTOR.renew(shop.settings, T0) is None
    assert ask(shop.settings)


def test_a_connection_that_only_hears_says_so(shop):
    deaf = shop.settings | {"access_token": ""}
    assert CONNECTOR.renew(deaf, T0) is None
    with pytest.raises(NotLetIn, match="only hears"):
        ask(deaf)


def test_a_days_token_is_renewed_before_it_ends(shop):
    settings = shop.settings | APP
    settings |= CONNECTOR.renew(settings, T0)
    assert shop.grants == [
        {"grant_type": "client_credentials", "client_id": "app1", "client_secret": "s3cret"}
    ]
    assert ask(settings)
    assert CONNECTOR.renew(settings, T0 + timedelta(hours=21)) is None
    settings |= CONNECTOR.renew(settings, T0 + timedelta(hours=22, seconds=30))
    assert ask(settings)


def test_a_token_made_for_another_secret_is_not_used(shop):
    settings = shop.settings | APP
    settings |= CONNECTOR.renew(settings, T0)
    settings["client_secret"] = "other"
    with pytest.raises(NotLetIn, match="no access token"):
        ask(settings)
    assert CONNECTOR.renew(settings, T0) is not None


def test_a_grant_that_is_refused_needs_somebody_and_one_that_fails_passes(shop):
    settings = shop.settings | APP
    shop.refused_grant = True
    with pytest.raises(NotLetIn, match=r"no token \(400\)"):
        CONNECTOR.renew(settings, T0)
    shop.faults += [Said(503, ""), Said(200, "<html>"), Said(200, {"scope": ""})]
    for _ in range(3):
        with pytest.raises(ShopAway):
            CONNECTOR.renew(settings, T0)
    with pytest.raises(NotLetIn, match="auth is one of"):
        CONNECTOR.renew(settings | {"auth": "magic"}, T0)


class TestInstalling:
    def settings(self, shop):
        return shop.settings | APP | {"auth": "oauth"}

    def answer(self, secret="s3cret", **changes):
        query = {
            "code": "c0de", "shop": SHOP, "state": "st", "host": "aG9zdA",
            "timestamp": str(int(T0.timestamp())), **changes,
        }  # fmt: skip
        signed = "&".join(f"{name}={query[name]}" for name in sorted(query))
        return query | {
            "hmac": hmac.new(secret.encode(), signed.encode(), hashlib.sha256).hexdigest()
        }

    def test_the_user_is_sent_to_the_shop(self, shop):
        address = urlsplit(
            CONNECTOR.install.address(self.settings(shop), "https://r.test/back", "st")
        )
        assert (address.netloc, address.path) == (SHOP, "/admin/oauth/authorize")
        query = parse_qs(address.query)
        assert (query["client_id"], query["state"]) == (["app1"], ["st"])
        assert query["redirect_uri"] == ["https://r.test/back"]
        assert "write_discounts" in query["scope"][0].split(",")
        assert CONNECTOR.install.address(shop.settings, "https://r.test/back", "st") is None

    def test_the_code_becomes_a_token_that_is_refreshed(self, shop):
        settings = self.settings(shop)
        assert CONNECTOR.renew(settings, T0) is None
        with pytest.raises(NotLetIn, match="not installed yet"):
            ask(settings)
        settings |= CONNECTOR.install.accept(settings, self.answer(), T0 + SECOND)
        assert (shop.grants[0]["code"], shop.grants[0]["expiring"]) == ("c0de", "1")
        assert ask(settings)
        assert CONNECTOR.renew(settings, T0 + timedelta(minutes=49)) is None
        settings |= CONNECTOR.renew(settings, T0 + timedelta(minutes=51))
        assert shop.grants[1]["refresh_token"] == "shprt_1"
        assert settings["kept_refresh"] == "shprt_2"
        assert ask(settings)

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"secret": "else"}, "not signed"),
            ({"shop": "other.myshopify.com"}, "of the shop"),
            ({"shop": f"{SHOP}.evil.test"}, "of the shop"),
            ({"timestamp": str(int(T0.timestamp()) - 91)}, "old"),
            ({"timestamp": "soon"}, "when"),
            ({"code": ""}, "no code"),
        ],
    )
    def test_what_is_not_believed_keeps_nothing(self, shop, changes, words):
        with pytest.raises(HookRefused, match=words):
            CONNECTOR.install.accept(self.settings(shop), self.answer(**changes), T0)
        assert shop.grants == []
