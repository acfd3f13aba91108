"""What every provider must do, whatever it carries: one row in RIGS for each. Mails: test_email_channel.py too."""

import contextlib
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from ripresa.channels.print_folder.provider import PROVIDER as FOLDER
from ripresa.channels.recording.channel import RecordingChannel
from ripresa.channels.smtp.channel import SmtpChannel
from ripresa.channels.smtp.settings import SmtpSettings
from ripresa.contracts.channel import Accepted, Channel, Fate, Mailbox, RefusalKind, Refused
from tests.mail_services import mail_service
from tests.mails import an_email
from tests.notices import NOTICE_PROVIDERS, open_notices
from tests.outgoing import ADDRESS, a_letter, a_notice, an_sms
from tests.pingen_server import PingenServer
from tests.scripted_http import Said, ScriptedApi
from tests.sms_providers import PROVIDERS as SMS_PROVIDERS
from tests.sms_providers import TAKEN, open_at
from tests.smtp_sink import SinkServer

LONG_ENOUGH = timedelta(minutes=1)


@dataclass
class Rig:
    """A provider that takes everything over, how to write to it, and what it must refuse."""

    channel: Channel[Any]
    write: Callable[..., Any]
    impossible: tuple[dict[str, Any], ...]


@contextlib.contextmanager
def smtp() -> Iterator[Rig]:
    with SinkServer() as sink:
        channel = SmtpChannel(SmtpSettings.from_url(sink.url))
        impossible = (
            {"recipient": Mailbox("Ben", "")},
            {"recipient": Mailbox("Ben", "not an address")},
            {"message_id": "a\r\nBcc: eve@people.example"},
        )
        yield Rig(channel, an_email, impossible)
        channel.close()


IMPOSSIBLE_SMS: tuple[dict[str, Any], ...] = (
    {"recipient": ""},
    {"recipient": "3331234567"},
    {"recipient": "+39 333 1234567"},
    {"recipient": "+39899123456"},  # premium rate
    {"recipient": "+3933312345678901"},
    {"sender": ""},
    {"sender": "Enoteca della città"},
    {"text": " "},
    {"text": "Ciao\0"},
    {"idempotency_key": ""},
)


@contextlib.contextmanager
def recorded_sms() -> Iterator[Rig]:
    yield Rig(RecordingChannel(), an_sms, IMPOSSIBLE_SMS)


def sms_by(name: str) -> Callable[[], contextlib.AbstractContextManager[Rig]]:
    @contextlib.contextmanager
    def rig() -> Iterator[Rig]:
        with ScriptedApi(TAKEN[name]) as api:
            channel = open_at(name, api.url)
            yield Rig(channel, an_sms, IMPOSSIBLE_SMS)
            channel.close()

    return rig


@contextlib.contextmanager
def recorded_letters() -> Iterator[Rig]:
    impossible = (
        {"recipient": replace(ADDRESS, name="")},
        {"recipient": replace(ADDRESS, lines=())},
        {"recipient": replace(ADDRESS, city="")},
        {"recipient": replace(ADDRESS, country="Italia")},
        {"recipient": replace(ADDRESS, city="Roma\x1b")},
        {"text": " "},
        {"idempotency_key": ""},
    )
    yield Rig(RecordingChannel(), a_letter, impossible)


@contextlib.contextmanager
def by_mail_service(name: str) -> Iterator[Rig]:
    with mail_service(name) as (channel, _):
        impossible = (
            {"recipient": Mailbox("Ben", "")},
            {"recipient": Mailbox("Ben", "not an address")},
            {"recipient": Mailbox("Ben", "ben@people.example, eve@people.example")},
            {"message_id": "a\r\nBcc: eve@people.example"},
        )
        yield Rig(channel, an_email, impossible)


_NO_LETTERS = (
    {"recipient": replace(ADDRESS, name="")},
    {"recipient": replace(ADDRESS, lines=())},
    {"recipient": replace(ADDRESS, city="Roma\x1b")},
    {"pdf": b""},
    {"address_lines": ()},
    {"idempotency_key": ""},
)


@contextlib.contextmanager
def print_folder() -> Iterator[Rig]:
    with tempfile.TemporaryDirectory() as folder:
        settings = FOLDER.complete({"folder": folder})
        yield Rig(FOLDER.open(settings), a_letter, _NO_LETTERS)


@contextlib.contextmanager
def pingen() -> Iterator[Rig]:
    with PingenServer() as server:
        server.looks = 0
        channel = server.open()
        yield Rig(channel, a_letter, _NO_LETTERS)
        channel.close()


_NO_NOTICES: tuple[dict[str, Any], ...] = (
    {"recipient": Mailbox("Sara", "")},
    {"subject": " "},
    {"text": ""},
    {"text": "Ciao\0"},
    {"idempotency_key": ""},
)


def notices_by(name: str) -> Callable[[], contextlib.AbstractContextManager[Rig]]:
    @contextlib.contextmanager
    def rig() -> Iterator[Rig]:
        with ScriptedApi(lambda _: Said(202 if name == "teams" else 200, "ok")) as api:
            channel = open_notices(name, api.url)
            yield Rig(channel, a_notice, _NO_NOTICES)
            channel.close()

    return rig


@contextlib.contextmanager
def recorded_notices() -> Iterator[Rig]:
    yield Rig(RecordingChannel(), a_notice, _NO_NOTICES)


RIGS = {
    "print folder": print_folder,
    "pingen": pingen,
    "smtp": smtp,
    "mail service: postmark": partial(by_mail_service, "postmark"),
    "mail service: mailgun": partial(by_mail_service, "mailgun"),
    "mail service: amazon_ses": partial(by_mail_service, "amazon_ses"),
    "recording: sms": recorded_sms,
    "recording: letters": recorded_letters,
    "recording: notices": recorded_notices,
    **{name: sms_by(name) for name in SMS_PROVIDERS},
    **{name: notices_by(name) for name in NOTICE_PROVIDERS},
}


@pytest.fixture(params=RIGS)
def rig(request) -> Iterator[Rig]:
    with RIGS[request.param]() as made:
        yield made


def is_retryable(fate: Fate) -> bool:
    return isinstance(fate, Refused) and not fate.permanent


def test_it_has_a_name_and_says_how_much_is_on_the_wire_at_once(rig):
    assert rig.channel.name
    assert rig.channel.in_flight >= 1


def test_nothing_to_send_is_nothing_to_say(rig):
    assert rig.channel.send([], timeout=LONG_ENOUGH) == []


def test_every_message_gets_its_fate_with_a_receipt(rig):
    fates = rig.channel.send([rig.write(number) for number in range(40)], timeout=LONG_ENOUGH)
    assert len(fates) == 40
    assert all(isinstance(fate, Accepted) and fate.receipt for fate in fates)


def test_what_cannot_be_is_refused_for_good_and_its_neighbours_go(rig):
    for changes in rig.impossible:
        first, second, third = rig.channel.send(
            [rig.write(1), rig.write(2, **changes), rig.write(3)], timeout=LONG_ENOUGH
        )
        assert isinstance(first, Accepted), changes
        assert isinstance(second, Refused), changes
        assert (second.permanent, second.kind) == (True, RefusalKind.OTHER)
        assert second.detail
        assert isinstance(third, Accepted), changes


def test_no_time_at_all_is_no_reason_to_raise(rig):
    fates = rig.channel.send([rig.write(1), rig.write(2)], timeout=timedelta(0))
    assert len(fates) == 2
    assert all(is_retryable(fate) for fate in fates)


def test_several_threads_share_a_channel(rig):
    def send(thread: int) -> list[Fate]:
        some = [rig.write(thread * 100 + number) for number in range(15)]
        return rig.channel.send(some, timeout=LONG_ENOUGH)

    with ThreadPoolExecutor(6) as threads:
        fates = [fate for answer in threads.map(send, range(6)) for fate in answer]
    assert len(fates) == 90
    assert all(isinstance(fate, Accepted) for fate in fates)


def test_who_only_records_says_so_in_every_receipt(rig):
    (fate,) = rig.channel.send([rig.write(1)], timeout=LONG_ENOUGH)
    assert rig.channel.is_real is ("not sent" not in fate.receipt)


def test_an_address_reads_on_one_line():
    assert ADDRESS.text == "Ben Rossi, Via Roma 1, 00184 Roma, RM, IT"
