"""The doctor finds the domains that mails come from, and asks the DNS about them."""

import pytest

from ripresa.core.config import load
from ripresa.domain.messages.senders import NewSender
from ripresa.entrypoints.doctor.senders import check_senders
from ripresa.usecases.providers import stored_senders
from tests.db.usecases.engine_world import T0, make_world
from tests.name_server import NameServer

pytestmark = pytest.mark.django_db
ZONE = {
    ("bottega.it", "TXT"): ['"v=spf1 mx ~all"'],
    ("bottega.it", "MX"): ["10 mail.bottega.it."],
    ("mail.bottega.it", "A"): ["192.0.2.7"],
    ("7.2.0.192.in-addr.arpa", "PTR"): ["mail.bottega.it."],
}


def findings(monkeypatch, address):
    monkeypatch.setenv("RIPRESA_DNS", address)
    monkeypatch.setenv("RIPRESA_SMTP_URL", "smtp://mail.bottega.it:25?tls=none")
    monkeypatch.setenv("RIPRESA_PUBLIC_URL", "http://bottega.it")
    return [(one.check, one.level) for one in check_senders(load())]


def test_stored_senders_and_those_of_live_scenarios_are_looked_at(monkeypatch):
    world = make_world()
    sender = NewSender("ciao@bottega.it", "Bottega")
    stored_senders.add_sender(shop_id=world.shop_id, sender=sender, now=T0)
    world.scenario(more="sender: {name: Enoteca, email: posta@enoteca.it}")
    with NameServer(ZONE) as server:
        found = findings(monkeypatch, server.address)
        asked = {name for name, _ in server.asked}
    assert found == [
        ("SPF", "ok"), ("DKIM", "warn"), ("DMARC", "warn"),
        ("SPF", "warn"), ("DKIM", "warn"), ("DMARC", "warn"),
        ("PTR", "ok"),
        ("unsubscribe", "warn"),
    ]  # fmt: skip
    assert {"bottega.it", "_dmarc.bottega.it", "enoteca.it"} <= asked


def test_nobody_sends_so_nobody_is_asked(monkeypatch):
    make_world()
    with NameServer(ZONE) as server:
        assert findings(monkeypatch, server.address) == []
        assert server.asked == []
