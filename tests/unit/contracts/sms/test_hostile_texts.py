"""Naughty strings: counted, folded, read and told by every provider without breaking anything."""

import json

import pytest

from ripresa.contracts.feedback import FeedbackKind, HookRefused
from ripresa.contracts.sms.folding import cheapest, fold
from ripresa.contracts.sms.replies import read_reply
from ripresa.contracts.sms.text import count, split
from tests.foreign import FOREIGN
from tests.hooks import a_call, a_form, a_get
from tests.sms_providers import PROVIDERS, settings_of

GRAVE = {FeedbackKind.UNSUBSCRIBED, FeedbackKind.COMPLAINED, FeedbackKind.SUBSCRIBED}
NAUGHTY = FOREIGN / "hostile/naughty_strings"


@pytest.fixture(scope="module")
def strings():
    found = json.loads((NAUGHTY / "blns.json").read_text(encoding="utf-8"))
    assert len(found) > 400
    return found


@pytest.mark.foreign
def test_texts(strings):
    for text in strings:
        assert "".join(split(text)) == text
        assert count(text).segments == len(split(text))
        assert count(cheapest(text, "it")).segments <= count(text).segments
        assert fold(fold(text, "ru"), "ru") == fold(text, "ru")
        read_reply(text)


@pytest.mark.foreign
@pytest.mark.parametrize("name", ["smsapi", "vonage", "http_gateway"])
def test_calls(name, strings):
    """What nobody signed: read as feedback of no consequence, or refused in words. Never an error."""
    reader = PROVIDERS[name].reader(settings_of(name))
    fields = {
        "smsapi": ("MsgId", "status", "idx", "to", "donedate"),
        "vonage": ("messageId", "status", "client-ref", "msisdn", "message-timestamp"),
        "http_gateway": ("key", "state", "reply", "at", "to"),
    }[name]
    for text in strings:
        said = dict.fromkeys(fields, text)
        for call in (a_form(said), a_get(said), a_call(text.encode(), kind="application/json")):
            try:
                told = reader.read(call)
            except HookRefused:
                continue
            assert all(one.kind not in GRAVE for one in told), text
            assert all(0 < len(one.event_id) <= 200 for one in told)
