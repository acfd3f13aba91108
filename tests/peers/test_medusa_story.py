"""A whole install beside a real Medusa 2: a cart is left, reminded of, restored in the browser, and ordered."""

import base64
import email
import email.policy
import re

import psycopg
import pytest

from ripresa.core.embedded.database import embedded_database
from tests.browser.conftest import browser, context, page, watch  # noqa: F401  (fixtures)
from tests.installs import Install, read_json, wait
from tests.peers.medusa import HERE, IS_THERE, Medusa
from tests.smtp_sink import SinkServer

pytestmark = [
    pytest.mark.peers,
    pytest.mark.timeout(600),
    pytest.mark.skipif(not IS_THERE, reason="needs a real Medusa 2: make shop-medusa"),
]
SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()
SCENARIO = """version: 1
name: Left in the cart
trigger: {on: any, idle: 1m}
legal_basis: any
sender: {name: Trial wines, email: ciao@wines.test}
steps:
  - {id: first, after: 0m, send: [email], template: reminder}
"""


@pytest.fixture
def sink():
    with SinkServer() as sink:
        yield sink


@pytest.fixture
def install():
    install = Install()
    try:
        yield install
    finally:
        install.close()


@pytest.fixture
def database(install):
    """The embedded PostgreSQL of the install, which the shop has a database of its own in."""
    with embedded_database(install.home, report=lambda _line: None) as url:
        yield url


@pytest.fixture
def medusa(database, tmp_path):
    with Medusa(database, tmp_path) as medusa:
        yield medusa


@pytest.fixture
def ripresa(install, sink, medusa, tmp_path):
    """Ripresa as one installs it: a shop, its connection, a scenario that is Live, everything running."""
    env = {"RIPRESA_SMTP_URL": sink.url, "RIPRESA_PROVIDER_WEBHOOK_SECRET": SECRET,
           "RIPRESA_PROVIDER_SECRET_KEY": medusa.told["secret_key"]}  # fmt: skip

    def run(*command: str) -> str:
        done = install.run(*command, **env)
        assert done.process.returncode == 0, done.said
        return done.result

    run("db", "migrate")
    run("shop", "create", "wines", "--name", "Trial wines", "--store-url", f"{medusa.url}/shop")
    run("shop", "change", "wines", "--abandoned-after", "1m", "--address", "Via Roma 1, Roma")
    file = tmp_path / "left.yaml"
    file.write_text(SCENARIO)
    run("scenario", "import", str(file), "--shop", "wines")
    run("scenario", "activate", "Left in the cart", "--shop", "wines")
    connected = install.run(
        "connect", "medusa", "--shop", "wines", "--set", f"url={medusa.url}", "--set",
        f"publishable_key={medusa.told['publishable_key']}", "--set",
        f"storefront={medusa.url}/shop", "--json", **env,
    )  # fmt: skip
    hook = read_json(connected)["webhook_url"]
    up = install.start("up", "--workers", "1", **env)
    up.wait_for("Ripresa is up")
    medusa.start(webhook_url=hook, webhook_secret=SECRET)
    return run


def rows(url: str, statement: str) -> list[tuple]:
    with psycopg.connect(url) as connection:
        return connection.execute(statement).fetchall()


def text_of(content: bytes) -> str:
    """The plain words of a mail."""
    mail = email.message_from_bytes(content, policy=email.policy.default)
    return mail.get_body(("plain",)).get_content()


def test_left_reminded_restored_and_ordered(ripresa, medusa, database, sink, page):  # noqa: F811
    region, barolo = medusa.told["region"], medusa.told["variants"][0]
    cart = medusa.call("/store/carts", {"region_id": region, "email": "ada@example.test"})["cart"]
    line = {"variant_id": barolo["id"], "quantity": 2}
    medusa.call(f"/store/carts/{cart['id']}/line-items", line)
    wait(lambda: rows(database, "SELECT 1 FROM cart WHERE total_minor = 5980"), medusa)
    [mail] = sink.wait_for(1, seconds=180)
    assert mail.recipients == ("ada@example.test",)
    text = text_of(mail.content)
    assert "Barolo" in text
    # She follows the link, from whatever device.
    page.goto(re.search(r"http://\S+/r/[\w-]+", text)[0])
    page.get_by_role("button").first.click()
    page.wait_for_url("**/shop")
    page.get_by_text("Total €59.80").wait_for()
    page.screenshot(path=HERE / "restored.png")
    page.get_by_role("button", name="Order").click()
    page.get_by_text("Thank you. Your order is number 1.").wait_for()
    page.screenshot(path=HERE / "ordered.png")
    state = "SELECT state, cause FROM cart"
    wait(lambda: rows(database, state) == [("recovered", "link")], medusa)
    # The shop told of the order, and telling it again by being asked changes nothing.
    ripresa(
        "connection", "back-fill", "medusa", "--shop", "wines", "--since", "2026-01-01T00:00:00Z"
    )
    assert rows(database, "SELECT total_minor, currency FROM shop_order") == [(5980, "EUR")]
    [(facts,)] = rows(database, "SELECT facts FROM decision WHERE outcome = 'sent'")
    assert facts["catalogue"] == "unchanged"
