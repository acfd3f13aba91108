"""Twilio: its signatures, its error codes, its states, and the look for a lost message."""

import hashlib
import json
from datetime import timedelta
from urllib.parse import urlencode

import pytest

from ripresa.channels.twilio.answers import fate_of
from ripresa.channels.twilio.reader import TwilioReader
from ripresa.channels.twilio.signature import check, signature
from ripresa.contracts.channel import Accepted, RefusalKind, Refused, Unknown
from ripresa.contracts.feedback import BounceReason, FeedbackKind, HookRefused
from ripresa.contracts.provider import BadSettings, Balance
from ripresa.core.http.client import Answer
from tests.foreign import FOREIGN
from tests.hooks import URL, a_call, a_form
from tests.outgoing import an_sms
from tests.scripted_http import DROP, Said, ScriptedApi
from tests.sms_providers import FEEDBACK_URL, PROVIDERS, open_at, settings_of, taken_by_twilio

VECTORS = FOREIGN / "payloads/twilio/request_signature_vectors.json"
TOKEN = "12345"
LONG_ENOUGH = timedelta(minutes=1)
CREDIT, MAILBOX = RefusalKind.CREDIT, RefusalKind.MAILBOX
POLICY, OTHER = RefusalKind.POLICY, RefusalKind.OTHER


def signed(fields, *, url=URL, token=TOKEN, signed_url=None):
    seal = signature(signed_url or url, list(fields.items()), token)
    return a_form(fields, url=url, x_twilio_signature=seal)


@pytest.mark.foreign
def test_recorded_signatures():
    found = json.loads(VECTORS.read_text())
    for case in found["cases"]:
        call = a_form(case["params"], url=case["url"], x_twilio_signature=case["signature"])
        check(call, found["auth_token"])
        with pytest.raises(HookRefused):
            check(call, "another token")
        tampered = a_form(
            [*case["params"], ["x", "y"]], url=case["url"], x_twilio_signature=case["signature"]
        )
        with pytest.raises(HookRefused):
            check(tampered, found["auth_token"])


@pytest.mark.foreign
def test_recorded_body_hash():
    case = json.loads(VECTORS.read_text())["body_sha256_case"]
    body = case["body"].encode()
    assert hashlib.sha256(body).hexdigest() == case["sha256_hex"]
    url = f"{URL}?bodySHA256={case['sha256_hex']}"
    seal = signature(url, [], TOKEN)
    check(a_call(body, url=url, kind="application/json", x_twilio_signature=seal), TOKEN)
    with pytest.raises(HookRefused, match="bodySHA256"):
        check(a_call(body + b" ", url=url, kind="application/json", x_twilio_signature=seal), TOKEN)


@pytest.mark.parametrize(
    ("called", "signed_as"),
    [
        ("https://x.example/h?a=1", "https://x.example:443/h?a=1"),
        ("https://x.example:443/h", "https://x.example/h"),
        ("https://x.example:8443/h", "https://x.example/h"),
        ("http://x.example/h", "http://x.example:80/h"),
    ],
)
def test_the_port_may_or_may_not_stand_in_the_address(called, signed_as):
    check(signed({"a": "b"}, url=called, signed_url=signed_as), TOKEN)


@pytest.mark.parametrize("seal", ["", "no", "ä", "x" * 10_000])
def test_no_signature_or_a_wrong_one_is_refused(seal):
    with pytest.raises(HookRefused, match="RIPRESA_PUBLIC_URL"):
        TwilioReader(TOKEN).read(a_form({"MessageSid": "SM1"}, x_twilio_signature=seal))


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (201, {"sid": "SM1"}, Accepted("SM1")),
        (201, {}, Unknown),
        (500, {"code": 20500, "message": "oops"}, Unknown),
        (400, {"code": 21211, "message": "Invalid 'To'"}, (True, MAILBOX)),
        (400, {"code": 21614, "message": "not a mobile"}, (True, MAILBOX)),
        (400, {"code": 21610, "message": "unsubscribed"}, (True, OTHER)),
        (400, {"code": 21408, "message": "region"}, (False, POLICY)),
        (400, {"code": 21606, "message": "From"}, (False, POLICY)),
        (401, {"code": 20003, "message": "Authenticate"}, (False, POLICY)),
        (403, {}, (False, POLICY)),
        (402, {}, (False, CREDIT)),
        (429, {"code": 20429, "message": "many"}, (False, OTHER)),
        (400, {"code": 21611, "message": "queue"}, (False, OTHER)),
        (400, {"code": 21617, "message": "too long"}, (True, OTHER)),
        (400, [], (True, OTHER)),
    ],
)
def test_answers(status, body, expected):
    fate = fate_of(Answer(status, {}, json.dumps(body).encode()))
    if expected is Unknown:
        assert isinstance(fate, Unknown)
    elif isinstance(expected, Accepted):
        assert fate == expected
    else:
        assert isinstance(fate, Refused)
        assert (fate.permanent, fate.kind) == expected


def test_what_it_is_told():
    with ScriptedApi(taken_by_twilio) as api:
        channel = open_at("twilio", api.url, feedback_url=FEEDBACK_URL)
        channel.send([an_sms(1)], timeout=LONG_ENOUGH)
        channel.close()
    (heard,) = api.heard
    assert heard.path == "/2010-04-01/Accounts/AC0123/Messages.json"
    assert heard.form["StatusCallback"] == f"{FEEDBACK_URL}?key=s1"
    assert heard.form["From"] == "Enoteca"


def test_a_messaging_service_is_named_as_such():
    with ScriptedApi(taken_by_twilio) as api:
        channel = open_at("twilio", api.url, sender="MG" + "0" * 32)
        channel.send([an_sms(1)], timeout=LONG_ENOUGH)
        channel.close()
    form = api.heard[0].form
    assert form["MessagingServiceSid"].startswith("MG")
    assert "From" not in form


@pytest.mark.parametrize("trouble", [DROP, Said(503, "")])
def test_a_message_whose_answer_got_lost_is_looked_for(trouble):
    """Taken, and the answer lost: found again, it counts as accepted and not as unknown."""
    sent = []

    def answer(heard):
        if heard.method == "POST":
            sent.append(heard.form)
            return trouble
        assert heard.query["To"] == sent[0]["To"]
        other = {"sid": "SM0", "body": "another text"}
        return Said(200, {"messages": [other, {"sid": "SM9", "body": sent[0]["Body"]}]})

    with ScriptedApi(answer) as api:
        channel = open_at("twilio", api.url)
        assert channel.send([an_sms()], timeout=LONG_ENOUGH) == [Accepted("SM9")]
        channel.close()
    assert len(sent) == 1


def test_a_message_that_is_not_found_stays_unknown():
    def answer(heard):
        return DROP if heard.method == "POST" else Said(200, {"messages": []})

    with ScriptedApi(answer) as api:
        channel = open_at("twilio", api.url)
        (fate,) = channel.send([an_sms()], timeout=LONG_ENOUGH)
        channel.close()
    assert isinstance(fate, Unknown)


def test_balance_and_numbers():
    def answer(heard):
        if heard.path.endswith("/Balance.json"):
            return Said(200, {"balance": "12.345", "currency": "USD"})
        return Said(200, {"incoming_phone_numbers": [{"phone_number": "+15005550006"}]})

    with ScriptedApi(answer) as api:
        channel = open_at("twilio", api.url)
        assert channel.balance(timeout=LONG_ENOUGH) == Balance("12.345", "USD")
        assert channel.senders(timeout=LONG_ENOUGH) == ["+15005550006"]
        channel.close()


def test_an_api_key_sends_and_the_token_only_checks():
    with ScriptedApi(taken_by_twilio) as api:
        channel = open_at("twilio", api.url, api_key_sid="SK1", api_key_secret="lion")
        channel.send([an_sms()], timeout=LONG_ENOUGH)
        channel.close()
    assert api.heard[0].headers["authorization"] == "Basic U0sxOmxpb24="
    with pytest.raises(BadSettings, match="belong together"):
        PROVIDERS["twilio"].open(settings_of("twilio", api.url, api_key_sid="SK1"))
    with pytest.raises(BadSettings, match="account_sid"):
        PROVIDERS["twilio"].open(settings_of("twilio", api.url, account_sid="../.."))


def report(**fields):
    call = {"MessageSid": "SM1", "To": "+393331234567", "From": "Wines", **fields}
    (found,) = TwilioReader(TOKEN).read(signed(call, url=f"{URL}?{urlencode({'key': 'k1'})}"))
    return found


@pytest.mark.parametrize(
    ("state", "kind"),
    [
        *(
            (state, FeedbackKind.ACCEPTED)
            for state in ("queued", "accepted", "scheduled", "sending", "sent")
        ),
        ("delivered", FeedbackKind.DELIVERED),
        ("read", FeedbackKind.DELIVERED),
        ("canceled", FeedbackKind.CANCELLED),
        ("partially_delivered", FeedbackKind.OTHER),
    ],
)
def test_states(state, kind):
    found = report(MessageStatus=state)
    assert (found.kind, found.reason, found.is_permanent) == (kind, None, False)
    assert (found.message_key, found.receipt) == ("k1", "SM1")
    assert (found.recipient, found.event_id) == ("+393331234567", f"SM1:{state}")


@pytest.mark.parametrize(
    ("code", "reason", "is_permanent"),
    [
        ("30003", BounceReason.NETWORK, False),
        ("30005", BounceReason.UNKNOWN, True),
        ("30006", BounceReason.UNKNOWN, True),
        ("30007", BounceReason.POLICY, True),
        ("21610", BounceReason.OPTED_OUT, True),
        ("", BounceReason.UNCLEAR, False),
        ("99999", BounceReason.UNCLEAR, False),
    ],
)
@pytest.mark.parametrize("state", ["failed", "undelivered"])
def test_why_it_did_not_arrive(state, code, reason, is_permanent):
    found = report(MessageStatus=state, ErrorCode=code)
    assert (found.kind, found.reason, found.is_permanent) == (
        FeedbackKind.BOUNCED,
        reason,
        is_permanent,
    )


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"Body": "Stop"}, FeedbackKind.UNSUBSCRIBED),
        ({"Body": "FINITO", "OptOutType": "STOP"}, FeedbackKind.UNSUBSCRIBED),
        ({"Body": "yes"}, FeedbackKind.SUBSCRIBED),
        ({"Body": "please stop texting me"}, FeedbackKind.UNSUBSCRIBED),
        ({"Body": "È ancora disponibile?"}, FeedbackKind.REPLIED),
        ({"Body": "INFO", "OptOutType": "HELP"}, FeedbackKind.OTHER),
        ({"Body": "INFO"}, FeedbackKind.ASKED_HELP),
    ],
)
def test_what_people_write_back(fields, kind):
    call = {"MessageSid": "SM2", "SmsStatus": "received", "From": "+393331234567", **fields}
    (found,) = TwilioReader(TOKEN).read(signed({**call, "To": "+390600000"}))
    assert (found.kind, found.recipient) == (kind, "+393331234567")
    assert found.text == fields["Body"]


def test_what_names_no_message_is_refused():
    with pytest.raises(HookRefused, match="MessageSid"):
        TwilioReader(TOKEN).read(signed({"a": "b"}))


def test_the_answer_says_nothing_to_who_wrote():
    assert TwilioReader.reply.content_type == "text/xml"
    assert TwilioReader.reply.body == b"<Response/>"
