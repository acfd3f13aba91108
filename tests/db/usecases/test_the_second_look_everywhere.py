"""The second look in every channel: what changes between claim and departure is decided anew, and told."""

from datetime import timedelta

import pytest

from ripresa.core.ids import new_id
from ripresa.domain.carts.models import Cart
from ripresa.domain.contacts.models import Contact, Suppression
from ripresa.domain.coupons.models import CouponCode, CouponIssue, CouponPool
from ripresa.domain.deals import operations as deals
from ripresa.domain.deals.models import Deal
from ripresa.domain.messages.models import Message, MessageContent, Sender
from ripresa.usecases.hand_over import hand_over
from ripresa.usecases.send_messages import LEASE, send_claimed
from ripresa.usecases.take_up_recoveries import take_up_recoveries
from tests.db.usecases.engine_world import DAY, T0, make_world

pytestmark = pytest.mark.django_db
NOW = T0 + DAY
LATER = timedelta(seconds=2)
FREE = "quiet_hours: {sms: {from: '00:00', until: '23:59'}}"
PHONE = "+393331234567"
ADDRESS = {
    "name": "Ada Rossi", "lines": ["Via Roma 1"], "postal_code": "00184", "city": "Roma",
    "country": "IT",
}  # fmt: skip
ADA = {"phone": PHONE, "address": ADDRESS, "consent_sms": "granted", "consent_letter": "granted"}
BRUNO = "bruno@shop.test"


def person(**values):
    return lambda world: Contact.objects.filter(shop_id=world.shop_id).update(**values)


def cart(**values):
    return lambda world: Cart.objects.filter(shop_id=world.shop_id).update(**values)


def suppress(channel, address):
    return lambda world: Suppression.objects.create(
        shop_id=world.shop_id, id=new_id(T0), channel=channel, address=address, cause="complaint",
        created_at=T0,
    )  # fmt: skip


def stop(world):
    world.set(stopped_at=NOW)


def rest(world):
    Sender.objects.filter(shop_id=world.shop_id).update(paused_at=NOW)


SMS, LETTER, NOTICE = "send: [sms]", "send: [letter]", "notify: agent"
CASES = {
    "sms: nothing": (SMS, lambda _: None, "sent"),
    "sms: another number": (SMS, person(phone="+393330000000"), "sent to it"),
    "sms: no number": (SMS, person(phone=None), "no_phone"),
    "sms: refused": (SMS, person(consent_sms="denied"), "no_consent"),
    "sms: refused by e-mail": (SMS, person(consent_email="denied"), "sent"),
    "sms: no longer known": (SMS, person(consent_sms="unknown"), "legal_basis"),
    "sms: suppressed": (SMS, suppress("sms", PHONE), "suppressed"),
    "sms: suppressed elsewhere": (SMS, suppress("email", PHONE), "sent"),
    "sms: ordered": (SMS, cart(state="recovered", due_at=None), "ordered"),
    "sms: stopped": (SMS, stop, "stopped"),
    "sms: a mail sender rests": (SMS, rest, "sent"),
    "letter: nothing": (LETTER, lambda _: None, "sent"),
    "letter: moved": (LETTER, person(address={**ADDRESS, "lines": ["Via Po 2"]}), "sent to it"),
    "letter: no address": (LETTER, person(address=None), "no_address"),
    "letter: refused": (LETTER, person(consent_letter="denied"), "no_consent"),
    "letter: ordered": (LETTER, cart(state="ordered", due_at=None), "ordered"),
    "notice: nothing": (NOTICE, lambda _: None, "sent"),
    "notice: refused": (NOTICE, person(consent_email="denied"), "sent"),
    "notice: no address": (NOTICE, person(email=None), "sent"),
    "notice: ordered": (NOTICE, cart(state="recovered", due_at=None), "ordered"),
    "notice: closed": (NOTICE, cart(state="closed", due_at=None), "closed"),
    "notice: stopped": (NOTICE, stop, "stopped"),
    "notice: the sender rests": (NOTICE, rest, "paused"),
}


def claimed(world, now=NOW):
    world.now = now
    take_up_recoveries(shop_id=world.shop_id, now=now)
    return hand_over(shop_id=world.shop_id, now=now, room=10, lease=LEASE)


def leave(world, step, more=FREE, **contact):
    template = "" if "notify" in step else ", template: reminder"
    steps = f"  - {{id: first, after: 0h, {step}{template}}}\n"
    world.scenario(more=more, steps=steps)
    cart = world.cart(world.contact(**{**ADA, "agent": BRUNO, **contact}))
    world.run_until(NOW - timedelta(minutes=1))
    return cart


def everything(world):
    return world.channel.mails + world.sms.mails + world.letters.mails


@pytest.mark.parametrize("name", CASES)
def test_a_change_between_claim_and_departure(name):
    step, change, expected = CASES[name]
    world = make_world()
    leave(world, step)
    taken = claimed(world)
    assert len(taken.claimed) == 1
    change(world)
    send_claimed(shop=world.shop, claimed=taken.claimed, post=world.post, now=NOW)
    first_try = len(everything(world))
    world.run(NOW + LATER)
    message = Message.objects.get(shop_id=world.shop_id)
    if expected in {"sent", "sent to it"}:
        assert first_try == (expected == "sent")
        assert message.state == "sent"
        assert len(everything(world)) == 1
        if expected == "sent to it":
            assert message.to_address in {"+393330000000", "Ada Rossi, Via Po 2, 00184 Roma, IT"}
    else:
        assert everything(world) == []
        assert (message.reason, message.handed_over_at, message.tried_at) == (expected, None, None)
        assert not MessageContent.objects.filter(shop_id=world.shop_id).exists()


def replied(world, deal):
    deals.log_reply(shop_id=world.shop_id, deal_id=deal.id, at=world.now, text="", who=BRUNO, now=world.now)  # fmt: skip


def called(world, deal):
    deals.log_call(shop_id=world.shop_id, deal_id=deal.id, at=world.now, text="", who=BRUNO, now=world.now)  # fmt: skip


def won(world, deal):
    deals.win(shop_id=world.shop_id, deal_id=deal.id, from_stage="check_out_abandoned", who=BRUNO, now=world.now)  # fmt: skip


def put_off(world, deal):
    deals.snooze(shop_id=world.shop_id, deal_id=deal.id, until=world.now + DAY, who=BRUNO, now=world.now)  # fmt: skip


def noted(world, deal):
    deals.note(shop_id=world.shop_id, deal_id=deal.id, text="tall", who=BRUNO, now=world.now)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (replied, "replied"),
        (called, "agent_contact"),
        (won, "only_if"),
        (put_off, "agent_first"),
        (noted, None),
    ],
)
def test_what_the_agent_does_between_claim_and_departure(change, reason):
    world = make_world()
    steps = (
        "  - {id: tell, after: 0h, notify: agent, stage: check_out_abandoned}\n"
        "  - {id: second, after: 48h, only_if: {deal_stage: check_out_abandoned}, send: [email],"
        " template: agent_reminder, sender: agent}\n"
    )
    world.scenario(more="stop_on: [reply, agent_contact]", steps=steps)
    world.cart(world.contact(agent=BRUNO))
    world.run_until(NOW + 2 * DAY - timedelta(minutes=1))
    taken = claimed(world, NOW + 2 * DAY)
    change(world, Deal.objects.get(shop_id=world.shop_id))
    send_claimed(shop=world.shop, claimed=taken.claimed, post=world.post, now=world.now)
    world.run(world.now + LATER)
    second = Message.objects.get(shop_id=world.shop_id, step="second")
    assert (second.reason, len(world.channel.mails)) == ((reason, 1) if reason else ("due", 2))


def test_a_code_that_did_not_depart_goes_back_to_its_pool():
    world = make_world()
    pool = CouponPool.objects.create(
        shop_id=world.shop_id, id=new_id(T0), name="WINTER", kind="dynamic", created_at=T0
    )
    CouponCode.objects.create(shop_id=world.shop_id, id=new_id(T0), pool_id=pool.id, code="A1")
    leave(world, "send: [email], coupon: {pool: WINTER}")
    taken = claimed(world)
    assert CouponIssue.objects.filter(shop_id=world.shop_id).count() == 1
    Cart.objects.filter(shop_id=world.shop_id).update(state="recovered", due_at=None)
    send_claimed(shop=world.shop, claimed=taken.claimed, post=world.post, now=NOW)
    world.run(NOW + LATER)
    assert not CouponIssue.objects.filter(shop_id=world.shop_id).exists()
    assert CouponCode.objects.get(shop_id=world.shop_id).reserved_at is None
