"""`ripresa send`: it tells what stands against it, asks, and the story names who sent it."""

import json
from pathlib import Path

import pytest

from tests.installs import Install, read_json

_CART = {
    "id": "e1",
    "type": "cart.updated",
    "occurred_at": "2026-11-20T10:00:00Z",
    "cart": {
        "token": "cart_9",
        "currency": "EUR",
        "items": [{"product_id": "barolo", "quantity": 1, "unit_price": "29.90"}],
    },
    "contact": {"email": "ben@mail.test", "consent": {"email": "granted"}},
}


@pytest.fixture
def shop(commands: Install, tmp_path: Path) -> str:
    """A shop with one cart."""
    slug = "by-hand"
    assert commands.run("shop", "create", slug, "--json").process.returncode == 0
    file = tmp_path / "events.jsonl"
    file.write_text(json.dumps(_CART))
    imported = commands.run("events", "import", str(file), "--shop", slug)
    assert "1 accepted" in imported.result, imported.said
    commands.start("worker")
    commands.wait_until("EXISTS (SELECT FROM cart)")
    assert commands.run("stop", "--shop", slug).process.returncode == 0
    return slug


def test_a_message_by_hand(commands, shop):
    command = ("send", "cart_9", "--shop", shop, "--template", "reminder")
    looked = commands.run(*command, "--preview")
    assert looked.process.returncode == 0, looked.said
    assert "[stopped]" in looked.result
    told = read_json(commands.run(*command, "--override", "caps", "--by", "Max", "--yes", "--json"))
    assert (told["is_possible"], told["obstacles"][0]["reason"]) == (True, "stopped")
    story = read_json(commands.run("explain", "cart_9", "--shop", shop, "--json"))
    [asked] = [each["by_hand"] for each in story["chapters"] if each["kind"] == "by_hand"]
    assert (asked["asked_by"], asked["overrides"]) == ("Max", ["caps"])
    assert "Sent off by hand: Max" in commands.run("explain", "cart_9", "--shop", shop).result
    for wrong in (
        ("send", "cart_10", "--shop", shop, "--template", "reminder", "--yes"),
        ("send", "cart_9", "--shop", shop, "--template", "poem", "--yes"),
        (*command, "--override", "consent", "--yes"),
        (*command, "--json"),
    ):
        run = commands.run(*wrong)
        assert run.process.returncode == 1
        assert run.said.strip().splitlines()[-1].startswith("ripresa: ")
        assert "Traceback" not in run.said
