"""What a cart says about its recovery, which scenario takes it, and when its steps are planned."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ripresa.contracts.reasons import Reason
from ripresa.domain.scenarios.durations import Duration
from ripresa.domain.scenarios.plan import Branch, Plan, Step
from ripresa.domain.scenarios.rules import (
    Contender,
    cart_end,
    choose_scenario,
    plan_steps,
    take_up_at,
)

T0 = datetime(2026, 10, 3, 15, 2, 11, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = Duration(seconds=86_400)


@pytest.mark.parametrize(
    ("state", "same_stretch", "reason"),
    [
        ("abandoned", True, None),
        ("abandoned", False, Reason.REOPENED),
        ("open", True, Reason.REOPENED),
        ("recovered", True, Reason.ORDERED),
        ("ordered", True, Reason.ORDERED),
        ("closed", True, Reason.CLOSED),
        ("emptied", True, Reason.EMPTIED),
        ("expired", True, Reason.EXPIRED),
    ],
)
def test_what_the_cart_says(state, same_stretch, reason):
    assert cart_end(state, T0, T0 if same_stretch else T0 - HOUR) is reason


def test_a_cart_is_taken_up_when_idle_abandoned_and_reachable():
    hour = Duration(seconds=3600)
    assert (
        take_up_at(left_at=T0, abandoned_at=T0 + HOUR, reachable_at=T0, idle=DAY) == T0 + 24 * HOUR
    )
    late = T0 + 48 * HOUR
    assert take_up_at(left_at=T0, abandoned_at=late, reachable_at=late, idle=hour) == late


def step(number, after, base):
    return Step(f"s{number}", Duration(seconds=after * 3600), base, ("email",), "reminder")


def test_steps_count_from_leaving_from_taking_up_or_from_the_step_before():
    steps = [step(1, 0, "abandoned"), step(2, 48, "previous"), step(3, 240, "left")]
    taken = T0 + 24 * HOUR
    planned = plan_steps(steps, left_at=T0, taken_up_at=taken)
    assert planned == [taken, taken + 48 * HOUR, T0 + 240 * HOUR]


def test_no_step_is_planned_for_before_the_taking_up():
    planned = plan_steps([step(1, 4, "left")], left_at=T0, taken_up_at=T0 + 24 * HOUR)
    assert planned == [T0 + 24 * HOUR]


def contender(number, name, priority=50, trigger="any", activated=T0, on_reabandon="restart"):
    plan = Plan(
        name, "en", ("en",), (Branch("everyone", ()),), priority=priority, trigger=trigger,
        on_reabandon=on_reabandon,
    )  # fmt: skip
    return Contender(UUID(int=number), UUID(int=100 + number), activated, plan)


def chosen(*contenders, had=(), kind="cart", abandoned_at=T0, misfits=()):
    found = choose_scenario(
        contenders,
        kind=kind,
        abandoned_at=abandoned_at,
        had=had,
        fits=lambda one: one.plan.name not in misfits,
    )
    return [(one.plan.name, reason) for one, reason in found]


def test_the_highest_priority_takes_the_cart_and_ties_go_by_name():
    assert chosen(contender(1, "b"), contender(2, "a"), contender(3, "c", priority=60)) == [
        ("c", None),
        ("a", Reason.LOWER_PRIORITY),
        ("b", Reason.LOWER_PRIORITY),
    ]


def test_a_trigger_of_the_other_kind_wants_nothing():
    assert chosen(contender(1, "a", trigger="checkout")) == []
    assert chosen(contender(1, "a", trigger="checkout"), kind="checkout") == [("a", None)]


def test_what_ignores_a_second_abandonment_leaves_it_to_the_others():
    ignoring = contender(1, "a", priority=90, on_reabandon="ignore")
    assert chosen(ignoring, contender(2, "b"), had={ignoring.scenario_id}) == [("b", None)]
    assert chosen(ignoring, had=()) == [("a", None)]


def test_nobody_is_reached_before_the_watermark():
    late = contender(1, "a", priority=90, activated=T0 + HOUR)
    assert chosen(late, contender(2, "b")) == [("b", None), ("a", Reason.BEFORE_ACTIVATION)]


def test_who_is_not_in_the_audience_leaves_the_cart_to_the_best_of_the_rest():
    several = [contender(1, "a", priority=90), contender(2, "b", priority=70), contender(3, "c")]
    assert chosen(*several, misfits={"a"}) == [
        ("b", None),
        ("c", Reason.LOWER_PRIORITY),
        ("a", Reason.AUDIENCE),
    ]
    assert chosen(*several, misfits={"a", "b", "c"}) == [
        ("a", Reason.AUDIENCE),
        ("b", Reason.AUDIENCE),
        ("c", Reason.AUDIENCE),
    ]


def test_the_watermark_comes_before_the_audience():
    late = contender(1, "a", activated=T0 + HOUR)
    assert chosen(late, misfits={"a"}) == [("a", Reason.BEFORE_ACTIVATION)]


@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.sampled_from("abcdef"), st.booleans(), st.booleans()),
        max_size=6,
        unique_by=lambda one: one[1],
    )
)
def test_at_most_one_takes_the_cart_and_everyone_else_has_a_reason(rows):
    several = [
        contender(number, name, priority=priority, activated=T0 + HOUR if is_late else T0)
        for number, (priority, name, is_late, _) in enumerate(rows)
    ]
    misfits = {name for _, name, _, is_misfit in rows if is_misfit}
    found = chosen(*several, misfits=misfits)
    assert sorted(name for name, _ in found) == sorted(name for _, name, _, _ in rows)
    takers = [name for name, reason in found if reason is None]
    able = [(-one[0], one[1]) for one in rows if not one[2] and one[1] not in misfits]
    assert takers == ([min(able)[1]] if able else [])
    assert {name for name, reason in found if reason is Reason.AUDIENCE} == {
        name for _, name, is_late, is_misfit in rows if is_misfit and not is_late
    }


def test_what_counts_from_a_notice_counts_from_when_it_was_handed_over():
    steps = [step(1, 0, "abandoned"), step(2, 48, "previous"), step(3, 24, "previous")]
    taken = T0 + 24 * HOUR
    told = {"s1": taken + 3 * HOUR}
    assert plan_steps(steps, left_at=T0, taken_up_at=taken, told=told) == [
        taken,
        taken + 51 * HOUR,
        taken + 75 * HOUR,
    ]
