"""OPS-4: one switch for a shop, one for the whole install; each stops what leaves, at once."""

from datetime import timedelta

import pytest

from ripresa.domain.carts.models import Order
from ripresa.domain.messages.models import Message
from ripresa.domain.shops import queries as shops
from ripresa.usecases import stop_sending
from ripresa.usecases.hand_over import hand_over
from tests.rows import T0
from tests.world import World, build_world

pytestmark = pytest.mark.django_db
# Within the quiet hours' window of the scenario, and with the first message due.
NOON = T0 + timedelta(hours=20)


@pytest.fixture
def world() -> World:
    made = build_world()
    Order.objects.update(cancelled_at=T0)  # so that nothing but a switch holds Ben's next message
    return made


def first(world: World) -> Message:
    return Message.objects.get(cart_id=world.ben_cart.id, step="first")


def look(world: World) -> None:
    hand_over(shop_id=world.shop.id, now=NOON, room=10, lease=timedelta(minutes=10))


def test_what_is_due_waits_while_the_install_is_stopped(world):
    assert stop_sending.stop_install(now=NOON)
    look(world)
    assert (first(world).state, first(world).reason) == ("planned", "stopped")


def test_what_is_due_waits_while_the_shop_is_stopped(world):
    assert stop_sending.stop_shop(shop_id=world.shop.id, now=NOON)
    look(world)
    assert (first(world).state, first(world).reason) == ("planned", "stopped")


def test_another_shop_is_not_stopped(world):
    stop_sending.stop_shop(shop_id=world.other_shop.id, now=NOON)
    assert not shops.is_stopped(world.shop)


def test_what_was_held_is_due_at_once_when_the_install_starts(world):
    stop_sending.stop_install(now=NOON)
    look(world)
    assert first(world).due_at > NOON
    assert stop_sending.start_install(now=NOON)
    assert first(world).due_at == NOON
    assert not shops.is_stopped(world.shop)


def test_a_shop_stopped_by_itself_stays_so_when_the_install_starts(world):
    stop_sending.stop_shop(shop_id=world.shop.id, now=NOON)
    stop_sending.stop_install(now=NOON)
    look(world)
    held_until = first(world).due_at
    stop_sending.start_install(now=NOON)
    world.shop.refresh_from_db()
    assert shops.is_stopped(world.shop)
    assert first(world).due_at == held_until


def test_each_says_whether_it_changed_anything(world):
    assert not stop_sending.start_install(now=NOON)
    assert stop_sending.stop_install(now=NOON)
    assert not stop_sending.stop_install(now=NOON)
    assert shops.install_stopped_at() == NOON
    assert stop_sending.start_install(now=NOON)
    assert not stop_sending.start_install(now=NOON)
