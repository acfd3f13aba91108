"""Promise 1: an order whose 202 came before the commit that claims a message stops that message.

Intake, fold and sender run as threads that take one statement at a time, in an order that hypothesis draws:
the real code on real locks.
"""

import itertools
import json
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ripresa.contracts.decoding import decode_event
from ripresa.domain.campaigns.models import Campaign
from ripresa.domain.carts.models import Cart
from ripresa.domain.inbox import operations as inbox
from ripresa.domain.inbox.operations import Delivery
from ripresa.domain.messages.models import Message
from ripresa.usecases.advance_carts import advance_carts
from ripresa.usecases.campaigns.advance import advance_campaigns
from ripresa.usecases.fold_events import fold_shop
from ripresa.usecases.send_messages import send_due
from ripresa.usecases.take_up_recoveries import take_up_recoveries
from tests.db.campaigns.campaign_world import campaign
from tests.db.usecases.engine_world import DAY, T0, World, make_world
from tests.db.usecases.stepping import Actor, interleave

FREE = "quiet_hours: {sms: {from: '00:00', until: '23:59'}}"
STEPS = {
    "mail": "  - {id: first, after: 0h, send: [email], template: reminder}\n",
    "sms": "  - {id: first, after: 0h, send: [sms], template: reminder}\n",
    "notice": "  - {id: first, after: 0h, notify: agent, stage: check_out_abandoned}\n",
    "campaign": "",
}
BETWEEN = timedelta(minutes=1)
# The last: by the token of the device on which she restored the cart, which was told a moment before.
NAMES = ("email", "token", "checkout_id", "phone", "restored")
ITEMS = [{"product_id": "p", "title": "Vino", "quantity": 1, "unit_price": "29.90"}]
# The third actor whenever there is a choice: the sender is done before the order comes.
SENDER_FIRST = [2] * 70


def deliver(world: World, **fields) -> None:
    """Store an event as the intake does; when this returns, the 202 goes out."""
    event = decode_event(json.dumps(fields).encode())
    with transaction.atomic():
        inbox.store(shop_id=world.shop_id, deliveries=[Delivery(event, event.occurred_at)])


def leave_cart(world: World, number: int):
    """Person `number` leaves a cart; it is due a minute after that of the one before."""
    left = T0 + number * BETWEEN
    deliver(
        world,
        id=f"cart{number}",
        type="cart.updated",
        occurred_at=left.isoformat(),
        contact={
            "email": f"p{number}@example.test",
            "phone": f"+39333{number:07}",
            "consent": {"email": "granted", "sms": "granted"},
            "agent": "bruno@shop.test",
            "consent_source": "checkout",
        },
        cart={
            "token": f"t{number}",
            "checkout_id": f"c{number}",
            "currency": "EUR",
            "items": ITEMS,
        },
    )
    while fold_shop(shop_id=world.shop_id, now=left):
        pass
    due = left + DAY
    advance_carts(shop_id=world.shop_id, now=due)
    take_up_recoveries(shop_id=world.shop_id, now=due)
    Campaign.objects.filter(shop_id=world.shop_id).update(due_at=due)
    advance_campaigns(shop_id=world.shop_id, now=due)
    return due


def place_order(world: World, number: int, named_by: str, now) -> None:
    """The person buys; the order names her by one key only."""
    order = {"id": f"o{number}", "currency": "EUR", "total": "29.90"}
    contact = {}
    if named_by == "token":
        order["cart_token"] = f"t{number}"
    elif named_by == "checkout_id":
        order["checkout_id"] = f"c{number}"
    elif named_by == "restored":
        restore_cart(world, number, now)
        order["cart_token"] = f"laptop{number}"
    elif named_by == "phone":
        contact["phone"] = f"+39333{number:07}"
    else:
        contact["email"] = f"p{number}@example.test"
    fields = {"order": order, **({"contact": contact} if contact else {})}
    deliver(world, id=f"order{number}", type="order.placed", occurred_at=now.isoformat(), **fields)


def restore_cart(world: World, number: int, now) -> None:
    """She goes on on another device, where the shop gives the cart another token (CUS-1)."""
    cart = {"token": f"laptop{number}", "restored_from": f"t{number}", "items": ITEMS}
    fields = {"type": "cart.updated", "occurred_at": now.isoformat(), "cart": cart}
    deliver(world, id=f"again{number}", **fields)


class Race:
    """One shop, its three actors, and what each interleaving showed."""

    def __init__(self, what: str) -> None:
        self.world = make_world()
        if what == "campaign":
            campaign(self.world, more="schedule: {mode: continuous}")
        else:
            self.world.scenario(more=FREE, steps=STEPS[what])
        self.numbers = itertools.count(1)
        self.log: list[str] = []
        self.intake, self.fold, self.sender = (
            Actor(name, self.log) for name in ("intake", "fold", "sender")
        )
        self.seen: set[tuple[bool, bool]] = set()
        self.post = self.world.post

    @property
    def left(self) -> int:
        return len(self.world.channel.mails) + len(self.world.sms.mails)

    def run(self, choices: list[int], named_by: str) -> None:
        number = next(self.numbers)
        now = leave_cart(self.world, number)
        self.world.channel.mails.clear()
        self.world.sms.mails.clear()
        self.log.clear()
        claiming = looked = False

        def watch(actor: Actor, doing: str) -> None:
            nonlocal claiming, looked
            if actor is self.sender:
                if "SET state = 'sending'" in doing:
                    claiming = True
                elif "SET departed_at" in doing and not looked:
                    looked = True
                    self.log.append("second look")
                elif doing == "commit" and claiming:
                    claiming = False
                    self.log.append("claim commits")

        self.intake.begin(lambda: self.deliver(number, named_by, now))
        self.fold.begin(lambda: self.work(now))
        self.sender.begin(lambda: send_due(shop_id=self.world.shop_id, post=self.post, now=now))
        interleave([self.intake, self.fold, self.sender], choices, watch)
        self.judge(number)
        self.settle(number, now)

    def deliver(self, number: int, named_by: str, now) -> None:
        """The order is accepted."""
        place_order(self.world, number, named_by, now)

    def work(self, now) -> None:
        """Another worker folds what there is."""
        fold_shop(shop_id=self.world.shop_id, now=now)

    def judge(self, number: int) -> None:
        # Of two commits the order's is the later one.
        accepted = len(self.log) - 1 - self.log[::-1].index("intake committed")
        is_sent = bool(self.left)
        if "claim commits" in self.log:
            in_time = accepted < self.log.index("claim commits")
            # Stronger than the promise: what is accepted before the second look is seen by it.
            seen_late = "second look" in self.log and accepted < self.log.index("second look")
            self.seen.add((in_time, is_sent))
            assert not (in_time and is_sent), (number, self.log)
            assert not (seen_late and is_sent), (number, self.log)
        else:
            assert not is_sent

    def settle(self, number: int, now) -> None:
        """Once all is folded and decided: nothing is lost, and each fate has its reason."""
        was_sent = bool(self.left)
        while fold_shop(shop_id=self.world.shop_id, now=now):
            pass
        send_due(shop_id=self.world.shop_id, post=self.world.post, now=now + timedelta(seconds=2))
        cart = Cart.objects.get(shop_id=self.world.shop_id, token=f"t{number}")
        message = Message.objects.get(shop_id=self.world.shop_id, cart_id=cart.id)
        assert cart.state == "recovered"
        expected = ("sent", "due") if was_sent else ("cancelled", "ordered")
        assert (message.state, message.reason) == expected
        assert self.left == was_sent

    def close(self) -> None:
        for actor in (self.intake, self.fold, self.sender):
            actor.stop()


def race(examples: int, what: str) -> set[tuple[bool, bool]]:
    arena = Race(what)

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(
        st.lists(st.integers(0, 5), min_size=10, max_size=70),
        st.sampled_from(NAMES),
    )
    @example(choices=SENDER_FIRST, named_by="email")
    def interleaving(choices, named_by):
        arena.run(choices, named_by)

    try:
        interleaving()
    finally:
        arena.close()
    return arena.seen


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("what", "examples"), [("mail", 100), ("sms", 50), ("notice", 50), ("campaign", 40)]
)
def test_nothing_leaves_for_an_order_that_was_accepted_before_the_claim(what, examples):
    seen = race(examples, what)
    # Both sides of the line were met, or it would prove nothing.
    assert {(True, False), (False, True)} <= seen


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("what", STEPS)
def test_ten_thousand_interleavings(what):
    assert {(True, False), (False, True)} <= race(10_000, what)
