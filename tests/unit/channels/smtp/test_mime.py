"""The standard library reads back from our bytes what was put in: it is the oracle."""

import re
from dataclasses import replace
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import parseaddr, parsedate_to_datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ripresa.channels.smtp.mime import CannotLayOut, lay_out
from ripresa.contracts.channel import Mailbox
from tests.mails import an_email

CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
HOSTILE_PIECES = [
    "\r", "\n", "\r\n", "\0", "\t", " ", ".", "\n.\n", "\r\n.\r\n", "From ", "\nFrom ", "=?utf-8?q?x?=",
    "=", "--=_", '"', "\\", "<", ">", "@", "é", "€", "漢", "🍷", "\u2028", "\u0085", "\ud800", "x" * 80,
    "Bcc: x@y.example", "\x1b[31m", "\u202e",
]  # fmt: skip
any_text = st.one_of(
    st.text(),
    st.text(st.characters()),
    st.lists(st.sampled_from(HOSTILE_PIECES), max_size=40).map("".join),
)


def parse(content: bytes) -> EmailMessage:
    message = message_from_bytes(content, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def cleaned(text: str) -> str:
    """What a header may keep of free text."""
    return CONTROLS.sub(" ", text.encode("utf-8", "replace").decode())


def canonical(body: str) -> str:
    """A body as it travels: CRLF line ends, and what UTF-8 cannot say replaced."""
    return re.sub("\r\n|\r|\n", "\r\n", body.encode("utf-8", "replace").decode())


def body_of(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    payload = part.get_payload(decode=True)
    assert isinstance(payload, bytes)
    return payload.decode(part.get_content_charset() or "")


@given(text=any_text, html=any_text)
@example(text="", html="")
@example(text="trailing \t \nblanks \n" + "x" * 75 + " \n", html="." * 200)
@example(text="From here\nFrom " + "x" * 100, html="x" * 74 + "From y\nFrom \nFrom")
@example(text="no line end", html="漢" * 500)
@example(text="é" * 39 + "a" * 195, html="x" * 5000)
def test_bodies_come_back(text, html):
    content = lay_out(an_email(text=text, html=html)).content
    message = parse(content)
    assert body_of(message, "plain") == canonical(text)
    assert body_of(message, "html") == canonical(html)
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert not message.defects


@given(text=any_text, html=any_text, subject=any_text, name=any_text)
@example(text="From From 0", html="From " * 60, subject="From x", name="From x")
def test_every_line_is_one_that_any_relay_takes(text, html, subject, name):
    mail = an_email(text=text, html=html, subject=subject, sender=Mailbox(name, "a@b.example"))
    content = lay_out(mail).content
    lines = content.split(b"\r\n")
    assert content.isascii()
    assert b"\0" not in content
    assert lines[-1] == b""
    assert not any(b"\r" in line or b"\n" in line for line in lines)
    assert not any(line.startswith(b"From ") for line in lines)
    body_begins = lines.index(b"")
    assert max(len(line) for line in lines[body_begins:]) <= 76
    assert all(len(line) <= 76 for line in lines[:body_begins] if b"=?" in line)
    assert max(len(line) for line in lines[:body_begins]) <= 998


@given(subject=any_text)
@example("")
@example("two  spaces")
@example(" ends ")
@example("word " * 60)
@example("x" * 2000)
@example("=?utf-8?b?aGk=?=")
@example("Bye\r\nBcc: victim@people.example\r\n\r\nbody")
def test_the_subject_comes_back(subject):
    message = parse(lay_out(an_email(subject=subject)).content)
    assert str(message["Subject"]) == cleaned(subject)


@given(name=any_text)
@example('Ben "the buyer" O\\Rossi')
@example("Rossi, Ben <ben@x.example>")
@example("B\r\nBcc: victim@people.example")
@example("a" * 300)
@example("Città di Castello, Enoteca Comunale e Bottega del Vino Novello")
def test_names_come_back(name):
    mail = an_email(
        sender=Mailbox(name, "shop@enoteca.example"),
        recipient=Mailbox(name, "ben@people.example"),
        reply_to=Mailbox(name, "help@enoteca.example"),
    )
    message = message_from_bytes(lay_out(mail).content, policy=policy.compat32)
    for header, address in [
        ("From", "shop@enoteca.example"),
        ("To", "ben@people.example"),
        ("Reply-To", "help@enoteca.example"),
    ]:
        # The newer parser of Python 3.11 keeps the fold between two encoded words of a name as a
        # space, which RFC 2047 (6.2) forbids; the older one does not.
        phrase, found = parseaddr(message[header])
        assert found == address
        assert str(make_header(decode_header(phrase))) == cleaned(name).strip()


@given(value=any_text, field=st.sampled_from(["subject", "sender", "recipient", "reply_to"]))
def test_no_value_adds_a_header(value, field):
    changed = value if field == "subject" else Mailbox(value, "a@b.example")
    message = parse(lay_out(an_email(**{field: changed})).content)
    assert message.keys() == [
        "Date", "From", "To", "Reply-To", "Subject", "Message-ID", "List-Unsubscribe",
        "List-Unsubscribe-Post", "Content-Language", "MIME-Version", "Content-Type",
    ]  # fmt: skip


@pytest.mark.parametrize("sign", ["\r", "\n", "\r\n", "\0", " ", "\t", "<", ">", "\u2028", "é"])
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("message_id", "a{}b@mail.example"),
        ("unsubscribe_url", "https://enoteca.example/u/{}x"),
        ("language", "i{}t"),
        ("envelope_from", "b@bounce{}.example{}"),
    ],
)
def test_a_token_that_would_have_to_be_changed_is_refused(field, value, sign):
    if field == "envelope_from" and sign == "é":
        sign = "é é"  # a letter alone makes a good domain
    with pytest.raises(CannotLayOut):
        lay_out(an_email(**{field: value.format(sign, sign)}))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("message_id", ""),
        ("message_id", "no-at-sign"),
        ("message_id", "x" * 900 + "@mail.example"),
        ("unsubscribe_url", "mailto:stop@enoteca.example"),
        ("unsubscribe_url", "javascript:alert(1)"),
        ("unsubscribe_url", "http://[oops/"),
        ("unsubscribe_url", "https://enoteca.example/" + "x" * 900),
        ("language", ""),
        ("sent_at_epoch", 10**20),
    ],
)
def test_what_no_header_can_carry_is_refused(field, value):
    with pytest.raises(CannotLayOut):
        lay_out(an_email(**{field: value}))


def test_headers_say_who_when_and_what():
    message = parse(lay_out(an_email(7)).content)
    assert str(message["Date"]) == "Tue, 03 Mar 2026 10:00:00 +0000"
    assert parsedate_to_datetime(message["Date"]).timestamp() == an_email().sent_at_epoch
    assert str(message["Message-ID"]) == "<m7@mail.enoteca.example>"
    assert str(message["From"]) == "Enoteca Città <shop@enoteca.example>"
    assert str(message["To"]) == "Ben Rossi <ben7@people.example>"
    assert str(message["Reply-To"]) == "help@enoteca.example"
    assert str(message["Subject"]) == "Il tuo carrello è ancora qui"
    assert str(message["Content-Language"]) == "it"
    assert str(message["MIME-Version"]) == "1.0"
    assert message["Auto-Submitted"] is None  # RFC 3834: for machines' answers, not for shops


def test_without_a_reply_address_there_is_no_reply_header():
    assert parse(lay_out(an_email(reply_to=None)).content)["Reply-To"] is None


@pytest.mark.parametrize(
    ("url", "is_one_click"),
    [
        ("https://enoteca.example/u/abc", True),
        ("http://localhost:8000/u/abc", True),
        ("http://127.0.0.1:8000/u/abc", True),
        ("http://[::1]:8000/u/abc", True),
        ("http://enoteca.example/u/abc", False),
        ("http://localhost.enoteca.example/u/abc", False),
    ],
)
def test_one_click_is_promised_where_the_way_is_safe(url, is_one_click):
    message = parse(lay_out(an_email(unsubscribe_url=url)).content)
    assert str(message["List-Unsubscribe"]) == f"<{url}>"
    expected = "List-Unsubscribe=One-Click" if is_one_click else None
    assert message["List-Unsubscribe-Post"] == expected


def test_what_is_no_marketing_offers_no_way_out_of_it():
    mail = parse(lay_out(an_email(unsubscribe_url="")).content)
    assert mail["List-Unsubscribe"] is None
    assert mail["List-Unsubscribe-Post"] is None


def test_the_same_mail_gives_the_same_bytes_and_another_one_another_boundary():
    assert lay_out(an_email(1)) == lay_out(an_email(1))
    boundaries = {parse(lay_out(an_email(n)).content).get_boundary() for n in range(20)}
    assert len(boundaries) == 20


def test_a_body_that_knows_the_boundary_cannot_use_it():
    boundary = parse(lay_out(an_email()).content).get_boundary()
    forged = f"\n--{boundary}\nContent-Type: text/html\n\n<b>x</b>\n--{boundary}--\n"
    message = parse(lay_out(an_email(text=forged)).content)
    assert body_of(message, "plain") == canonical(forged)
    assert len(list(message.iter_parts())) == 2


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Plain words = fine", "quoted-printable"),
        ("perché è così", "base64"),
        ("漢字" * 9, "base64"),
    ],
)
def test_each_part_is_encoded_the_shorter_way(text, encoding):
    part = parse(lay_out(an_email(text=text)).content).get_body(("plain",))
    assert part is not None
    assert part["Content-Transfer-Encoding"] == encoding


def test_the_envelope_is_not_the_header():
    laid_out = lay_out(an_email(3))
    assert laid_out.sender == "b+token@bounce.enoteca.example"
    assert laid_out.recipient == "ben3@people.example"
    assert not laid_out.needs_smtputf8
    assert b"bounce" not in laid_out.content


def test_other_letters_before_the_at_are_carried_raw_and_need_smtputf8():
    mail = an_email(recipient=Mailbox("Jürgen", "jürgen@bücher.example"))
    laid_out = lay_out(mail)
    assert laid_out.needs_smtputf8
    assert laid_out.recipient == "jürgen@xn--bcher-kva.example"
    message = message_from_bytes(laid_out.content, policy=policy.SMTPUTF8)
    assert "jürgen@xn--bcher-kva.example".encode() in laid_out.content
    assert message["Subject"] == mail.subject


def test_other_letters_in_a_domain_need_nothing():
    laid_out = lay_out(an_email(recipient=Mailbox("", "info@bücher.example")))
    assert not laid_out.needs_smtputf8
    assert laid_out.content.isascii()


@pytest.mark.parametrize("field", ["sender", "recipient", "reply_to"])
def test_a_bad_address_is_named(field):
    mail = an_email()
    bad = replace(getattr(mail, field), address="nobody at home")
    with pytest.raises(CannotLayOut, match="nobody at home"):
        lay_out(replace(mail, **{field: bad}))
