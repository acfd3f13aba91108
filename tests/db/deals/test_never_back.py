"""Whatever people, scenarios, orders and time do to a deal, in any order: won stays won, and nothing but a person
moves a deal back."""

import contextlib
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ripresa.domain.deals import operations
from ripresa.domain.deals.models import Deal, Stage
from tests.db.deals.sale import HOUR, Sale, begin, cancelled, emptied, filled, ordered

pytestmark = pytest.mark.django_db
STAGES = ("check_out_abandoned", "in_talks", "confirmed", "lost")
REFUSALS = (operations.DealMoved, operations.DealClosed, operations.DealTaken)

stages = st.sampled_from(STAGES)
by_people = st.one_of(
    st.tuples(st.just("move"), st.fixed_dictionaries({"from_stage": stages, "to_stage": stages})),
    st.tuples(st.just("win"), st.fixed_dictionaries({"from_stage": stages})),
    st.tuples(st.just("lose"), st.fixed_dictionaries({"from_stage": stages, "why": st.just("")})),
    st.tuples(st.just("take_over"), st.just({"instead_of": None})),
    st.tuples(st.just("snooze"), st.just({"until": "later"})),
    st.tuples(st.just("log_call"), st.just({"at": "now", "text": ""})),
    st.tuples(st.just("note"), st.just({"text": "n"})),
)
by_itself = st.one_of(
    st.tuples(st.just("order"), st.sampled_from(["o1", "o2"])),
    st.tuples(st.just("cancel"), st.sampled_from(["o1", "o2"])),
    st.tuples(st.just("step"), stages),
    st.tuples(st.just("empty"), st.none()),
    st.tuples(st.just("fill"), st.none()),
    st.tuples(st.just("expire"), st.none()),
)


def happen(sale: Sale, what: str, detail) -> None:
    """Something that no person decides."""
    match what:
        case "order":
            sale.tell(ordered(detail, cart_token="t"))
        case "cancel":
            sale.tell(cancelled(detail))
        case "step":
            sale.open_deal(stage=detail)
        case "empty":
            sale.tell(emptied("t"))
        case "fill":
            sale.tell(filled("t", total=str(sale.now.day)))
        case "expire":
            sale.wait(timedelta(days=31))


def act(sale: Sale, name: str, values) -> None:
    times = {"now": sale.now, "later": sale.now + HOUR}
    with contextlib.suppress(REFUSALS):
        sale.act(name, **{key: times.get(value, value) for key, value in values.items()})


def deals_of(sale: Sale):
    """Deal -> (outcome, position of its stage)."""
    places = dict(Stage.objects.filter(shop=sale.shop).values_list("id", "position"))
    rows = Deal.objects.filter(shop=sale.shop).values_list("id", "outcome", "stage_id")
    return {deal: (outcome, places[stage]) for deal, outcome, stage in rows}


@settings(
    deadline=None, max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(st.lists(st.one_of(by_people, by_itself), max_size=8))
@example(
    [("order", "o1"), ("cancel", "o1"), ("step", "in_talks"), ("expire", None), ("order", "o2")]
)
@example([("move", {"from_stage": STAGES[0], "to_stage": "in_talks"}), ("step", STAGES[0])])
def test_won_stays_won_and_only_a_person_moves_a_deal_back(happenings):
    sale = begin()
    sale.leave()
    sale.open_deal()
    for what, detail in happenings:
        before = deals_of(sale)
        sale.now += HOUR
        is_human = isinstance(detail, dict)
        (act if is_human else happen)(sale, what, detail)
        after = deals_of(sale)
        for deal, (outcome, position) in before.items():
            now_outcome, now_position = after[deal]
            if outcome == "won":
                assert (now_outcome, now_position) == (outcome, position)
            elif not is_human:
                assert now_position >= position or now_outcome == "won"
                assert outcome is None or now_outcome in {outcome, "won"}
        opens = [deal for deal, (outcome, _) in after.items() if outcome is None]
        assert len(opens) <= 1
    kinds = dict(Stage.objects.filter(shop=sale.shop).values_list("id", "kind"))
    for outcome, stage in Deal.objects.filter(shop=sale.shop).values_list("outcome", "stage_id"):
        assert kinds[stage] == (outcome or "open")


@settings(deadline=None, max_examples=20, suppress_health_check=[HealthCheck.too_slow])
@given(st.permutations(["order", "lose", "snooze", "call"]))
def test_an_order_wins_whatever_comes_before_or_after_it(sequence):
    sale = begin()
    sale.leave()
    sale.open_deal()
    for what in sequence:
        sale.now += HOUR
        if what == "order":
            sale.tell(ordered(cart_token="t"))
        elif what == "lose":
            act(sale, "lose", {"from_stage": "check_out_abandoned", "why": ""})
        elif what == "snooze":
            act(sale, "snooze", {"until": "later"})
        else:
            act(sale, "log_call", {"at": "now", "text": ""})
    assert sale.outcome() == ("confirmed", "won")
