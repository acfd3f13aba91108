"""What follows from mails that came in: only what names a message of ours, and nothing from machines."""

import pytest

from ripresa.channels.mailbox.reading.read import read_parsed
from ripresa.contracts.channel import Accepted, Mailbox, RefusalKind, Refused
from ripresa.domain.contacts.models import ConsentClaim, Suppression
from ripresa.domain.mailroom.operations import MOST_TRIES, Arrived
from ripresa.domain.messages.models import MessageFeedback, Sender
from ripresa.usecases.mailroom import read_received
from ripresa.usecases.mailroom.take_in import take_in
from tests.db.mailroom.post_office import BOUNCE, message_of, received, wrote_to
from tests.db.usecases.engine_world import DAY, HOUR, T0
from tests.unit.channels.mailbox.mails import complaint, mail, refused, report

pytestmark = pytest.mark.django_db
UNKNOWN = refused("550 5.1.1 user unknown", status="5.1.1")


def arrives(world, raw, recipient=""):
    """A mail comes in and is read; what it was taken for."""
    arrived = Arrived("lmtp", "", recipient, raw)
    take_in(shop_id=world.shop_id, mails=[arrived], now=world.now)
    world.run(world.now + HOUR / 60)
    return received(world).last().outcome


def suppressed(world):
    return list(Suppression.objects.filter(shop_id=world.shop_id).values_list("address", "cause"))


def naming(mail_sent, raw):
    """The same with our mail as the one that was returned."""
    return raw.replace(b"1234@shop.example", mail_sent.message_id.encode())


def test_a_hard_bounce_to_the_address_of_a_mail_suppresses_whom_it_went_to():
    world, _, sent = wrote_to()

    assert arrives(world, report([UNKNOWN]), sent.envelope_from) == "bounce"

    assert suppressed(world) == [("ben@example.test", "hard_bounce")]
    assert message_of(world).delivery == "bounced"
    world.run_until(T0 + 4 * DAY)
    assert len(world.channel.mails) == 1
    assert bytes(received(world).get().raw) == b""  # what it told stands in message_feedback


def test_a_returned_mail_of_ours_does_as_well_where_the_address_names_none():
    world, _, sent = wrote_to()

    assert arrives(world, naming(sent, report([UNKNOWN])), f"b@{BOUNCE}") == "bounce"

    assert suppressed(world) == [("ben@example.test", "hard_bounce")]


@pytest.mark.parametrize("recipient", ["", f"b@{BOUNCE}", f"b+{'a' * 47}@{BOUNCE}"])
def test_a_bounce_that_names_no_mail_of_ours_harms_nobody(recipient):
    world, _, _ = wrote_to()
    raw = report([UNKNOWN.replace("ben@people.example", "ben@example.test")])

    assert arrives(world, raw, recipient) == "unmatched"

    assert suppressed(world) == []
    # Somebody may want to look; what was fetched from a mailbox still lies there.
    assert bytes(received(world).get().raw) == (raw if recipient else b"")


def test_a_forged_key_in_a_returned_mail_counts_for_nothing():
    world, _, sent = wrote_to()
    third = sent.message_id[3]
    forged = sent.message_id[:3] + ("a" if third != "a" else "b") + sent.message_id[4:]

    raw = report([UNKNOWN]).replace(b"1234@shop.example", forged.encode())
    assert arrives(world, raw) == "unmatched"

    assert suppressed(world) == []


def test_a_mail_of_another_shop_is_none_of_this_one():
    world, _, _ = wrote_to()
    _, _, foreign = wrote_to()

    assert arrives(world, naming(foreign, report([UNKNOWN]))) == "unmatched"

    assert not Suppression.objects.exists()


def test_a_refusal_for_policy_pauses_the_sender_and_spares_the_address():
    world, _, sent = wrote_to()
    raw = report([refused("550 5.7.26 unauthenticated mail", status="5.7.26")])

    arrives(world, raw, sent.envelope_from)

    assert suppressed(world) == []
    assert Sender.objects.get(shop_id=world.shop_id).paused_at is not None


def test_a_full_mailbox_only_rests():
    world, _, sent = wrote_to()

    arrives(world, report([refused("552 5.2.2 over quota", status="5.2.2")]), sent.envelope_from)

    assert suppressed(world) == [("ben@example.test", "soft_bounces")]
    assert Suppression.objects.get(shop_id=world.shop_id).until is not None


def test_a_complaint_suppresses():
    world, _, sent = wrote_to()

    assert arrives(world, naming(sent, complaint()), f"b@{BOUNCE}") == "complaint"

    assert suppressed(world) == [("ben@example.test", "complaint")]


def test_automatic_replies_stop_nothing():
    world, _, sent = wrote_to()
    away = mail("I am away. STOP", headers="Auto-Submitted: auto-replied")

    assert arrives(world, away, sent.reply_to.address) == "auto_reply"
    assert arrives(world, away + b" ", sent.envelope_from) == "auto_reply"

    world.run_until(T0 + 4 * DAY)
    assert len(world.channel.mails) == 2  # the two of the scenario, none passed on


ANSWER = mail(
    "Is it still there?\n\nOn Monday, Enoteca wrote:\n> Your cart", sender="Ben <ben@example.test>"
)


def test_an_answer_stops_the_automatic_mail_and_reaches_the_owner():
    world, _, sent = wrote_to()

    assert arrives(world, ANSWER, sent.reply_to.address) == "reply"

    passed_on = world.channel.mails[1]
    assert passed_on.recipient.address == "owner@shop.test"
    assert passed_on.reply_to == Mailbox("Ben", "ben@example.test")
    assert "Is it still there?" in passed_on.text
    assert passed_on.unsubscribe_url == ""
    (heard,) = MessageFeedback.objects.filter(shop_id=world.shop_id)
    assert (heard.kind, heard.text) == ("replied", "Is it still there?")
    assert ("second", "cancelled", "replied") in world.trail("step", "outcome", "reason")
    world.run_until(T0 + 4 * DAY)
    assert len(world.channel.mails) == 2


def test_what_a_stranger_writes_is_shown_and_does_nothing():
    world, _, sent = wrote_to()
    raw = mail("<script>alert(1)</script>\n<b>x</b>", sender='"<i>Ben" <ben@example.test>')

    arrives(world, raw, sent.reply_to.address)

    html = world.channel.mails[1].html
    assert "<script>" not in html
    assert "<i>" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;<br>" in html


def test_an_agents_mailbox_can_not_be_filled(monkeypatch):
    monkeypatch.setattr(read_received, "MOST_PASSED_ON", 3)
    world, _, sent = wrote_to()

    for number in range(5):
        arrives(world, mail(f"{number}", sender="x@example.test"), sent.reply_to.address)

    assert len(world.channel.mails) == 1 + 3
    assert MessageFeedback.objects.filter(shop_id=world.shop_id).count() == 5


def test_an_answer_reaches_the_agent_where_she_has_one():
    world, contact, sent = wrote_to()
    type(contact).objects.filter(id=contact.id).update(agent="cleo@shop.test")

    arrives(world, ANSWER, sent.reply_to.address)

    assert world.channel.mails[1].recipient.address == "cleo@shop.test"


def test_an_answer_to_the_sender_is_known_by_the_mail_it_refers_to():
    world, _, sent = wrote_to()
    raw = mail("Yes", sender="ben@work.test", headers=f"In-Reply-To: <{sent.message_id}>")

    assert arrives(world, raw) == "reply"


def test_failing_that_by_who_wrote_it():
    world, _, _ = wrote_to()

    assert arrives(world, mail("Yes", sender="BEN@example.test")) == "reply"
    assert arrives(world, mail("Yes", sender="stranger@example.test")) == "unmatched"


@pytest.mark.parametrize("text", ["STOP", "Basta, grazie", "Bitte abmelden", "Стоп", "Dezabonare"])
def test_an_answer_of_stop_alone_is_an_opt_out_with_proof(text):
    world, contact, sent = wrote_to()
    raw = mail(f"{text}\n\nOn Monday, Enoteca wrote:\n> Your cart", sender="ben@example.test")

    assert arrives(world, raw, sent.reply_to.address) == "opt_out"

    contact.refresh_from_db()
    assert contact.consent_email == "denied"
    claim = ConsentClaim.objects.get(shop_id=world.shop_id, state="denied")
    assert claim.text == text
    world.run_until(T0 + 4 * DAY)
    assert len(world.channel.mails) == 1  # neither a second mail nor one passed on


def test_what_we_passed_on_does_not_come_round():
    world, _, sent = wrote_to()
    arrives(world, ANSWER, sent.reply_to.address)
    passed_on = world.channel.mails[1]
    named = f"Message-ID: <{passed_on.message_id}>"
    back = mail("Is it still there?", sender="x@example.test", headers=named)

    assert arrives(world, back, sent.reply_to.address) == "loop"
    own = mail("I take care of it", sender="Owner <OWNER@shop.test>")
    assert arrives(world, own, sent.reply_to.address) == "loop"

    assert len(world.channel.mails) == 2


def test_an_agent_whose_server_is_away_gets_it_later_and_once():
    world, _, sent = wrote_to()
    away = Refused(permanent=False, kind=RefusalKind.OTHER, detail="450 later")
    world.channel.answers["owner@shop.test"] = away
    assert arrives(world, ANSWER, sent.reply_to.address) is None

    world.channel.answers["owner@shop.test"] = Accepted("x")
    world.run(world.now + HOUR)

    assert received(world).get().outcome == "reply"
    tries = [one for one in world.channel.mails if one.recipient.address == "owner@shop.test"]
    assert len(tries) == 2
    assert tries[0] == tries[1]  # the same mail, so that it can be told
    assert MessageFeedback.objects.filter(shop_id=world.shop_id).count() == 1


def test_a_mail_that_breaks_us_stops_no_other(monkeypatch):
    world, _, sent = wrote_to()

    def breaks(parsed):
        if "poison" in parsed.text:
            raise RuntimeError("unforeseen")
        return read_parsed(parsed)

    monkeypatch.setattr(read_received, "read_parsed", breaks)
    arrived = [
        Arrived("lmtp", "", sent.reply_to.address, mail(text)) for text in ("poison", "Hello")
    ]
    take_in(shop_id=world.shop_id, mails=arrived, now=world.now)
    for _ in range(20):
        world.run(world.now + DAY)

    outcomes = list(received(world).values_list("outcome", "attempts"))
    assert sorted(outcomes) == [("reply", 1), ("undeliverable", MOST_TRIES)]
    assert bytes(received(world).get(outcome="undeliverable").raw) == arrived[0].raw


def test_a_mail_that_comes_again_is_not_read_again():
    world, _, sent = wrote_to()
    for _ in range(2):
        arrives(world, ANSWER, sent.reply_to.address)

    assert len(world.channel.mails) == 2


def test_what_was_kept_for_a_look_is_forgotten_after_a_month():
    world, _, _ = wrote_to()
    assert arrives(world, report([UNKNOWN]), f"b@{BOUNCE}") == "unmatched"

    world.now += 29 * DAY
    stranger = mail("Hello?", sender="stranger@example.test")
    assert arrives(world, stranger, f"b@{BOUNCE}") == "unmatched"
    assert received(world).count() == 2
    world.now += 2 * DAY
    arrives(world, b"")

    assert received(world).count() == 2
    assert not received(world).filter(raw__contains=b"user unknown").exists()


@pytest.mark.parametrize("raw", [b"", b"\x00\xff", b"no header\n\nat all"])
def test_what_is_no_mail_is_kept_and_said_so(raw):
    world, _, sent = wrote_to()

    assert arrives(world, raw, sent.reply_to.address) == "unreadable"
