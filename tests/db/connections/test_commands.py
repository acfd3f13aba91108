"""`ripresa connect`, `connection` and `coupon pool mint` as a person and as a program use them."""

import json

import pytest

from ripresa.core.config import load
from ripresa.domain.shops.models import Shop
from ripresa.entrypoints.cli.problem import Problem
from tests.commands import commands
from tests.contracts.shops.woocommerce import shop as wordpress
from tests.rows import make_shop
from tests.unit.connectors.calls import T0, WHSEC

pytestmark = pytest.mark.django_db


@pytest.fixture
def ripresa(monkeypatch, tmp_path):
    """Run a command against the test's database; a problem is raised as it is."""
    make_shop("wines", "Ada's Wines")
    known = {"secret_key": load().secret_key, "public_url": "https://r.test"}
    monkeypatch.setenv("RIPRESA_HOME", str(tmp_path))
    run = commands(monkeypatch, lambda: T0, **known)
    return lambda *words, **env: run(*words, env=env).stdout


def test_a_shop_that_is_asked_tells_its_history_and_mints_coupons(ripresa):
    names = ("webhook_secret", "consumer_key", "consumer_secret")
    with wordpress() as shop:
        env = {f"RIPRESA_PROVIDER_{name.upper()}": shop.settings[name] for name in names}
        url = shop.settings["url"]
        made = json.loads(ripresa("connect", "woocommerce", "--set", f"url={url}", "--json", **env))
        assert made["webhook_url"].startswith("https://r.test/hooks/woocommerce/")
        assert made["webhooks"]["made"]
        assert made["webhooks"]["trouble"] == ""
        since = ("--since", "2026-11-01T00:00:00Z")
        told = json.loads(ripresa("connection", "back-fill", "woocommerce", *since, "--json"))
        assert told["finished_at"]
        assert told["heard"] > 0
        minted = ("coupon", "pool", "mint", "back10", "--connection", "woocommerce")
        pool = json.loads(ripresa(*minted, "--value", "10%", "--ahead", "3", "--json"))
        assert pool == {"pool": "back10", "left": 3, "trouble": ""}
        with pytest.raises(Problem, match="above 0, not 'ten'"):
            ripresa(*minted, "--value", "ten%")
    [row] = json.loads(ripresa("connection", "list", "--json"))["connections"]
    assert row["history"]["heard"] == told["heard"]
    assert row["unread"] == 0
    assert json.loads(ripresa("connection", "gaps", "woocommerce", "--json")) == {"gaps": []}
    assert "No gaps" in ripresa("connection", "gaps", "woocommerce")
    assert "history.finished_at: " in ripresa("connection", "show", "woocommerce")


def test_what_a_platform_cannot_do_is_said(ripresa):
    words = ripresa("connect", "medusa", RIPRESA_PROVIDER_WEBHOOK_SECRET=WHSEC)
    assert "Medusa 2 can't do: registered, watched." in words
    secrets = {f"RIPRESA_PROVIDER_{name}": "x" for name in ("USER", "PASSWORD", "API_KEY")}
    ripresa("connect", "billbee", "--set", "user=ada", **secrets)
    with pytest.raises(Problem, match="Billbee makes no coupons"):
        ripresa("coupon", "pool", "mint", "x", "--connection", "billbee", "--value", "5.00")
    since = ("--since", "2026-11-01T00:00:00Z")
    assert "not told url" in ripresa("connection", "back-fill", "medusa", *since)
    with pytest.raises(Problem, match="telling its history already"):
        ripresa("connection", "back-fill", "medusa", *since, "--later")
    assert "silent for 30m" in ripresa("connection", "patience", "30m")
    assert f"{Shop.objects.get(slug='wines').ask_after}" == "0:30:00"
    assert "no platform is asked" in ripresa("connection", "patience", "off")
    with pytest.raises(Problem, match="months are too long"):
        ripresa("connection", "patience", "2mo")
