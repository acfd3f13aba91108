"""The demo's own servers: what the shop reports and refuses, and what a mail may do in the viewer."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from smtplib import SMTP
from typing import Any

import pytest

from ripresa.core.clock import Clock
from ripresa.entrypoints.demo.catcher import CaughtMail, MailCatcher
from ripresa.entrypoints.demo.mail_pages import pages
from ripresa.entrypoints.demo.memory import Memory
from ripresa.entrypoints.demo.shop_site import DemoShop
from ripresa.entrypoints.demo.site import LocalSite, Question, Reply

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
TOKEN = "cart_" + "0" * 31 + "5"
ITEMS = [{"sku": "BAR-19", "quantity": 2}, {"sku": "PAS-20", "quantity": 1}]
ORDER = {
    "cart_token": TOKEN,
    "currency": "EUR",
    "total": "0.01",
    "items": ITEMS,
    "contact": {"email": "ada@example.test", "first_name": "Ada", "agent": "eve@example.test"},
    "address": {"name": "Ada Rossi", "lines": ["Via Roma 1"], "city": "Roma", "country": "IT"},
}


class Intake:
    """Stands for Ripresa: takes events, and answers as it is told."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.answer: dict[str, Any] = {"accepted": 1, "duplicates": 0, "rejected": []}
        self.status = 202

    def __call__(self, question: Question) -> Reply:
        self.events.append(json.loads(question.body))
        return Reply(self.status, "application/json", json.dumps(self.answer).encode())


@pytest.fixture
def intake() -> Iterator[Intake]:
    told = Intake()
    with LocalSite(0, told) as site:
        told.url = site.url
        yield told


@pytest.fixture
def shop(intake: Intake) -> DemoShop:
    return DemoShop(
        intake_url=intake.url,
        public_key="pk_1_public",
        secret_key="rk_1_secret",
        now=lambda: NOW,
        next_number=lambda: 1001,
        ordered=lambda _number: None,
    )


def ask(shop: DemoShop, method: str, path: str, content: Any = None) -> Reply:
    return shop.answer(Question(method, path, json.dumps(content).encode()))


def test_an_order_is_reported_with_the_prices_of_the_catalogue(shop, intake) -> None:
    ask(shop, "PUT", f"/shop/carts/{TOKEN}", {"items": ITEMS, "at": 1})
    reply = ask(shop, "POST", "/shop/orders", ORDER)
    assert (reply.status, json.loads(reply.body)) == (201, {"number": "#1001"})
    [event] = intake.events
    assert event["type"] == "order.placed"
    assert event["occurred_at"] == "2026-11-22T12:00:00+00:00"
    assert event["order"]["total"] == "101.60"
    assert event["order"]["cart_token"] == TOKEN
    assert event["contact"]["email"] == "ada@example.test"
    assert "agent" not in event["contact"]
    assert ask(shop, "GET", f"/shop/carts/{TOKEN}").status == 404


@pytest.mark.parametrize(
    ("status", "answer"),
    [
        (503, {"error": {"code": "unavailable"}}),
        (202, {"accepted": 0, "duplicates": 0, "rejected": [{"code": "missing"}]}),
    ],
)
def test_an_order_that_ripresa_does_not_take_is_not_placed(shop, intake, status, answer) -> None:
    intake.status, intake.answer = status, answer
    ask(shop, "PUT", f"/shop/carts/{TOKEN}", {"items": ITEMS, "at": 1})
    assert ask(shop, "POST", "/shop/orders", ORDER).status == 502
    assert ask(shop, "GET", f"/shop/carts/{TOKEN}").status == 200


@pytest.mark.parametrize(
    ("method", "path", "content"),
    [
        ("PUT", f"/shop/carts/{TOKEN}", {"items": [{"sku": "GOLD", "quantity": 1}], "at": 1}),
        ("PUT", f"/shop/carts/{TOKEN}", {"items": [{"sku": "BAR-19", "quantity": -1}], "at": 1}),
        ("PUT", f"/shop/carts/{TOKEN}", []),
        ("PUT", f"/shop/carts/{TOKEN}", {"items": ITEMS}),
        ("POST", "/shop/orders", {"items": ITEMS}),
        ("POST", "/shop/orders", 7),
    ],
)
def test_what_the_pages_never_send_is_refused(shop, method, path, content) -> None:
    assert ask(shop, method, path, content).status == 400


def test_a_saved_cart_is_shown_without_its_person(shop) -> None:
    ask(
        shop,
        "PUT",
        f"/shop/carts/{TOKEN}",
        {"items": ITEMS, "at": 1, "contact": {"email": "a@b.test"}},
    )
    assert json.loads(ask(shop, "GET", f"/shop/carts/{TOKEN}").body) == {"items": ITEMS}


def test_a_request_that_was_overtaken_changes_nothing(shop) -> None:
    one = [{"sku": "BAR-19", "quantity": 1}]
    ask(shop, "PUT", f"/shop/carts/{TOKEN}", {"items": ITEMS, "at": 2})
    ask(shop, "PUT", f"/shop/carts/{TOKEN}", {"items": one, "at": 1})
    assert json.loads(ask(shop, "GET", f"/shop/carts/{TOKEN}").body) == {"items": ITEMS}
    ask(shop, "PUT", f"/shop/carts/{TOKEN}", {"items": one, "at": 3})
    assert json.loads(ask(shop, "GET", f"/shop/carts/{TOKEN}").body) == {"items": one}


@pytest.mark.parametrize(
    "path", ["/../README.md", "//etc/passwd", "/wines/../../src/ripresa.js", "/none", "/wines"]
)
def test_nothing_but_the_shops_own_pages_is_served(shop, path: str) -> None:
    assert ask(shop, "GET", path).status == 404


def test_the_pages_know_the_public_key_only(shop) -> None:
    config = ask(shop, "GET", "/shop/config.js").body.decode()
    assert "pk_1_public" in config
    assert "rk_1_secret" not in config
    assert ask(shop, "GET", "/ripresa.js").kind == "text/javascript"


def letter(html: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "Bottega <ciao@b.test>", "ada@c.test", "Così è"
    mail.set_content("the text")
    mail.add_alternative(html, subtype="html")
    return mail


@pytest.fixture
def catcher() -> Iterator[MailCatcher]:
    heard: list[CaughtMail] = []
    with MailCatcher(lambda: NOW, heard.append) as server:
        server.heard = heard
        yield server


def test_a_mail_is_caught_told_and_shown(catcher: MailCatcher) -> None:
    with SMTP("127.0.0.1", catcher.port) as client:
        client.send_message(letter("<html><head></head><body>the mail</body></html>"))
    [mail] = catcher.to("ada@c.test")
    assert catcher.heard == [mail]
    assert mail.subject == "Così è"
    show = pages(lambda: catcher.mails)
    [listed] = json.loads(show(Question("GET", "/mails.json", b"")).body)
    assert listed["headers"]["Subject"] == "Così è"
    shown = show(Question("GET", "/mails/1/html", b""))
    assert b'<base target="_blank">' in shown.body
    assert b"the mail" in shown.body
    assert show(Question("GET", "/mails/1/text", b"")).body.strip() == b"the text"
    assert b"Subject:" in show(Question("GET", "/mails/1/source", b"")).body
    assert show(Question("GET", "/mails/2/html", b"")).status == 404


def test_a_mail_can_do_nothing_in_the_viewer() -> None:
    mail = CaughtMail(1, NOW, ("ada@c.test",), letter("<script>steal()</script>").as_bytes())
    policy = pages(lambda: [mail])(Question("GET", "/mails/1/html", b"")).policy
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "sandbox allow-popups allow-popups-to-escape-sandbox" in policy
    assert "allow-scripts" not in policy
    assert "allow-same-origin" not in policy


def test_a_site_is_for_localhost_alone(intake: Intake) -> None:
    request = urllib.request.Request(intake.url, headers={"Host": "evil.example:80"})
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(request)
    assert intake.events == []


def test_time_never_goes_back_in_one_home(tmp_path: Path) -> None:
    memory = Memory.of(tmp_path)
    later = Clock.started_now().now() + timedelta(days=30)
    memory.password = "vino"
    memory.write(later)
    again = Memory.of(tmp_path)
    assert again.password == "vino"
    assert again.clock(90.0).now() > later
    assert (tmp_path / "demo.json").stat().st_mode & 0o077 == 0


def test_a_damaged_memory_is_a_forgotten_one(tmp_path: Path) -> None:
    (tmp_path / "demo.json").write_text("{")
    assert Memory.of(tmp_path).secret_key == ""
