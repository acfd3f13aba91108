"""`ripresa campaign`: from its file to its end, with a worker beside it."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.installs import Install, read_json

CAMPAIGN = """\
version: 1
name: Hello
about: abandoned_cart
audience: {when: {abandonment: {state: not_recovered}}}
message: {send: [letter], template: reminder}
budget: {max_cost: "5.00", cost: {letter: "0.95"}}
sender: {name: Bottega, email: ciao@bottega.test}
"""
_CART = {
    "id": "e1",
    "type": "cart.updated",
    # The worker has the clock on the wall: a cart of a fixed day would be too old one day.
    "occurred_at": (datetime.now(UTC) - timedelta(hours=2)).isoformat(),
    "cart": {
        "token": "cart_9",
        "currency": "EUR",
        "items": [{"product_id": "barolo", "quantity": 1, "unit_price": "29.90"}],
    },
    "contact": {
        "email": "ben@mail.test",
        "consent": {"letter": "granted"},
        "address": {
            "name": "Ben Rossi",
            "lines": ["Via Roma 1"],
            "postal_code": "00184",
            "city": "Roma",
            "country": "IT",
        },
    },
}


@pytest.fixture
def shop(commands: Install, tmp_path: Path) -> str:
    """A shop whose one customer left a cart."""
    slug = "letters"
    assert commands.run("shop", "create", slug, "--json").process.returncode == 0
    file = tmp_path / "events.jsonl"
    file.write_text(json.dumps(_CART))
    assert "1 accepted" in commands.run("events", "import", str(file), "--shop", slug).result
    commands.start("worker")
    commands.wait_until("EXISTS (SELECT FROM abandonment)")
    assert "abandoned" in commands.run("explain", "cart_9", "--shop", slug).result
    return slug


def test_a_campaign_from_its_file_to_its_end(commands, shop, tmp_path):
    file = tmp_path / "hello.yaml"
    file.write_text(CAMPAIGN)

    def ask(*words):
        return commands.run("campaign", *words, "--shop", shop)

    told = ask("preview", str(file)).result
    assert "1 people are in the audience." in told
    assert "Cost: 0.95 EUR." in told
    assert read_json(ask("create", str(file), "--json")) == {"name": "Hello", "is_new": True}
    started = read_json(ask("start", "Hello", "--yes", "--json"))
    assert started == {"state": "live", "people": 1}
    commands.wait_until("EXISTS (SELECT FROM message WHERE state = 'sent')")
    assert "letter  sent" in ask("show", "Hello").result
    assert "Campaign Hello" in commands.run("explain", "cart_9", "--shop", shop).result
    again = ask("create", str(file))
    assert again.process.returncode == 1
    assert "'Hello' has begun and can't be changed" in again.said
    assert "Traceback" not in again.said
