"""A mail server hands mails over: a real conversation, a real database."""

import smtplib
from uuid import UUID

import pytest
from django.db import OperationalError

from ripresa.channels.mailbox.lmtp import BadLmtpAddress, LmtpAddress
from ripresa.entrypoints import mailbox_server
from tests.db.mailroom.post_office import BOUNCE, REPLY, received, server, wrote_to
from tests.db.usecases.engine_world import LETTERHEAD
from tests.forging import forged
from tests.unit.channels.mailbox.mails import mail, refused, report

pytestmark = pytest.mark.django_db(transaction=True)
ANYWHERE = LmtpAddress(host="127.0.0.1", port=0)
RETURNED = report([refused("550 5.1.1 user unknown", status="5.1.1")]).replace(b"\n", b"\r\n")


@pytest.fixture
def post():
    with server(ANYWHERE).listening() as port, smtplib.LMTP("127.0.0.1", port) as client:
        yield client


def test_a_mail_is_on_disk_once_it_is_accepted(post):
    world, _, sent = wrote_to()

    assert post.sendmail("", [sent.envelope_from], RETURNED) == {}

    (stored,) = received(world)
    assert bytes(stored.raw) == RETURNED
    assert (stored.source, stored.recipient, stored.sender) == ("lmtp", sent.envelope_from, "")
    assert stored.outcome is None


def test_a_mail_handed_over_twice_is_stored_once(post):
    world, _, sent = wrote_to()

    for _ in range(2):
        post.sendmail("", [sent.envelope_from], RETURNED)

    assert received(world).count() == 1


def test_forged_and_foreign_addresses_are_refused_when_named(post):
    world, _, sent = wrote_to()
    key = sent.message_id.partition("@")[0]
    foreign = LETTERHEAD.message_key(world.shop_id + 1, UUID(int=7))
    for address in (
        f"b+{forged(key)}@{BOUNCE}",
        f"b+{foreign}@{BOUNCE}",
        f"b+{key}@other.test",
        f"b+{key}@{REPLY}",
        f"r+{key}@{BOUNCE}",
        f"postmaster@{BOUNCE}",
        "anybody@shop.test",
    ):
        with pytest.raises(smtplib.SMTPRecipientsRefused) as refused_one:
            post.sendmail("", [address], RETURNED)
        assert refused_one.value.recipients[address][0] == 550, address
        post.rset()

    assert not received(world).exists()


def test_every_address_of_a_mail_has_an_answer_of_its_own(post):
    world, _, sent = wrote_to()
    text = mail("Thank you").replace(b"\n", b"\r\n")

    answers = post.sendmail(
        "ben@example.test", [sent.reply_to.address, f"r@{REPLY}", f"x@{REPLY}"], text
    )

    assert set(answers) == {f"x@{REPLY}"}
    assert post.getreply()[0] == 250  # the second one: the library reads the first only
    assert sorted(received(world).values_list("recipient", flat=True)) == sorted(
        [sent.reply_to.address, f"r@{REPLY}"]
    )


def test_what_is_not_on_disk_is_not_accepted(post, monkeypatch):
    world, _, sent = wrote_to()

    def fails(**_values):
        raise OperationalError("away")

    monkeypatch.setattr(mailbox_server, "take_in", fails)
    with pytest.raises(smtplib.SMTPDataError) as refused_one:
        post.sendmail("", [sent.envelope_from], RETURNED)

    assert refused_one.value.smtp_code == 451
    assert not received(world).exists()


def test_a_socket_file_does_as_well(tmp_path):
    world, _, sent = wrote_to()
    path = tmp_path / "lmtp"
    path.touch()  # left behind by one that was killed
    with server(LmtpAddress.from_text(str(path))).listening():
        assert path.stat().st_mode & 0o777 == 0o666
        with smtplib.LMTP(str(path)) as post:
            post.sendmail("", [sent.envelope_from], RETURNED)

    assert received(world).count() == 1
    assert not path.exists()


@pytest.mark.parametrize(
    "text", ["0.0.0.0:24", "mail.example:24", "24", "127.0.0.1:no", "fetch it"]
)
def test_it_listens_on_this_machine_only(text):
    with pytest.raises(BadLmtpAddress, match="this machine"):
        LmtpAddress.from_text(text)
