"""CPN-3: what is tried again says the same words, so the code in them is hers, and no other is taken for it."""

from datetime import timedelta

import pytest

from ripresa.contracts.channel import RefusalKind, Refused
from ripresa.domain.coupons.models import CouponIssue
from ripresa.domain.messages.models import Message
from ripresa.domain.scenarios.models import Scenario
from ripresa.usecases.hand_over import hand_over
from ripresa.usecases.take_up_recoveries import take_up_recoveries
from tests.db.coupons.pools import add_codes, free, make_pool
from tests.db.usecases.engine_world import DAY, HOUR, T0, make_world

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
ADA = "ada@example.test"
LATER = Refused(permanent=False, kind=RefusalKind.OTHER, detail="451 come back later")
STEP = "  - {{id: first, after: 0h, send: [email], template: reminder, coupon: {{pool: {}}}}}\n"


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def needy(monkeypatch):
    """The presets say something without a coupon; here is one whose text would have a hole."""
    monkeypatch.setattr("ripresa.domain.templates.shelf.Texts.needs_coupon", lambda *_: True)


def test_it_keeps_its_code_when_another_message_to_her_finds_none(world, needy):
    spring, _ = make_pool(world.shop), make_pool(world.shop, "winter")
    add_codes(spring, ["A-1", "A-2"])
    world.scenario("Carts", steps=STEP.format("spring"))
    world.scenario("Checkouts", more="trigger: {on: checkout}", steps=STEP.format("winter"))
    ada = world.contact("ada")
    world.channel.answers[ADA] = LATER
    world.cart(ada)
    world.cart(ada, kind="checkout", left_at=T0 + MINUTE / 2)
    world.run(T0 + HOUR)
    world.run(T0 + HOUR * 2)
    world.run(T0 + DAY)
    assert free(spring) == ["A-2"]
    due = T0 + DAY + 2 * MINUTE
    take_up_recoveries(shop_id=world.shop_id, now=due)
    # Both are due: the one that finds no code, and the second try of the other.
    winter = Message.objects.get(shop_id=world.shop_id, attempts=0)
    Message.objects.filter(shop_id=world.shop_id, id=winter.id).update(due_at=T0)
    found = hand_over(shop_id=world.shop_id, now=due, room=8, lease=HOUR)
    assert found.shortages
    assert free(spring) == ["A-2"]


def test_it_takes_no_code_for_words_that_name_none(world):
    spring = make_pool(world.shop)
    world.scenario(steps=STEP.format("spring"))
    world.channel.answers[ADA] = LATER
    world.cart(world.contact("ada"))
    world.run_until(T0 + DAY)
    add_codes(spring, ["WELCOME-BACK"])  # long enough to stand in no random link
    world.channel.answers.clear()
    world.run_until(T0 + DAY + HOUR)
    message = Message.objects.get(shop_id=world.shop_id)
    assert (message.state, message.coupon_code) == ("sent", None)
    assert "WELCOME-BACK" not in world.channel.mails[-1].text
    assert free(spring) == ["WELCOME-BACK"]
    assert not CouponIssue.objects.filter(shop_id=world.shop_id).exists()


def test_a_code_for_everybody_that_has_ended_pauses_the_scenario(world, needy):
    make_pool(world.shop, code="SPRING", expires_at=T0 + HOUR)
    world.scenario(steps=STEP.format("spring"))
    world.cart(world.contact("ada"))
    world.run_until(T0 + DAY + HOUR)
    scenario = Scenario.objects.get(shop_id=world.shop_id)
    assert (scenario.state, scenario.paused_reason) == ("paused", "the coupon of spring has ended")
    assert Message.objects.get(shop_id=world.shop_id).state == "planned"
