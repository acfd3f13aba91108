"""Shadow mode: all is decided with its trail, nothing leaves, and what was before stays there."""

from datetime import timedelta

import pytest

from ripresa.domain.coupons.models import CouponCode
from ripresa.domain.messages.models import Decision, Message
from ripresa.usecases.hand_over import hand_over
from ripresa.usecases.send_messages import LEASE, send_claimed
from ripresa.usecases.shadow import switching
from ripresa.usecases.take_up_recoveries import take_up_recoveries
from tests.db.coupons.pools import add_codes, make_pool
from tests.db.usecases.engine_world import make_world

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
TWO_STEPS = (
    "  - {id: first, after: 0h, send: [email], template: reminder}\n"
    "  - {id: second, after: 10d, send: [email], template: second_reminder}\n"
)


@pytest.fixture
def world():
    made = make_world()
    made.scenario(steps=TWO_STEPS)
    return made


def told(world):
    rows = Message.objects.filter(shop=world.shop).order_by("planned_for", "id")
    return [(one.step, one.state, one.reason) for one in rows]


def test_everything_is_decided_and_nothing_leaves_before_or_after(world):
    begun = world.now
    assert switching.switch_on(shop_id=world.shop_id, now=begun)
    assert not switching.switch_on(shop_id=world.shop_id, now=begun)
    first = world.contact("flora")
    cart = world.cart(first)
    world.run(world.now + 2 * DAY)
    assert told(world) == [("first", "skipped", "shadow"), ("second", "planned", None)]
    decision = Decision.objects.get(shop=world.shop, reason="shadow")
    assert (decision.outcome, decision.to_address) == ("skipped", first.email)
    assert {"rule", "language"} <= decision.facts.keys()
    [line] = switching.report(shop_id=world.shop_id, since=begun, until=world.now + HOUR)
    assert (line.step, line.channel, line.messages, line.people, line.bought) == (
        "first", "email", 1, 1, 0,
    )  # fmt: skip

    assert switching.switch_off(shop_id=world.shop_id, now=world.now)
    later = world.cart(world.contact("greta"))
    for _ in range(12):
        world.run(world.now + DAY)
    assert world.channel.recipients == ["greta@example.test"] * 2
    states = {
        one.step: (one.state, one.reason)
        for one in Message.objects.filter(shop=world.shop, cart_id=cart.id)
    }
    assert states == {"first": ("skipped", "shadow"), "second": ("skipped", "shadow")}
    assert set(
        Message.objects.filter(shop=world.shop, cart_id=later.id).values_list("state", flat=True)
    ) == {"sent"}


def test_no_code_is_used_up(world):
    pool = make_pool(world.shop, "WINTER")
    add_codes(pool, ["A", "B"])
    coupon = (
        "  - {id: gift, after: 0h, send: [email], template: reminder, coupon: {pool: WINTER}}\n"
    )
    world.scenario(name="Gift", steps=coupon, more="priority: 90")
    switching.switch_on(shop_id=world.shop_id, now=world.now)
    world.cart(world.contact("flora"))
    world.run(world.now + 2 * DAY)
    assert told(world) == [("gift", "skipped", "shadow")]
    assert not CouponCode.objects.filter(shop=world.shop, reserved_at__isnull=False).exists()


def test_the_second_look_sees_a_switch_that_came_after_the_claim(world):
    world.cart(world.contact("flora"))
    world.run(world.now + HOUR)
    world.now += DAY
    take_up_recoveries(shop_id=world.shop_id, now=world.now)
    taken = hand_over(shop_id=world.shop_id, now=world.now, room=8, lease=LEASE)
    assert len(taken.claimed) == 1
    switching.switch_on(shop_id=world.shop_id, now=world.now)
    send_claimed(shop=taken.shop, claimed=taken.claimed, post=world.post, now=world.now)
    world.run(world.now + HOUR)
    assert world.channel.mails == []
    assert told(world)[0] == ("first", "skipped", "shadow")
