"""What changes between claim and departure keeps a mail back if, and only if, it would have been decided so.

docs/adr/0003-look-again-after-claiming.md: depart.sql says in SQL what due_messages.sql and decide_step say
together, and this holds the two to each other.
"""

from datetime import timedelta

import pytest

from ripresa.core.ids import new_id
from ripresa.domain.carts.models import Cart
from ripresa.domain.contacts.models import Contact, ContactKey, Suppression
from ripresa.domain.messages.models import Message, MessageContent, MessageLink, Sender
from ripresa.domain.scenarios.models import Recovery, Scenario
from ripresa.usecases.hand_over import hand_over
from ripresa.usecases.send_messages import LEASE, send_claimed
from ripresa.usecases.stop_sending import stop_install
from ripresa.usecases.take_up_recoveries import take_up_recoveries
from tests.db.usecases.engine_world import DAY, T0, make_world

pytestmark = pytest.mark.django_db
ONE = "  - {id: first, after: 0h, send: [email], template: reminder}\n"
NOW = T0 + DAY


def rows_of(model):
    def change(**values):
        return lambda world, *_: model.objects.filter(shop_id=world.shop_id).update(**values)

    return change


def suppress(channel="email", address="ada@example.test"):
    def change(world, *_):
        Suppression.objects.create(
            shop_id=world.shop_id, id=new_id(T0), channel=channel, address=address,
            cause="complaint", created_at=T0,
        )  # fmt: skip

    return change


def order(**values):
    return lambda world, person, _: world.order(person, **{"placed_at": NOW, **values})


def accept(key):
    return lambda world, person, cart: world.accept_order(key.format(person=person, cart=cart))


def set_shop(**values):
    return lambda world, *_: world.set(**values)


def learn_key(key):
    def change(world, person, _):
        ContactKey.objects.create(shop_id=world.shop_id, key=key, contact_id=person.id)
        world.accept_order(key)

    return change


BASES = ("consent", "any")
CHANGES = {
    "nothing": (lambda *_: None, "sent"),
    "suppressed": (suppress(), "suppressed"),
    "suppressed in another channel": (suppress(channel="sms"), "sent"),
    "another address suppressed": (suppress(address="ben@example.test"), "sent"),
    "refused": (rows_of(Contact)(consent_email="denied"), "no_consent"),
    "ordered": (rows_of(Cart)(state="recovered", due_at=None), "ordered"),
    "closed": (rows_of(Cart)(state="closed", due_at=None), "closed"),
    "emptied": (rows_of(Cart)(state="emptied", due_at=None), "emptied"),
    "expired": (rows_of(Cart)(state="expired", due_at=None), "expired"),
    "reopened": (rows_of(Cart)(state="open", due_at=None), "reopened"),
    "left again": (rows_of(Cart)(left_at=T0 + timedelta(hours=1)), "reopened"),
    "recovery ended": (rows_of(Recovery)(state="cancelled", reason="by_hand"), "by_hand"),
    "address gone": (rows_of(Contact)(email=None), "no_email"),
    "shop stopped": (set_shop(stopped_at=NOW), "stopped"),
    "every shop stopped": (lambda *_: stop_install(now=NOW), "stopped"),
    "scenario paused": (rows_of(Scenario)(state="paused"), "paused"),
    "sender paused": (rows_of(Sender)(paused_at=NOW), "paused"),
    "an order": (order(), "recent_order"),
    "an order entered by staff": (order(origin="staff"), "recent_order"),
    "an order partly refunded": (order(refunded_minor=999), "recent_order"),
    "an order for nothing": (order(total_minor=0), "recent_order"),
    "an order wholly refunded": (order(refunded_minor=1000), "sent"),
    "an order cancelled": (order(cancelled_at=NOW), "sent"),
    "a test order": (order(is_test=True), "sent"),
    "a draft": (order(origin="draft"), "sent"),
    "an order of long ago": (order(placed_at=NOW - 8 * DAY), "waits"),
    "an order accepted by e-mail": (accept("email:{person.email}"), "waits"),
    "an order accepted by phone": (accept("phone:{person.phone}"), "waits"),
    "an order accepted by token": (accept("token:{cart.token}"), "waits"),
    "an order accepted by checkout": (accept("checkout:{cart.checkout_id}"), "waits"),
    "an order accepted by visitor": (accept("visitor:{cart.visitor_id}"), "waits"),
    "an order accepted by another key": (learn_key("customer:c1"), "waits"),
    "an order of somebody else accepted": (accept("email:ben@example.test"), "sent"),
}


@pytest.mark.parametrize("basis", BASES)
@pytest.mark.parametrize("name", CHANGES)
def test_a_change_between_claim_and_departure(name, basis):
    change, expected = CHANGES[name]
    world = make_world()
    world.scenario(more=f"legal_basis: {basis}\nlimits: {{not_after_order: 7d}}", steps=ONE)
    person = world.contact(phone="+393331234567")
    cart = world.cart(person, visitor_id="v1")
    world.run_until(NOW - timedelta(minutes=1))
    world.now = NOW
    take_up_recoveries(shop_id=world.shop_id, now=NOW)
    taken = hand_over(shop_id=world.shop_id, now=NOW, room=10, lease=LEASE)
    change(world, person, cart)
    send_claimed(shop=world.shop, claimed=taken.claimed, post=world.post, now=NOW)
    first_try = len(world.channel.mails)
    world.run(NOW + timedelta(seconds=2))
    message = Message.objects.get(shop_id=world.shop_id)
    if expected == "sent":
        assert first_try == 1
        assert message.state == "sent"
    elif name == "an order of long ago":
        # The second look only knows that there is a newer order: the decision is made anew, and sends.
        assert (first_try, message.state) == (0, "sent")
    else:
        assert world.channel.mails == []
        assert message.handed_over_at is None
        assert message.tried_at is None
        assert not MessageContent.objects.filter(shop_id=world.shop_id).exists()
        assert not MessageLink.objects.filter(shop_id=world.shop_id).exists()
        if expected == "waits":
            assert (message.state, message.reason) == ("planned", None)
        else:
            assert message.reason == expected


@pytest.mark.parametrize(("basis", "state"), [("consent", "skipped"), ("any", "sent")])
def test_consent_that_is_no_longer_known_is_weighed_anew(basis, state):
    world = make_world()
    world.scenario(more=f"legal_basis: {basis}", steps=ONE)
    world.cart(world.contact())
    world.run_until(NOW - timedelta(minutes=1))
    take_up_recoveries(shop_id=world.shop_id, now=NOW)
    taken = hand_over(shop_id=world.shop_id, now=NOW, room=10, lease=LEASE)
    Contact.objects.filter(shop_id=world.shop_id).update(consent_email="unknown")
    send_claimed(shop=world.shop, claimed=taken.claimed, post=world.post, now=NOW)
    assert world.channel.mails == []
    world.run(NOW + timedelta(seconds=2))
    assert Message.objects.get(shop_id=world.shop_id).state == state
