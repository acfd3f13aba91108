"""The gateway channel against a real Kannel: what is taken, what goes over the air, what comes back."""

import threading
from datetime import UTC, datetime, timedelta

import pytest

from ripresa.channels.http_gateway.reader import HttpGatewayReader
from ripresa.contracts.channel import Accepted, RefusalKind, Refused
from ripresa.contracts.feedback import Feedback, FeedbackKind, HookRequest
from ripresa.contracts.sms.text import count
from tests.outgoing import an_sms
from tests.peers.kannel import IS_THERE, Kannel, wait_until
from tests.scripted_http import Heard, Said, ScriptedApi
from tests.sms_providers import open_at

pytestmark = [
    pytest.mark.peers,
    pytest.mark.skipif(
        not IS_THERE, reason="needs Debian's kannel and kannel-extras: make test-peers"
    ),
]
TEN_SECONDS = timedelta(seconds=10)


class Hook:
    """Our end: it keeps what Kannel tells, read as feedback."""

    def __init__(self) -> None:
        self.told: list[Feedback] = []
        self._lock = threading.Lock()

    def __call__(self, heard: Heard) -> Said:
        url = f"https://mail.wines.example{heard.target}"
        call = HookRequest(heard.method, url, heard.headers, heard.body, datetime.now(UTC))
        reader = HttpGatewayReader()
        with self._lock:
            self.told += reader.read(call)
        return Said(reader.reply.status, reader.reply.body)

    def of(self, kind: FeedbackKind) -> list[Feedback]:
        with self._lock:
            return [one for one in self.told if one.kind is kind]


@pytest.fixture(scope="module")
def hook():
    return Hook()


@pytest.fixture(scope="module")
def kannel(tmp_path_factory, hook):
    with ScriptedApi(hook) as ours:
        url = f"{ours.url}/hooks/feedback/tok"
        with Kannel(tmp_path_factory.mktemp("kannel"), incoming_url=url) as kannel:
            kannel.hook_url = url
            wait_until(lambda: any(one.text == "begin" for one in hook.told), "the first message")
            yield kannel


def send(kannel, *messages, **settings):
    given = {"user": kannel.USER, "password": kannel.PASSWORD, **settings}
    channel = open_at("http_gateway", kannel.sendsms_url, feedback_url=kannel.hook_url, **given)
    try:
        return channel.send(messages, timeout=TEN_SECONDS)
    finally:
        channel.close()


def parts_to(kannel, sms, number):
    wait_until(
        lambda: len([one for one in kannel.parts() if one.recipient == sms.recipient]) >= number,
        f"{number} parts to {sms.recipient}",
    )
    return [one for one in kannel.parts() if one.recipient == sms.recipient]


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (11, "Ciao, il tuo carrello è ancora qui: €5 & 100% {à} https://go.test/s/1abc?x=1&y=2"),
        (12, "Ваша корзина ждёт: https://go.test/s/1abc"),
        (13, "Coșul tău te așteaptă 🛒"),
    ],
)
def test_a_message_goes_over_the_air_letter_by_letter(kannel, number, text):
    sms = an_sms(number, text=text)
    assert send(kannel, sms) == [Accepted(f"key s{number}")]
    (part,) = parts_to(kannel, sms, 1)
    assert (part.sender, part.text) == ("Enoteca", text)


def test_reports_come_back_to_the_message_they_are_about(kannel, hook):
    send(kannel, an_sms(21), an_sms(22))
    keys = {"s21", "s22"}
    for kind in (FeedbackKind.ACCEPTED, FeedbackKind.DELIVERED):
        wait_until(
            lambda k=kind: keys <= {one.message_key for one in hook.of(k)}, f"{kind} reports"
        )
    for one in hook.of(FeedbackKind.DELIVERED):
        if one.message_key in keys:
            assert one.recipient == f"+3933300000{one.message_key[1:]}"
        assert abs(one.occurred_at - datetime.now(UTC)) < timedelta(minutes=5)
    events = [one.event_id for one in hook.told]
    assert len(events) == len(set(events))


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (31, "a" * 160),
        (32, "a" * 161),
        (33, "a" * 306),
        (34, "a" * 307),
        (35, "ж" * 70),
        (36, "ж" * 71),
        (37, "ж" * 134),
        (38, "ж" * 135),
        (39, "€" * 80),
    ],
)
def test_as_many_parts_go_over_the_air_as_we_count(kannel, number, text):
    sms = an_sms(number, text=text)
    send(kannel, sms)
    expected = count(text).segments
    assert len(parts_to(kannel, sms, expected)) == expected


def test_a_wrong_password_holds_the_account(kannel):
    (fate,) = send(kannel, an_sms(41), password="lion")
    assert isinstance(fate, Refused)
    assert (fate.permanent, fate.kind) == (False, RefusalKind.POLICY)
    assert "Authorization failed" in fate.detail
    assert "lion" not in fate.detail


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("STOP", FeedbackKind.UNSUBSCRIBED),
        ("Please stop texting me", FeedbackKind.UNSUBSCRIBED),
        ("START", FeedbackKind.SUBSCRIBED),
        ("Do you ship to Malta?", FeedbackKind.REPLIED),
    ],
)
def test_what_people_write_back_is_heard(kannel, hook, text, kind):
    kannel.say("+393331234567", "44", text)
    wait_until(lambda: any(one.text == text for one in hook.told), text)
    (found,) = [one for one in hook.told if one.text == text]
    assert (found.kind, found.recipient) == (kind, "+393331234567")


def test_nothing_is_said_back_to_who_wrote(kannel):
    assert not [one for one in kannel.parts() if one.recipient == "+393331234567"]
