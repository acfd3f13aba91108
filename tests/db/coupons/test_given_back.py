"""CPN-3: a code comes back only if its message surely never left, and then it does."""

from datetime import timedelta

import pytest

from ripresa.contracts.channel import RefusalKind, Refused, Unknown
from ripresa.domain.coupons.models import CouponIssue
from ripresa.domain.messages.models import Message
from ripresa.domain.scenarios.operations import Ending, end_recoveries
from tests.db.coupons.pools import add_codes, free, make_pool
from tests.db.usecases.engine_world import DAY, HOUR, T0, make_world

pytestmark = pytest.mark.django_db
STEP = "  - {{id: first, after: 0h, send: [{}], template: reminder, coupon: {{pool: spring}}}}\n"
FREE_HOURS = "quiet_hours: {sms: {from: '00:00', until: '23:59'}}"
EVENING = "quiet_hours: {sms: {from: '20:00', until: '21:00'}}"
MAILBOX = Refused(permanent=True, kind=RefusalKind.MAILBOX, detail="550 no such user")
LATER = Refused(permanent=False, kind=RefusalKind.OTHER, detail="451 come back later")
ADA, PHONE = "ada@example.test", "+393330000001"


def left(*, send="email", more=""):
    """Ada's cart with a scenario, and a pool of one code; runs until her first messages were tried."""
    world = make_world()
    pool = make_pool(world.shop)
    add_codes(pool, ["A-1"])
    world.scenario(steps=STEP.format(send), more=more)
    ada = world.contact("ada", phone=PHONE, consent_sms="granted")
    cart = world.cart(ada)
    return world, pool, cart


def states(world):
    found = Message.objects.filter(shop_id=world.shop_id).order_by("channel")
    return [(message.channel, message.state) for message in found]


def issues(world):
    return CouponIssue.objects.filter(shop_id=world.shop_id).count()


def test_a_mail_that_was_refused_for_good():
    world, pool, _ = left()
    world.channel.answers[ADA] = MAILBOX
    world.run_until(T0 + DAY + HOUR)
    assert states(world) == [("email", "failed")]
    assert (free(pool), issues(world)) == (["A-1"], 0)


def test_a_mail_that_may_have_left_keeps_its_code():
    world, pool, _ = left()
    world.channel.answers[ADA] = Unknown("the line went dead")
    world.run_until(T0 + DAY + HOUR)
    assert states(world) == [("email", "unknown")]
    assert (free(pool), issues(world)) == ([], 1)
    assert CouponIssue.objects.get(shop_id=world.shop_id).sent_at is not None


def test_what_is_tried_again_keeps_it_and_what_is_given_up_does_not():
    world, pool, _ = left()
    world.channel.answers[ADA] = LATER
    world.run_until(T0 + DAY + timedelta(minutes=1))
    assert states(world) == [("email", "planned")]
    assert (free(pool), issues(world)) == ([], 1)
    world.run_until(T0 + 10 * DAY)
    assert states(world) == [("email", "failed")]
    assert (free(pool), issues(world)) == (["A-1"], 0)


def test_an_order_before_the_second_try():
    world, pool, cart = left()
    world.channel.answers[ADA] = LATER
    world.run_until(T0 + DAY + timedelta(minutes=1))
    end_recoveries(shop_id=world.shop_id, endings=[Ending(cart.id, "ordered")], now=world.now)
    assert states(world) == [("email", "cancelled")]
    assert (free(pool), issues(world)) == (["A-1"], 0)


def test_the_other_channel_of_the_step_still_needs_it():
    world, pool, cart = left(send="email, sms", more=EVENING)
    world.channel.answers[ADA] = MAILBOX
    world.run_until(T0 + DAY + timedelta(minutes=1))
    assert states(world) == [("email", "failed"), ("sms", "planned")]
    assert (free(pool), issues(world)) == ([], 1)
    end_recoveries(shop_id=world.shop_id, endings=[Ending(cart.id, "ordered")], now=world.now)
    assert states(world) == [("email", "failed"), ("sms", "cancelled")]
    assert (free(pool), issues(world)) == (["A-1"], 0)


def test_the_other_channel_of_the_step_took_it_along():
    world, pool, _ = left(send="email, sms", more=FREE_HOURS)
    world.channel.answers[ADA] = MAILBOX
    world.run_until(T0 + 2 * DAY)
    assert states(world) == [("email", "failed"), ("sms", "sent")]
    assert (free(pool), issues(world)) == ([], 1)
    assert "A-1" in world.sms.mails[0].text
