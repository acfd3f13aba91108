"""Promise 1 where the order comes by a shop's webhook: a call that is stored, and not read yet, holds mails back."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.fernet import Fernet
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ripresa.contracts.decoding import decode_event
from ripresa.contracts.feedback import HookRefused
from ripresa.contracts.shops.connector import Ability, Connector, Heard, ShopAway
from ripresa.core.ids import new_id
from ripresa.core.secrets.box import SecretBox
from ripresa.domain.carts.models import Cart
from ripresa.domain.connections.models import Connection
from ripresa.domain.messages.models import Decision, Message
from ripresa.domain.providers.models import ProviderCall
from ripresa.domain.shops.models import Shop
from ripresa.usecases.calls.read_calls import CallReader
from ripresa.usecases.connected.last_word import LastWordOfShops
from ripresa.usecases.connected.opening import Opener
from ripresa.usecases.connections import Connections
from ripresa.usecases.fold_events import fold_shop
from ripresa.usecases.providers.provider_accounts import Accounts
from ripresa.usecases.send_messages import send_due
from tests.db.usecases.engine_world import LETTERHEAD, T0, make_world
from tests.db.usecases.test_never_after_purchase import SENDER_FIRST, Race, leave_cart

NAMES = ("email", "cart_token", "checkout_id", "phone")


def hear(call, _settings):
    """A platform that sends our own events, each with the right word."""
    if call.headers.get("x-word") != "right":
        raise HookRefused("the word is wrong")
    return Heard((decode_event(call.body),))


class AskedShop:
    """A platform that answers `find_orders` with `orders`, or is away."""

    def __init__(self) -> None:
        self.orders: list = []
        self.is_away = False
        self.asked: list = []

    def find(self, _settings, buyers, _since, timeout):
        assert timeout > timedelta(0)
        self.asked.append(buyers)
        if self.is_away:
            raise ShopAway("it says 503")
        return [decode_event(json.dumps(one).encode()) for one in self.orders]


SHOP = AskedShop()
PLATFORM = Connector(
    name="ours", label="Ours", settings=(), abilities=frozenset({Ability.ORDERS}), hear=hear
)
ASKED = replace(PLATFORM, name="asked", label="Asked", find_orders=SHOP.find)


def listening(world, connectors=(PLATFORM,), now=T0):
    """The world's post, with an ear for a connection of each of `connectors`."""
    box = SecretBox([Fernet.generate_key().decode()])
    connections = Connections({one.name: one for one in connectors}, box)
    made = [
        connections.connect(
            shop_id=world.shop_id, platform=one.name, name=one.name, given={}, now=now
        )
        for one in connectors
    ]
    reader = CallReader(Accounts({}), LETTERHEAD, connections)
    word = LastWordOfShops(Opener(connections), reader)
    return replace(world.post, word=word), reader, made


def order(number: int, named_by: str, now) -> dict:
    block = {"id": f"o{number}", "currency": "EUR", "total": "29.90"}
    keys = {
        "email": {"contact": {"email": f"p{number}@example.test"}},
        "phone": {"contact": {"phone": f"+39333{number:07}"}},
    }
    if named_by == "cart_token":
        block["cart_token"] = f"t{number}"
    if named_by == "checkout_id":
        block["checkout_id"] = f"c{number}"
    return {
        "id": f"order{number}", "type": "order.placed", "occurred_at": now.isoformat(),
        "order": block, **keys.get(named_by, {}),
    }  # fmt: skip


def calls(connection, body: dict, at, word="right"):
    """The webhook is stored as the intake does it; when this returns, it is answered."""
    with transaction.atomic():
        ProviderCall.objects.create(
            shop_id=connection.shop_id, id=new_id(at), account_id=connection.id, method="POST",
            target="/hooks/x/1", headers={"x-word": word}, body=json.dumps(body).encode(),
            received_at=at, due_at=at,
        )  # fmt: skip


class WebhookRace(Race):
    """The order comes as a webhook; the fold's actor is a worker, which reads calls and folds."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        # A word was heard just now all the time: nobody is asked here.
        Shop.objects.filter(id=self.world.shop_id).update(ask_after=None)
        self.post, self.reader, (self.connection,) = listening(self.world)

    def deliver(self, number, named_by, now):
        # A moment after the round began: the sender's `now` is older than what it must see.
        calls(self.connection, order(number, named_by, now), now + timedelta(milliseconds=40))

    def work(self, now):
        self.reader.read_due(shop_id=self.world.shop_id, now=now + timedelta(milliseconds=50))
        fold_shop(shop_id=self.world.shop_id, now=now)

    def settle(self, number, now):
        self.reader.read_due(shop_id=self.world.shop_id, now=now + timedelta(minutes=5))
        super().settle(number, now)


def race(examples: int, what: str) -> set[tuple[bool, bool]]:
    arena = WebhookRace(what)

    @settings(
        max_examples=examples, deadline=None, database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(st.lists(st.integers(0, 5), min_size=10, max_size=70), st.sampled_from(NAMES))
    @example(choices=SENDER_FIRST, named_by="email")
    @example(choices=[0] * 10, named_by="phone")
    def interleaving(choices, named_by):
        arena.run(choices, named_by)

    try:
        interleaving()
    finally:
        arena.close()
    return arena.seen


@pytest.mark.django_db(transaction=True)
def test_nothing_leaves_for_an_order_in_a_webhook_that_was_stored_before_the_claim():
    # Both sides of the line were met, or it would prove nothing.
    assert {(True, False), (False, True)} <= race(20, "mail")


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("what", ["mail", "sms", "notice", "campaign"])
def test_thousands_of_interleavings(what):
    assert {(True, False), (False, True)} <= race(3_000, what)


def a_due_mail(connectors=(PLATFORM,), **shop):
    world = make_world(**shop)
    world.scenario(steps="  - {id: first, after: 0h, send: [email], template: reminder}\n")
    post, _, made = listening(world, connectors)
    due = leave_cart(world, 1)
    return world, post, made, due


def fates(world):
    return list(Message.objects.filter(shop_id=world.shop_id).values_list("state", "reason"))


@pytest.mark.django_db(transaction=True)
def test_a_call_that_is_not_believed_holds_nothing_back():
    world, post, [made], due = a_due_mail(ask_after=None)
    calls(made, order(1, "email", due), due, word="wrong")
    send_due(shop_id=world.shop_id, post=post, now=due)
    assert fates(world) == [("sent", "due")]


@pytest.mark.django_db(transaction=True)
def test_a_call_that_cannot_be_read_yet_holds_mails_back_until_its_connection_is_closed(
    monkeypatch,
):
    monkeypatch.setattr("ripresa.usecases.connected.last_word._READING_SECONDS", 0.1)
    world, post, [made], due = a_due_mail(ask_after=None)
    Connection.objects.filter(id=made.id).update(secrets=b"sealed with a key that is lost")
    calls(made, order(1, "email", due), due)
    send_due(shop_id=world.shop_id, post=post, now=due)
    assert fates(world) == [("planned", None)]
    assert world.channel.mails == []
    Connection.objects.filter(id=made.id).update(closed_at=due, ask_at=None)
    later = due + timedelta(minutes=11)
    send_due(shop_id=world.shop_id, post=post, now=later)
    assert fates(world) == [("sent", "due")]


@pytest.mark.django_db(transaction=True)
def test_a_silent_shop_is_asked_for_orders_of_just_those_people(monkeypatch):
    SHOP.asked.clear()
    SHOP.is_away = False
    world, post, _, due = a_due_mail((ASKED,))
    SHOP.orders = [order(1, "email", due)]
    send_due(shop_id=world.shop_id, post=post, now=due)
    [buyers] = SHOP.asked
    assert buyers.emails == {"p1@example.test"}
    assert (buyers.cart_tokens, buyers.checkout_ids) == ({"t1"}, {"c1"})
    while fold_shop(shop_id=world.shop_id, now=due):
        pass
    assert Cart.objects.get(shop_id=world.shop_id).state == "recovered"
    assert fates(world) == [("cancelled", "ordered")]
    assert Connection.objects.get(shop_id=world.shop_id).missed == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("is_away", "connectors", "told"),
    [
        (False, (ASKED,), {"asked": "yes"}),
        (True, (ASKED,), {"asked": "no: it says 503"}),
        (False, (PLATFORM,), {"ours": "no: Ours can't be asked for orders"}),
    ],
)
def test_what_cannot_be_asked_holds_nothing_back_and_the_trail_says_so(is_away, connectors, told):
    SHOP.asked.clear()
    SHOP.orders, SHOP.is_away = [], is_away
    world, post, _, due = a_due_mail(connectors)
    send_due(shop_id=world.shop_id, post=post, now=due)
    assert fates(world) == [("sent", "due")]
    [facts] = Decision.objects.filter(shop_id=world.shop_id).values_list("facts", flat=True)
    assert facts["shop_asked"] == told


@pytest.mark.django_db(transaction=True)
def test_a_shop_that_was_heard_lately_is_not_asked():
    SHOP.asked.clear()
    world, post, [made], due = a_due_mail((ASKED,))
    Connection.objects.filter(id=made.id).update(last_heard_at=due - timedelta(minutes=14))
    send_due(shop_id=world.shop_id, post=post, now=due)
    assert SHOP.asked == []
    [facts] = Decision.objects.filter(shop_id=world.shop_id).values_list("facts", flat=True)
    assert "shop_asked" not in (facts or {})
