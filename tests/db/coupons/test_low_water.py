"""CPN-4: a low-water mark warns before a pool is used up, once."""

from datetime import timedelta

import pytest

from ripresa.domain.coupons.models import CouponPool
from ripresa.domain.messages.models import OwnerNotice
from tests.db.coupons.pools import add_codes, make_pool
from tests.db.usecases.engine_world import DAY, T0, make_world

pytestmark = pytest.mark.django_db
OWNER = "owner@shop.test"
WITH_CODE = (
    "  - {id: first, after: 0h, send: [email], template: reminder, coupon: {pool: spring}}\n"
)


@pytest.fixture
def world():
    return make_world()


def people(world, count):
    for number in range(count):
        who = world.contact(f"p{number}")
        world.cart(who, left_at=T0 + timedelta(minutes=number))


def mails_to_owner(world):
    return [mail for mail in world.channel.mails if mail.recipient.address == OWNER]


def test_the_owner_is_mailed_once_when_the_mark_is_reached(world):
    world.set(owner_email=OWNER, language="it")
    pool = make_pool(world.shop, low_water=2)
    add_codes(pool, "ABCDE")
    world.scenario(steps=WITH_CODE)
    people(world, 4)
    world.run_until(T0 + DAY + timedelta(minutes=1))
    assert mails_to_owner(world) == []
    world.run_until(T0 + 2 * DAY)
    [mail] = mails_to_owner(world)
    assert mail.subject == "Restano pochi coupon: spring"
    assert 'Nella riserva "spring" restano 2 codici' in mail.text
    notice = OwnerNotice.objects.get(shop_id=world.shop_id)
    assert (notice.kind, notice.about, notice.cause) == ("coupons_low", "spring", "2")
    assert CouponPool.objects.get().told_low_at == notice.created_at


def test_where_there_is_plenty_nobody_is_mailed(world):
    world.set(owner_email=OWNER)
    add_codes(make_pool(world.shop, low_water=1), "ABC")
    make_pool(world.shop, "empty", low_water=None)
    world.scenario(steps=WITH_CODE)
    people(world, 1)
    world.run_until(T0 + 2 * DAY)
    assert len(world.channel.mails) == 1
    assert not OwnerNotice.objects.exists()
