"""Every guard of the hand-over holds for campaigns, and what makes one pause itself (SCN-11, CNS-3)."""

from datetime import timedelta

import pytest

from ripresa.contracts.channel import RefusalKind, Refused
from ripresa.contracts.feedback import BounceReason, Feedback, FeedbackKind
from ripresa.core.ids import new_id
from ripresa.domain.campaigns.models import Campaign
from ripresa.domain.carts.models import Cart
from ripresa.domain.contacts.models import Contact, Suppression
from ripresa.domain.coupons.models import CouponIssue
from ripresa.domain.messages.models import Message, OwnerNotice
from ripresa.usecases.campaigns import life
from ripresa.usecases.campaigns.advance import advance_campaigns
from ripresa.usecases.feedback.finding import Source
from ripresa.usecases.hand_over import hand_over
from ripresa.usecases.record_feedback import record_feedback
from ripresa.usecases.send_messages import LEASE, send_claimed
from tests.db.campaigns.campaign_world import (
    MINUTE,
    campaign,
    customers,
    fates,
    fresh,
    left_behind,
    recovered,
)
from tests.db.coupons.pools import add_codes, make_pool
from tests.db.usecases.engine_world import DAY, LETTERHEAD, T0, make_world

pytestmark = pytest.mark.django_db
HELD = "quiet_hours: {email: {from: '09:00', until: '12:00'}}"
ELEVEN = T0 + timedelta(hours=18)  # in Rome, next morning
CODES = "{send: [email], template: last_reminder, coupon: {pool: spring}}"


def suppress(world):
    Suppression.objects.create(
        shop=world.shop, id=new_id(T0), channel="email", address="ada@example.test",
        cause="complaint", created_at=T0,
    )  # fmt: skip


def change(model, **values):
    return lambda world: model.objects.filter(shop=world.shop).update(**values)


def buy(world):
    recovered(world, Cart.objects.get(shop=world.shop), T0)


CASES = {
    "nothing": (lambda _: None, ("sent", "due")),
    "she buys": (buy, ("cancelled", "ordered")),
    "she opens it again": (change(Cart, state="open"), ("cancelled", "reopened")),
    "she empties it": (change(Cart, state="emptied"), ("cancelled", "emptied")),
    "it gets too old": (change(Cart, state="expired"), ("sent", "due")),
    "she refuses": (change(Contact, consent_email="denied"), ("skipped", "no_consent")),
    "her address is suppressed": (suppress, ("skipped", "suppressed")),
    "she leaves the audience": (change(Contact, agent="bruno@shop.test"), ("skipped", "audience")),
    "all is stopped": (lambda world: world.set(stopped_at=T0), ("planned", "stopped")),
    "it is paused": (
        lambda _: Campaign.objects.update(state="paused", due_at=None),
        ("planned", "paused"),
    ),
    "it ends": (
        lambda _: Campaign.objects.update(state="ended", due_at=None),
        ("cancelled", "by_hand"),
    ),
}
AUDIENCE = "{when: {abandonment: {state: not_recovered}, agent: {ne: bruno@shop.test}}}"


@pytest.mark.parametrize("name", CASES)
def test_what_changes_before_the_claim(name):
    happens, fate = CASES[name]
    world = make_world()
    left_behind(world)
    one = campaign(world, audience=AUDIENCE, more=HELD)
    world.run()
    happens(world)
    world.run(ELEVEN)
    assert fates(one) == [fate]
    assert bool(world.channel.mails) == (fate[0] == "sent")


@pytest.mark.parametrize("name", CASES)
def test_what_changes_between_claim_and_departure(name):
    happens, fate = CASES[name]
    if name == "she leaves the audience":
        fate = ("sent", "due")  # asked at the claim: no promise hangs on the last second
    world = make_world()
    left_behind(world)
    one = campaign(world, audience=AUDIENCE)
    advance_campaigns(shop_id=world.shop_id, now=T0)
    taken = hand_over(shop_id=world.shop_id, now=T0, room=8, lease=LEASE)
    assert len(taken.claimed) == 1
    happens(world)
    send_claimed(shop=taken.shop, claimed=taken.claimed, post=world.post, now=T0)
    assert bool(world.channel.mails) == (fate[0] == "sent")
    world.run(T0 + MINUTE)
    assert fates(one) == [fate]


def test_an_order_that_is_cancelled_is_not_thanked_for():
    world = make_world()
    cart = recovered(world, left_behind(world))
    one = campaign(
        world, about="thank_you", audience="{when: {abandonment: {state: recovered}}}",
        message="{send: [email], template: thank_you}", more=HELD,
    )  # fmt: skip
    world.run()
    Cart.objects.filter(shop=world.shop, id=cart.id).update(state="abandoned", order_id=None)
    world.run(ELEVEN)
    assert (world.channel.mails, fates(one)) == ([], [("skipped", "audience")])


def test_whom_a_scenario_holds_out_is_not_reminded_by_a_campaign():
    world = make_world()
    left_behind(world)
    world.scenario(more="holdout: 1.0")
    reminded = campaign(world)
    other = campaign(
        world, "Other", about="none", audience="{when: {has_email: {eq: true}}}",
        message="{send: [email], template: thank_you}",
    )  # fmt: skip
    world.run()
    assert (fates(reminded), fates(other)) == ([("skipped", "holdout")], [("sent", "due")])


def test_it_pauses_itself_when_the_codes_are_used_up_and_goes_on_with_new_ones(monkeypatch):
    monkeypatch.setattr("ripresa.domain.templates.shelf.Texts.needs_coupon", lambda *_: True)
    world = make_world()
    pool = make_pool(world.shop)
    add_codes(pool, "AB")
    for number in range(3):
        left_behind(world, f"p{number}")
    one = campaign(world, message=CODES)
    world.run()
    assert len(customers(world)) == 2
    assert (fresh(one).state, fresh(one).paused_kind) == ("paused", "coupons")
    assert "spring" in OwnerNotice.objects.get(kind="campaign").cause
    add_codes(pool, "C")
    life.resume(one, now=T0 + MINUTE)
    world.run(T0 + MINUTE)
    assert len(customers(world)) == 3
    assert sorted(CouponIssue.objects.values_list("code", flat=True)) == ["A", "B", "C"]
    assert set(Message.objects.values_list("coupon_code", flat=True)) == {"A", "B", "C"}


def test_it_pauses_itself_when_the_credit_is_used_up():
    world = make_world()
    left_behind(world, phone="+393331234567")
    world.sms.answers["+393331234567"] = Refused(
        permanent=False, kind=RefusalKind.CREDIT, detail="no credit"
    )
    one = campaign(
        world, message="{send: [sms], template: reminder}",
        more="quiet_hours: {sms: {from: '00:00', until: '24:00'}}",
    )  # fmt: skip
    world.run()
    assert (fresh(one).state, fresh(one).paused_reason) == ("paused", "no credit")
    assert fates(one) == [("planned", "paused")]


@pytest.mark.parametrize(
    ("reason", "kind"), [(BounceReason.POLICY, "refused"), (BounceReason.CREDIT, "credit")]
)
def test_it_pauses_itself_by_what_is_told_afterwards_and_goes_on(reason, kind):
    world = make_world()
    left_behind(world, phone="+393331234567")
    one = campaign(
        world, message="{send: [sms], template: reminder}",
        more="quiet_hours: {sms: {from: '00:00', until: '24:00'}}\nschedule: {mode: continuous}",
    )  # fmt: skip
    world.run()
    assert fates(one) == [("sent", "due")]
    message = Message.objects.get(shop=world.shop)
    told = Feedback(
        FeedbackKind.BOUNCED, "e", T0 + MINUTE, reason=reason, is_permanent=True, detail="no",
        message_key=LETTERHEAD.message_key(world.shop_id, message.id),
    )  # fmt: skip
    record_feedback(
        shop_id=world.shop_id, source=Source("texts", "sms"), told=[told], letterhead=LETTERHEAD,
        now=T0 + MINUTE,
    )  # fmt: skip
    assert (fresh(one).state, fresh(one).paused_kind) == ("paused", kind)
    assert OwnerNotice.objects.get(kind="campaign").cause == "no"
    assert not Suppression.objects.exists()
    life.resume(fresh(one), now=T0 + 2 * MINUTE)
    assert fresh(one).state == "live"


def test_it_pauses_itself_after_too_many_failures():
    world = make_world()
    for number in range(12):
        left_behind(world, f"p{number:02}")
        world.channel.answers[f"p{number:02}@example.test"] = Refused(
            permanent=True, kind=RefusalKind.OTHER, detail="550 no"
        )
    one = campaign(world, more="budget: {max_messages: 100}")
    world.run()
    assert fresh(one).state == "paused"
    assert fresh(one).paused_kind == "failures"
    failed = sum(each == ("failed", "refused") for each in fates(one))
    assert failed >= 10
    assert fresh(one).used_messages == 0


def test_both_channels_are_one_step_with_one_code():
    world = make_world(min_gap=DAY)
    add_codes(make_pool(world.shop), "AB")
    left_behind(world, phone="+393331234567")
    left_behind(world, "ben")
    one = campaign(
        world, message=CODES.replace("[email]", "[email, sms]"),
        more="quiet_hours: {sms: {from: '00:00', until: '24:00'}}",
    )  # fmt: skip
    world.run()
    assert fates(one) == [("sent", "due")] * 3 + [("skipped", "no_phone")]
    assert CouponIssue.objects.count() == 2
