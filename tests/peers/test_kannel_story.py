"""A whole install beside a real Kannel: a text leaves, its report comes to the real hook, STOP is heard."""

import json

import psycopg
import pytest

from ripresa.core.embedded.database import embedded_database
from tests.installs import Install, read_json, wait
from tests.peers.kannel import IS_THERE, Kannel

pytestmark = [
    pytest.mark.peers,
    pytest.mark.skipif(
        not IS_THERE, reason="needs Debian's kannel and kannel-extras: make test-peers"
    ),
]
NUMBER = "+393331234567"
SLUG = "texts"
INSIDE = {"RIPRESA_INTERNAL_HOSTS": "127.0.0.1"}
_CART = {
    "id": "e1",
    "type": "cart.updated",
    "occurred_at": "2026-11-20T10:00:00Z",
    "cart": {
        "token": "cart_9",
        "currency": "EUR",
        "items": [{"product_id": "barolo", "quantity": 1, "unit_price": "29.90"}],
    },
    "contact": {
        "email": "ben@mail.test",
        "phone": NUMBER,
        "consent": {"sms": "granted"},
    },
}
SEND = ("send", "cart_9", "--shop", SLUG, "--template", "reminder", "--channel", "sms")


@pytest.fixture
def install(tmp_path):
    install = Install()
    try:
        assert install.run("db", "migrate").process.returncode == 0
        assert install.run("shop", "create", SLUG, "--json").process.returncode == 0
        file = tmp_path / "events.jsonl"
        file.write_text(json.dumps(_CART))
        assert "1 accepted" in install.run("events", "import", str(file), "--shop", SLUG).result
        yield install
    finally:
        install.close()


@pytest.fixture
def kannel(install, tmp_path):
    """Kannel, told where our hook is; the shop's account, told where Kannel is."""
    account = ("--shop", SLUG, "--set")
    url = "http://127.0.0.1:1/cgi-bin/sendsms"
    password = {"RIPRESA_PROVIDER_PASSWORD": Kannel.PASSWORD}
    added = install.run(
        "provider", "add", "http_gateway", "--name", "kannel", *account, f"url={url}", "--set",
        f"user={Kannel.USER}", **password,
    )  # fmt: skip
    assert added.process.returncode == 0, added.said
    hook = read_json(install.run("provider", "show", "kannel", "--shop", SLUG, "--json"))[
        "hook_url"
    ]
    with Kannel(tmp_path, incoming_url=hook) as kannel:
        changed = install.run("provider", "change", "kannel", *account, f"url={kannel.sendsms_url}")
        assert changed.process.returncode == 0, changed.said
        yield kannel


def deliveries(install):
    """What providers have told of each message, by its own database."""
    with (
        embedded_database(install.home, report=lambda _line: None) as url,
        psycopg.connect(url) as connection,
    ):
        return [row[0] for row in connection.execute("SELECT delivery FROM message").fetchall()]


def test_a_text_leaves_is_reported_and_stopped(install, kannel):
    up = install.start("up", **INSIDE)
    wait(lambda: install.run("explain", "cart_9", "--shop", SLUG).result, up)
    sent = install.run(*SEND, "--override", "caps,quiet_hours", "--yes", "--json", **INSIDE)
    assert read_json(sent)["is_possible"], sent.result
    wait(lambda: any(part.recipient == NUMBER for part in kannel.parts()), up)
    (part,) = [part for part in kannel.parts() if part.recipient == NUMBER]
    assert part.text.count("/s/1") == 2
    wait(lambda: deliveries(install) == ["delivered"], up)
    kannel.say(NUMBER, "44", "Please stop")
    wait(lambda: "no_consent" in install.run(*SEND, "--preview", "--json").result, up)
