"""Stored senders over the API."""

import pytest


def add(ada, **changes):
    return ada.post("/senders", {"email": "posta@wines.test", "name": "Bottega"} | changes)


def test_a_sender_is_added_changed_held_and_forgotten(rows, ada):
    made = add(ada)
    assert made.status_code == 201
    told = made.json()
    assert (told["email"], told["name"], told["paused_at"]) == ("posta@wines.test", "Bottega", None)
    path = f"/senders/{told['id']}"
    assert ada.get(path).json() == told
    assert told in ada.pages("/senders")
    changed = ada.send("patch", path, {"reply_to": "help@wines.test"}).json()
    assert (changed["reply_to"], changed["name"]) == ("help@wines.test", "Bottega")
    assert ada.send("patch", path, {"reply_to": ""}).json()["reply_to"] == ""
    held = ada.post(f"{path}/pause", {"reason": "the DNS is not ready"}).json()
    assert held["paused_at"] is not None
    assert held["paused_reason"] == "the DNS is not ready"
    assert ada.post(f"{path}/resume", {}).json()["paused_at"] is None
    assert ada.send("delete", path).status_code == 204
    assert ada.get(path).status_code == 404


def test_an_address_is_stored_once(rows, ada):
    assert add(ada).status_code == 201
    assert add(ada, name="Other").status_code == 409


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"email": "no address"}, "email"),
        ({"name": " "}, "name"),
        ({"reply_to": "nobody"}, "reply_to"),
    ],
)
def test_what_cannot_be_a_sender_is_told_by_field(changes, field, rows, ada):
    refused = add(ada, **changes)
    assert refused.status_code == 422
    assert [one["field"] for one in refused.json()["errors"]] == [field]
