"""Who gets a customer, and where a deal may move by itself (AGT-1, AGT-2)."""

from collections import Counter
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from ripresa.core.money import Money
from ripresa.domain.deals.default_pipeline import pipeline_name, stage_name
from ripresa.domain.deals.rules import (
    AgentName,
    AssignmentRule,
    Prospect,
    StagePlace,
    deal_out,
    in_no_segment,
    in_segments,
    moves_forward,
    stage_to_open_in,
)


def agents(number: int) -> tuple[AgentName, ...]:
    return tuple(AgentName(UUID(int=each), f"a{each}@shop.test", "") for each in range(number))


def rule(number: int = 1, **values) -> AssignmentRule:
    given = {
        "countries": frozenset(), "segment": None, "currency": None, "at_least_minor": None,
        "below_minor": None, "turn": 0, "agents": agents(1), **values,
    }  # fmt: skip
    return AssignmentRule(id=UUID(int=number), **given)


def people(number: int, **values) -> list[Prospect]:
    return [Prospect(UUID(int=each), **values) for each in range(number)]


@given(st.integers(1, 7), st.integers(0, 10**9), st.lists(st.integers(0, 9), max_size=12))
def test_turns_are_even_however_customers_come(number, turn, batches):
    one = rule(agents=agents(number), turn=turn)
    counts: Counter[str] = Counter({agent.email: 0 for agent in one.agents})
    for size in batches:
        one = rule(agents=agents(number), turn=turn)
        got, turns = deal_out([one], people(size))
        counts.update(agent.email for agent in got.values())
        turn = turns.get(one.id, turn)
    assert max(counts.values()) - min(counts.values()) <= 1
    assert counts.total() == sum(batches)


@given(st.permutations(people(6)))
def test_the_order_of_a_batch_makes_no_difference(shuffled):
    one = rule(agents=agents(4))
    assert deal_out([one], shuffled) == deal_out([one], people(6))


def test_only_rules_that_were_used_take_turns():
    first, second = rule(1, countries=frozenset({"DE"})), rule(2)
    got, turns = deal_out([first, second], people(3, country="IT"))
    assert (len(got), turns) == (3, {second.id: 3})
    assert deal_out([first], people(3)) == ({}, {})


def test_a_rule_whose_agents_have_all_left_is_passed_over():
    assert deal_out([rule(1, agents=()), rule(2)], people(1))[1] == {UUID(int=2): 1}


@given(
    st.integers(0, 10_000), st.none() | st.integers(0, 10_000), st.none() | st.integers(0, 10_000)
)
def test_a_value_lies_from_the_one_to_below_the_other(minor, at_least, below):
    one = rule(currency="EUR", at_least_minor=at_least, below_minor=below)
    inside = (at_least is None or minor >= at_least) and (below is None or minor < below)
    assert one.holds(Prospect(UUID(int=1), value=Money(minor, "EUR"))) is inside
    has_bound = at_least is not None or below is not None
    for value in (None, Money(minor, "USD")):
        assert one.holds(Prospect(UUID(int=1), value=value)) is not has_bound


def test_segments_are_asked_for_only_where_a_rule_names_one():
    def never(*_):
        raise AssertionError("nobody asked")

    assert in_segments(people(2), [rule()], never) == people(2)
    known = in_segments(people(2), [rule(segment="Good")], lambda *_: {"Good": {UUID(int=1)}})
    assert [one.segments for one in known] == [frozenset(), frozenset({"Good"})]
    assert [rule(segment="Good").holds(one) for one in known] == [False, True]
    assert not in_no_segment(["Good"], [])


STAGES = [
    StagePlace(UUID(int=position), key, kind, position)
    for position, (key, kind) in enumerate(
        [("offer", "open"), ("won", "won"), ("check_out_abandoned", "open"), ("lost", "lost")], start=1
    )
]  # fmt: skip


@given(st.permutations(STAGES), st.sampled_from(["offer", "check_out_abandoned"]))
def test_a_deal_opens_in_the_open_stage_it_is_wanted_in(stages, wanted):
    assert stage_to_open_in(stages, wanted).key == wanted


@given(st.permutations(STAGES), st.sampled_from(["won", "lost", "nothing", ""]))
def test_else_in_the_first_open_one(stages, wanted):
    assert stage_to_open_in(stages, wanted).key == "offer"


@given(st.sampled_from(STAGES), st.integers(0, 6))
def test_by_itself_only_forward(stage, position):
    assert moves_forward(position, stage) is (position < stage.position)


def test_names_are_the_shops_own_else_shipped_else_the_key_in_words():
    assert stage_name("lost", "Gone", "it") == "Gone"
    assert stage_name("lost", "", "it-IT") == "Perso"
    assert stage_name("lost", "", "fr") == "Lost"
    assert stage_name("offer_made", "", "it") == "Offer made"
    assert pipeline_name("", "ro") == "Gestionarea vânzărilor"
    assert pipeline_name("Sales", "ro") == "Sales"
