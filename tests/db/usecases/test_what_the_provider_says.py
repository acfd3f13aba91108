"""Accepted, refused for now, refused for good, unknown: what becomes of the message, the address, the sender."""

from datetime import timedelta

import pytest

from ripresa.contracts.channel import Accepted, RefusalKind, Refused, Unknown
from ripresa.domain.contacts.models import Suppression
from ripresa.domain.messages.models import Message, MessageContent, MessageLink, Sender
from ripresa.domain.messages.operations import resume_sender
from ripresa.domain.scenarios.models import Recovery
from ripresa.usecases import compose_messages
from tests.db.usecases.engine_world import DAY, HOUR, T0, make_world

pytestmark = pytest.mark.django_db
ONE = "  - {id: first, after: 0h, send: [email], template: reminder}\n"
ADA = "ada@example.test"
LATER = Refused(permanent=False, kind=RefusalKind.OTHER, detail="451 4.3.0 later")


@pytest.fixture
def world():
    world = make_world()
    world.scenario(steps=ONE)
    world.cart(world.contact())
    return world


def message(world):
    return Message.objects.get(shop_id=world.shop_id)


def test_accepted(world):
    world.channel.answers[ADA] = Accepted("250 2.0.0 queued as 4711")
    world.run_until(T0 + DAY)
    assert (message(world).state, message(world).receipt) == ("sent", "250 2.0.0 queued as 4711")
    assert message(world).settled_at == T0 + DAY


def test_a_refusal_for_now_is_tried_again_with_the_same_bytes(world):
    world.channel.answers[ADA] = LATER
    world.run_until(T0 + DAY + timedelta(seconds=30))
    assert world.trail() == []
    assert (message(world).state, message(world).handed_over_at) == ("planned", None)
    assert message(world).due_at == T0 + DAY + timedelta(minutes=1)
    world.channel.answers.clear()
    world.run_until(T0 + DAY + HOUR)
    first, second = world.channel.mails
    assert first == second
    assert first.sent_at_epoch == (T0 + DAY).timestamp()
    assert world.trail() == [(pytest.approx(24 + 1 / 60), "first", "sent", "due")]
    assert MessageContent.objects.filter(shop_id=world.shop_id).count() == 1
    assert MessageLink.objects.filter(shop_id=world.shop_id).count() == 3


def test_a_refusal_for_now_has_an_end(world):
    world.channel.answers[ADA] = LATER
    world.run_until(T0 + 10 * DAY)
    assert len(world.channel.mails) == 12
    assert [row[1:] for row in world.trail()] == [("first", "failed", "gave_up")]
    assert (message(world).state, message(world).receipt) == ("failed", "451 4.3.0 later")
    assert world.states(Recovery) == ["done"]


def test_whoever_buys_while_a_retry_waits_gets_nothing_more(world):
    world.channel.answers[ADA] = LATER
    world.run_until(T0 + DAY)
    from ripresa.domain.carts.models import Cart

    Cart.objects.filter(shop_id=world.shop_id).update(state="recovered", due_at=None)
    world.channel.answers.clear()
    world.run_until(T0 + 2 * DAY)
    assert len(world.channel.mails) == 1
    assert [row[1:] for row in world.trail()] == [("first", "cancelled", "ordered")]


def test_a_refused_mailbox_is_suppressed(world):
    world.channel.answers[ADA] = Refused(True, RefusalKind.MAILBOX, "550 5.1.1 no such user")
    world.run_until(T0 + 2 * DAY)
    assert world.trail() == [(24, "first", "failed", "refused")]
    found = Suppression.objects.get(shop_id=world.shop_id)
    assert (found.address, found.cause, found.detail) == (
        ADA,
        "hard_bounce",
        "550 5.1.1 no such user",
    )
    assert message(world).handed_over_at is None


def test_another_permanent_refusal_ends_only_this_message(world):
    world.channel.answers[ADA] = Refused(True, RefusalKind.OTHER, "552 5.2.2 mailbox full")
    world.run_until(T0 + 2 * DAY)
    assert world.trail() == [(24, "first", "failed", "refused")]
    assert not Suppression.objects.filter(shop_id=world.shop_id).exists()


@pytest.mark.parametrize("permanent", [True, False])
def test_a_refusal_for_policy_pauses_the_sender_and_never_suppresses(world, permanent):
    world.cart(world.contact("ben"), left_at=T0 + HOUR, due_at=T0 + 2 * HOUR)
    refusal = Refused(permanent, RefusalKind.POLICY, "550 5.7.1 blocked for spam")
    world.channel.answers[ADA] = refusal
    world.run_until(T0 + 2 * DAY)
    assert world.trail() == [(24, "first", "held", "paused"), (25, "first", "held", "paused")]
    assert world.channel.recipients == [ADA, "owner@shop.test"]  # who is told of it
    sender = Sender.objects.get(shop_id=world.shop_id)
    assert (sender.paused_at, sender.paused_reason) == (T0 + DAY, "550 5.7.1 blocked for spam")
    assert not Suppression.objects.filter(shop_id=world.shop_id).exists()
    world.channel.answers.clear()
    resume_sender(shop_id=world.shop_id, sender_id=sender.id, now=world.now)
    world.run()
    to_people = [one for one in world.channel.recipients if one != "owner@shop.test"]
    assert sorted(to_people) == [ADA, ADA, "ben@example.test"]
    assert world.states() == ["sent", "sent"]


def test_unknown_is_never_sent_again(world):
    world.channel.answers[ADA] = Unknown("connection lost after the final dot")
    world.run_until(T0 + 20 * DAY)
    assert len(world.channel.mails) == 1
    assert world.trail() == [(24, "first", "unknown", "unknown")]
    assert message(world).handed_over_at == T0 + DAY
    assert world.states(Recovery) == ["done"]


def test_what_cannot_be_composed_harms_nobody_else_and_has_an_end(world, monkeypatch):
    world.cart(world.contact("ben"))
    whole = compose_messages._compose

    def broken(desk, said):
        if said.claimed.message.address == ADA:
            raise ValueError("no such picture")
        return whole(desk, said)

    monkeypatch.setattr(compose_messages, "_compose", broken)
    world.run_until(T0 + 10 * DAY)
    assert world.channel.recipients == ["ben@example.test"]
    failed = Message.objects.get(shop_id=world.shop_id, state="failed")
    assert (failed.reason, failed.receipt) == ("gave_up", "can't be composed: no such picture")
    assert failed.tried_at is None


def test_the_agent_s_mail_comes_from_the_agent_and_answers_reach_the_agent():
    world = make_world()
    world.scenario(
        more="sender: {name: Bottega, email: ciao@bottega.test, reply_to: aiuto@bottega.test}",
        steps=ONE.replace("template: reminder", "template: agent_reminder, sender: agent"),
    )
    world.cart(world.contact("ada", agent="Bruno Bianchi <bruno@shop.test>"))
    world.cart(world.contact("ben", agent="carla@shop.test"))
    world.cart(world.contact("cleo", agent="not an address"))
    world.cart(world.contact("dan"))
    world.run_until(T0 + 2 * DAY)
    mails = {mail.recipient.address.partition("@")[0]: mail for mail in world.channel.mails}
    assert (mails["ada"].sender.name, mails["ada"].sender.address) == (
        "Bruno Bianchi",
        "bruno@shop.test",
    )
    assert mails["ada"].reply_to is None
    assert "Bruno Bianchi" in mails["ada"].text
    assert mails["ben"].sender.address == "carla@shop.test"
    for name in ("cleo", "dan"):
        assert mails[name].sender.address == "ciao@bottega.test"
        assert mails[name].reply_to.address == "aiuto@bottega.test"


def test_two_carts_of_the_same_bytes_still_get_their_own_links(world):
    world.cart(world.contact("ben"))
    world.run_until(T0 + 2 * DAY)
    ada, ben = world.channel.mails
    assert ada.message_id != ben.message_id
    assert ada.unsubscribe_url != ben.unsubscribe_url
