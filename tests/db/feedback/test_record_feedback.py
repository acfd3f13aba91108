"""What is heard of a message: where it stands, who is left alone, what is held, what ends."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ripresa.api.shapes.trail import Trail
from ripresa.console.carts.story import in_words
from ripresa.contracts.feedback import BounceReason, Feedback, FeedbackKind
from ripresa.domain.contacts.models import ConsentClaim, Contact, Suppression
from ripresa.domain.deals.models import Deal
from ripresa.domain.messages.models import Message, MessageFeedback, OwnerNotice, Sender
from ripresa.domain.messages.senders import resume_sender
from ripresa.domain.scenarios.models import Recovery, Scenario
from ripresa.usecases.carts.tell_cart import tell_cart
from ripresa.usecases.feedback.finding import Source
from ripresa.usecases.record_feedback import record_feedback
from tests.db.usecases.engine_world import DAY, HOUR, LETTERHEAD, T0, make_world

pytestmark = pytest.mark.django_db
K, R = FeedbackKind, BounceReason
SENT = T0 + DAY
ADA, PHONE = "ada@example.test", "+393331234567"
TWO = """\
  - {id: first, after: 0h, send: [email], template: reminder}
  - {id: second, after: 2d, send: [email], template: second_reminder}
"""
TEXTS = """\
  - {id: first, after: 0h, send: [sms], template: reminder}
  - {id: second, after: 2d, send: [sms], template: second_reminder}
"""
FREE = "quiet_hours: {sms: {from: '00:00', until: '23:59'}}"
MAILS, SMS = Source("box", "email"), Source("gateway", "sms")


def written_to(steps=TWO, more="", **person):
    """A shop that has written to Ada once, at SENT."""
    world = make_world()
    world.scenario(steps=steps, more=more)
    world.cart(world.contact(**person))
    world.run_until(SENT)
    return world


@pytest.fixture
def world():
    return written_to()


def first(world):
    return Message.objects.get(shop_id=world.shop_id, step="first")


def told(world, kind, event="e1", *, at=SENT + HOUR, **about):
    if not about.keys() & {"message_key", "receipt", "recipient"}:
        about["message_key"] = LETTERHEAD.message_key(world.shop_id, first(world).id)
    return Feedback(kind, event, at, **about)


def hear(world, *heard, source=MAILS, now=SENT + 2 * HOUR, **more):
    return record_feedback(
        shop_id=world.shop_id, source=source, told=heard, letterhead=LETTERHEAD, now=now, **more
    )


def suppressed(world):
    rows = Suppression.objects.filter(shop_id=world.shop_id)
    return sorted(rows.values_list("channel", "address", "cause", "until"))


def test_it_is_found_by_our_key_by_its_receipt_and_by_the_address(world):
    account = Source("a", "email", first(world).id)
    Message.objects.filter(id=first(world).id).update(account_id=first(world).id, receipt="r-1")
    hear(world, told(world, K.ACCEPTED, "key"))
    hear(world, told(world, K.DELAYED, "receipt", receipt="r-1"), source=account)
    hear(world, told(world, K.DELIVERED, "address", recipient=" Ada@Example.test "))
    found = MessageFeedback.objects.filter(shop_id=world.shop_id, message_id=first(world).id)
    assert sorted(found.values_list("event_id", "recipient")) == [
        ("address", ADA), ("key", ADA), ("receipt", ADA),
    ]  # fmt: skip
    assert (first(world).delivery, first(world).delivered_at) == ("delivered", SENT + HOUR)


def test_what_names_no_message_is_kept_and_told(world):
    other = make_world()
    stranger = LETTERHEAD.message_key(other.shop_id, first(world).id)
    heard = [
        told(world, K.DELIVERED, "forged", message_key="a" * 47),
        told(world, K.DELIVERED, "other shop", message_key=stranger),
        told(world, K.DELIVERED, "no receipt", receipt="r-9"),
        told(world, K.DELIVERED, "nobody", recipient="eve@example.test"),
        told(world, K.DELIVERED, "too early", recipient=ADA, at=SENT - HOUR),
    ]
    assert hear(world, *heard) == heard
    kept = MessageFeedback.objects.filter(shop_id=world.shop_id, message_id=None)
    assert kept.count() == 5
    assert first(world).delivery is None


def test_a_receipt_that_is_not_known_yet_may_wait(world):
    early = told(world, K.DELIVERED, receipt="r-1")
    assert hear(world, early, may_wait=True) == [early]
    assert not MessageFeedback.objects.filter(shop_id=world.shop_id).exists()


@pytest.mark.parametrize(
    ("kind", "reason", "permanent", "expected"),
    [
        (K.COMPLAINED, None, False, [("email", ADA, "complaint", None)]),
        (K.BOUNCED, R.UNKNOWN, True, [("email", ADA, "hard_bounce", None)]),
        (K.BOUNCED, R.DISABLED, True, [("email", ADA, "hard_bounce", None)]),
        (K.BOUNCED, R.UNKNOWN, False, []),
        (K.BOUNCED, R.POLICY, True, []),
        (K.BOUNCED, R.CONTENT, True, []),
        (K.BOUNCED, R.FULL, False, [("email", ADA, "soft_bounces", SENT + HOUR + DAY)]),
        (K.DELAYED, R.FULL, False, []),
        (K.SUBSCRIBED, None, False, []),
        (K.AUTO_REPLIED, None, False, []),
    ],
)
def test_who_is_left_alone(world, kind, reason, permanent, expected):
    hear(world, told(world, kind, reason=reason, is_permanent=permanent, detail="550 5.1.1"))
    assert suppressed(world) == expected


def test_nothing_more_is_sent_to_an_address_that_bounced_for_good(world):
    hear(world, told(world, K.BOUNCED, reason=R.UNKNOWN, is_permanent=True))
    world.run_until(SENT + 3 * DAY)
    assert world.channel.recipients == [ADA]
    assert ("second", "skipped", "suppressed") in world.trail("step", "outcome", "reason")


def test_an_address_that_rests_is_used_again_afterwards(world):
    hear(world, told(world, K.BOUNCED, reason=R.FULL))
    world.run_until(SENT + 3 * DAY)
    assert world.channel.recipients == [ADA, ADA]


def test_what_arrives_later_ends_the_rest(world):
    hear(world, told(world, K.BOUNCED, reason=R.FULL))
    hear(world, told(world, K.DELIVERED, "e2", at=SENT + 2 * HOUR))
    assert suppressed(world) == []


def test_an_address_alone_suppresses_only_where_it_can_be_trusted(world):
    by_mail = Source("bounce mailbox", "email", trusts_recipient=False)
    forged = told(world, K.COMPLAINED, recipient=ADA)
    hear(world, forged, source=by_mail)
    assert suppressed(world) == []
    hear(world, forged)
    assert [row[:3] for row in suppressed(world)] == [("email", ADA, "complaint")]


def test_a_refusal_for_policy_holds_the_sender_and_never_the_reader(world):
    hear(world, told(world, K.BOUNCED, reason=R.POLICY, is_permanent=True, detail="550 5.7.26"))
    sender = Sender.objects.get(shop_id=world.shop_id)
    assert (sender.paused_reason, suppressed(world)) == ("550 5.7.26", [])
    assert OwnerNotice.objects.get(shop_id=world.shop_id).kind == "sender"


def test_a_refusal_for_policy_of_a_text_holds_its_scenario():
    world = written_to(TEXTS, FREE, phone=PHONE, consent_sms="granted")
    hear(world, told(world, K.BOUNCED, reason=R.POLICY, detail="spam"), source=SMS)
    scenario = Scenario.objects.get(shop_id=world.shop_id)
    assert (scenario.state, scenario.paused_reason) == ("paused", "spam")


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_three_refusals_of_the_content_in_a_day_hold_the_sender(order):
    world = make_world()
    world.scenario(steps=TWO)
    for name in ("ada", "ben", "cleo"):
        world.cart(world.contact(name))
    world.run_until(SENT)
    sent = list(Message.objects.filter(shop_id=world.shop_id, step="first").order_by("id"))
    words = [
        told(
            world, K.BOUNCED, f"e{number}", reason=R.CONTENT, is_permanent=True, detail="spam",
            at=SENT + HOUR * (1 + 8 * number),
            message_key=LETTERHEAD.message_key(world.shop_id, sent[number].id),
        )
        for number in order
    ]  # fmt: skip
    now = SENT + DAY
    hear(world, *words[:2], now=now)
    hear(world, *words[:2], now=now)  # told again, they are no more
    assert not Sender.objects.filter(shop_id=world.shop_id).exclude(paused_at=None).exists()
    hear(world, words[2], now=now)
    held = Sender.objects.get(shop_id=world.shop_id, paused_at=now)
    assert held.paused_reason == "spam"
    assert suppressed(world) == []
    # Nothing of it is lost: resumed, the second reminders leave.
    world.run_until(T0 + 5 * DAY)
    seconds = Message.objects.filter(shop_id=world.shop_id, step="second")
    assert {one.state for one in seconds} == {"planned"}
    resume_sender(held, now=T0 + 5 * DAY)
    world.run_until(T0 + 5 * DAY + HOUR)
    assert {one.state for one in seconds.all()} == {"sent"}


@pytest.mark.parametrize(("kind", "reason"), [(K.UNSUBSCRIBED, None), (K.BOUNCED, R.OPTED_OUT)])
def test_who_opts_out_by_way_of_a_provider_is_believed_with_proof(kind, reason):
    world = written_to(TEXTS, FREE, phone=PHONE, consent_sms="granted")
    hear(world, told(world, kind, recipient=PHONE, reason=reason, text="STOP"), source=SMS)
    person = Contact.objects.get(shop_id=world.shop_id)
    assert person.consent_sms == "denied"
    proof = ConsentClaim.objects.get(shop_id=world.shop_id, channel="sms")
    assert (proof.source, proof.text) == ("provider gateway", "STOP")
    assert ("second", "cancelled", "unsubscribed") in world.trail("step", "outcome", "reason")


def test_who_was_never_written_to_may_opt_out_too():
    world = make_world()
    world.contact(phone=PHONE, consent_sms="granted")
    stop = Feedback(K.UNSUBSCRIBED, "s", SENT, recipient=PHONE, text="STOP")
    hear(world, stop, source=SMS)
    assert Contact.objects.get(shop_id=world.shop_id).consent_sms == "denied"


def test_an_answer_ends_what_listens_to_answers():
    listens = written_to(more="stop_on: [reply]")
    goes_on = written_to()
    for world in (listens, goes_on):
        hear(world, told(world, K.REPLIED, text="Please call me"))
        world.run_until(SENT + 3 * DAY)
    assert Recovery.objects.get(shop_id=listens.shop_id).reason == "replied"
    assert len(listens.channel.mails) == 1
    assert len(goes_on.channel.mails) == 2


def test_an_answer_stands_on_the_deal_and_an_agents_own_does_not():
    tell = "  - {id: first, after: 0h, notify: agent, stage: check_out_abandoned}\n"
    world = written_to(tell + TWO.replace("first", "mail"), agent="bruno@shop.test")
    deal = Deal.objects.filter(shop_id=world.shop_id)
    hear(world, told(world, K.REPLIED, text="I will call"))
    assert deal.get().replied_at is None
    mail = Message.objects.get(shop_id=world.shop_id, step="mail")
    key = LETTERHEAD.message_key(world.shop_id, mail.id)
    hear(world, told(world, K.REPLIED, "e2", message_key=key, text="Yes please"))
    assert deal.get().replied_at == SENT + HOUR


def test_what_claims_to_lie_ahead_is_taken_as_of_now(world):
    hear(world, told(world, K.DELIVERED, at=SENT + 9 * DAY))
    assert first(world).delivered_at == SENT + 2 * HOUR


EVENTS = [
    (K.ACCEPTED, "accepted", {}),
    (K.DELAYED, "delayed", {}),
    (K.DELIVERED, "delivered", {}),
    (K.BOUNCED, "full", {"reason": R.FULL}),
    (K.BOUNCED, "unknown", {"reason": R.UNKNOWN, "is_permanent": True}),
    (K.COMPLAINED, "complained", {}),
    (K.UNSUBSCRIBED, "unsubscribed", {}),
    (K.REPLIED, "replied", {"text": "No"}),
    (K.CLICKED, "click", {"url": "https://shop.test/vino", "user_agent": "Mozilla/5.0 Firefox"}),
]  # fmt: skip


@given(
    order=st.permutations(EVENTS),
    cuts=st.lists(st.integers(0, len(EVENTS)), max_size=3),
    again=st.lists(st.sampled_from(EVENTS), max_size=4),
    present=st.sets(st.integers(0, len(EVENTS) - 1)),
)
@settings(max_examples=5, suppress_health_check=[HealthCheck.too_slow])
def test_any_order_and_any_repetition_comes_to_the_same(order, cuts, again, present):
    chosen = [EVENTS[index] for index in sorted(present)]
    straight, mixed = written_to(more="stop_on: [reply]"), written_to(more="stop_on: [reply]")
    at = {
        event: SENT + timedelta(minutes=5 * number) for number, (_, event, _) in enumerate(EVENTS)
    }

    def feedback(world, event):
        kind, event_id, about = event
        return told(world, kind, event_id, at=at[event_id], **about)

    hear(straight, *(feedback(straight, one) for one in chosen))
    heard = [feedback(mixed, one) for one in (*order, *again) if one in chosen]
    for begin, end in zip([0, *sorted(cuts)], [*sorted(cuts), len(heard)], strict=True):
        hear(mixed, *heard[begin:end])
    assert _state(mixed) == _state(straight)


def _state(world):
    message = first(world)
    person = Contact.objects.get(shop_id=world.shop_id)
    return (
        (message.delivery, message.delivered_at, message.bounce_reason),
        suppressed(world),
        person.consent_email,
        world.states(),
        sorted(
            MessageFeedback.objects.filter(shop_id=world.shop_id).values_list(
                "event_id", "kind", "verdict", "verdict_rule"
            )
        ),
    )


def test_the_story_of_the_cart_tells_it(world):
    hear(
        world,
        told(world, K.DELIVERED),
        told(world, K.BOUNCED, "e2", at=SENT + 2 * HOUR, reason=R.FULL),
    )
    story = tell_cart(shop_id=world.shop_id, cart_id=first(world).cart_id)
    heard = [one for one in in_words(story) if one.title.startswith(("Delivered", "Came back"))]
    assert [(one.title, one.detail, one.code) for one in heard] == [
        ("Delivered: Message 1 · E-mail · Left", "", ""),
        ("Came back: Message 1 · E-mail · Left", "The mailbox is full.", "full"),
    ]
    shapes = [one.heard for one in Trail.of(story).chapters if one.heard is not None]
    assert [(one.kind, one.reason) for one in shapes] == [("delivered", None), ("bounced", "full")]
