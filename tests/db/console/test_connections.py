"""Connections in the console: a shop is connected by a form, looked at, told of what was, and let go."""

from datetime import timedelta

import pytest

from ripresa.connectors.shopify.connector import CONNECTOR as SHOPIFY
from ripresa.console.connections.words import CAN, CANNOT, FIELDS
from ripresa.contracts.calling.sayings import kept, say
from ripresa.contracts.shops.connector import Ability
from ripresa.domain.connections import operations
from ripresa.domain.connections.models import BackFill, Connection
from ripresa.domain.connections.operations import Tally
from ripresa.entrypoints.registry import CONNECTORS
from tests.contracts.shops.woocommerce import shop as wordpress
from tests.db.console.pages import markup, part, text_of
from tests.rows import DAY, T0
from tests.worlds.connections import connection_of

ROOM = "/wines/settings/connections/"


@pytest.mark.parametrize("connector", CONNECTORS.values(), ids=lambda one: one.name)
def test_every_field_of_every_connector_has_words(connector):
    assert {(connector.name, one.name) for one in connector.settings} - {
        (connector.name, "auth")
    } <= FIELDS.keys()
    assert set(Ability) == CAN.keys() == CANNOT.keys()


def given_of(shop) -> dict[str, str]:
    return {name: shop.settings[name] for name in ("url", "consumer_key", "consumer_secret")} | {
        "webhook_secret": "as-it-was-made-up"
    }


def test_a_shop_is_connected_by_a_form(world, ada):
    with wordpress() as shop:
        lacking = ada.post(f"{ROOM}new/woocommerce/", {**given_of(shop), "webhook_secret": ""})
        assert lacking.status_code == 422
        assert "This is needed." in text_of(lacking)
        assert shop.settings["consumer_secret"] not in lacking.content.decode()
        connected = ada.post(f"{ROOM}new/woocommerce/", given_of(shop), follow=True)
        page, sent = text_of(connected), connected.content.decode()
        assert "woocommerce is connected." in page
        assert "The shop calls us about" in page
        assert "order.created" in page
        assert "/hooks/woocommerce/" in sent
        for secret in ("as-it-was-made-up", shop.settings["consumer_secret"]):
            assert secret not in sent
        twice = ada.post(f"{ROOM}new/woocommerce/", {**given_of(shop), "name": "woocommerce"})
        assert "There is a connection of this name already." in text_of(twice)


def test_what_lets_us_in_is_renewed_and_a_shop_is_let_go(world, ada):
    with wordpress() as shop:
        ada.post(f"{ROOM}new/woocommerce/", given_of(shop))
        made = Connection.objects.get(shop=world.shop)
        ada.post(f"{ROOM}{made.id}/settings/", {"url": shop.url, "consumer_secret": "cs_wrong"})
        away = ada.get(f"{ROOM}{made.id}/")
        assert "Needs you" in text_of(away)
        assert f'href="{ROOM}{made.id}/settings/"' in markup(away)
        renewed = {"url": shop.url, "consumer_secret": shop.settings["consumer_secret"]}
        ada.post(f"{ROOM}{made.id}/settings/", renewed)
        shop.webhooks.clear()
        ada.post(f"{ROOM}{made.id}/check/")
        assert shop.webhooks
    made.refresh_from_db()
    assert not made.standing["trouble"]
    assert made.ask_at == T0
    ada.post(f"{ROOM}{made.id}/disconnect/", {"reason": "moved to Medusa"})
    assert "moved to Medusa" in part(ada.get(ROOM), "Disconnected")
    assert ada.get(f"{ROOM}{made.id}/disconnect/").status_code == 404


@pytest.mark.parametrize(
    ("remedy", "badge", "is_renewed"),
    [("wait", "Away", False), ("renew", "Needs you", True), ("allow", "Needs you", False)],
)
def test_what_helps_goes_by_the_reason_and_not_by_what_the_shop_says(
    world, ada, remedy, badge, is_renewed
):
    found = connection_of(world)
    operations.ask_later(found, ask_at=T0, trouble="Basta così!", remedy=remedy, now=T0)
    page = ada.get(f"{ROOM}{found.id}/")
    assert f"{badge} " in text_of(page)
    assert ("Renew what lets us in" in text_of(page)) is is_renewed
    # It was asked after all, and nothing of it stays.
    operations.was_asked(found, until=T0, ask_at=T0)
    assert "Basta" not in text_of(ada.get(f"{ROOM}{found.id}/"))


def test_what_a_connector_says_is_told_in_the_readers_language_and_the_shops_own_words_stay(
    world, ada
):
    found = connection_of(world)
    refused = say("{host} says {status}: {said}", host="wines.test", status=401, said="No such key")
    nested = say("Which plugins run in the shop can't be seen: {why}.", why=refused)
    standing = {"warnings": [nested, "No word of ours."], "said": kept(nested)}
    operations.put_standing(found, standing, register_at=T0 + DAY)
    operations.ask_later(found, ask_at=T0, trouble=refused, remedy="renew", now=T0)
    german = {"Accept-Language": "de"}
    page = ada.get(f"{ROOM}{found.id}/", headers=german)
    assert "wines.test antwortet mit 401: No such key" in text_of(page)
    assert (
        "Welche Plugins im Shop laufen, ist nicht zu sehen: wines.test antwortet mit 401: No such key."
        in text_of(page)
    )
    assert '<span lang="en">No word of ours.</span>' in page.content.decode()
    # For programs, and in English, it is what it was.
    found.refresh_from_db()
    assert found.trouble == "wines.test says 401: No such key"
    assert str(nested) in text_of(ada.get(f"{ROOM}{found.id}/"))


def test_a_history_is_begun_once_and_followed_from_the_page(world, ada):
    found = connection_of(world)
    operations.note(
        shop_id=world.shop.id, connection_id=found.id, tally=Tally(3, 0, was_asked=True), now=T0
    )
    told = ada.get(f"{ROOM}{found.id}/", headers={"HX-Request": "true"})
    assert 'value="70"' in markup(told)  # 230 of 330 days
    assert "New 5,210" in text_of(told)
    assert 'hx-trigger="every 4s"' in markup(told)
    assert "Gaps filled by asking 10" in text_of(told)
    begin = f"{ROOM}{found.id}/history/"
    again = ada.post(begin, {"since": "2026-01-01"}, follow=True)
    assert "Its history is being told already." in text_of(again)
    BackFill.objects.update(finished_at=T0, due_at=None)
    for wrong in ("", "2026-13-01", "1066-01-01", "2027-01-01"):
        assert "nothing was begun" in text_of(ada.post(begin, {"since": wrong}, follow=True))
    ada.post(begin, {"since": "2026-01-01"})
    latest = BackFill.objects.latest("begun_at")
    assert latest.since == T0.replace(month=1, day=1, hour=0) - timedelta(hours=1)  # in Rome


def test_an_app_that_is_installed_leads_to_the_shop_and_back(world, ada):
    form = text_of(ada.get(f"{ROOM}new/shopify/?way=oauth"))
    assert "Access token" not in form
    given = {"shop": "wines.myshopify.com", "client_id": "c", "client_secret": "s", "way": "oauth"}
    page = ada.post(f"{ROOM}new/shopify/", given, follow=True)
    made = Connection.objects.get(shop=world.shop)
    assert made.settings["auth"] == "oauth"
    assert "Waits for the shop’s yes" in text_of(page)
    assert "/connect/shopify/" in markup(page)
    assert "is kept, unless you type another" in markup(ada.get(f"{ROOM}{made.id}/settings/"))
    Connection.objects.update(kept=b"token", last_heard_at=T0 - DAY)
    assert "Works" in text_of(ada.get(f"{ROOM}{made.id}/"))
    assert SHOPIFY.label in text_of(ada.get(ROOM))


def test_a_viewer_sees_how_it_stands_and_no_address(world, vera):
    page = vera.get(f"{ROOM}{connection_of(world).id}/")
    assert "reminds people as well" in text_of(page)
    assert "/hooks/" not in page.content.decode()
    assert "Disconnect" not in text_of(page)
