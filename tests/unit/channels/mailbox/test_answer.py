import pytest
from hypothesis import given
from hypothesis import strategies as st

from ripresa.channels.mailbox.addresses import (
    OwnAddress,
    Use,
    domain_setting,
    own_address,
    read_own_address,
)
from ripresa.channels.mailbox.answer import goes_in_circles, named_keys, own_words, writer_of
from ripresa.channels.mailbox.reading.mail import parse_mail
from ripresa.contracts.channel import Mailbox
from ripresa.contracts.provider import BadSettings
from tests.unit.channels.mailbox.mails import mail, refused, report

KEY = "ab" * 23
OTHER = "cd" * 23
keys = st.text("abcdefghijklmnopqrstuvwxyz234567", min_size=1, max_size=58)


@given(st.sampled_from(Use), keys)
def test_an_own_address_says_what_it_was_made_of(use, key):
    address = own_address(use, key, "shop.test")

    assert read_own_address(address) == OwnAddress(use, key, "shop.test")
    assert read_own_address(address.upper()) == OwnAddress(use, key, "shop.test")
    assert len(address.partition("@")[0]) <= 64


@pytest.mark.parametrize(
    "address",
    ["", "b", "b+@shop.test", "c+abc@shop.test", "b+a!c@shop.test", "bob@shop.test", "@x"],
)
def test_other_addresses_are_not_ours(address):
    assert read_own_address(address) is None


def test_an_address_without_a_key_names_no_message():
    assert read_own_address("r@shop.test") == OwnAddress(Use.REPLY, "", "shop.test")


@pytest.mark.parametrize(
    ("text", "domain"), [("", ""), (" Bounce.Shop.Test. ", "bounce.shop.test")]
)
def test_a_domain_is_read(text, domain):
    assert domain_setting("bounce_domain", text) == domain


@pytest.mark.parametrize(
    "text", ["shop", "a b.test", "x@shop.test", "-a.test", "a..test", "http://a.test"]
)
def test_what_is_no_domain_is_refused(text):
    with pytest.raises(BadSettings, match="bounce_domain must be a domain"):
        domain_setting("bounce_domain", text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Thank you!", "Thank you!"),
        ("STOP\n\nOn Mon, 2 Nov 2026 at 10:00, Enoteca <a@shop.test> wrote:\n> Your cart", "STOP"),
        ("Stop\n\nIl giorno lun 2 nov 2026 Enoteca ha scritto:\n> Il tuo carrello", "Stop"),
        ("Bitte abmelden\n\nAm 02.11.26 um 10:00 schrieb Enoteca:\n> x", "Bitte abmelden"),
        ("Стоп\n\nпн, 2 нояб. 2026 г. Enoteca написал(а):\n> x\nпишет: x", "Стоп"),
        ("Oprește\n\nÎn lun., 2 nov. 2026, Enoteca a scris:\n> x", "Oprește"),
        ("> quoted\nmine\n> quoted", "mine"),
        ("mine\n-- \nBen\nSTOP Inc.", "mine"),
        ("mine\nSent from my phone", "mine"),
        (
            "mine\n\n-----Original Message-----\nFrom: a@shop.test\nTo: ben@b.test\nSubject: x\n\nHers",
            "mine",
        ),
    ],
)
def test_what_a_person_wrote_herself(text, said):
    assert own_words(parse_mail(mail(text))) == said


def test_the_writer_is_answered_where_she_wants():
    raw = mail("x", sender='"Ben B." <ben@b.test>', headers="Reply-To: <ben@home.test>")

    assert writer_of(parse_mail(raw)) == Mailbox("Ben B.", "ben@home.test")
    assert writer_of(parse_mail(mail("x", sender="ben@b.test"))) == Mailbox("", "ben@b.test")


def test_an_answer_names_a_mail_by_its_address_first_and_then_by_what_it_refers_to():
    raw = mail("x", headers=f"In-Reply-To: <{OTHER}@shop.test>\nDelivered-To: r+{KEY}@reply.test")

    assert named_keys("", parse_mail(raw), Use.REPLY) == (KEY, OTHER)
    assert named_keys(f"r+{OTHER}@reply.test", parse_mail(raw), Use.REPLY) == (OTHER, KEY)


def test_what_came_back_names_a_mail_by_its_address_and_by_the_mail_that_was_returned():
    raw = report([refused("550 unknown")]).replace(
        b"1234@shop.example", f"{KEY}@shop.example".encode()
    )

    assert named_keys(f"b+{OTHER}@bounce.test", parse_mail(raw), Use.BOUNCE) == (OTHER, KEY)
    assert named_keys("b@bounce.test", parse_mail(raw), Use.BOUNCE) == (KEY,)


def test_a_mail_that_was_passed_on_for_ever_goes_in_circles():
    passed = "\n".join(
        f"Received: from a{n} by b; Mon, 2 Nov 2026 10:00:00 +0000" for n in range(50)
    )

    assert goes_in_circles(parse_mail(mail("x", headers=passed)))
    assert not goes_in_circles(parse_mail(mail("x")))
