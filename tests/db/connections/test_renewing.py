"""Credentials that live shortly: renewed in time, kept sealed, by one at a time."""

from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.fernet import Fernet
from django.db import connection as database

from ripresa.contracts.shops.connector import Connector, ShopAway
from ripresa.core.secrets.box import SecretBox
from ripresa.domain.connections import keeping, operations
from ripresa.domain.connections.models import Connection
from ripresa.usecases.connected.opening import Opener
from ripresa.usecases.connections import Connections
from tests.rows import make_shop
from tests.unit.connectors.calls import T0

pytestmark = pytest.mark.django_db
PLAIN = Connector(name="ours", label="Ours", settings=(), abilities=frozenset())


def renewing(log):
    def renew(settings, now):
        log.append(dict(settings))
        return None if settings.get("token") else {"token": "t0ken", "ends": now.isoformat()}

    return replace(PLAIN, renew=renew)


def connected(connector):
    keys = [Fernet.generate_key().decode(), Fernet.generate_key().decode()]
    connections = Connections({connector.name: connector}, SecretBox(keys[:1]))
    shop = make_shop("wines", "Ada's Wines")
    made = connections.connect(shop_id=shop.id, platform="ours", name="x", given={}, now=T0)
    return connections, made, keys


def test_what_is_renewed_is_kept_sealed_and_lies_over_the_settings():
    log = []
    connections, made, keys = connected(renewing(log))
    opened = Opener(connections).open(made, T0)
    assert opened.settings == {"token": "t0ken", "ends": T0.isoformat()}
    with database.cursor() as cursor:
        cursor.execute("SELECT connection::text FROM connection")
        [(text,)] = cursor.fetchall()
    assert b"t0ken".hex() not in text
    assert "t0ken" not in text
    # Whoever opens it next finds it; the connector says that there is nothing to renew.
    stored = Connection.objects.get(id=made.id)
    assert Opener(connections).open(stored, T0).settings["token"] == "t0ken"
    assert [one.get("token") for one in log] == [None, "t0ken"]
    # More that is kept leaves the rest; a new key seals that as well.
    connections.keep(stored, {"shop_id": "7"})
    assert connections.settings_of(stored)["token"] == "t0ken"
    operations.reseal_all(SecretBox(keys[::-1]).reseal)
    anew = Connections(connections.connectors, SecretBox(keys[1:]))
    assert anew.settings_of(Connection.objects.get(id=made.id))["shop_id"] == "7"


def test_only_one_renews_at_a_time_and_a_dead_one_only_for_a_while(monkeypatch):
    monkeypatch.setattr("ripresa.usecases.connected.opening._PATIENCE_SECONDS", 0.0)
    log = []
    connections, made, _ = connected(renewing(log))
    assert keeping.take_renewal(made, now=T0, lease=timedelta(minutes=1))
    with pytest.raises(ShopAway, match="being renewed"):
        Opener(connections).open(made, T0)
    assert log == []
    assert Opener(connections).open(made, T0 + timedelta(minutes=1)).settings["token"] == "t0ken"


def test_a_turn_is_given_back_when_the_shop_is_away():
    def away(_settings, _now):
        raise ShopAway("it says 503")

    connections, made, _ = connected(replace(PLAIN, renew=away))
    opener = Opener(connections)
    for _ in range(2):
        with pytest.raises(ShopAway, match="503"):
            opener.open(made, T0)
