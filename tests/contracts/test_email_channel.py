"""What every provider of e-mail must do, whatever it speaks: one row in RIGS for each.

A rig is a provider under the test's hand. It decides by the recipient's local part, before a `-`: see
`Rig`.
"""

import contextlib
import random
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from typing import Protocol

import pytest

from ripresa.channels.smtp.channel import SmtpChannel
from ripresa.channels.smtp.settings import SmtpSettings
from ripresa.contracts.channel import (
    Accepted,
    Channel,
    Fate,
    Mailbox,
    OutgoingEmail,
    RefusalKind,
    Refused,
    Unknown,
)
from tests.mails import an_email
from tests.smtp_sink import HANG_UP, SinkServer

LONG_ENOUGH = timedelta(minutes=1)


class Rig(Protocol):
    """A provider that takes every mail, except those to

    `nobody`: no such mailbox. `spam`: refused for policy. `full`: refused for good, for another reason.
    `later`: refused for now. `silent`: taken over, and the connection breaks before the answer.
    """

    channel: Channel[OutgoingEmail]
    away: Channel[OutgoingEmail]  # the same provider when it cannot be reached

    def received(self) -> list[tuple[str, bytes]]:
        """Message-ID and content of every mail taken over, in no order."""

    def most_at_once(self) -> int:
        """The most mails that were on the wire at one instant."""

    def connections(self) -> int:
        """Connections open now."""


SMTP_ANSWERS = {
    "nobody": "550 5.1.1 no such user here",
    "spam": "554 5.7.1 refused by our policy on spam",
    "full": "552 5.2.2 mailbox full",
    "later": "451 4.7.1 greylisted, come back later",
}


class SmtpRig:
    def __init__(self, sink: SinkServer, away: Channel[OutgoingEmail]) -> None:
        self.sink = sink
        self.away = away
        self.channel: Channel[OutgoingEmail] = SmtpChannel(SmtpSettings.from_url(sink.url))

    def received(self) -> list[tuple[str, bytes]]:
        return [(mail.message_id, mail.content) for mail in self.sink.caught]

    def most_at_once(self) -> int:
        return self.sink.most_at_once

    def connections(self) -> int:
        return self.sink.open_connections


def smtp_answer(stage: str, value: str) -> str | None:
    local = value.partition("@")[0].partition("-")[0]
    if stage == "RCPT":
        return SMTP_ANSWERS.get(local)
    return HANG_UP if stage == "DATA" and local == "silent" else None


@contextlib.contextmanager
def smtp_rig() -> Iterator[Rig]:
    with socket.socket() as nobody, SinkServer(script=smtp_answer) as sink:
        nobody.bind(("127.0.0.1", 0))  # and does not listen
        port = nobody.getsockname()[1]
        away = SmtpChannel(SmtpSettings.from_url(f"smtp://127.0.0.1:{port}?tls=none"))
        rig = SmtpRig(sink, away)
        try:
            yield rig
        finally:
            rig.channel.close()
            away.close()


RIGS: dict[str, Callable[[], contextlib.AbstractContextManager[Rig]]] = {"smtp": smtp_rig}


@pytest.fixture(params=RIGS)
def rig(request) -> Iterator[Rig]:
    with RIGS[request.param]() as made:
        yield made


def mail_to(local: str, number: int = 0) -> OutgoingEmail:
    # The Message-ID begins like the address: what a provider does must not depend on who asks.
    return an_email(
        number,
        message_id=f"{local}-{number}@mail.enoteca.example",
        recipient=Mailbox("Ben", f"{local}-{number}@people.example"),
    )


def is_retryable(fate: Fate) -> bool:
    return isinstance(fate, Refused) and not fate.permanent


def test_nothing_to_send_is_nothing_to_say(rig):
    assert rig.channel.send([], timeout=LONG_ENOUGH) == []


def test_every_mail_arrives_once_and_as_given(rig):
    mails = [an_email(number) for number in range(40)]
    fates = rig.channel.send(mails, timeout=LONG_ENOUGH)
    assert all(isinstance(fate, Accepted) and fate.receipt for fate in fates)
    received = dict(rig.received())
    assert len(rig.received()) == len(received) == 40
    for mail in mails:
        message = message_from_bytes(received[mail.message_id], policy=policy.default)
        assert message["To"].addresses[0].addr_spec == mail.recipient.address
        assert message["From"].addresses[0].display_name == mail.sender.name
        assert str(message["Subject"]) == mail.subject
        assert message["List-Unsubscribe"] == f"<{mail.unsubscribe_url}>"
        html, text = message.get_body(("html",)), message.get_body(("plain",))
        assert html.get_content().replace("\r\n", "\n") == mail.html
        assert text.get_content().replace("\r\n", "\n") == mail.text


@pytest.mark.parametrize(
    ("local", "permanent", "kind"),
    [
        ("nobody", True, RefusalKind.MAILBOX),
        ("spam", True, RefusalKind.POLICY),
        ("full", True, RefusalKind.OTHER),
        ("later", False, RefusalKind.OTHER),
    ],
)
def test_a_refusal_says_whose_fault_it_is_in_the_providers_words(rig, local, permanent, kind):
    (fate,) = rig.channel.send([mail_to(local)], timeout=LONG_ENOUGH)
    assert isinstance(fate, Refused)
    assert (fate.permanent, fate.kind) == (permanent, kind)
    assert fate.detail
    assert rig.received() == []


def test_a_mail_taken_over_without_an_answer_is_unknown(rig):
    (fate,) = rig.channel.send([mail_to("silent")], timeout=LONG_ENOUGH)
    assert isinstance(fate, Unknown)
    assert len(rig.received()) == 1


def test_fates_come_in_the_order_of_the_mails(rig):
    locals_ = ["ok", "nobody", "ok", "spam", "later", "ok", "full"] * 5
    fates = rig.channel.send(
        [mail_to(local, number) for number, local in enumerate(locals_)], timeout=LONG_ENOUGH
    )
    expected = {
        "ok": None,
        "nobody": RefusalKind.MAILBOX,
        "spam": RefusalKind.POLICY,
        "later": RefusalKind.OTHER,
        "full": RefusalKind.OTHER,
    }
    assert [fate.kind if isinstance(fate, Refused) else None for fate in fates] == [
        expected[local] for local in locals_
    ]


def test_the_same_mail_is_the_same_bytes_however_often_it_is_sent(rig):
    for _ in range(2):
        rig.channel.send([an_email(1)], timeout=LONG_ENOUGH)
    (first_id, first), (second_id, second) = rig.received()
    assert first_id == second_id
    assert first == second


@pytest.mark.parametrize(
    "changes",
    [
        {"recipient": Mailbox("Ben", "not an address")},
        {"recipient": Mailbox("Ben", "ben@people.example>\r\nRCPT TO:<eve@people.example")},
        {"recipient": Mailbox("Ben", "")},
        {"message_id": "a\r\nBcc: eve@people.example"},
        {"unsubscribe_url": "https://x.example/\r\nBcc: eve@people.example"},
        {"language": "it\r\nBcc: eve@people.example"},
        {"envelope_from": "b@x.example> SIZE=1\r\nRCPT TO:<eve@people.example"},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_a_mail_that_cannot_be_is_refused_and_its_neighbours_go(rig, changes):
    mails = [an_email(1), an_email(2, **changes), an_email(3)]
    first, second, third = rig.channel.send(mails, timeout=LONG_ENOUGH)
    assert isinstance(first, Accepted)
    assert isinstance(second, Refused)
    assert (second.permanent, second.kind) == (True, RefusalKind.OTHER)
    assert isinstance(third, Accepted)
    assert len(rig.received()) == 2
    assert not any(b"eve@people" in content for _, content in rig.received())


def test_line_breaks_in_words_do_not_become_headers(rig):
    hostile = "Bye\r\nBcc: eve@people.example\r\n\r\n.\r\nMAIL FROM:<eve@people.example>\0"
    mail = replace(
        an_email(1, subject=hostile, html=hostile, text=hostile),
        sender=Mailbox(hostile, "shop@enoteca.example"),
        recipient=Mailbox(hostile, "ben@people.example"),
    )
    (fate,) = rig.channel.send([mail], timeout=LONG_ENOUGH)
    assert isinstance(fate, Accepted)
    ((_, content),) = rig.received()
    message = message_from_bytes(content, policy=policy.default)
    assert message["Bcc"] is None
    assert "Bcc: eve@people.example" in message.get_body(("plain",)).get_content()


def test_a_provider_that_is_away_has_surely_taken_nothing(rig):
    fates = rig.away.send([an_email(number) for number in range(20)], timeout=LONG_ENOUGH)
    assert len(fates) == 20
    assert all(is_retryable(fate) for fate in fates)


def test_no_time_at_all_is_no_reason_to_raise(rig):
    fates = rig.channel.send([an_email(1), an_email(2)], timeout=timedelta(0))
    assert all(is_retryable(fate) for fate in fates)
    assert rig.received() == []


def test_several_threads_share_a_channel_and_never_more_is_on_the_wire_than_said(rig):
    def send(thread: int) -> list[Fate]:
        mails = [an_email(thread * 100 + number) for number in range(15)]
        return rig.channel.send(mails, timeout=LONG_ENOUGH)

    with ThreadPoolExecutor(6) as threads:
        fates = [fate for answer in threads.map(send, range(6)) for fate in answer]
    assert all(isinstance(fate, Accepted) for fate in fates)
    message_ids = [message_id for message_id, _ in rig.received()]
    assert len(message_ids) == len(set(message_ids)) == 90
    assert 1 <= rig.most_at_once() <= rig.channel.in_flight


def test_closing_gives_the_connections_back(rig):
    rig.channel.send([an_email(number) for number in range(20)], timeout=LONG_ENOUGH)
    assert rig.connections() >= 1
    rig.channel.close()
    until = time.monotonic() + 60
    while rig.connections():
        assert time.monotonic() < until, "a connection is still open"
        time.sleep(0.01)


@pytest.mark.parametrize("seed", range(3))
def test_every_fate_is_the_truth_and_retrying_never_doubles(rig, seed):
    """What a sender does for a fortnight, in a second: again and again, whatever may be tried again."""
    chance = random.Random(seed)
    locals_ = ["ok"] * 20 + ["nobody", "spam", "full", "later", "silent"]
    waiting = [mail_to(chance.choice(locals_), number) for number in range(120)]
    final: dict[str, Fate] = {}
    for _ in range(40):
        chance.shuffle(waiting)
        batch, rest = waiting[:25], waiting[25:]
        fates = rig.channel.send(batch, timeout=LONG_ENOUGH)
        assert len(fates) == len(batch)
        again = []
        for mail, fate in zip(batch, fates, strict=True):
            if is_retryable(fate):
                again.append(mail)
            else:
                final[mail.message_id] = fate
        waiting = rest + again
    assert all(mail.message_id.startswith("later") for mail in waiting)
    received = [message_id for message_id, _ in rig.received()]
    assert len(received) == len(set(received))
    for message_id, fate in final.items():
        local = message_id.partition("-")[0]
        assert isinstance(fate, Accepted) is (local == "ok")
        assert isinstance(fate, Unknown) is (local == "silent")
        assert (message_id in received) is not isinstance(fate, Refused)


def test_threads_do_not_outlive_a_channel():
    before = threading.active_count()
    with smtp_rig() as rig:
        rig.channel.send([an_email(number) for number in range(8)], timeout=LONG_ENOUGH)
    assert threading.active_count() == before
