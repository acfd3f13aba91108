"""What a shopper lives through, from leaving a cart to the last reminder."""

import pytest

from ripresa.domain.carts.models import Abandonment, Cart
from ripresa.domain.messages.models import Message, MessageContent, MessageLink
from ripresa.domain.scenarios.models import Recovery
from ripresa.domain.scenarios.operations import Ending, end_recoveries
from tests.db.usecases.engine_world import DAY, HOUR, T0, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return make_world()


def test_a_left_cart_gets_its_three_reminders_on_time(world):
    world.scenario()
    cart = world.cart(world.contact())
    world.run_until(T0 + 20 * DAY)
    assert world.trail() == [
        (24, "first", "sent", "due"),
        (72, "second", "sent", "due"),
        (240, "third", "sent", "due"),
    ]
    assert world.channel.recipients == ["ada@example.test"] * 3
    assert len({mail.message_id for mail in world.channel.mails}) == 3
    assert world.states(Recovery) == ["done"]
    cart.refresh_from_db()
    assert (cart.state, cart.abandoned_at) == ("abandoned", T0 + HOUR)
    kept = Abandonment.objects.get(shop_id=world.shop_id)
    assert (kept.abandoned_at, kept.left_at, kept.total_minor) == (T0 + HOUR, T0, 5980)


def test_every_mail_is_stored_with_links_that_are_only_known_by_their_hash(world):
    world.scenario()
    world.cart(world.contact())
    world.run_until(T0 + 2 * DAY)
    mail = world.channel.mails[0]
    message = Message.objects.get(shop_id=world.shop_id, state="sent")
    content = MessageContent.objects.get(shop_id=world.shop_id, id=message.id)
    assert (content.subject, *content.said()) == (mail.subject, mail.html, mail.text)
    assert len(content.words) < len(mail.html) / 8  # beside its template, not whole
    assert (message.subject, message.to_address) == (mail.subject, "ada@example.test")
    assert message.rule == "by_country/IT/consent@2"
    links = MessageLink.objects.filter(shop_id=world.shop_id, message_id=message.id)
    assert {link.purpose for link in links} == {"restore", "unsubscribe", "view"}
    assert mail.unsubscribe_url.startswith(f"https://mail.shop.test/u/{world.shop_id}-")
    assert "Vino" in mail.html
    assert "Vino" in mail.text
    assert mail.sender.address == "owner@shop.test"


def test_who_buys_hears_nothing_more(world):
    world.scenario()
    cart = world.cart(world.contact())
    world.run_until(T0 + DAY + HOUR)
    Cart.objects.filter(shop_id=world.shop_id, id=cart.id).update(state="recovered", due_at=None)
    end_recoveries(shop_id=world.shop_id, endings=[Ending(cart.id, "ordered")], now=world.now)
    world.run_until(T0 + 20 * DAY)
    assert world.trail() == [
        (24, "first", "sent", "due"),
        (25, "second", "cancelled", "ordered"),
        (25, "third", "cancelled", "ordered"),
    ]
    assert world.states(Recovery) == ["cancelled"]


def test_a_recovery_that_still_waits_ends_silently(world):
    world.scenario()
    cart = world.cart(world.contact())
    world.run_until(T0 + 2 * HOUR)
    assert world.states(Recovery) == ["waiting"]
    end_recoveries(shop_id=world.shop_id, endings=[Ending(cart.id, "emptied")], now=world.now)
    assert world.trail() == []
    assert Recovery.objects.get(shop_id=world.shop_id).reason == "emptied"


def test_a_cart_expires_and_takes_its_recovery_with_it(world):
    world.scenario(steps="  - {id: late, after: 40d, send: [email], template: reminder}\n")
    cart = world.cart(world.contact())
    world.run_until(T0 + 60 * DAY)
    assert world.trail() == [(24 * 30 + 1, "late", "cancelled", "expired")]
    cart.refresh_from_db()
    assert (cart.state, cart.ended_at) == ("expired", T0 + HOUR + 30 * DAY)
    assert (cart.due_at, world.channel.mails) == (None, [])


def test_a_late_worker_plans_from_the_instant_that_was_due(world):
    world.scenario()
    world.cart(world.contact())
    world.run(T0 + 26 * HOUR)
    planned = Message.objects.filter(shop_id=world.shop_id).order_by("step_number")
    assert [message.planned_for for message in planned] == [T0 + DAY, T0 + 3 * DAY, T0 + 10 * DAY]
    assert world.trail() == [(26, "first", "sent", "due")]
