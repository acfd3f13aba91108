"""What the audit log keeps of a change: what differs, in brief, without secrets and mailboxes."""

from datetime import UTC, datetime, timedelta

from ripresa.domain.audit.rules import HIDDEN, differences


def test_only_what_differs_is_kept():
    before = {"name": "A", "currency": "EUR", "hosts": ["a.test"]}
    after = {"name": "B", "currency": "EUR", "hosts": ["a.test", "b.test"]}
    assert differences(before, after) == (
        {"name": "A", "hosts": ["a.test"]},
        {"name": "B", "hosts": ["a.test", "b.test"]},
    )


def test_a_side_lacks_what_it_did_not_have():
    assert differences({}, {"role": "agent"}) == ({}, {"role": "agent"})
    assert differences({"role": "agent"}, {}) == ({"role": "agent"}, {})


def test_secrets_are_hidden_wherever_they_stand():
    before = {"settings": {"password": "old"}, "api_key": "k1", "url": "u"}
    after = {"settings": {"password": "new"}, "api_key": None, "url": "u"}
    assert differences(before, after) == (
        {"settings": {"password": HIDDEN}, "api_key": HIDDEN},
        {"settings": {"password": HIDDEN}, "api_key": None},
    )


def test_mailboxes_are_hidden_and_long_texts_cut():
    _, after = differences({}, {"to": "Ada <ada.b@wines.test>, x@y.test", "text": "a" * 500})
    assert after["to"] == "Ada <…@wines.test>, …@y.test"
    assert len(after["text"]) == 200


def test_values_that_json_does_not_know():
    at = datetime(2026, 1, 2, tzinfo=UTC)
    _, after = differences({}, {"gap": timedelta(hours=1), "at": at, "on": at.date()})
    assert after == {"gap": "3600 s", "at": "2026-01-02T00:00:00+00:00", "on": "2026-01-02"}
