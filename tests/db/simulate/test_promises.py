"""The six promises over generated shops: events late, doubled and shuffled, three workers, and workers who die.

Who dies inside a transaction has done nothing: product and second reading agree on every line all the same. Who dies with
a message in his hand leaves it unknown, or to be sent when his lease is over: then the promises are asked one by one.
"""

import random
import threading
from collections import Counter
from contextlib import contextmanager
from datetime import UTC

import pytest
from django.core.management import call_command
from django.db import connection

from ripresa.channels.recording.channel import RecordingChannel
from ripresa.contracts.reasons import Reason
from ripresa.domain.carts.models import Cart
from ripresa.domain.contacts.models import Contact
from ripresa.domain.inbox.models import InboxEvent
from ripresa.domain.messages.models import Decision, Message
from ripresa.domain.scenarios.models import Recovery
from ripresa.domain.shops.models import Shop
from ripresa.usecases import due_work, send_messages
from ripresa.usecases.simulate import clock
from ripresa.usecases.simulate.run import simulate
from tests.db.simulate.comparison import (
    differences,
    lines_of,
    named_as_at_the_end,
    run_oracle,
    wish,
    without_subject,
)
from tests.db.simulate.test_against_oracle import TWO_READINGS, written
from tests.db.usecases.engine_world import T0, World, make_world
from tests.oracle.events_reading import read_lines
from tests.oracle.generate import generate
from tests.oracle.generate_scenario import generate_scenario
from tests.oracle.people_reading import People

pytestmark = pytest.mark.django_db(transaction=True)
WORKERS, MOST_DEATHS, ODDS = 3, 150, 0.02
EVERY_TIME = 2
LEFT = ("sent", "unknown")


class Killed(BaseException):
    """Stands for kill -9: nothing after it runs, and the database takes back what was not committed."""


class Reaper:
    """Kills workers, by lot: at a statement of a transaction, or with a message on the wire."""

    def __init__(self, seed: int) -> None:
        self.lot, self.deaths, self.lock = random.Random(seed), 0, threading.Lock()

    def comes(self, odds: float = ODDS) -> bool:
        with self.lock:
            comes = self.deaths < MOST_DEATHS and self.lot.random() < odds
            self.deaths += comes
            return comes

    def at_a_statement(self, execute, *asked):
        if self.comes():
            raise Killed
        return execute(*asked)

    def haunt(self, monkeypatch, place, name):
        """Whoever is in `name` may die there."""
        work = getattr(place, name)

        def endangered(**asked):
            with connection.execute_wrapper(self.at_a_statement):
                return work(**asked)

        monkeypatch.setattr(place, name, endangered)


@pytest.fixture
def reaper(request, monkeypatch):
    made = Reaper(request.node.callspec.params["seed"])

    def alone(work):
        try:
            return work()
        except Killed:
            return 1  # nobody knows whether there was more: the others look again
        finally:
            connection.close()

    monkeypatch.setattr(clock, "_alone", alone)
    return made


@contextmanager
def lived(seed, folder):
    """A shop lived through by three workers, beside another one; gives the other, and the events."""
    events = generate(seed, 16 if seed < EVERY_TIME else 30, TWO_READINGS)
    random.Random(seed).shuffle(events)
    files = written(folder, events + events[::5], generate_scenario(seed))
    other = make_world()
    other.cart(other.contact("p0", email="p0@people.test"), token="t0")
    simulate(wish(*files, workers=WORKERS), began=0.0, tick=lambda _: None)
    try:
        yield other, files
    finally:
        call_command("flush", verbosity=0, interactive=False)


SEEDS = [
    pytest.param(seed, marks=[] if seed < EVERY_TIME else [pytest.mark.slow]) for seed in range(40)
]


@pytest.mark.parametrize("seed", SEEDS)
def test_who_dies_in_a_transaction_changes_no_line(seed, tmp_path, reaper, monkeypatch):
    for place, name in (
        (clock, "fold_shop"),
        (due_work, "advance_carts"),
        (due_work, "take_up_recoveries"),
        (send_messages, "hand_over"),
    ):
        reaper.haunt(monkeypatch, place, name)
    with lived(seed, tmp_path) as (other, (events, out, scenario)):
        assert reaper.deaths
        messages, carts = run_oracle(events, scenario)
        messages = without_subject(named_as_at_the_end(messages, carts))
        ours = without_subject(lines_of(out / "messages.jsonl"))
        assert differences(ours, messages) + differences(lines_of(out / "carts.jsonl"), carts) == []
        keeps_every_promise(other, events)


@pytest.mark.parametrize("seed", SEEDS)
def test_who_dies_with_a_message_in_his_hand_breaks_no_promise(seed, tmp_path, reaper, monkeypatch):
    send, left = RecordingChannel.send, Counter()

    def deadly(self, batch, *, timeout):
        if reaper.comes(0.2):
            raise Killed
        fates = send(self, batch, timeout=timeout)
        left.update(one.message_key for one in batch if hasattr(one, "message_key"))
        if reaper.comes(0.2):
            raise Killed
        return fates

    monkeypatch.setattr(RecordingChannel, "send", deadly)
    for place, name in ((send_messages, "record_fates"), (clock, "fold_shop")):
        reaper.haunt(monkeypatch, place, name)
    monkeypatch.setattr(clock, "_dues_of", patient(clock._dues_of))
    with lived(seed, tmp_path) as (other, (events, _, _)):
        assert reaper.deaths
        assert max(left.values(), default=0) <= 1  # 2: never twice
        keeps_every_promise(other, events)


def patient(dues_of):
    """What waits for somebody who has died is due when his lease is over: time must go on until then."""
    latest = [T0.min.replace(tzinfo=UTC)]

    def found(shop_id):
        dues = dues_of(shop_id)
        due, lease = min(dues.values(), default=None), dues.get("leases")
        if lease is not None and due <= latest[0]:
            dues, due = {"leases": lease}, lease
        latest[0] = due or latest[0]
        return dues

    return found


def keeps_every_promise(other: World, events):
    shop = Shop.objects.get(slug="simulation")
    intake = read_lines(events.read_text().splitlines())
    hers = Message.objects.filter(shop=shop)
    gone = hers.filter(state__in=LEFT).exclude(channel="agent")
    for message in gone:
        heard = [one for one in intake.events if one.delivered_at <= message.handed_over_at]
        never_after_purchase(message, heard)
        never_against_her_will(message, heard)
    never_lost(shop)
    never_unexplained(shop)
    # 6: never across shops. The other one has the same people and tokens, and a clock of its own.
    cart = Cart.objects.get(shop_id=other.shop_id)
    assert (cart.state, cart.token, cart.left_at) == ("open", "t0", T0)
    assert not Message.objects.filter(shop_id=other.shop_id).exists()
    assert Contact.objects.filter(shop_id=other.shop_id).count() == 1


def never_after_purchase(message, heard):
    """1: no order that names the cart, accepted by then, lies between her leaving it and the message."""
    run = Recovery.objects.get(shop_id=message.shop_id, id=message.origin_id)
    cart = Cart.objects.get(shop_id=message.shop_id, id=message.cart_id)
    undone = {one.cancelled_order for one in heard} | {one.refund and one.refund.order_id for one in heard}  # fmt: skip
    for one in heard:
        if one.order and one.order.cart_token == cart.token and not one.order.test:
            is_purchase = (
                one.order.origin not in {"draft", "renewal"} and one.order.id not in undone
            )
            assert not (is_purchase and one.at >= run.left_at), (message.step, one.id)


def never_against_her_will(message, heard):
    """4: nobody who has said no by then, in that channel."""
    people = People(heard)
    cart = Cart.objects.get(shop_id=message.shop_id, id=message.cart_id)
    contact = Contact.objects.get(shop_id=message.shop_id, id=cart.contact_id)
    if contact.email and any(one.email == contact.email for one in heard):
        person = people.of_email(contact.email)
        assert people.consent(person, message.channel) != "denied", message.step


def never_lost(shop):
    """3: everything accepted is folded, and everything due came to an end."""
    assert not InboxEvent.objects.filter(shop=shop, folded_at=None).exists()
    for model in (Cart, Recovery, Message):
        assert not model.objects.filter(shop=shop, due_at__isnull=False).exists(), model
    assert set(Message.objects.filter(shop=shop).values_list("state", flat=True)) <= {
        *LEFT, "skipped", "cancelled", "failed",
    }  # fmt: skip


def never_unexplained(shop):
    """5: every decision has a reason of the closed list, and every message a last one."""
    told = Decision.objects.filter(shop=shop)
    assert set(told.values_list("reason", flat=True)) <= {one.value for one in Reason}
    ends = told.exclude(outcome="held").exclude(step=None)
    explained = Counter(ends.values_list("origin_id", "step", "channel"))
    hers = Message.objects.filter(shop=shop).values_list("origin_id", "step", "channel")
    assert explained == Counter(hers)
