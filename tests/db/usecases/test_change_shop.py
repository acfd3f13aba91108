"""A shop's own times are changed: what is open follows at once, and no scenario is left behind (CAP-3, CAP-5)."""

from datetime import timedelta
from threading import Thread

import pytest
from django.db import connection, transaction

from ripresa.domain.carts.models import Cart
from ripresa.domain.inbox import operations as inbox
from ripresa.domain.messages.models import Decision
from ripresa.domain.shops.models import Shop
from ripresa.usecases.scenarios.end_scenario import end_scenario
from ripresa.usecases.shops.change_shop import ScenarioTooQuick, change_shop
from ripresa.usecases.shops.create_shop import NotASetting
from tests.db.usecases.engine_world import DAY, HOUR, T0, make_world

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def world():
    return make_world()


def due(cart):
    cart.refresh_from_db()
    return cart.due_at


def test_open_carts_are_abandoned_by_the_new_time(world):
    left = world.cart(world.contact())
    late = world.cart(world.contact("ben"), reachable_at=T0 + 5 * HOUR, due_at=T0 + 5 * HOUR)
    nobody = world.cart(None, due_at=None)
    change_shop(shop_id=world.shop_id, now=T0, abandoned_after=3 * HOUR)
    assert (due(left), due(late), due(nobody)) == (T0 + 3 * HOUR, T0 + 5 * HOUR, None)
    change_shop(shop_id=world.shop_id, now=T0, abandoned_after=20 * MINUTE)
    assert (due(left), due(late)) == (T0 + 20 * MINUTE, T0 + 5 * HOUR)


def test_a_shorter_time_finds_abandoned_what_was_left_longer_ago(world):
    world.set(abandoned_after=10 * HOUR)
    world.scenario()
    cart = world.cart(world.contact())
    world.run_until(T0 + 5 * HOUR)
    change_shop(shop_id=world.shop_id, now=T0, abandoned_after=HOUR)
    world.run_until(T0 + 10 * DAY)
    cart.refresh_from_db()
    assert cart.abandoned_at == T0 + HOUR
    assert Decision.objects.filter(shop_id=world.shop_id).earliest("at").at == T0 + DAY


def test_abandoned_carts_expire_by_the_new_time(world):
    cart = world.cart(world.contact())
    world.run_until(T0 + 2 * HOUR)
    open_one = world.cart(world.contact("ben"))
    change_shop(shop_id=world.shop_id, now=T0, expires_after=7 * DAY)
    assert due(cart) == T0 + HOUR + 7 * DAY
    assert due(open_one) == T0 + 3 * HOUR
    world.run_until(T0 + 20 * DAY)
    cart.refresh_from_db()
    assert (cart.state, cart.ended_at) == ("expired", T0 + HOUR + 7 * DAY)


def test_other_shops_keep_their_time(world):
    other = make_world()
    cart = other.cart(other.contact())
    change_shop(shop_id=world.shop_id, now=T0, abandoned_after=3 * HOUR, expires_after=DAY)
    assert due(cart) == T0 + HOUR


@pytest.mark.parametrize("live", [True, False])
def test_no_scenario_may_be_quicker_than_its_shop(world, live):
    world.scenario(name="Quick one", more="trigger: {on: cart, idle: 4h}", live=live)
    world.scenario(name="Slow one")
    cart = world.cart(world.contact())
    with pytest.raises(ScenarioTooQuick, match="Quick one") as refusal:
        change_shop(shop_id=world.shop_id, now=T0, abandoned_after=5 * HOUR, name="New name")
    assert "Slow one" not in str(refusal.value)
    world.shop.refresh_from_db()
    assert (world.shop.abandoned_after, world.shop.name, due(cart)) == (HOUR, "Bottega", T0 + HOUR)
    change_shop(shop_id=world.shop_id, now=T0, abandoned_after=4 * HOUR)
    assert due(cart) == T0 + 4 * HOUR


def test_one_that_has_ended_is_in_nobody_s_way(world):
    quick = world.scenario(more="trigger: {on: cart, idle: 4h}")
    end_scenario(shop_id=world.shop_id, scenario_id=quick, now=T0)
    change_shop(shop_id=world.shop_id, now=T0, abandoned_after=5 * HOUR)


@pytest.mark.parametrize(
    "setting",
    [
        {"abandoned_after": timedelta(0)},
        {"abandoned_after": 31 * DAY},
        {"expires_after": timedelta(minutes=59)},
        {"expires_after": 3651 * DAY},
        {"min_gap": -HOUR},
    ],
)
def test_times_that_make_no_sense_are_refused(world, setting):
    with pytest.raises(NotASetting, match="write"):
        change_shop(shop_id=world.shop_id, now=T0, **setting)


@pytest.mark.django_db(transaction=True)
def test_it_waits_for_the_fold_that_still_has_the_old_time(world):
    """What a fold worked out by the old time must not be written after the change."""
    shop_id = Shop.objects.get(id=world.shop_id).id
    done = []

    def change():
        change_shop(shop_id=shop_id, now=T0, abandoned_after=3 * HOUR)
        done.append(True)
        connection.close()

    changing = Thread(target=change)
    with transaction.atomic():
        assert inbox.take_turn(shop_id=shop_id)
        changing.start()
        changing.join(0.5)
        assert not done
        cart = world.cart(world.contact())  # by the old time
    changing.join(120)
    assert Cart.objects.get(shop_id=shop_id, id=cart.id).due_at == T0 + 3 * HOUR
