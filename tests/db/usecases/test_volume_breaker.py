"""OPS-4: far more messages than usual are held, and somebody is asked."""

from datetime import timedelta

import pytest

from ripresa.domain.messages.models import Message, MessageHour
from ripresa.domain.messages.volume import LEAST, room_left
from ripresa.usecases import stop_sending
from tests.db.usecases.engine_world import make_world

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
ONE_STEP = "  - {id: first, after: 0h, send: [email], template: reminder}\n"


@pytest.fixture
def world():
    """A shop that may send five messages an hour, and eight people who are due in the same one."""
    made = make_world(volume_limit=5)
    made.scenario(steps=ONE_STEP)
    for number in range(8):
        made.cart(made.contact(f"person{number}"))
    made.run(made.now + HOUR)
    return made


def due(world):
    world.run(world.now + DAY)


def to_customers(world):
    return [mail for mail in world.channel.mails if mail.recipient.address != "owner@shop.test"]


def states(world):
    return sorted(Message.objects.filter(shop=world.shop).values_list("state", "reason"))


def test_what_is_over_the_limit_is_held_and_the_shop_stopped(world):
    due(world)
    assert len(to_customers(world)) == 5
    assert states(world) == [("planned", "stopped")] * 3 + [("sent", "due")] * 5
    world.shop.refresh_from_db()
    assert world.shop.stopped_reason == stop_sending.VOLUME


def test_the_owner_is_told_once(world):
    due(world)
    world.run(world.now + 2 * HOUR)
    notices = [mail for mail in world.channel.mails if mail.recipient.address == "owner@shop.test"]
    (notice,) = notices
    assert "far more messages than usual" in notice.text
    assert f"ripresa start --shop {world.shop.slug}" in notice.text


def test_it_stays_held_in_the_next_hour_too_until_somebody_says_it_is_right(world):
    due(world)
    world.run(world.now + 2 * HOUR)
    assert len(to_customers(world)) == 5
    assert stop_sending.start_shop(shop_id=world.shop_id, now=world.now)
    world.run()
    assert len(to_customers(world)) == 8
    world.shop.refresh_from_db()
    assert (world.shop.stopped_at, world.shop.stopped_reason) == (None, "")


def test_for_a_day_after_the_answer_it_asks_no_more_and_then_again(world):
    due(world)
    stop_sending.start_shop(shop_id=world.shop_id, now=world.now)
    world.shop.refresh_from_db()
    assert room_left(world.shop, world.now + DAY - HOUR) is None
    assert room_left(world.shop, world.now + DAY) == 5


def test_a_shop_that_a_person_stopped_is_not_confirmed_by_starting_it(world):
    stop_sending.stop_shop(shop_id=world.shop_id, now=world.now)
    stop_sending.start_shop(shop_id=world.shop_id, now=world.now)
    due(world)
    assert len(to_customers(world)) == 5


def test_what_falls_away_while_it_is_stopped_is_decided_all_the_same(world):
    due(world)
    held = Message.objects.filter(shop=world.shop, state="planned").first()
    world.order(held.contact)
    held.cart.state = "recovered"
    held.cart.save(update_fields=["state"])
    world.run(world.now + 2 * HOUR)
    held.refresh_from_db()
    assert (held.state, held.reason) == ("cancelled", "ordered")


def test_without_a_limit_it_is_five_times_the_busiest_hour_of_two_weeks():
    world = make_world(volume_limit=None)
    assert room_left(world.shop, world.now) == LEAST
    hour = world.now.replace(minute=0)
    for ago, number in ((1, 900), (30, 100), (24 * 14 + 1, 9_000)):
        MessageHour.objects.create(shop=world.shop, hour=hour - ago * HOUR, handed_over=number)
    assert room_left(world.shop, world.now) == 4_500
    MessageHour.objects.create(shop=world.shop, hour=hour, handed_over=4_000)
    assert room_left(world.shop, world.now) == 500
    MessageHour.objects.filter(shop=world.shop, hour=hour).update(handed_over=5_000)
    assert room_left(world.shop, world.now) == 0


def test_what_would_not_leave_anyway_stops_nothing(world):
    world.set(volume_limit=8)
    due(world)
    assert len(to_customers(world)) == 8
    world.cart(world.contact("late", consent_email="denied"))
    world.run(world.now + HOUR)
    MessageHour.objects.filter(shop=world.shop).update(hour=(world.now + DAY).replace(minute=0))
    due(world)
    assert ("skipped", "no_consent") in states(world)
    world.shop.refresh_from_db()
    assert world.shop.stopped_at is None


def test_another_shop_goes_on(world):
    other = make_world()
    other.scenario(steps=ONE_STEP)
    other.cart(other.contact("dan"))
    other.run(other.now + HOUR)
    due(world)
    other.run(other.now + DAY)
    assert len(to_customers(other)) + len(to_customers(world)) == 6
