"""One person, several carts; one cart, several scenarios."""

import pytest

from ripresa.domain.carts.models import Cart
from ripresa.domain.scenarios.models import Recovery
from ripresa.domain.scenarios.operations import Ending, end_recoveries
from tests.db.usecases.engine_world import DAY, HOUR, T0, make_world

pytestmark = pytest.mark.django_db
ONE = "  - {id: first, after: 0h, send: [email], template: reminder}\n"


@pytest.fixture
def world():
    return make_world()


def second_cart(world, person, hours=30, **values):
    left = T0 + hours * HOUR
    return world.cart(person, left_at=left, reachable_at=left, due_at=left + HOUR, **values)


def reabandon(world, cart):
    """The person touched the cart at `world.now`, as the fold writes it."""
    end_recoveries(shop_id=world.shop_id, endings=[Ending(cart.id, "reopened")], now=world.now)
    Cart.objects.filter(shop_id=world.shop_id, id=cart.id).update(
        state="open", left_at=world.now, due_at=world.now + HOUR
    )


def test_the_newest_cart_wins_and_the_older_plan_is_cancelled(world):
    world.scenario()
    person = world.contact()
    world.cart(person)
    second_cart(world, person)
    world.run_until(T0 + 20 * DAY)
    assert world.trail() == [
        (24, "first", "sent", "due"),
        (54, "first", "sent", "due"),
        (54, "second", "cancelled", "superseded"),
        (54, "third", "cancelled", "superseded"),
        (102, "second", "sent", "due"),
        (270, "third", "sent", "due"),
    ]
    assert world.states(Recovery) == ["cancelled", "done"]


def test_each_turns_that_off(world):
    world.scenario(more="on_second_cart: each", steps=ONE)
    person = world.contact()
    world.cart(person)
    second_cart(world, person, hours=1)
    world.run_until(T0 + 5 * DAY)
    assert world.trail() == [(24, "first", "sent", "due"), (25, "first", "sent", "due")]


def test_of_two_left_at_the_same_instant_the_later_token_wins(world):
    world.scenario(steps=ONE)
    person = world.contact()
    world.cart(person, token="b")
    world.cart(person, token="a")
    world.run_until(T0 + 5 * DAY)
    assert sorted(world.trail()) == [
        (24, "first", "cancelled", "superseded"),
        (24, "first", "sent", "due"),
    ]
    winner = Recovery.objects.get(shop_id=world.shop_id, state="done")
    assert Cart.objects.get(shop_id=world.shop_id, id=winner.cart_id).token == "b"


def test_two_people_do_not_supersede_each_other(world):
    world.scenario(steps=ONE)
    world.cart(world.contact("ada"))
    world.cart(world.contact("ben"))
    world.run_until(T0 + 5 * DAY)
    assert sorted(world.channel.recipients) == ["ada@example.test", "ben@example.test"]


@pytest.mark.parametrize(("rule", "mails"), [("restart", 2), ("ignore", 1)])
def test_a_cart_left_again(world, rule, mails):
    world.scenario(more=f"on_reabandon: {rule}", steps=ONE)
    cart = world.cart(world.contact())
    world.run_until(T0 + 25 * HOUR)
    reabandon(world, cart)
    world.run_until(T0 + 5 * DAY)
    assert len(world.channel.mails) == mails


def test_what_was_cancelled_stays_cancelled_where_a_second_leaving_is_ignored(world):
    world.scenario(more="on_reabandon: ignore")
    cart = world.cart(world.contact())
    world.run_until(T0 + 25 * HOUR)
    reabandon(world, cart)
    world.run_until(T0 + 20 * DAY)
    assert world.trail() == [
        (24, "first", "sent", "due"),
        (25, "second", "cancelled", "reopened"),
        (25, "third", "cancelled", "reopened"),
    ]


def test_editing_one_cart_ten_times_opens_one_recovery_for_each_leaving(world):
    world.scenario(steps=ONE)
    cart = world.cart(world.contact())
    for hour in range(1, 11):
        world.run_until(T0 + hour * HOUR / 2)
        reabandon(world, cart)
    world.run_until(T0 + 5 * DAY)
    assert world.trail() == [(29, "first", "sent", "due")]
    assert Recovery.objects.filter(shop_id=world.shop_id).count() == 1


def test_the_scenario_of_higher_priority_takes_the_cart(world):
    world.scenario("low", steps=ONE)
    world.scenario("high", more="priority: 60", steps=ONE)
    world.cart(world.contact())
    world.run_until(T0 + 5 * DAY)
    rows = Recovery.objects.filter(shop_id=world.shop_id).order_by("scenario__name")
    assert list(rows.values_list("scenario__name", "state", "reason")) == [
        ("high", "done", None),
        ("low", "skipped", "lower_priority"),
    ]
    assert world.trail() == [(1, None, "skipped", "lower_priority"), (24, "first", "sent", "due")]


def test_a_trigger_takes_its_own_kind(world):
    world.scenario(more="trigger: {on: checkout}", steps=ONE)
    world.cart(world.contact("ada"), kind="cart")
    world.cart(world.contact("ben"), kind="checkout")
    world.run_until(T0 + 5 * DAY)
    assert world.channel.recipients == ["ben@example.test"]


def test_whoever_is_reachable_only_later_is_written_to_from_then(world):
    world.scenario(steps=ONE)
    late = T0 + 40 * HOUR
    world.cart(world.contact(), reachable_at=late, due_at=late)
    world.run_until(T0 + 5 * DAY)
    assert world.trail() == [(40, "first", "sent", "due")]


def test_another_shop_never_sees_it(world):
    other = make_world()
    other.scenario(steps=ONE)
    world.cart(world.contact())
    world.run_until(T0 + 5 * DAY)
    assert world.trail() == []
    assert other.trail() == []
    assert world.states(Recovery) == []
