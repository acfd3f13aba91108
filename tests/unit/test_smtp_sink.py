"""The sink that other tests count with: it must not lose, double or invent a mail itself."""

import contextlib
import smtplib
from datetime import timedelta

import pytest

from ripresa.channels.smtp.channel import SmtpChannel
from ripresa.channels.smtp.settings import SmtpSettings
from ripresa.contracts.channel import Accepted, Refused, Unknown
from tests.mails import an_email
from tests.patience import with_time_enough
from tests.smtp_sink import HANG_UP, SinkProcess, SinkServer


def send(url: str, *numbers: int):
    with contextlib.closing(SmtpChannel(SmtpSettings.from_url(url))) as channel:
        return channel.send([an_email(n) for n in numbers], timeout=timedelta(seconds=10))


@pytest.mark.parametrize("kind", ["thread", "process"])
def test_mails_are_counted_by_their_message_id(kind, tmp_path):
    sink = SinkServer() if kind == "thread" else SinkProcess(tmp_path / "mails.jsonl")
    with sink:
        assert all(isinstance(fate, Accepted) for fate in send(sink.url, 1, 2, 3))
        assert sorted(sink.message_ids()) == [f"m{n}@mail.enoteca.example" for n in (1, 2, 3)]
        assert sink.doubled() == []
        send(sink.url, 2)
        assert sink.doubled() == ["m2@mail.enoteca.example"]
        assert len(sink.wait_for(4)) == 4


def test_a_foreign_client_is_understood(tmp_path):
    with (
        SinkProcess(tmp_path / "mails.jsonl") as sink,
        smtplib.SMTP("127.0.0.1", sink.port) as client,
    ):
        client.sendmail("a@b.example", ["c@d.example"], b"Message-ID: <x@y>\r\n\r\n.dot\r\n")
        (mail,) = sink.wait_for(1)
    assert (mail.message_id, mail.sender, mail.recipients) == (
        "x@y",
        "a@b.example",
        ("c@d.example",),
    )
    assert mail.content == b"Message-ID: <x@y>\r\n\r\n.dot\r\n"


@pytest.mark.parametrize(
    ("stage", "answer", "fate", "kept"),
    [
        ("MAIL", "550 no", Refused, 0),
        ("RCPT", "450 later", Refused, 0),
        ("DATA", "554 no", Refused, 0),
        ("RCPT", HANG_UP, Refused, 0),
        ("DATA", HANG_UP, Unknown, 1),
    ],
)
def test_a_script_decides(stage, answer, fate, kept):
    with SinkServer(script=lambda at, _value: answer if at == stage else None) as sink:
        assert isinstance(send(sink.url, 1)[0], fate)
        assert len(sink.caught) == kept


def test_a_mail_is_kept_before_it_is_answered():
    def story(seconds):
        with SinkServer(delay_seconds=seconds * 5) as sink:
            channel = SmtpChannel(SmtpSettings.from_url(sink.url))
            (fate,) = channel.send([an_email()], timeout=timedelta(seconds=seconds))
            channel.close()
            assert isinstance(fate, Unknown)
            assert len(sink.caught) == 1

    with_time_enough(story, 0.6, 5.0)
