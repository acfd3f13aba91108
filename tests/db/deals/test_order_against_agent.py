"""An order is folded while an agent works on the deal: on real locks, statement by statement, the order wins it."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ripresa.domain.deals import operations
from ripresa.usecases.fold_events import fold_shop
from tests.db.deals.sale import ADA, CLEO, Sale, begin, ordered
from tests.db.usecases.fold_tables import arrive
from tests.db.usecases.stepping import Actor, interleave

REFUSALS = (operations.DealMoved, operations.DealClosed)
ACTS = {
    "move": {"from_stage": "check_out_abandoned", "to_stage": "in_talks"},
    "lose": {"from_stage": "check_out_abandoned", "why": ""},
    "take_over": {"instead_of": None},
    "snooze": {"until": None},
}


class Race:
    """A shop, the fold and an agent; and how often either came first."""

    def __init__(self) -> None:
        self.sale: Sale = begin()
        self.log: list[str] = []
        self.fold, self.agent = Actor("fold", self.log), Actor("agent", self.log)
        self.orders = 0
        self.first: set[str] = set()

    def run(self, act: str, named: dict, choices: list[int]) -> None:
        self.orders += 1
        token = f"t{self.orders}"
        self.sale.now += timedelta(minutes=5)
        self.sale.leave(token)
        self.sale.open_deal(token)
        self.sale.now += timedelta(minutes=5)
        self.log.clear()
        order = ordered(f"o{self.orders}", **{**named, "cart_token": token})
        event = {"id": f"order{self.orders}", "occurred_at": self.sale.now.isoformat(), **order}
        arrive(self.sale.shop, [event])
        shop_id, now = self.sale.shop.id, self.sale.now
        deal_id = self.sale.deal(token).id
        refused: list[Exception] = []

        def work() -> None:
            try:
                self.sale.act(act, token, **ACTS[act])
            except REFUSALS as wrong:
                refused.append(wrong)

        self.fold.begin(lambda: fold_shop(shop_id=shop_id, now=now))
        self.agent.begin(work)
        interleave([self.fold, self.agent], choices, lambda *_: None)
        while fold_shop(shop_id=shop_id, now=now):
            pass
        deal = self.sale.deal(token)
        assert (deal.id, deal.outcome, deal.stage.key) == (deal_id, "won", "confirmed")
        assert self.sale.kinds(token).count("won") == 1
        if act == "take_over" and not refused:
            assert deal.taken_over_by == CLEO
        self.first.add("fold" if refused else "agent")

    def close(self) -> None:
        for actor in (self.fold, self.agent):
            actor.stop()


@pytest.mark.django_db(transaction=True)
def test_whoever_comes_first_the_order_wins_the_deal():
    arena = Race()

    @settings(deadline=None, max_examples=20, suppress_health_check=list(HealthCheck))
    @given(
        st.sampled_from(sorted(ACTS)),
        st.sampled_from([{}, {"contact": ADA}]),
        st.lists(st.integers(0, 1), max_size=60),
    )
    def every_order(act, named, choices):
        arena.run(act, named, choices)

    try:
        every_order()
    finally:
        arena.close()
    assert arena.first == {"fold", "agent"}
