"""Vonage: every recorded answer, both kinds of signature, its reports."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta

import pytest

from ripresa.channels.vonage.answers import fate_of
from ripresa.channels.vonage.reader import VonageReader
from ripresa.channels.vonage.signature import METHODS, sign
from ripresa.contracts.channel import Accepted, RefusalKind, Refused, Unknown
from ripresa.contracts.feedback import BounceReason, FeedbackKind, HookRefused
from ripresa.contracts.provider import BadSettings, Balance
from ripresa.core.http.client import Answer
from tests.foreign import FOREIGN
from tests.hooks import NOW, a_call, a_form, a_get
from tests.outgoing import an_sms
from tests.scripted_http import Said, ScriptedApi
from tests.sms_providers import PROVIDERS, open_at, settings_of, taken_by_vonage

RECORDED = FOREIGN / "payloads/vonage"
SECRET = "signature-secret"
LONG_ENOUGH = timedelta(minutes=1)
CREDIT, MAILBOX = RefusalKind.CREDIT, RefusalKind.MAILBOX
POLICY, OTHER = RefusalKind.POLICY, RefusalKind.OTHER


@pytest.mark.foreign
@pytest.mark.parametrize(
    ("name", "status", "expected"),
    [
        ("send_sms", 200, Accepted("3295d748-4e14-4681-af78-166dca3c5aab")),
        ("send_long_sms", 200, Accepted("62dfdf68-6c7c-479a-a190-5c52f798a787")),
        ("send_sms_error", 200, Refused(True, OTHER, "Vonage 7: Number barred.")),
        (
            "send_sms_partial_error",
            200,
            Unknown("1 of 2 parts were taken: Vonage 1: Throttled"),
        ),
    ],
)
def test_recorded_answers(name, status, expected):
    assert fate_of(Answer(status, {}, (RECORDED / f"{name}.json").read_bytes())) == expected


@pytest.mark.foreign
@pytest.mark.parametrize(
    ("name", "status", "expected"),
    [
        ("low_balance_error", 402, (False, CREDIT)),
        ("invalid_error", 422, (True, OTHER)),
        ("not_found", 404, (True, OTHER)),
    ],
)
def test_recorded_errors_of_the_api(name, status, expected):
    fate = fate_of(Answer(status, {}, (RECORDED / f"{name}.json").read_bytes()))
    assert isinstance(fate, Refused)
    assert (fate.permanent, fate.kind) == expected


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        *((status, (False, OTHER)) for status in ("1", "5", "10")),
        *((status, (True, OTHER)) for status in ("2", "3", "6", "7", "99")),
        *((status, (False, POLICY)) for status in ("4", "8", "14", "15", "29")),
        ("9", (False, CREDIT)),
        ("33", (True, MAILBOX)),
    ],
)
def test_statuses(status, expected):
    body = json.dumps({"messages": [{"status": status, "error-text": "words"}]}).encode()
    fate = fate_of(Answer(200, {}, body))
    assert isinstance(fate, Refused)
    assert (fate.permanent, fate.kind) == expected
    assert "words" in fate.detail


@pytest.mark.parametrize("body", [b"", b"<html>", b'{"messages": [1]}', b'{"messages": "x"}'])
def test_an_odd_answer_tells_nobody_anything(body):
    assert isinstance(fate_of(Answer(200, {}, body)), Unknown)
    assert isinstance(fate_of(Answer(500, {}, body)), Unknown)


def told(**changes):
    with ScriptedApi(taken_by_vonage) as api:
        channel = open_at("vonage", api.url, **changes.pop("settings", {}))
        channel.send([an_sms(1, **changes)], timeout=LONG_ENOUGH)
        channel.close()
    return api.heard[0]


def test_what_it_is_told():
    heard = told(sender="+15005550006")
    assert heard.path == "/sms/json"
    assert heard.form["from"] == "15005550006"
    assert (heard.form["type"], heard.form["client-ref"]) == ("text", "s1")
    assert told(text="Привет").form["type"] == "unicode"


def test_an_address_for_reports_that_is_too_long_is_left_to_the_account():
    assert "callback" not in told(settings={"feedback_url": "https://x.example/" + "a" * 100}).form
    assert "callback" in told(settings={"feedback_url": "https://x.example/" + "a" * 40}).form


def test_balance():
    with ScriptedApi(lambda heard: Said(200, '{"value": 10.28, "autoReload": false}')) as api:
        channel = open_at("vonage", api.url)
        assert channel.balance(timeout=LONG_ENOUGH) == Balance("10.28", "EUR")
        channel.close()
    assert api.heard[0].query == {"api_key": "key", "api_secret": "api-secret"}


def read(call, *, secret="", method="sha256"):
    (found,) = VonageReader(secret, method).read(call)
    return found


REPORT = {
    "msisdn": "393331234567",
    "to": "Wines",
    "messageId": "0A000000",
    "status": "delivered",
    "err-code": "0",
    "price": "0.03",
    "scts": "2611221159",
    "message-timestamp": "2026-11-22 11:59:01",
    "client-ref": "k1",
}


def test_a_report_in_each_of_its_forms():
    as_json = a_call(json.dumps(REPORT).encode(), kind="application/json")
    for call in (a_form(REPORT), a_get(REPORT), as_json):
        found = read(call)
        assert (found.kind, found.message_key) == (FeedbackKind.DELIVERED, "k1")
        assert (found.receipt, found.recipient) == ("0A000000", "+393331234567")
        assert found.occurred_at == datetime(2026, 11, 22, 11, 59, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        ("accepted", FeedbackKind.ACCEPTED),
        ("buffered", FeedbackKind.DELAYED),
        ("delivered", FeedbackKind.DELIVERED),
        ("unknown", FeedbackKind.OTHER),
        ("expired", FeedbackKind.BOUNCED),
        ("failed", FeedbackKind.BOUNCED),
        ("rejected", FeedbackKind.BOUNCED),
    ],
)
def test_states(status, kind):
    assert read(a_form({**REPORT, "status": status})).kind is kind


@pytest.mark.parametrize(
    ("code", "reason", "is_permanent"),
    [
        ("1", BounceReason.UNCLEAR, False),
        ("2", BounceReason.NETWORK, False),
        ("3", BounceReason.UNKNOWN, True),
        ("6", BounceReason.POLICY, True),
        ("9", BounceReason.UNKNOWN, True),
        ("14", BounceReason.OPTED_OUT, True),
    ],
)
def test_why_it_did_not_arrive(code, reason, is_permanent):
    found = read(a_form({**REPORT, "status": "failed", "err-code": code}))
    assert (found.reason, found.is_permanent) == (reason, is_permanent)


@pytest.mark.parametrize("method", METHODS)
def test_signed_fields(method):
    fields = {**REPORT, "text": "a=b&c", "timestamp": str(int(NOW.timestamp()) - 60), "nonce": "n"}
    sealed = {**fields, "sig": sign(fields, SECRET, method).upper()}
    assert read(a_form(sealed), secret=SECRET, method=method).message_key == "k1"
    for bad in (fields, {**sealed, "status": "failed"}, {**sealed, "sig": "00"}):
        with pytest.raises(HookRefused, match="signature"):
            read(a_form(bad), secret=SECRET, method=method)
    with pytest.raises(HookRefused, match="signature"):
        read(a_form(sealed), secret="another", method=method)


def test_signed_fields_by_hand():
    """By the words of the protocol, without our own code: &name=value, sorted, HMAC in hex."""
    fields = {"messageId": "1", "status": "delivered", "a": "x&y=z", "timestamp": "1795348800"}
    said = "&a=x_y_z&messageId=1&status=delivered&timestamp=1795348800"
    assert (
        sign(fields, SECRET, "sha256")
        == hmac.new(SECRET.encode(), said.encode(), "sha256").hexdigest()
    )
    assert sign(fields, SECRET, "md5hash") == hashlib.md5((said + SECRET).encode()).hexdigest()


def test_a_signature_of_last_week_is_refused():
    fields = {**REPORT, "timestamp": str(int((NOW - timedelta(days=7)).timestamp()))}
    with pytest.raises(HookRefused, match="before it came"):
        read(a_form({**fields, "sig": sign(fields, SECRET, "sha256")}), secret=SECRET)
    fields = {**REPORT, "timestamp": "soon"}
    with pytest.raises(HookRefused, match="when"):
        read(a_form({**fields, "sig": sign(fields, SECRET, "sha256")}), secret=SECRET)


def jwt(body, *, secret=SECRET, alg="HS256", **claims):
    def part(value):
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=")

    named = {
        "iat": int(NOW.timestamp()),
        "payload_hash": hashlib.sha256(body).hexdigest(),
        **claims,
    }
    head = part({"alg": alg, "typ": "JWT"}) + b"." + part(named)
    seal = base64.urlsafe_b64encode(hmac.digest(secret.encode(), head, "sha256")).rstrip(b"=")
    return (head + b"." + seal).decode()


MESSAGE = {
    "message_uuid": "aaaaaaaa-bbbb",
    "to": "393331234567",
    "from": "Wines",
    "timestamp": "2026-11-22T11:59:01Z",
    "status": "delivered",
    "client_ref": "k1",
}


def by_token(said, token=None, **claims):
    body = json.dumps(said).encode()
    return a_call(
        body, kind="application/json", authorization=f"Bearer {token or jwt(body, **claims)}"
    )


def test_messages_api_with_its_token():
    found = read(by_token(MESSAGE), secret=SECRET)
    assert (found.kind, found.message_key) == (FeedbackKind.DELIVERED, "k1")
    assert found.occurred_at == datetime(2026, 11, 22, 11, 59, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "call",
    [
        by_token(MESSAGE, secret="another"),
        by_token(MESSAGE, alg="none"),
        by_token(MESSAGE, alg="RS256"),
        by_token(MESSAGE, payload_hash="00"),
        by_token(MESSAGE, iat=int(NOW.timestamp()) - 10**6),
        by_token(MESSAGE, iat="soon"),
        by_token(MESSAGE, token="a.b.c"),
        by_token(MESSAGE, token="ä"),
        by_token(MESSAGE, token="W10.W10.W10"),
    ],
)
def test_tokens_that_prove_nothing(call):
    with pytest.raises(HookRefused):
        read(call, secret=SECRET)


def test_what_people_write_back():
    old = {"msisdn": "393331234567", "to": "390600000", "messageId": "2", "text": "STOP"}
    assert read(a_form(old)).kind is FeedbackKind.UNSUBSCRIBED
    new = {"message_uuid": "u", "from": "393331234567", "text": "Dove siete?", "channel": "sms"}
    found = read(by_token(new), secret=SECRET)
    assert (found.kind, found.recipient) == (FeedbackKind.REPLIED, "+393331234567")


@pytest.mark.parametrize(
    "call",
    [
        a_form({"a": "b"}),
        a_call(b"[1]", kind="application/json"),
        a_call(b"{", kind="application/json"),
    ],
)
def test_what_is_no_call_of_theirs_is_refused(call):
    with pytest.raises(HookRefused):
        read(call)


def test_a_method_that_is_none_is_refused():
    with pytest.raises(BadSettings, match="signature_method"):
        PROVIDERS["vonage"].reader(settings_of("vonage", signature_method="rot13"))
