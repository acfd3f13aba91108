"""Real mail servers: Postfix takes our mails over TLS and bounces them; Dovecot keeps what is fetched."""

import smtplib
import time
from contextlib import ExitStack
from datetime import timedelta

import pytest
from imapclient import IMAPClient

from ripresa.channels.mailbox.imap import MailboxAway
from ripresa.channels.mailbox.lmtp import LmtpAddress
from ripresa.channels.smtp.channel import SmtpChannel
from ripresa.channels.smtp.settings import SmtpSettings
from ripresa.contracts.channel import Accepted
from ripresa.domain.contacts.models import Suppression
from ripresa.domain.messages.models import MessageFeedback
from ripresa.usecases.mailroom.fetch import fetch
from tests.certificates import self_signed
from tests.db.mailroom.post_office import ACCOUNTS, BOUNCE, REPLY, received, server, wrote_to
from tests.db.usecases.engine_world import DAY, T0, make_world
from tests.peers import dovecot as imap_server
from tests.peers import postfix as relay
from tests.peers.dovecot import Dovecot
from tests.peers.postfix import Postfix
from tests.smtp_sink import SinkServer
from tests.unit.channels.mailbox.mails import mail, refused, report

pytestmark = [pytest.mark.peers, pytest.mark.django_db(transaction=True)]
needs_postfix = pytest.mark.skipif(
    not relay.IS_THERE, reason="needs Debian's postfix: make test-peers"
)
needs_dovecot = pytest.mark.skipif(
    not imap_server.IS_THERE, reason="needs Debian's dovecot-imapd: make test-peers"
)
PATIENCE = 60.0


def wait_until(is_so, what):
    until = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < until, f"{what} did not happen"
        time.sleep(0.2)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    return self_signed(tmp_path_factory.mktemp("certificate"))


def answer(stage, address):
    """The recipients' server: it knows nobody called nobody."""
    return "550 5.1.1 no such user" if stage == "RCPT" and address.startswith("nobody") else None


@pytest.fixture
def ways(certificate):
    """Ripresa's LMTP, the recipients' server, and Postfix between them."""
    with ExitStack() as stack:
        lmtp = stack.enter_context(server(LmtpAddress(host="127.0.0.1", port=0)).listening())
        people = stack.enter_context(SinkServer(script=answer))
        routes = {
            "example.test": f"smtp:[127.0.0.1]:{people.port}",
            "shop.test": f"smtp:[127.0.0.1]:{people.port}",
            BOUNCE: f"lmtp:inet:127.0.0.1:{lmtp}",
            REPLY: f"lmtp:inet:127.0.0.1:{lmtp}",
        }
        postfix = stack.enter_context(Postfix(certificate.ca_file, certificate.key_file, routes))
        yield postfix, people


def send_by(postfix, certificate, outgoing):
    url = f"smtp://127.0.0.1:{postfix.port}?ca_file={certificate.ca_file}"
    channel = SmtpChannel(SmtpSettings.from_url(url))
    try:
        return channel.send([outgoing], timeout=timedelta(seconds=30))
    finally:
        channel.close()


@needs_postfix
def test_what_postfix_bounces_comes_home_and_suppresses(ways, certificate):
    postfix, _ = ways
    world, _, mail_sent = wrote_to("nobody")

    (fate,) = send_by(postfix, certificate, mail_sent)

    assert isinstance(fate, Accepted), fate
    wait_until(lambda: received(world).exists(), f"the bounce: {postfix.log}")
    (stored,) = received(world)
    assert stored.recipient == mail_sent.envelope_from
    world.run(stored.due_at)
    assert received(world).get().outcome == "bounce"
    assert Suppression.objects.get(shop_id=world.shop_id).address == "nobody@example.test"
    heard = MessageFeedback.objects.get(shop_id=world.shop_id)
    assert (heard.kind, heard.reason, heard.is_permanent) == ("bounced", "unknown", True)


@needs_postfix
def test_an_answer_by_way_of_postfix_stops_the_rest(ways, certificate):
    postfix, people = ways
    world, _, mail_sent = wrote_to("ben")
    send_by(postfix, certificate, mail_sent)
    wait_until(lambda: people.caught, f"the delivery: {postfix.log}")

    with smtplib.SMTP("127.0.0.1", postfix.port) as client:
        client.starttls()
        text = mail("I take it", sender="ben@example.test").replace(b"\n", b"\r\n")
        client.sendmail("ben@example.test", [mail_sent.reply_to.address], text)

    wait_until(lambda: received(world).exists(), f"the answer: {postfix.log}")
    world.run(received(world).get().due_at)
    assert received(world).get().outcome == "reply"
    assert ("second", "cancelled", "replied") in world.trail("step", "outcome", "reason")


@needs_postfix
def test_a_forged_bounce_address_is_refused_by_way_of_postfix(ways):
    postfix, _ = ways
    world, _, _ = wrote_to("ben")
    forged = f"b+{'a' * 47}@{BOUNCE}"
    with smtplib.SMTP("127.0.0.1", postfix.port) as client:
        client.starttls()
        client.sendmail("x@example.test", [forged], report([refused("550 5.1.1 unknown")]))

    wait_until(lambda: "status=bounced" in postfix.log, "the refusal")
    assert not received(world).exists()


@pytest.fixture
def dovecot(certificate):
    with Dovecot(certificate.ca_file, certificate.key_file) as running:
        yield running


def imap_account(world, dovecot, **settings):
    given = {
        "host": "127.0.0.1", "port": str(dovecot.port), "tls": "none", "user": dovecot.USER,
        "password": dovecot.PASSWORD, "bounce_domain": BOUNCE, "reply_domain": REPLY, **settings,
    }  # fmt: skip
    return ACCOUNTS.add(
        shop_id=world.shop_id, provider_name="imap", name="box", given=given, now=T0
    )


def put(dovecot, *mails, folder="INBOX"):
    with IMAPClient("127.0.0.1", port=dovecot.port, ssl=False) as client:
        client.login(dovecot.USER, dovecot.PASSWORD)
        for raw in mails:
            client.append(folder, raw.replace(b"\n", b"\r\n"))


def look(dovecot, folder):
    with IMAPClient("127.0.0.1", port=dovecot.port, ssl=False) as client:
        client.login(dovecot.USER, dovecot.PASSWORD)
        client.select_folder(folder, readonly=True)
        return len(client.search("ALL")), len(client.search("UNSEEN"))


@needs_dovecot
def test_mails_are_fetched_once_and_stay_as_they_were(dovecot):
    world = make_world()
    account = imap_account(world, dovecot)
    put(dovecot, mail("one"), mail("two"))

    assert fetch(account, ACCOUNTS, now=T0) == 2
    assert fetch(account, ACCOUNTS, now=T0) == 0
    put(dovecot, mail("three"))
    assert fetch(account, ACCOUNTS, now=T0) == 1

    assert received(world).count() == 3
    assert look(dovecot, "INBOX") == (3, 3)


@needs_dovecot
def test_a_folder_that_is_numbered_anew_is_read_again_and_stored_once(dovecot):
    world = make_world()
    account = imap_account(world, dovecot, folder="Returned")
    with IMAPClient("127.0.0.1", port=dovecot.port, ssl=False) as client:
        client.login(dovecot.USER, dovecot.PASSWORD)
        client.create_folder("Returned")
    put(dovecot, mail("one"), mail("two"), folder="Returned")
    fetch(account, ACCOUNTS, now=T0)
    with IMAPClient("127.0.0.1", port=dovecot.port, ssl=False) as client:
        client.login(dovecot.USER, dovecot.PASSWORD)
        client.delete_folder("Returned")
        time.sleep(1.1)  # the new number is the second of its making
        client.create_folder("Returned")
    put(dovecot, mail("one"), mail("three"), folder="Returned")

    assert fetch(account, ACCOUNTS, now=T0) == 2

    assert received(world).count() == 3


@needs_dovecot
def test_what_was_stored_is_moved_where_that_is_asked_for(dovecot):
    world = make_world()
    account = imap_account(world, dovecot, move_to="Read")
    put(dovecot, mail("one"), mail("two"))

    assert fetch(account, ACCOUNTS, now=T0) == 2

    assert look(dovecot, "INBOX") == (0, 0)
    assert look(dovecot, "Read") == (2, 2)
    assert fetch(account, ACCOUNTS, now=T0) == 0


@needs_dovecot
def test_a_bounce_in_a_mailbox_is_followed(dovecot):
    world, _, mail_sent = wrote_to("ben", mailbox=False)
    account = imap_account(world, dovecot)
    raw = report([refused("550 5.1.1 unknown", status="5.1.1")])
    put(dovecot, raw.replace(b"1234@shop.example", mail_sent.message_id.encode()))

    fetch(account, ACCOUNTS, now=world.now)
    world.run(world.now + DAY / 24)

    assert Suppression.objects.get(shop_id=world.shop_id).cause == "hard_bounce"


@needs_dovecot
@pytest.mark.parametrize("tls", ["yes", "starttls"])
def test_the_connection_is_encrypted_and_the_certificate_checked(
    dovecot, certificate, monkeypatch, tls
):
    world = make_world()
    port = dovecot.tls_port if tls == "yes" else dovecot.port
    account = imap_account(world, dovecot, tls=tls, port=str(port))
    put(dovecot, mail("one"))

    with pytest.raises(MailboxAway, match="certificate"):
        fetch(account, ACCOUNTS, now=T0)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.ca_file))
    assert fetch(account, ACCOUNTS, now=T0) == 1


@needs_dovecot
def test_a_wrong_password_is_said(dovecot):
    account = imap_account(make_world(), dovecot, password="wrong")

    with pytest.raises(MailboxAway, match=r"(?i)auth"):
        fetch(account, ACCOUNTS, now=T0)
