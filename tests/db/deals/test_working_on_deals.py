"""What people do with a deal: compare-and-set, logged, and won for good (AGT-2, AGT-3)."""

from uuid import uuid4

import pytest

from ripresa.domain.deals import operations
from ripresa.domain.deals.models import Deal, DealActivity
from ripresa.domain.deals.queries import holds_of, stages_of
from ripresa.usecases.agents import work_on_deal
from tests.db.deals.pipeline_world import HOUR, add_agent, left_cart, log_of, make_world, open_one

pytestmark = pytest.mark.django_db
WHO = "cleo@shop.test"


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def cart(world):
    return left_cart(world, world.contact())


@pytest.fixture
def at(world, cart):
    """The deal as an operation wants it named."""
    deal = open_one(world, cart)
    world.now += HOUR
    return {"shop_id": world.shop_id, "deal_id": deal.id, "who": WHO, "now": world.now}


def deal_of(at) -> Deal:
    return Deal.objects.select_related("stage").get(shop_id=at["shop_id"], id=at["deal_id"])


def stage_now(world, cart):
    return stages_of(shop_id=world.shop_id, cart_ids=[cart.id]).get(cart.id)


def hold(world, cart):
    return holds_of(shop_id=world.shop_id, cart_ids=[cart.id], now=world.now)[cart.id]


def test_moved_by_hand_it_stands_there_and_the_log_says_who(world, cart, at):
    work_on_deal.move(**at, from_stage="check_out_abandoned", to_stage="in_talks")
    assert stage_now(world, cart) == "in_talks"
    assert log_of(world)[1:] == [("moved", WHO, "check_out_abandoned", "in_talks")]


def test_who_saw_it_elsewhere_changes_nothing_and_hears_where_it_is(world, cart, at):
    work_on_deal.move(**at, from_stage="check_out_abandoned", to_stage="in_talks")
    with pytest.raises(operations.DealMoved) as refusal:
        work_on_deal.lose(**at, from_stage="check_out_abandoned", why="no answer")
    assert refusal.value.stage == "in_talks"
    assert stage_now(world, cart) == "in_talks"
    assert len(log_of(world)) == 2


def test_a_deal_moved_back_by_hand_is_not_moved_back_again_by_itself(world, cart, at):
    work_on_deal.move(**at, from_stage="check_out_abandoned", to_stage="in_talks")
    open_one(world, cart, "check_out_abandoned")
    assert stage_now(world, cart) == "in_talks"


def test_won_is_for_good(world, cart, at):
    work_on_deal.win(**at, from_stage="check_out_abandoned")
    deal = deal_of(at)
    assert (deal.outcome, deal.closed_at, deal.stage.key) == ("won", world.now, "confirmed")
    for to_stage in ("in_talks", "lost"):
        with pytest.raises(operations.DealClosed):
            work_on_deal.move(**at, from_stage="confirmed", to_stage=to_stage)
    with pytest.raises(operations.DealClosed):
        work_on_deal.take_over(**at, instead_of=None)
    assert deal_of(at).outcome == "won"


def test_lost_with_its_reason_and_opened_again_by_hand(world, cart, at):
    work_on_deal.lose(**at, from_stage="check_out_abandoned", why="bought elsewhere")
    assert stage_now(world, cart) is None
    assert DealActivity.objects.get(shop_id=world.shop_id, kind="lost").note == "bought elsewhere"
    work_on_deal.move(**at, from_stage="lost", to_stage="in_talks")
    assert (deal_of(at).outcome, stage_now(world, cart)) == (None, "in_talks")


def test_taken_over_it_is_the_agents_and_the_first_to_take_it_has_it(world, cart, at):
    cleo = add_agent(world, WHO)
    work_on_deal.take_over(**at, instead_of=None)
    assert (deal_of(at).agent_id, hold(world, cart).taken_over_by) == (cleo, WHO)
    other = {**at, "who": "bruno@shop.test"}
    with pytest.raises(operations.DealTaken) as refusal:
        work_on_deal.take_over(**other, instead_of=None)
    assert refusal.value.by == WHO
    work_on_deal.take_over(**other, instead_of=WHO)
    assert hold(world, cart).taken_over_by == "bruno@shop.test"
    assert deal_of(at).agent_id == cleo  # bruno is no agent: the customer keeps hers


def test_taking_over_twice_is_logged_once(world, cart, at):
    for _ in range(2):
        work_on_deal.take_over(**at, instead_of=None)
    assert [kind for kind, *_ in log_of(world)] == ["opened", "taken_over"]


def test_snoozed_it_rests_until_then(world, cart, at):
    until = world.now + HOUR
    work_on_deal.snooze(**at, until=until)
    assert hold(world, cart).snoozed_until == until
    world.now = until
    assert hold(world, cart).snoozed_until is None
    with pytest.raises(operations.NotNow):
        work_on_deal.snooze(**{**at, "now": world.now}, until=until)


def test_a_snoozed_deal_can_be_woken(world, cart, at):
    work_on_deal.snooze(**at, until=world.now + HOUR)
    work_on_deal.snooze(**at, until=None)
    assert hold(world, cart).snoozed_until is None


def test_the_latest_call_and_the_latest_answer_are_told(world, cart, at):
    early, late = world.now - 2 * HOUR, world.now - HOUR
    for instant in (late, early):
        work_on_deal.log_call(**at, at=instant, text="")
        work_on_deal.log_reply(**at, at=instant, text="")
    assert hold(world, cart)[2:] == (late, late)
    with pytest.raises(operations.NotNow):
        work_on_deal.log_call(**at, at=world.now + HOUR, text="")


def test_what_was_done_is_told_of_a_lost_deal_but_it_is_in_nobodys_hand(world, cart, at):
    work_on_deal.take_over(**at, instead_of=None)
    work_on_deal.snooze(**at, until=world.now + HOUR)
    work_on_deal.log_call(**at, at=world.now, text="no interest")
    work_on_deal.lose(**at, from_stage="check_out_abandoned", why="")
    assert hold(world, cart) == (None, None, world.now, None)


def test_a_note_changes_nothing_else(world, cart, at):
    work_on_deal.note(**at, text="She wants it in red.")
    assert (
        DealActivity.objects.get(shop_id=world.shop_id, kind="noted").note == "She wants it in red."
    )
    assert hold(world, cart) == (None, None, None, None)


def test_nobody_works_on_a_deal_of_another_shop(world, cart, at):
    other = make_world()
    with pytest.raises(operations.DealNotFound):
        work_on_deal.note(**{**at, "shop_id": other.shop_id}, text="")
    with pytest.raises(operations.DealNotFound):
        work_on_deal.note(**{**at, "deal_id": uuid4()}, text="")


def test_a_stage_that_is_not_there_is_refused_by_name(world, cart, at):
    with pytest.raises(
        operations.NoSuchStage, match="check_out_abandoned, in_talks, confirmed, lost"
    ):
        work_on_deal.move(**at, from_stage="check_out_abandoned", to_stage="in_talk")
