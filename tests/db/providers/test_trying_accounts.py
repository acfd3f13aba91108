"""`ripresa provider test`: an account is tried, and a test is sent only if asked for."""

import json

import pytest

from ripresa.domain.contacts.suppression import suppress
from ripresa.domain.shops.models import Shop
from ripresa.entrypoints import registry
from ripresa.entrypoints.cli.problem import Problem
from ripresa.usecases.providers import sealed_settings
from ripresa.usecases.providers.provider_accounts import Accounts
from tests.commands import commands
from tests.db.providers.pigeon import pigeons
from tests.db.usecases.engine_world import T0, make_world
from tests.scripted_http import HOST, Said, ScriptedApi
from tests.sms_providers import taken_by_smsapi
from tests.smtp_sink import SinkServer

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(monkeypatch):
    monkeypatch.setenv("RIPRESA_INTERNAL_HOSTS", HOST)
    box = pigeons().box
    monkeypatch.setattr(sealed_settings.SealedSettings, "opened_box", lambda self: box)
    return make_world()


@pytest.fixture
def ripresa(world, monkeypatch):
    """Run `ripresa provider test …`; a problem is raised as it is."""
    run = commands(monkeypatch, lambda: T0, shop=world.shop.slug)
    return lambda *words, typed="": run("provider", "test", *words, answer=typed).stdout


@pytest.fixture
def add(world):
    def add_account(provider, **given):
        return Accounts(registry.PROVIDERS).add(
            shop_id=world.shop_id, provider_name=provider, name=provider, given=given, now=T0
        )

    return add_account


def test_sms_is_tried_by_asking_what_is_left(ripresa, add, world):
    answers = {"/user.do": Said(200, {"points": 12.5})}
    with ScriptedApi(lambda heard: answers.get(heard.path) or taken_by_smsapi(heard)) as api:
        add("smsapi", token="t", api_url=api.url)
        assert "12.5 points is left" in ripresa("smsapi")
        assert not [heard for heard in api.heard if heard.path == "/sms.do"]
        # A test costs: it asks, and whoever says no sends nothing.
        assert "costs the credit of" in ripresa("smsapi", "--to", "+393331234567", typed="n\n")
        assert not [heard for heard in api.heard if heard.path == "/sms.do"]
        told = ripresa("smsapi", "--to", "+393331234567", "--yes", "--json")
        assert json.loads(told)["fate"] == "accepted"
        assert len([heard for heard in api.heard if heard.path == "/sms.do"]) == 1
        # It says no with status 200.
        answers["/user.do"] = Said(200, {"error": 101, "message": "Authorization failed"})
        with pytest.raises(Problem, match="Authorization failed"):
            ripresa("smsapi")


def test_smtp_is_tried_by_signing_in(ripresa, add, world):
    Shop.objects.filter(id=world.shop_id).update(owner_email="ada@wines.example")
    with SinkServer() as sink:
        add("smtp", url=sink.url)
        assert "answers" in ripresa("smtp")
        assert not sink.caught
        assert "Taken over" in ripresa("smtp", "--to", "me@wines.example", typed="y\n")
        assert len(sink.caught) == 1
        suppress(
            shop_id=world.shop_id, channel="email", cause="complaint", now=T0,
            details={"me@wines.example": ""},
        )  # fmt: skip
        with pytest.raises(Problem, match="suppressed"):
            ripresa("smtp", "--to", "me@wines.example", "--yes")
    with pytest.raises(Problem, match="can't be used"):
        ripresa("smtp")


def test_who_can_t_be_asked_says_so_and_a_folder_is_tried_by_a_file(ripresa, add, tmp_path):
    add("http_gateway", url="http://127.0.0.1:1/send", user="u", password="p")
    assert "can't be asked without sending" in ripresa("http_gateway")
    add("print_folder", folder=str(tmp_path))
    assert "takes files" in ripresa("print_folder")
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(Problem, match="no test can be sent by letter"):
        ripresa("print_folder", "--to", "x", "--yes")
