"""Paid letters wait for a second person, where a shop wants that: to begin, to go on, and for more money."""

import pytest

from ripresa.domain.audit.acting import Actor, ActorKind, acting_as
from ripresa.domain.campaigns.models import Campaign
from ripresa.domain.shops.models import Shop
from ripresa.usecases.approvals import asking, matters
from ripresa.usecases.campaigns import life
from tests.db.campaigns.campaign_world import campaign, fresh, left_behind
from tests.db.usecases.engine_world import T0, make_world

pytestmark = pytest.mark.django_db
MORE = life.Limits(max_messages=None, max_cost_minor=90_000)
LESS = life.Limits(max_messages=None, max_cost_minor=20_000)
ADA, MARTA = Actor(ActorKind.MEMBER, "1"), Actor(ActorKind.MEMBER, "2")


@pytest.fixture
def letters() -> Campaign:
    """A campaign of letters, not begun, with a budget of 400.00, in a shop that wants two people."""
    world = make_world()
    left_behind(world)
    Shop.objects.filter(id=world.shop_id).update(second_person=True)
    budget = 'budget: {max_cost: "400.00", cost: {letter: "0.95"}}'
    return campaign(
        world, message="{send: [letter], template: last_reminder}", more=budget, begin=False
    )


def approve(one: Campaign) -> None:
    matter = matters.of_campaign(fresh(one))
    with acting_as(ADA):
        asked = asking.ask(shop_id=one.shop_id, matter=matter, facts={}, now=T0)
    with acting_as(MARTA):
        asking.decide(
            shop_id=one.shop_id, approval_id=asked.id, is_approved=True, reason="", now=T0
        )


def test_what_was_approved_is_what_begins(letters):
    with pytest.raises(life.NotApproved):
        life.start(letters, now=T0)
    approve(letters)
    life.set_budget(letters, MORE, now=T0)
    with pytest.raises(life.NotApproved):
        life.start(fresh(letters), now=T0)
    approve(letters)
    life.start(fresh(letters), now=T0)
    assert fresh(letters).state == "live"


def test_one_at_work_gets_no_more_money_by_one_person(letters):
    approve(letters)
    life.start(letters, now=T0)
    with pytest.raises(life.NotPossible, match="pause it first"):
        life.set_budget(fresh(letters), MORE, now=T0)
    life.set_budget(fresh(letters), LESS, now=T0)
    life.pause(fresh(letters), why="", now=T0)
    life.set_budget(fresh(letters), MORE, now=T0)
    with pytest.raises(life.NotApproved):
        life.resume(fresh(letters), now=T0)
    assert fresh(letters).state == "paused"
    approve(letters)
    life.resume(fresh(letters), now=T0)
    assert fresh(letters).state == "live"


def test_a_pause_alone_asks_nobody_again(letters):
    approve(letters)
    life.start(letters, now=T0)
    life.pause(fresh(letters), why="", now=T0)
    life.resume(fresh(letters), now=T0)
    assert fresh(letters).state == "live"
