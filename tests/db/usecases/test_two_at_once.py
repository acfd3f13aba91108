"""What two workers do at the same moment, each without seeing the other's work."""

from contextlib import contextmanager
from threading import Event, Thread

import pytest
from django.db import connection, transaction

from ripresa.contracts.reasons import Outcome, Reason
from ripresa.domain.contacts import locking
from ripresa.domain.messages import operations as outbox
from ripresa.domain.messages.models import Message
from ripresa.domain.messages.operations import SendingVerdict, Verdict
from ripresa.domain.scenarios.models import Recovery, Scenario
from ripresa.usecases.expire_leases import expire_leases
from ripresa.usecases.hand_over import hand_over
from ripresa.usecases.send_messages import LEASE
from ripresa.usecases.take_up_recoveries import take_up_recoveries
from tests.db.coupons.pools import add_codes, free, make_pool
from tests.db.usecases.engine_world import DAY, T0, make_world

pytestmark = pytest.mark.django_db(transaction=True)
BOTH = (
    "  - {id: first, after: 0h, send: [email, sms], template: reminder, coupon: {pool: spring}}\n"
)
ONE = BOTH.replace("[email, sms]", "[email]")
TELL = "  - {id: tell, after: 0h, notify: agent}\n  - {id: first, after: 1h, send: [email], template: reminder}\n"  # fmt: skip
FREE = "quiet_hours: {sms: {from: '00:00', until: '23:59'}}"


@pytest.fixture
def world():
    return make_world()


@contextmanager
def beside(work):
    """Another worker, begun while this one's transaction is open; it ends after that."""
    failed = []

    def run():
        try:
            work()
        except BaseException as trouble:  # noqa: BLE001  (told by the test's own thread)
            failed.append(trouble)
        finally:
            connection.close()

    worker = Thread(target=run)
    with transaction.atomic():
        yield worker
    worker.join(120)
    assert not worker.is_alive()
    assert failed == []


def claimed(world):
    take_up_recoveries(shop_id=world.shop_id, now=world.now)
    return hand_over(shop_id=world.shop_id, now=world.now, room=10, lease=LEASE).claimed


def test_a_step_whose_messages_end_at_one_moment_gives_its_code_back(world):
    """One worker records that the mail was refused for good, another that the SMS is cancelled."""
    spring = make_pool(world.shop, "spring")
    add_codes(spring, ["A-1"])
    world.scenario(more=FREE, steps=BOTH)
    world.cart(world.contact(phone="+393331234567", consent_sms="granted"))
    world.run_until(T0 + DAY - LEASE)
    world.now = T0 + DAY
    mail = next(one for one in claimed(world) if one.message.channel == "email")
    assert free(spring) == []
    sms = Message.objects.get(shop_id=world.shop_id, channel="sms")
    Message.objects.filter(shop_id=world.shop_id, id=sms.id).update(
        state="planned", due_at=world.now, handed_over_at=None, lease_until=None
    )
    over = outbox.cancelled(sms.id, Reason.REOPENED)

    def cancel():
        with transaction.atomic():
            outbox.settle_planned(shop_id=world.shop_id, verdicts=[over], now=world.now)

    refused = Verdict(mail.message.id, "failed", Reason.REFUSED, Outcome.FAILED)
    with beside(cancel) as other:
        verdicts = [SendingVerdict(mail.attempts, refused)]
        outbox.settle_sending(shop_id=world.shop_id, verdicts=verdicts, now=world.now)
        other.start()
        other.join(0.5)
    assert set(world.states()) == {"failed", "cancelled"}
    assert free(spring) == ["A-1"]


def test_who_settles_a_silent_worker_takes_the_people_first_as_a_hand_over_does(world):
    """Else the two could wait for each other: one with the message, one with its person."""
    world.scenario(steps=TELL)
    contact = world.contact(agent="bruno@shop.test")
    world.cart(contact)
    world.run_until(T0 + DAY - LEASE)
    world.now = T0 + DAY
    [notice] = claimed(world)
    on_the_wire = Message.objects.filter(shop_id=world.shop_id, id=notice.message.id)
    on_the_wire.update(departed_at=world.now)
    later = world.now + LEASE * 2

    def settle():
        assert expire_leases(shop_id=world.shop_id, now=later) == 1

    with beside(settle) as other:
        locking.lock(shop_id=world.shop_id, contact_ids=[contact.id])
        other.start()
        other.join(0.5)
        # Free to take: whoever waits for her holds nothing of hers.
        held = Message.objects.select_for_update(nowait=True)
        assert held.get(shop_id=world.shop_id, id=notice.message.id).state == "sending"
    assert Message.objects.get(shop_id=world.shop_id, id=notice.message.id).state != "sending"
    assert Recovery.objects.get(shop_id=world.shop_id).state == "active"


@pytest.mark.parametrize("needs_code", [True, False])
def test_codes_that_another_worker_holds_for_a_moment_are_not_used_up(
    world, monkeypatch, needs_code
):
    """Neither does the scenario pause, nor goes a text without the code that may be there in a second."""
    monkeypatch.setattr("ripresa.domain.templates.shelf.Texts.needs_coupon", lambda *_: needs_code)
    spring = make_pool(world.shop, "spring")
    add_codes(spring, ["A-1"])
    world.scenario(steps=ONE)
    world.cart(world.contact())
    world.run_until(T0 + DAY - LEASE)
    taken, done = Event(), Event()

    def take_and_let_go():
        with transaction.atomic():
            _lock(world)
            taken.set()
            assert done.wait(120)
            transaction.set_rollback(True)
        connection.close()

    other = Thread(target=take_and_let_go)
    other.start()
    assert taken.wait(120)
    world.run(T0 + DAY)
    done.set()
    other.join(120)
    assert Scenario.objects.get(shop_id=world.shop_id).state == "live"
    assert world.trail() == []
    world.run()
    assert [line[2:] for line in world.trail()] == [("sent", "due")]
    assert free(spring) == []


def _lock(world):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT FROM coupon_code WHERE shop_id = %s FOR NO KEY UPDATE", [world.shop_id]
        )
