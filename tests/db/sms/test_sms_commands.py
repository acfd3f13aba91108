"""`ripresa sms`: what a template costs at most, a test that says what it costs, senders."""

import json

import pytest

from ripresa.contracts.sms.text import count
from ripresa.domain.contacts.suppression import suppress
from ripresa.domain.coupons.pools import create_pool
from ripresa.entrypoints import registry
from ripresa.entrypoints.cli.problem import Problem
from ripresa.usecases.providers import sealed_settings
from ripresa.usecases.providers.provider_accounts import Accounts
from ripresa.usecases.stop_sending import stop_shop
from tests.commands import commands
from tests.db.providers.pigeon import pigeons
from tests.db.usecases.engine_world import T0, make_world
from tests.scripted_http import HOST, Said, ScriptedApi
from tests.sms_providers import taken_by_smsapi

pytestmark = pytest.mark.django_db
NUMBER = "+393331234567"


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def ripresa(world, monkeypatch):
    """Run `ripresa sms …` for the world's shop; a problem is raised as it is."""
    smtp = "smtp://127.0.0.1:1?tls=none"
    run = commands(monkeypatch, lambda: world.now, shop=world.shop.slug, smtp_url=smtp)
    return lambda *words, typed="": run("sms", *words, answer=typed).stdout


@pytest.fixture
def api(world, monkeypatch):
    """An account of the shop with SMSAPI, on loopback."""
    monkeypatch.setenv("RIPRESA_INTERNAL_HOSTS", HOST)
    box = pigeons().box
    monkeypatch.setattr(sealed_settings.SealedSettings, "opened_box", lambda self: box)

    def answer(heard):
        if heard.path == "/user.do":
            return Said(200, {"points": 12.5})
        if heard.path == "/sms/sendernames":
            return Said(200, {"collection": [{"sender": "Wines", "status": "ACTIVE"}]})
        return taken_by_smsapi(heard)

    with ScriptedApi(answer) as api:
        Accounts(registry.PROVIDERS).add(
            shop_id=world.shop_id, provider_name="smsapi", name="texts", now=T0,
            given={"token": "t", "api_url": api.url},
        )  # fmt: skip
        yield api


def sent(api):
    return [heard.form for heard in api.heard if heard.path == "/sms.do"]


def test_a_template_is_counted_with_its_fields_at_their_longest(ripresa, world):
    texts = json.loads(ripresa("cost", "reminder", "--json"))
    english = texts[1]
    assert [one["language"] for one in texts] == ["de", "en", "it", "ro", "ru"]
    for one in texts:
        assert one["usual"]["segments"] == count(one["text"]).segments
        assert one["text"].count("/s/") == 2
    without = english["usual"]["units"]
    create_pool(shop_id=world.shop_id, name="BACK", code="COME-BACK-TO-US-2026", now=T0)
    (with_coupon,) = json.loads(
        ripresa("cost", "reminder", "--language", "en", "--coupon", "BACK", "--json")
    )
    assert "COME-BACK-TO-US-2026" in with_coupon["text"]
    assert with_coupon["usual"]["units"] > without


def test_a_name_outside_the_alphabet_may_cost_more(ripresa):
    """This template names the agent: one ș in her name, and each part holds 67 units."""
    (english,) = json.loads(ripresa("cost", "agent_reminder", "--language", "en", "--json"))
    assert english["usual"]["encoding"] == "GSM-7"
    assert english["most"]["encoding"] == "UCS-2"
    assert english["most"]["segments"] > english["usual"]["segments"]
    assert "outside the GSM alphabet" in ripresa("cost", "agent_reminder")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nope",), "there is no 'nope' for SMS"),
        (("reminder", "--language", "xx"), "no words in 'xx'"),
        (("reminder", "--coupon", "nope"), "no pool 'nope'"),
    ],
)
def test_what_cannot_be_counted(ripresa, words, said):
    with pytest.raises(Problem, match=said):
        ripresa("cost", *words)


def test_a_test_says_what_it_costs_and_asks(ripresa, api):
    said = ripresa("test", "--to", NUMBER, typed="n\n")
    assert sent(api) == []
    assert "This costs the credit of 1 part. 12.5 points is left." in said
    assert "Send it? [y/N]" in said
    said = ripresa("test", "--to", NUMBER, typed="y\n")
    assert "Taken over by smsapi: id-393331234567" in said
    (form,) = sent(api)
    assert form["message"].startswith("Bottega: your cart is waiting")


def test_links_of_a_test_lead_nowhere(ripresa, api, client):
    told = json.loads(ripresa("test", "--to", NUMBER, "--yes", "--json"))
    assert told["fate"] == "accepted"
    for word in told["text"].split():
        if "/s/" in word:
            assert client.get("/s/" + word.rpartition("/s/")[2]).status_code == 404


def test_own_words(ripresa, api):
    told = json.loads(ripresa("test", "--to", NUMBER, "--text", "Șapte", "--yes", "--json"))
    assert (told["text"], told["encoding"], told["segments"]) == ("Șapte", "UCS-2", 1)
    assert sent(api)[0]["message"] == "Șapte"


def test_where_a_test_never_goes(ripresa, api, world):
    world.contact(phone="+393331234568", consent_sms="denied")
    suppress(shop_id=world.shop_id, channel="sms", cause="bounce", details={NUMBER: "gone"}, now=T0)
    for number in (NUMBER, "+393331234568"):
        with pytest.raises(Problem, match="has said no"):
            ripresa("test", "--to", number, "--yes")
    with pytest.raises(Problem, match="no number"):
        ripresa("test", "--to", "333", "--yes")
    stop_shop(shop_id=world.shop_id, now=T0)
    with pytest.raises(Problem, match="stopped"):
        ripresa("test", "--to", "+393331234569", "--yes")
    assert sent(api) == []


def test_without_an_account_it_says_that_nobody_gets_it(ripresa):
    assert "reaches nobody" in ripresa("test", "--to", NUMBER, typed="n\n")
    with pytest.raises(Problem, match="--yes"):
        ripresa("test", "--to", NUMBER, "--json")


def test_senders(ripresa, api):
    assert ripresa("senders") == "Wines\n"
    assert json.loads(ripresa("senders", "--json")) == {"senders": ["Wines"]}


def test_who_does_not_tell_its_senders_says_so(ripresa):
    with pytest.raises(Problem, match="recording does not tell"):
        ripresa("senders")
