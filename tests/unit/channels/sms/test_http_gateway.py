"""A generic gateway: its form, its answers, Kannel's reports."""

from datetime import UTC, datetime, timedelta

import pytest

from ripresa.channels.http_gateway.reader import HttpGatewayReader
from ripresa.contracts.channel import Accepted, RefusalKind, Refused, Unknown
from ripresa.contracts.feedback import BounceReason, FeedbackKind, HookRefused
from ripresa.contracts.provider import BadSettings
from tests.hooks import a_get
from tests.outgoing import an_sms
from tests.scripted_http import Said, ScriptedApi
from tests.sms_providers import FEEDBACK_URL, PROVIDERS, open_at, settings_of

LONG_ENOUGH = timedelta(minutes=1)
POLICY, OTHER = RefusalKind.POLICY, RefusalKind.OTHER


def send(said, sms=None, **settings):
    with ScriptedApi(lambda heard: said) as api:
        channel = open_at("http_gateway", api.url + "/cgi-bin/sendsms", **settings)
        (fate,) = channel.send([sms or an_sms(1)], timeout=LONG_ENOUGH)
        channel.close()
    return fate, api.heard[0]


def test_kannel_s_form():
    fate, heard = send(Said(202, "0: Accepted for delivery"), feedback_url=FEEDBACK_URL)
    assert fate == Accepted("key s1")
    assert (heard.method, heard.path) == ("GET", "/cgi-bin/sendsms")
    assert heard.query == {
        "username": "ada",
        "password": "tiger",
        "from": "Enoteca",
        "to": "+393330000001",
        "text": an_sms(1).text,
        "charset": "UTF-8",
        "coding": "0",
        "dlr-mask": "31",
        "dlr-url": f"{FEEDBACK_URL}?key=s1&state=%d&reply=%A&at=%T&to=%p",
    }


def test_the_alphabet_is_told_and_what_is_empty_left_out():
    _, heard = send(Said(202, "3: Queued for later delivery"), an_sms(1, text="Привет"))
    assert heard.query["coding"] == "2"
    assert "dlr-url" not in heard.query


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (Said(202, "3: Queued for later delivery"), Accepted("key s1")),
        (Said(403, "Not routable. Do not try again."), (True, OTHER)),
        (Said(403, "Authorization failed for sendsms"), (False, POLICY)),
        (Said(404, "not found"), (False, POLICY)),
        (Said(302, ""), (False, POLICY)),
        (Said(503, "Temporal failure, try again later."), (False, OTHER)),
        (Said(400, "Missing receiver"), (True, OTHER)),
        (Said(200, "something else"), (True, OTHER)),
        (Said(500, "oops"), Unknown),
    ],
)
def test_answers(said, expected):
    fate, _ = send(said)
    if isinstance(expected, tuple):
        assert isinstance(fate, Refused)
        assert (fate.permanent, fate.kind) == expected
    elif expected is Unknown:
        assert isinstance(fate, Unknown)
    else:
        assert fate == expected


def test_another_gateway_s_form_and_receipt():
    form = "key={password}&number={digits}&body={text}&ref={key}&lang={language}&fixed=1"
    fate, heard = send(
        Said(200, '{"status": "ok", "id": "abc-7"}'),
        method="POST",
        form=form,
        accepted=r'"status": "ok".*"id": "(?P<receipt>[^"]+)"',
    )
    assert fate == Accepted("abc-7")
    assert heard.form == {
        "key": "tiger",
        "number": "393330000001",
        "body": an_sms(1).text,
        "ref": "s1",
        "lang": "it",
        "fixed": "1",
    }


def test_a_text_that_looks_like_a_place_is_not_filled_in():
    _, heard = send(Said(202, "0: Accepted"), an_sms(1, text="{password} &x=1"))
    assert heard.query["text"] == "{password} &x=1"
    assert "x" not in heard.query


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"method": "PUT"}, "method"),
        ({"form": "to={recipient}"}, "{text}"),
        ({"form": "text={text}"}, "{recipient}"),
        ({"form": "to={recipient}&text={text}&x={nope}"}, "nope"),
        ({"accepted": "("}, "regular expression"),
        ({"accepted": "(?P<id>.)"}, "receipt"),
    ],
)
def test_settings_that_cannot_be(changes, words):
    with pytest.raises(BadSettings) as wrong:
        PROVIDERS["http_gateway"].open(settings_of("http_gateway", "https://x.example", **changes))
    assert words in str(wrong.value)


def test_an_address_that_is_none():
    with pytest.raises(BadSettings, match="url"):
        PROVIDERS["http_gateway"].open(settings_of("http_gateway", "kannel:13013"))


def read(**fields):
    (found,) = HttpGatewayReader().read(a_get(fields))
    return found


@pytest.mark.parametrize(
    ("state", "kind", "reason"),
    [
        ("1", FeedbackKind.DELIVERED, None),
        ("2", FeedbackKind.BOUNCED, BounceReason.UNCLEAR),
        ("4", FeedbackKind.ACCEPTED, None),
        ("8", FeedbackKind.ACCEPTED, None),
        ("16", FeedbackKind.BOUNCED, BounceReason.UNCLEAR),
        ("34", FeedbackKind.BOUNCED, BounceReason.EXPIRED),
        ("66", FeedbackKind.OTHER, None),
        ("x", FeedbackKind.OTHER, None),
    ],
)
def test_reports(state, kind, reason):
    found = read(key="k1", state=state, reply="ACK/", at="1795348000", to="+393331234567")
    assert (found.kind, found.reason, found.message_key) == (kind, reason, "k1")
    assert found.recipient == "+393331234567"
    assert found.occurred_at == datetime.fromtimestamp(1795348000, UTC)


def test_an_smpp_report_says_more():
    reply = (
        "id:1 sub:001 dlvrd:000 submit date:2611221100 done date:2611221200 stat:EXPIRED err:001"
    )
    assert read(key="k1", state="2", reply=reply).reason is BounceReason.EXPIRED


def test_the_same_report_twice_is_one_event():
    fields = {"key": "k1", "state": "1", "at": "1795348000"}
    assert read(**fields).event_id == read(**fields).event_id
    assert read(**fields).event_id != read(**{**fields, "state": "8"}).event_id


def test_what_people_write_back():
    found = read(
        **{"from": "+393331234567", "to": "44", "text": "Stop!", "at": "1795348000", "id": "u"}
    )
    assert (found.kind, found.recipient) == (FeedbackKind.UNSUBSCRIBED, "+393331234567")


def test_what_is_no_call_of_theirs_is_refused():
    with pytest.raises(HookRefused, match="neither"):
        read(key="k1")
