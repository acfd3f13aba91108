"""`ripresa webhook` as a person and as a program use it."""

import json

import pytest
from typer.testing import CliRunner

from ripresa.core.http.client import HttpClient
from ripresa.core.http.signing import is_standard_webhook
from ripresa.domain.webhooks.models import WebhookEndpoint
from ripresa.entrypoints.cli.problem import Problem
from ripresa.entrypoints.cli.webhooks import app
from ripresa.usecases.webhooks.delivering import Courier
from tests.commands import commands
from tests.rows import T0, make_shop
from tests.scripted_http import HOST, Said, ScriptedApi
from tests.webhooks import deliver, warn

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    return make_shop("wines", "Ada's Wines")


@pytest.fixture
def ripresa(shop, monkeypatch):
    """Run `ripresa webhook …` against the test's database; a problem is raised as it is."""
    monkeypatch.setenv("RIPRESA_INTERNAL_HOSTS", HOST)
    run = commands(monkeypatch, lambda: T0)
    return lambda *words: run("webhook", *words).stdout


def test_what_was_told_is_signed_shown_and_told_again(ripresa, shop):
    with ScriptedApi(lambda _: Said(200, "thank you")) as api:
        assert "tells nobody" in ripresa("list")
        secret = ripresa("add", "crm", api.url, "--type", "shop.*").strip()
        turned = json.loads(ripresa("rotate", "crm", "--overlap", "0", "--json"))["secret"]
        event = json.loads(ripresa("test", "crm", "--json"))["event"]
        assert "not called yet" in ripresa("deliveries", "crm")
        courier = Courier(HttpClient(connections=4, internal_hosts=[HOST]))
        warn(shop.id, None, T0, "a warning")
        deliver(courier, T0)
        assert sorted(one.json["type"] for one in api.heard) == ["shop.warned", "webhook.test"]
        for call in api.heard:
            assert is_standard_webhook(call.body, turned, call.headers, now=T0)
            assert not is_standard_webhook(call.body, secret, call.headers, now=T0)
        shown = json.loads(ripresa("deliveries", "crm", "--event", event, "--json"))
        assert shown["told"]["type"] == "webhook.test"
        assert [(one["status"], one["reply"]) for one in shown["calls"]] == [(200, "thank you")]
        assert "thank you" in ripresa("deliveries", "crm", "--event", event)
        assert len(json.loads(ripresa("deliveries", "crm", "--json"))["deliveries"]) == 2
        assert "nothing of that kind" in ripresa("deliveries", "crm", "--state", "waiting")
        # A test fits no pattern, so it is told again only by its own id.
        ripresa(
            "replay", "crm", "--since", "2026-01-01T00:00:00Z", "--until", "2027-01-01T00:00:00Z"
        )
        assert "1 event again" in ripresa("replay", "crm", "--event", event)
        deliver(courier, T0)
        assert len(api.heard) == 4
        courier.close()
    assert turned not in ripresa("list")


def test_an_endpoint_from_its_adding_to_its_removal(ripresa):
    ripresa("add", "crm", "https://crm.test/hook", "--type", "shop.*")
    [row] = json.loads(ripresa("list", "--json"))["endpoints"]
    assert (row["name"], row["types"], row["state"], row["waiting"]) == ("crm", ["shop.*"], "on", 0)
    ripresa("change", "crm", "--type", "*")
    assert "paused" in ripresa("pause", "crm")
    assert "not called anyway" in ripresa("pause", "crm")
    assert "called again" in ripresa("resume", "crm")
    assert "0 waiting" in ripresa("list")
    assert WebhookEndpoint.objects.get().patterns == ["*"]
    assert "forgotten" in ripresa("remove", "crm")
    assert not WebhookEndpoint.objects.exists()


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["add", "bi", "http://bi.test/"], "without encryption"),
        (["add", "bi", "https://bi.test/", "--type", "baskets.*"], "nothing that happens"),
        (["add", "crm", "https://bi.test/"], "there is an endpoint 'crm' already"),
        (["change", "crm"], "--url or --type"),
        (["test", "bi"], "there are: crm"),
        (["rotate", "crm", "--overlap", "1000"], "0 to 30 days"),
        (["deliveries", "crm", "--state", "lost"], "--state is waiting"),
        (["deliveries", "crm", "--event", "x"], "no id of an event"),
        (["replay", "crm"], "say what to tell again"),
        (["replay", "crm", "--since", "yesterday"], "--since must be an instant"),
    ],
)
def test_what_is_wrong_is_one_sentence(ripresa, words, problem):
    ripresa("add", "crm", "https://crm.test/hook")
    with pytest.raises(Problem, match=problem):
        ripresa(*words)


def test_the_schema_of_one_type_and_of_all():
    run = CliRunner().invoke
    assert json.loads(run(app, ["schema", "cart.recovered"]).stdout)["title"] == "cart.recovered"
    assert len(json.loads(run(app, ["schema"]).stdout)["oneOf"]) > 40
    assert isinstance(run(app, ["schema", "cart.stolen"]).exception, Problem)
