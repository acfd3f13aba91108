"""A large abandoned cart opens one deal, in the stage its step names, with the customer's agent (AGT-1, AGT-2)."""

import pytest

from ripresa.domain.deals.activity import SCENARIO
from ripresa.domain.deals.assigning import put_assignments
from ripresa.domain.deals.models import Agent, Deal, DealActivity, Stage
from ripresa.domain.deals.queries import holds_of, stages_of
from tests.db.deals.pipeline_world import (
    HOUR,
    World,
    add_agent,
    left_cart,
    log_of,
    make_world,
    open_one,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def test_a_deal_stands_in_the_stage_its_step_names_and_knows_the_agent(world):
    cart = left_cart(world, world.contact(agent="bruno@shop.test"))
    opened = open_one(world, cart)
    assert opened.is_new
    assert (opened.agent.email, opened.agent.name) == ("bruno@shop.test", "")
    deal = Deal.objects.get(shop_id=world.shop_id)
    assert (deal.cart_id, deal.contact_id, deal.value_minor) == (cart.id, cart.contact_id, 200_000)
    assert stages_of(shop_id=world.shop_id, cart_ids=[cart.id]) == {cart.id: "check_out_abandoned"}
    assert log_of(world) == [("opened", SCENARIO, None, "check_out_abandoned")]


def test_opening_twice_opens_one(world):
    cart = left_cart(world, world.contact())
    first, second = open_one(world, cart), open_one(world, cart)
    assert (first.is_new, second.is_new, first.id == second.id) == (True, False, True)
    assert len(log_of(world)) == 1


def test_a_later_step_moves_it_on_and_an_earlier_one_never_back(world):
    cart = left_cart(world, world.contact())
    for stage in ("check_out_abandoned", "in_talks", "check_out_abandoned"):
        open_one(world, cart, stage)
        world.now += HOUR
    assert stages_of(shop_id=world.shop_id, cart_ids=[cart.id]) == {cart.id: "in_talks"}
    assert log_of(world)[1:] == [("moved", SCENARIO, "check_out_abandoned", "in_talks")]


@pytest.mark.parametrize("stage", ["no_such_stage", "confirmed", "lost"])
def test_a_stage_that_is_no_open_one_opens_in_the_first_and_the_log_says_so(world, stage):
    cart = left_cart(world, world.contact())
    open_one(world, cart, stage)
    assert stages_of(shop_id=world.shop_id, cart_ids=[cart.id]) == {cart.id: "check_out_abandoned"}
    assert stage in DealActivity.objects.get(shop_id=world.shop_id).note


def test_what_was_closed_since_the_abandonment_stays_closed(world):
    cart = left_cart(world, world.contact())
    open_one(world, cart)
    lost = Stage.objects.get(shop_id=world.shop_id, key="lost")
    Deal.objects.filter(shop_id=world.shop_id).update(
        outcome="lost", closed_at=world.now, stage_id=lost.id
    )
    assert open_one(world, cart) is None

    world.now += HOUR  # left behind once more: that is a new affair
    type(cart).objects.filter(shop_id=world.shop_id, id=cart.id).update(abandoned_at=world.now)
    assert open_one(world, cart).is_new


def test_nobodys_customer_has_a_deal_without_an_agent(world):
    assert open_one(world, left_cart(world, world.contact())).agent is None


def test_the_shops_own_word_beats_what_is_stored_unless_that_agent_has_left(world):
    contact = world.contact(agent="bruno@shop.test")
    cleo = add_agent(world, "cleo@shop.test")
    put_assignments(
        shop_id=world.shop_id,
        agent_of={f"email:{contact.email}": cleo},
        origin="import",
        now=world.now,
    )
    first = open_one(world, left_cart(world, contact))
    assert first.agent.email == "bruno@shop.test"
    Agent.objects.filter(shop_id=world.shop_id, email="bruno@shop.test").update(is_active=False)
    second = open_one(world, left_cart(world, contact))
    assert second.agent.email == "cleo@shop.test"


def test_a_cart_nobody_worked_on_holds_nothing(world):
    cart = left_cart(world, world.contact())
    open_one(world, cart)
    (hold,) = holds_of(shop_id=world.shop_id, cart_ids=[cart.id], now=world.now).values()
    assert hold == (None, None, None, None)
