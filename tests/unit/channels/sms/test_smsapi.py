"""SMSAPI: every recorded answer, its error codes, its reports."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from ripresa.channels.smsapi.answers import fate_of
from ripresa.channels.smsapi.reader import SmsapiReader
from ripresa.contracts.channel import Accepted, RefusalKind, Refused
from ripresa.contracts.feedback import BounceReason, FeedbackKind, HookRefused
from ripresa.contracts.provider import Balance
from ripresa.core.http.client import Answer
from tests.foreign import FOREIGN
from tests.hooks import NOW, a_form, a_get
from tests.outgoing import an_sms
from tests.scripted_http import Said, ScriptedApi
from tests.sms_providers import FEEDBACK_URL, open_at, taken_by_smsapi

RECORDED = FOREIGN / "payloads/smsapi/python/unit"
CREDIT, MAILBOX = RefusalKind.CREDIT, RefusalKind.MAILBOX
POLICY, OTHER = RefusalKind.POLICY, RefusalKind.OTHER
LONG_ENOUGH = timedelta(minutes=1)


def recorded(name):
    """Status and body, as its clients' own tests have them."""
    found = json.loads((RECORDED / name).read_text())
    return Answer(found["status_code"], {}, json.dumps(found["response"]).encode())


@pytest.mark.foreign
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("sms/fixtures/send.json", Accepted("1")),
        ("sms/fixtures/send_fast.json", Accepted("1")),
        ("sms/fixtures/send_flash.json", Accepted("1")),
        ("sms/fixtures/send_to_many_recipients.json", Accepted("1")),
        ("sms/fixtures/detailed_response.json", Accepted("1")),
        (
            "sms/fixtures/send_to_invalid_number.json",
            Refused(True, MAILBOX, "SMSAPI 13: No correct phone numbers"),
        ),
        (
            "sms/fixtures/remove_not_exists_sms.json",
            Refused(True, OTHER, "SMSAPI 301: Not exists ID message"),
        ),
    ],
)
def test_recorded_answers(name, expected):
    assert fate_of(recorded(name), "k") == expected


@pytest.mark.foreign
def test_recorded_balance():
    said = json.loads((RECORDED / "account/fixtures/balance.json").read_text())["response"]
    with ScriptedApi(lambda heard: Said(200, said)) as api:
        channel = open_at("smsapi", api.url)
        assert channel.balance(timeout=LONG_ENOUGH) == Balance("100.0", "points")
        channel.close()
    assert api.heard[0].headers["authorization"] == "Bearer token-of-ada"


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (53, Accepted("idx k")),
        (13, (True, MAILBOX)),
        (103, (False, CREDIT)),
        *((code, (False, POLICY)) for code in (14, 70, 94, 101, 102, 105, 110, 1000, 1001)),
        *((code, (False, OTHER)) for code in (8, 201, 666, 999)),
        *((code, (True, OTHER)) for code in (11, 12, 17, 18, 4711, "odd")),
    ],
)
def test_error_codes(code, expected):
    """With 200, too: the body is what counts."""
    for status in (200, 400):
        answer = Answer(status, {}, json.dumps({"error": code, "message": "words"}).encode())
        fate = fate_of(answer, "k")
        if isinstance(expected, Accepted):
            assert fate == expected
        else:
            assert isinstance(fate, Refused)
            assert (fate.permanent, fate.kind) == expected
            assert "words" in fate.detail


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"list": []}', b'{"list": [3]}'])
def test_an_odd_answer_is_asked_for_again(body):
    fate = fate_of(Answer(200, {}, body), "k")
    assert isinstance(fate, Refused)
    assert not fate.permanent


def test_a_repeated_key_is_checked_there():
    with ScriptedApi(taken_by_smsapi) as api:
        channel = open_at("smsapi", api.url, feedback_url=FEEDBACK_URL)
        channel.send([an_sms(1)], timeout=LONG_ENOUGH)
        channel.close()
    form = api.heard[0].form
    assert api.heard[0].path == "/sms.do"
    assert (form["idx"], form["check_idx"], form["encoding"]) == ("s1", "1", "utf-8")
    assert form["notify_url"] == FEEDBACK_URL


def test_sender_names_that_may_be_used():
    listed = [{"sender": "Wines", "status": "ACTIVE"}, {"sender": "New", "status": "INACTIVE"}]
    with ScriptedApi(lambda heard: Said(200, {"size": 2, "collection": listed})) as api:
        channel = open_at("smsapi", api.url)
        assert channel.senders(timeout=LONG_ENOUGH) == ["Wines"]
        channel.close()


def test_a_balance_that_is_not_told_is_none():
    with ScriptedApi(lambda heard: Said(500, "")) as api:
        channel = open_at("smsapi", api.url)
        assert channel.balance(timeout=LONG_ENOUGH) is None
        assert channel.senders(timeout=LONG_ENOUGH) is None
        channel.close()


read = SmsapiReader().read
REPORT = {
    "MsgId": "id1",
    "status": "404",
    "idx": "k1",
    "to": "48500000001",
    "donedate": "1795348800",
}


def test_the_answer_is_ok_to_the_letter():
    assert SmsapiReader.reply.body == b"OK"
    assert SmsapiReader.reply.status == 200


def test_a_report():
    for call in (a_form(REPORT), a_get(REPORT)):
        (found,) = read(call)
        assert (found.kind, found.message_key, found.receipt) == (
            FeedbackKind.DELIVERED,
            "k1",
            "id1",
        )
        assert found.recipient == "+48500000001"
        assert found.occurred_at == datetime.fromtimestamp(1795348800, UTC)
        assert found.event_id == "id1:404:1795348800"
        assert not found.is_permanent


@pytest.mark.parametrize(
    ("status", "kind", "reason"),
    [
        ("402", FeedbackKind.BOUNCED, BounceReason.EXPIRED),
        ("403", FeedbackKind.ACCEPTED, None),
        ("404", FeedbackKind.DELIVERED, None),
        ("405", FeedbackKind.BOUNCED, BounceReason.UNCLEAR),
        ("406", FeedbackKind.BOUNCED, BounceReason.UNCLEAR),
        ("407", FeedbackKind.BOUNCED, BounceReason.UNCLEAR),
        ("408", FeedbackKind.OTHER, None),
        ("409", FeedbackKind.ACCEPTED, None),
        ("410", FeedbackKind.ACCEPTED, None),
        ("411", FeedbackKind.DELAYED, None),
        ("412", FeedbackKind.CANCELLED, None),
        ("DELIVERED", FeedbackKind.DELIVERED, None),
        ("999", FeedbackKind.OTHER, None),
    ],
)
def test_states(status, kind, reason):
    (found,) = read(a_form({**REPORT, "status": status}))
    assert (found.kind, found.reason) == (kind, reason)


def test_several_reports_in_one_call():
    listed = {
        "MsgId": "a,b,c",
        "status": "404,405,403",
        "idx": "k1,k2,k3",
        "to": "48500000001,48500000002,48500000003",
        "donedate": "1795348800,1795348801,1795348802",
    }
    found = read(a_get(listed))
    assert [(one.receipt, one.message_key, one.kind) for one in found] == [
        ("a", "k1", FeedbackKind.DELIVERED),
        ("b", "k2", FeedbackKind.BOUNCED),
        ("c", "k3", FeedbackKind.ACCEPTED),
    ]
    assert len({one.event_id for one in found}) == 3


def test_a_list_that_is_shorter_than_others_leaves_holes_and_no_mix_up():
    found = read(
        a_get({"MsgId": "a,b", "status": "404,404", "idx": "k1", "to": "1", "donedate": "x"})
    )
    assert [(one.receipt, one.message_key) for one in found] == [("a", "k1"), ("b", None)]
    assert found[0].occurred_at == NOW


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("STOP", FeedbackKind.UNSUBSCRIBED),
        ("start", FeedbackKind.SUBSCRIBED),
        ("Wo ist mein Paket?", FeedbackKind.REPLIED),
        ("HELP", FeedbackKind.ASKED_HELP),
    ],
)
def test_what_people_write_back(text, kind):
    call = {
        "sms_from": "48500000001",
        "sms_to": "48799",
        "sms_text": text,
        "sms_date": "1795348800",
    }
    (found,) = read(a_form(call))
    assert (found.kind, found.recipient, found.text) == (kind, "+48500000001", text)
    assert read(a_form(call)) == [found]


def test_what_is_no_call_of_theirs_is_refused():
    with pytest.raises(HookRefused, match="MsgId"):
        read(a_form({"hello": "world"}))
