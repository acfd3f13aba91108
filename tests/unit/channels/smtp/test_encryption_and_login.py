"""TLS, STARTTLS and login: against a real server for what works, a scripted one for what must not."""

import base64
import contextlib
import ssl
from datetime import timedelta

import pytest

from ripresa.channels.smtp.channel import SmtpChannel
from ripresa.channels.smtp.settings import SmtpSettings
from ripresa.contracts.channel import Accepted, Fate, Mailbox, RefusalKind, Refused
from tests.certificates import self_signed
from tests.mails import an_email
from tests.scripted_smtp import Peer, ScriptedServer, in_turn
from tests.smtp_sink import SinkServer

USERS = {"ada@enoteca.example": "pässword: 100%"}
LOGIN = "ada%40enoteca.example:p%C3%A4ssword%3A%20100%25@"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    return self_signed(tmp_path_factory.mktemp("certificates"))


def send_one(url: str) -> Fate:
    with contextlib.closing(SmtpChannel(SmtpSettings.from_url(url))) as channel:
        (fate,) = channel.send([an_email()], timeout=timedelta(seconds=10))
    return fate


def assert_someone_must_act(fate: Fate, words: str) -> None:
    """The mail is as good as before, but the sender is paused until the settings are mended."""
    assert isinstance(fate, Refused)
    assert (fate.permanent, fate.kind) == (False, RefusalKind.POLICY)
    assert words in fate.detail
    assert "pässword" not in fate.detail


@pytest.mark.parametrize("tls", ["implicit", "starttls"])
def test_mails_travel_encrypted_and_logged_in(certificate, tls):
    implicit = tls == "implicit"
    with SinkServer(tls=certificate.server, implicit=implicit, users=USERS) as sink:
        url = f"smtp://{LOGIN}127.0.0.1:{sink.port}?tls={tls}&ca_file={certificate.ca_file}"
        with contextlib.closing(SmtpChannel(SmtpSettings.from_url(url))) as channel:
            for batch in ([0, 1, 2], [3, 4]):  # also over connections that were kept
                fates = channel.send([an_email(n) for n in batch], timeout=timedelta(seconds=10))
                assert all(isinstance(fate, Accepted) for fate in fates)
        assert len(sink.caught) == 5
        assert sink.doubled() == []
        assert sink.connections <= 4


@pytest.mark.parametrize("tls", ["implicit", "starttls"])
def test_a_certificate_that_nobody_vouches_for_is_not_accepted(certificate, tls):
    with SinkServer(tls=certificate.server, implicit=tls == "implicit") as sink:
        fate = send_one(f"smtp://127.0.0.1:{sink.port}?tls={tls}")
        assert_someone_must_act(fate, "certificate")
        assert sink.caught == []


@pytest.mark.parametrize(("host", "days"), [("mail.example", 1), ("127.0.0.1", -1)])
def test_a_certificate_of_another_host_or_time_is_not_accepted(tmp_path, host, days):
    wrong = self_signed(tmp_path, host=host, days=days)
    with SinkServer(tls=wrong.server) as sink:
        fate = send_one(f"smtp://127.0.0.1:{sink.port}?ca_file={wrong.ca_file}")
        assert_someone_must_act(fate, "certificate")
        assert sink.caught == []


def test_a_wrong_password_pauses_the_sender_and_is_not_shown(certificate):
    with SinkServer(tls=certificate.server, users={"ada@enoteca.example": "other"}) as sink:
        fate = send_one(f"smtp://{LOGIN}127.0.0.1:{sink.port}?ca_file={certificate.ca_file}")
        assert_someone_must_act(fate, "refuses user 'ada@enoteca.example' or its password: 535")
        assert sink.caught == []


def test_a_server_that_wants_a_login_we_do_not_have(certificate):
    with SinkServer(tls=certificate.server, users=USERS) as sink:
        fate = send_one(f"smtp://127.0.0.1:{sink.port}?ca_file={certificate.ca_file}")
        assert_someone_must_act(fate, "wants a login")


def test_encryption_that_is_not_offered_is_not_done_without():
    # Whoever can change packets can take the offer out of them.
    with SinkServer() as sink:
        fate = send_one(f"smtp://{LOGIN}127.0.0.1:{sink.port}")
        assert_someone_must_act(fate, "offers no STARTTLS")
        assert sink.caught == []


def test_a_server_that_speaks_no_tls_where_it_should():
    with ScriptedServer(lambda peer: peer.serve()) as server:
        fate = send_one(f"smtps://127.0.0.1:{server.port}")
        assert isinstance(fate, Refused)
        assert not fate.permanent
        assert "TLS failed" in fate.detail


def test_words_slipped_in_before_the_handshake_are_not_taken_for_encrypted(certificate):
    def play(peer: Peer) -> None:
        peer.serve(
            answers={"STARTTLS": "220 go on\r\n250 AUTH PLAIN"}, offers=["STARTTLS", "AUTH PLAIN"]
        )

    with ScriptedServer(play) as server:
        fate = send_one(f"smtp://{LOGIN}127.0.0.1:{server.port}?ca_file={certificate.ca_file}")
        assert isinstance(fate, Refused)
        assert not fate.permanent
        assert "AUTH" not in server.words(1)


def test_what_was_offered_in_clear_counts_for_nothing(certificate):
    def play(peer: Peer) -> None:
        def encrypt(peer: Peer) -> None:
            peer.say("220 go on")
            peer.sock = certificate.server.wrap_socket(peer.sock, server_side=True)

        in_clear = "250-scripted.test\r\n250-STARTTLS\r\n250 AUTH PLAIN LOGIN"
        encrypted = "250 scripted.test"
        peer.serve(answers={"STARTTLS": encrypt, "EHLO": in_turn(in_clear, encrypted)})

    with ScriptedServer(play) as server:
        fate = send_one(f"smtp://{LOGIN}127.0.0.1:{server.port}?ca_file={certificate.ca_file}")
        assert_someone_must_act(fate, "offers no login")
        assert "AUTH" not in server.words(1)


@pytest.mark.parametrize(
    ("offer", "heard"),
    [
        ("AUTH PLAIN LOGIN", ["AUTH PLAIN AGFkYQBwdw=="]),
        ("AUTH=PLAIN", ["AUTH PLAIN AGFkYQBwdw=="]),
        ("AUTH CRAM-MD5 LOGIN", ["AUTH LOGIN", "YWRh", "cHc="]),
        ("auth login", ["AUTH LOGIN", "YWRh", "cHc="]),
    ],
)
def test_ways_to_log_in(offer, heard):
    lines: list[str] = []

    def play(peer: Peer) -> None:
        def authenticate(peer: Peer) -> str:
            lines.append("AUTH LOGIN" if "LOGIN" in heard[0] else heard[0])
            for challenge in ("334 VXNlcm5hbWU6", "334 UGFzc3dvcmQ6")[: len(heard) - 1]:
                peer.say(challenge)
                lines.append(peer.hear().decode())
            return "235 2.7.0 welcome"

        peer.serve(answers={"AUTH": authenticate}, offers=[offer])

    with ScriptedServer(play) as server:
        assert isinstance(send_one(f"smtp://ada:pw@127.0.0.1:{server.port}?tls=none"), Accepted)
        assert lines == heard


@pytest.mark.parametrize("offer", ["AUTH CRAM-MD5 XOAUTH2", "AUTH", "SIZE 1000"])
def test_no_way_to_log_in_is_said(offer):
    with ScriptedServer(lambda peer: peer.serve(offers=[offer])) as server:
        fate = send_one(f"smtp://{LOGIN}127.0.0.1:{server.port}?tls=none")
        assert_someone_must_act(fate, "offers no login by PLAIN or LOGIN without encryption")


def test_a_login_that_fails_for_now_is_a_passing_trouble():
    answers = {"AUTH": "454 4.7.0 temporary authentication failure"}
    with ScriptedServer(lambda peer: peer.serve(answers, ["AUTH PLAIN"])) as server:
        fate = send_one(f"smtp://{LOGIN}127.0.0.1:{server.port}?tls=none")
        assert isinstance(fate, Refused)
        assert (fate.permanent, fate.kind) == (False, RefusalKind.OTHER)


@pytest.mark.parametrize("offer", ["AUTH PLAIN", "AUTH LOGIN"])
def test_a_server_that_quotes_the_login_does_not_put_it_into_the_log(offer):
    quoted = base64.b64encode("\0ada@enoteca.example\0pässword: 100%".encode()).decode()
    password = base64.b64encode("pässword: 100%".encode()).decode()

    def play(peer: Peer) -> None:
        def authenticate(peer: Peer) -> str:
            if offer == "AUTH LOGIN":
                peer.say("334 VXNlcm5hbWU6")
                peer.hear()
                peer.say("334 UGFzc3dvcmQ6")
                peer.hear()
            return f"535 5.7.8 cannot accept {quoted} or {password} or pässword: 100%"

        peer.serve(answers={"AUTH": authenticate}, offers=[offer])

    with ScriptedServer(play) as server:
        fate = send_one(f"smtp://{LOGIN}127.0.0.1:{server.port}?tls=none")
        assert_someone_must_act(fate, "535 5.7.8")
        assert isinstance(fate, Refused)
        assert password not in fate.detail
        assert quoted not in fate.detail


@pytest.mark.parametrize("offers_it", [True, False])
def test_other_letters_before_the_at_go_only_where_they_can(offers_it):
    mail = an_email(recipient=Mailbox("Jürgen", "jürgen@bücher.example"))
    with SinkServer(smtputf8=offers_it) as sink:
        with contextlib.closing(SmtpChannel(SmtpSettings.from_url(sink.url))) as channel:
            first, second = channel.send([mail, an_email(2)], timeout=timedelta(seconds=10))
        assert isinstance(second, Accepted)
        if offers_it:
            assert isinstance(first, Accepted)
            recipients = {mail.recipients for mail in sink.caught}
            assert ("jürgen@xn--bcher-kva.example",) in recipients
        else:
            assert isinstance(first, Refused)
            assert (first.permanent, first.kind) == (True, RefusalKind.OTHER)
            assert "SMTPUTF8" in first.detail


def test_certificates_are_always_checked():
    channel = SmtpChannel(SmtpSettings.from_url("smtp://mail.example"))
    assert channel._context is not None
    assert channel._context.verify_mode is ssl.CERT_REQUIRED
    assert channel._context.check_hostname
    channel.close()
