"""Promise 2 when a worker falls silent: at each point between claim and record."""

from datetime import timedelta

import pytest

from ripresa.domain.messages.models import Message
from ripresa.domain.scenarios.models import Recovery
from ripresa.usecases import send_messages
from ripresa.usecases.expire_leases import expire_leases
from ripresa.usecases.hand_over import hand_over
from ripresa.usecases.send_messages import LEASE, send_claimed
from tests.db.usecases.engine_world import DAY, T0, make_world

pytestmark = pytest.mark.django_db
ONE = "  - {id: first, after: 0h, send: [email], template: reminder}\n"
FREE = "quiet_hours: {sms: {from: '00:00', until: '23:59'}}"
STEPS = {
    "mail": ONE,
    "sms": "  - {id: first, after: 0h, send: [sms], template: reminder}\n",
    "notice": "  - {id: first, after: 0h, notify: agent, stage: check_out_abandoned}\n",
}
LATER = T0 + DAY + LEASE + timedelta(seconds=1)


class Killed(BaseException):
    """Stands for kill -9: nothing after it runs."""


@pytest.fixture(params=STEPS)
def world(request):
    world = make_world()
    if request.param == "sms":
        world.sms = world.channel  # one place to look, whatever leaves
    world.scenario(more=FREE, steps=STEPS[request.param])
    world.cart(world.contact(phone="+393331234567", consent_sms="granted", agent="b@shop.test"))
    world.run_until(T0 + DAY - timedelta(minutes=1))
    world.set(stopped_at=None)
    return world


def claim(world):
    """Take up and claim, as a worker does, and no more."""
    from ripresa.usecases.take_up_recoveries import take_up_recoveries

    world.now = T0 + DAY
    take_up_recoveries(shop_id=world.shop_id, now=world.now)
    taken = hand_over(shop_id=world.shop_id, now=world.now, room=10, lease=LEASE)
    assert len(taken.claimed) == 1
    return taken.claimed


def test_silent_after_the_claim_it_surely_never_left_and_goes_out_once(world):
    claim(world)
    world.run(LATER)
    assert [row[1:] for row in world.trail()] == [("first", "sent", "due")]
    assert len(world.channel.mails) == 1


def test_silent_on_the_wire_it_is_unknown_and_never_goes_out_again(world, monkeypatch):
    claimed = claim(world)

    def dies(*_args, **_kwargs):
        raise Killed

    monkeypatch.setattr(world.channel, "send", dies)
    with pytest.raises(Killed):
        send_claimed(shop=world.shop, claimed=claimed, post=world.post, now=world.now)
    monkeypatch.undo()
    world.run(LATER)
    world.run_until(T0 + 20 * DAY)
    assert [row[1:] for row in world.trail()] == [("first", "unknown", "unknown")]
    assert world.channel.mails == []
    assert world.states(Recovery) == ["done"]


def test_silent_before_the_record_it_is_unknown_and_never_goes_out_again(world, monkeypatch):
    claimed = claim(world)

    def dies(*_args, fates, **_kwargs):
        if fates:
            raise Killed

    monkeypatch.setattr(send_messages, "record_fates", dies)
    with pytest.raises(Killed):
        send_claimed(shop=world.shop, claimed=claimed, post=world.post, now=world.now)
    monkeypatch.undo()
    world.run(LATER)
    assert [row[1:] for row in world.trail()] == [("first", "unknown", "unknown")]
    assert len(world.channel.mails) == 1


def test_a_worker_that_wakes_after_its_lease_sends_nothing(world):
    claimed = claim(world)
    expire_leases(shop_id=world.shop_id, now=LATER)
    world.run(LATER)
    send_claimed(shop=world.shop, claimed=claimed, post=world.post, now=world.now)
    assert len(world.channel.mails) == 1
    assert [row[1:] for row in world.trail()] == [("first", "sent", "due")]


def test_a_worker_that_wakes_with_an_outcome_changes_nothing(world, monkeypatch):
    claimed = claim(world)
    send = world.channel.send

    def slow(batch, **kwargs):
        expire_leases(shop_id=world.shop_id, now=LATER)
        return send(batch, **kwargs)

    monkeypatch.setattr(world.channel, "send", slow)
    send_claimed(shop=world.shop, claimed=claimed, post=world.post, now=world.now)
    assert [row[1:] for row in world.trail()] == [("first", "unknown", "unknown")]
    assert Message.objects.get(shop_id=world.shop_id).state == "unknown"


def test_a_lease_that_still_runs_is_left_alone(world):
    claim(world)
    assert expire_leases(shop_id=world.shop_id, now=T0 + DAY + LEASE) == 0
    assert world.states() == ["sending"]


def test_whoever_is_being_written_to_waits_for_her_next_step():
    world = make_world()
    world.scenario(steps=ONE + "  - {id: second, after: 0h, send: [email], template: reminder}\n")
    world.cart(world.contact())
    world.run_until(T0 + DAY - timedelta(minutes=1))
    from ripresa.usecases.take_up_recoveries import take_up_recoveries

    world.now = T0 + DAY
    take_up_recoveries(shop_id=world.shop_id, now=world.now)
    taken = hand_over(shop_id=world.shop_id, now=world.now, room=1, lease=LEASE)
    again = hand_over(shop_id=world.shop_id, now=world.now, room=1, lease=LEASE)
    assert [one.message.step for one in taken.claimed] == ["first"]
    assert (again.decided, len(again.passed)) == (0, 1)
    send_claimed(shop=world.shop, claimed=taken.claimed, post=world.post, now=world.now)
    world.run()
    assert [row[1:] for row in world.trail()] == [
        ("first", "sent", "due"),
        ("second", "sent", "due"),
    ]
