"""Whatever bytes come in: an answer, soon, and never that an address is bad for good."""

import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ripresa.channels.mailbox.reading.mail import MOST_BYTES, NotAMail
from ripresa.channels.mailbox.reading.read import read_mail
from ripresa.channels.mailbox.reading.values import MailKind
from tests.unit.channels.mailbox.mails import complaint, mail, refused, report

SOON = 10  # processor seconds: the worst takes well under one; what else runs does not count
NESTED = "".join(f'Content-Type: multipart/mixed; boundary="{n}"\n\n--{n}\n' for n in range(2000))


def daemon(text, **more):
    return mail(text, sender="MAILER-DAEMON@relay.example", subject="failure notice", **more)


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(daemon("x" * (2 * MOST_BYTES)), id="long"),
        pytest.param(daemon("<" * MOST_BYTES, kind="text/html"), id="tags"),
        pytest.param(daemon("<style>" * 300_000, kind="text/html"), id="styles"),
        pytest.param(daemon("-" * 1000 + "\n" + ("-" * 199 + "\n") * 9000), id="dashes"),
        pytest.param(daemon("--- original message\nx\n" * 90_000), id="announcements"),
        pytest.param(daemon("Received: x\nFrom: y\n" * 90_000), id="headers in the text"),
        pytest.param(daemon("a@b.example\n" * 150_000), id="addresses"),
        pytest.param(daemon("@" * 1_000_000), id="at signs"),
        pytest.param(daemon("550 " * 400_000), id="codes"),
        pytest.param(daemon("user " * 400_000), id="words"),
        pytest.param(b"Subject: " + b"=?utf-8?q?x?=" * 100_000 + b"\n\nx", id="encoded words"),
        pytest.param(b"Content-Type: a" + b';"' * 500_000 + b"\n\nx", id="parameters"),
        pytest.param(b"X: y\n" * 400_000 + b"\n", id="many headers"),
        pytest.param(b"From: x@y.example\n" + NESTED.encode(), id="nested parts"),
        pytest.param(
            b'From: x\nContent-Type: multipart/mixed; boundary="b"\n\n' + b"--b\n\nx\n" * 300_000,
            id="many parts",
        ),
        pytest.param(
            b"From: x\n" + b"Content-Type: message/rfc822\n\n" * 50_000, id="mails in mails"
        ),
        pytest.param(
            report([refused("550 x", address=f"a{n}@b.example") for n in range(20_000)]),
            id="groups",
        ),
        pytest.param(daemon("x" * 1_000_000).replace(b"utf-8", b"punycode"), id="slow charset"),
        pytest.param(daemon("x").replace(b"utf-8", b"no-such-charset"), id="unknown charset"),
    ],
)
def test_every_mail_is_answered_soon(raw):
    begun = time.process_time()

    reading = read_mail(raw)

    assert time.process_time() - begun < SOON
    assert not any(heard.permanent for heard in reading.heard)


@given(st.binary(max_size=2000))
def test_any_bytes_are_read_or_refused(raw):
    for whole in (raw, b"From: MAILER-DAEMON@x.example\nSubject: failure notice\n\n" + raw):
        try:
            read_mail(whole)
        except NotAMail:
            assert whole is raw


SOUND = [
    report([refused("550 5.1.1 user unknown", status="5.1.1")]),
    complaint(),
    daemon("<ben@people.example>:\n550 5.1.1 no such user"),
    mail("I am away.", headers="Auto-Submitted: auto-replied"),
]


@given(st.sampled_from(SOUND), st.integers(0, 2000), st.binary(max_size=40), st.integers(0, 60))
def test_damaged_mails_are_read_or_refused(raw, at, put, cut):
    with suppress(NotAMail):
        read_mail(raw[:at] + put + raw[at + cut :])


@given(st.text(max_size=300), st.text(alphabet=st.characters(codec="ascii"), max_size=80))
def test_no_words_of_a_person_make_a_bounce(text, subject):
    subject = " ".join(subject.split())

    assert read_mail(mail(text, subject=subject)).kind in (MailKind.OTHER, MailKind.AUTO_REPLY)
