"""Commands for keys, for the stop switch and for a cart's story, as people type them."""

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
    "contact": {"email": "ben@mail.test"},
}


@pytest.fixture
def shop(commands: Install, request: pytest.FixtureRequest) -> str:
    """A shop of the test's own."""
    slug = request.node.name.replace("_", "-").lower()[:60].strip("-")
    made = commands.run("shop", "create", slug, "--json")
    assert made.process.returncode == 0, made.said
    return slug


def test_a_key_is_shown_once_listed_and_revoked(commands, shop):
    made = read_json(
        commands.run("key", "create", "--shop", shop, "--scope", "read", "--scope", "send",
                    "--label", "the warehouse", "--json")
    )  # fmt: skip
    assert made["scopes"] == ["read", "send"]
    listed = commands.run("key", "list", "--shop", shop)
    assert f"{made['id']}  read,send  " in listed.result
    assert "in use  the warehouse" in listed.result
    assert made["key"].rsplit("_", 1)[1] not in listed.result
    assert commands.run("key", "revoke", made["id"], "--shop", shop).process.returncode == 0
    [row] = read_json(commands.run("key", "list", "--shop", shop, "--json"))["keys"]
    assert row["revoked_at"]
    again = commands.run("key", "revoke", made["id"], "--shop", shop)
    assert (again.process.returncode, "no key" in again.said) == (1, True)


def test_what_is_wrong_with_a_key_is_one_sentence(commands, shop):
    for command in (
        ("key", "create", "--shop", shop, "--scope", "admin"),
        ("key", "revoke", "nonsense", "--shop", shop),
        ("key", "list", "--shop", "nowhere"),
    ):
        run = commands.run(*command)
        assert run.process.returncode == 1
        assert run.said.strip().splitlines()[-1].startswith("ripresa: ")
        assert "Traceback" not in run.said


def test_all_sending_is_stopped_and_started(commands, shop):
    assert "every shop is stopped" in commands.run("stop").result
    assert "was stopped already" in commands.run("stop").result
    assert f"{shop} is stopped" in commands.run("stop", "--shop", shop).result
    started = commands.run("start", "--shop", shop).result
    assert "may leave again" in started
    assert "the whole install is stopped" in started
    assert "may leave again" in commands.run("start").result


def test_a_carts_story_is_told_by_token_and_by_id(commands, shop, tmp_path: Path):
    file = tmp_path / "events.jsonl"
    file.write_text(json.dumps(_CART))
    imported = commands.run("events", "import", str(file), "--shop", shop)
    assert "1 accepted" in imported.result, imported.said
    commands.start("worker")
    commands.wait_until("EXISTS (SELECT FROM cart)")
    told = read_json(commands.run("explain", "cart_9", "--shop", shop, "--json"))
    assert told["chapters"][0]["kind"] == "begun"
    by_id = commands.run("explain", told["cart_id"], "--shop", shop).result
    assert "cart_9" in by_id
    assert "2026-11-20 10:00:00Z  Cart begun" in by_id
    missing = commands.run("explain", "cart_10", "--shop", shop)
    assert (missing.process.returncode, "no cart" in missing.said) == (1, True)
