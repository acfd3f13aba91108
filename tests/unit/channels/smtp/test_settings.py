"""URLs of mail servers: what they mean, and words that help where they mean nothing."""

from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ripresa.channels.smtp.channel import SmtpChannel
from ripresa.channels.smtp.settings import BadSmtpUrl, SmtpSettings, Tls


def read(url: str) -> SmtpSettings:
    return SmtpSettings.from_url(url)


def test_everything_said():
    url = (
        "smtp://ada%40shop:s%3Acr%2Ft@mail.example:2525"
        "?tls=none&connections=8&ahead=2&rate=50&domain_connections=2&domain_rate=5&mails_per_connection=50&idle_seconds=5"
    )
    assert read(url) == SmtpSettings(
        host="mail.example",
        port=2525,
        tls=Tls.NONE,
        user="ada@shop",
        password="s:cr/t",
        connections=8,
        ahead=2,
        rate=50,
        domain_connections=2,
        domain_rate=5,
        mails_per_connection=50,
        idle_seconds=5,
    )


@pytest.mark.parametrize(
    ("url", "tls", "port"),
    [
        ("smtp://mail.example", Tls.STARTTLS, 587),
        ("smtp://mail.example/", Tls.STARTTLS, 587),
        ("smtp://mail.example?tls=starttls", Tls.STARTTLS, 587),
        ("smtp://mail.example?tls=none", Tls.NONE, 25),
        ("smtp://mail.example?tls=implicit", Tls.IMPLICIT, 465),
        ("smtps://mail.example", Tls.IMPLICIT, 465),
        ("smtps://mail.example:2465", Tls.IMPLICIT, 2465),
    ],
)
def test_encryption_is_the_default_and_each_kind_has_its_port(url, tls, port):
    settings = read(url)
    assert (settings.tls, settings.port) == (tls, port)


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("smtp://[::1]:25", "::1"),
        ("smtp://127.0.0.1", "127.0.0.1"),
        ("smtp://mail_relay:25", "mail_relay"),
        ("smtp://bücher.example", "xn--bcher-kva.example"),
    ],
)
def test_hosts(url, host):
    assert read(url).host == host


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("", "smtp://"),
        ("mail.example:587", "smtp://"),
        ("http://mail.example", "smtp://"),
        ("smtp://", "no host"),
        ("smtp://:25", "no host"),
        ("smtp://user:secret@", "no host"),
        ("smtp://mail example", "no host"),
        ("smtp://[::1", "brackets"),
        ("smtp://mail.example:0", "port"),
        ("smtp://mail.example:65536", "port"),
        ("smtp://mail.example:smtp", "port"),
        ("smtp://user@mail.example", "both user and password"),
        ("smtp://:secret@mail.example", "both user and password"),
        ("smtp://user:sec%00ret@mail.example", "%00"),
        ("smtp://user:sec/secret@mail.example", "%2F"),
        ("smtp://user:sec?secret@mail.example", "%3F"),
        ("smtp://user:sec#secret@mail.example", "%23"),
        ("smtp://mail.example/inbox", "%2F"),
        ("smtp://mail.example#x", "%23"),
        ("smtp://mail.example?tls=yes", "tls must be one of none, starttls, implicit"),
        ("smtp://mail.example?tls=", "tls must be"),
        ("smtps://mail.example?tls=none", "smtps://"),
        ("smtp://mail.example?connection=4", "unknown option 'connection'"),
        ("smtp://mail.example?connections=4&connections=5", "twice"),
        ("smtp://mail.example?connections=0", "from 1 to 64"),
        ("smtp://mail.example?rate=0", "from 1 to 10000"),
        ("smtp://mail.example?ahead=65", "from 1 to 64"),
        ("smtp://mail.example?connections=many", "from 1 to 64"),
        ("smtp://mail.example?connections=%D9%A3", "from 1 to 64"),
        ("smtp://mail.example?idle_seconds=601", "from 1 to 600"),
        ("smtp://mail.example?mails_per_connection=-1", "from 1 to"),
        ("smtp://mail.example?ca_file=/nowhere.pem", "/nowhere.pem"),
    ],
)
def test_a_url_that_cannot_be_used_says_why_and_keeps_the_password(url, words):
    with pytest.raises(BadSmtpUrl) as raised:
        read(url)
    assert words in str(raised.value)
    assert "secret" not in str(raised.value)


def test_the_password_is_never_shown():
    assert "s3cr3t" not in repr(read("smtp://user:s3cr3t@mail.example"))


@given(st.text(), st.text())
def test_any_user_and_password_can_be_written(user, password):
    if "\0" in user + password or not user or not password:
        return
    settings = read(f"smtp://{quote(user, safe='')}:{quote(password, safe='')}@mail.example")
    assert (settings.user, settings.password) == (user, password)


@given(st.text())
def test_any_other_text_is_read_or_refused(text):
    for url in (text, f"smtp://{text}", f"smtp://mail.example?{text}"):
        with suppress(BadSmtpUrl):
            read(url)


def test_a_file_without_a_certificate_is_named(tmp_path: Path):
    empty = tmp_path / "empty.pem"
    empty.write_text("nothing")
    with pytest.raises(BadSmtpUrl, match=r"empty\.pem"):
        SmtpChannel(read(f"smtp://mail.example?ca_file={empty}"))
