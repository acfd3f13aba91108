"""Promise 4 and the order of checks, over generated facts."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ripresa.contracts.reasons import Reason
from ripresa.domain.scenarios.durations import Duration
from ripresa.domain.scenarios.legal_basis.rules import Allowed, Refused
from ripresa.domain.scenarios.plan import Window
from ripresa.domain.scenarios.quiet_hours import is_allowed
from ripresa.domain.scenarios.sending.rules import (
    CAP_WINDOW,
    RETRY_AFTER,
    Cancel,
    Send,
    Skip,
    StepFacts,
    StepLimits,
    Wait,
    decide_step,
    retry_at,
)

T0 = datetime(2026, 10, 3, 15, 2, 11, tzinfo=UTC)
ROME = ZoneInfo("Europe/Rome")
HOUR = timedelta(hours=1)
DAY = Duration(seconds=86_400)

ago = st.integers(0, 60 * 24 * 60).map(lambda minutes: T0 - timedelta(minutes=minutes))
later = st.integers(0, 60 * 24).map(lambda minutes: T0 + timedelta(minutes=minutes))
durations = st.builds(Duration, st.integers(0, 2), st.integers(0, 10 * 86_400))
facts_of_a_step = st.builds(
    StepFacts,
    planned_for=ago,
    zone=st.sampled_from([ROME, ZoneInfo("Asia/Kolkata"), ZoneInfo("America/Sao_Paulo")]),
    ended=st.none() | st.sampled_from([Reason.ORDERED, Reason.CLOSED, Reason.REOPENED]),
    is_test=st.booleans(),
    overtaken=st.booleans(),
    agent_first_until=st.none() | later,
    unreachable=st.none() | st.sampled_from([Reason.NO_EMAIL, Reason.NO_PHONE]),
    basis=st.sampled_from(
        [Allowed("any@1"), Refused(Reason.NO_CONSENT), Refused(Reason.LEGAL_BASIS)]
    ),
    is_suppressed=st.booleans(),
    only_if=st.none() | st.sampled_from([Reason.ONLY_IF, Reason.CURRENCY_MISMATCH]),
    has_translation=st.booleans(),
    snoozed_until=st.none() | later,
    latest_order_at=st.none() | ago,
    is_stopped=st.booleans(),
    is_paused=st.booleans(),
    steps_sent=st.lists(ago, max_size=6).map(lambda times: tuple(sorted(times, reverse=True))),
)
limits_of_a_step = st.builds(
    StepLimits,
    stale_after=durations,
    least_gap=st.integers(0, 500).map(lambda hours: HOUR * hours),
    not_more_often_than=st.none() | durations,
    not_after_order=st.none() | durations,
    max_messages_per_30d=st.none() | st.integers(1, 5),
    window=st.none()
    | st.tuples(st.integers(0, 1439), st.integers(0, 1439))
    .filter(lambda pair: pair[0] != pair[1])
    .map(lambda pair: Window(*pair)),
)
FREE = StepLimits(stale_after=DAY)
FINE = StepFacts(planned_for=T0, zone=ROME, basis=Allowed("consent@1"))
GOES = Send("consent@1")


@given(facts_of_a_step, limits_of_a_step)
def test_nobody_is_written_to_against_their_will(facts, limits):
    if isinstance(decide_step(facts, limits, now=T0), Send):
        assert facts.ended is None
        assert facts.agent_first_until is None
        assert facts.unreachable is None
        assert facts.only_if is None
        assert facts.has_translation
        assert facts.snoozed_until is None or facts.snoozed_until <= T0
        assert not facts.is_suppressed
        assert not facts.is_stopped
        assert not facts.is_paused
        assert isinstance(facts.basis, Allowed)
        if limits.not_after_order and facts.latest_order_at:
            assert limits.not_after_order.after(facts.latest_order_at) <= T0
        if limits.window:
            assert is_allowed(limits.window, facts.zone, T0)
        for earlier in facts.steps_sent:
            assert T0 - earlier >= limits.least_gap
            if limits.not_more_often_than:
                assert limits.not_more_often_than.after(earlier) <= T0
        if limits.max_messages_per_30d:
            in_window = [at for at in facts.steps_sent if T0 - at < CAP_WINDOW]
            assert len(in_window) < limits.max_messages_per_30d


@given(facts_of_a_step, limits_of_a_step)
def test_a_message_is_sent_when_nothing_stands_against_it(facts, limits):
    """The other half: without this, a rule that never sends would pass all else."""
    willing = msgspec.structs.replace(
        facts, ended=None, is_test=False, overtaken=False, unreachable=None, is_suppressed=False,
        basis=Allowed("any@1"), latest_order_at=None, agent_first_until=None, only_if=None,
        has_translation=True, snoozed_until=None, is_stopped=False, is_paused=False, steps_sent=(),
        planned_for=T0,
    )  # fmt: skip
    free = msgspec.structs.replace(limits, window=None)
    assert decide_step(willing, free, now=T0) == Send("any@1")


@given(facts_of_a_step, limits_of_a_step)
def test_waiting_always_ends(facts, limits):
    """Nobody lifts the hold of another; but caps and quiet hours pass by themselves, and all grows stale."""
    now, waits = T0, 0
    while isinstance(decision := decide_step(facts, limits, now=now), Wait):
        assert decision.until > now
        if decision.reason in {Reason.STOPPED, Reason.PAUSED}:
            late = now - facts.planned_for
            longest = min(max(late / 24, timedelta(minutes=1)), timedelta(hours=1))
            assert now + timedelta(minutes=1) <= decision.until <= now + longest
            facts = msgspec.structs.replace(facts, is_stopped=False, is_paused=False)
        if facts.agent_first_until is not None:
            assert decision.reason is Reason.AGENT_FIRST
            facts = msgspec.structs.replace(facts, agent_first_until=None)
        now = decision.until
        waits += 1
        assert waits <= 5


@given(facts_of_a_step, limits_of_a_step)
def test_a_held_message_goes_at_the_earliest_instant_allowed(facts, limits):
    decision = decide_step(facts, limits, now=T0)
    if isinstance(decision, Wait) and decision.reason in {Reason.CAP, Reason.QUIET_HOURS}:
        just_before = decision.until - timedelta(microseconds=1)
        if just_before > T0:
            assert not isinstance(decide_step(facts, limits, now=just_before), Send)


@given(facts_of_a_step, limits_of_a_step)
def test_a_permanent_no_comes_before_a_hold(facts, limits):
    held = isinstance(decide_step(facts, limits, now=T0), Wait)
    if held:
        free = msgspec.structs.replace(
            limits, window=None, least_gap=timedelta(0), not_more_often_than=None,
            max_messages_per_30d=None,
        )  # fmt: skip
        if facts.agent_first_until is not None:
            return  # it is not this one's turn: nothing else is asked
        released = msgspec.structs.replace(
            facts, is_stopped=False, is_paused=False, snoozed_until=None
        )
        assert isinstance(decide_step(released, free, now=T0), Send)


# A permanent no comes before a hold; among each, the order of the contract's closed list.
ORDER_OF_CHECKS = [
    ({"ended": Reason.ORDERED}, Cancel(Reason.ORDERED)),
    ({"agent_first_until": T0 + HOUR}, Wait(T0 + HOUR, Reason.AGENT_FIRST)),
    ({"unreachable": Reason.NO_PHONE}, Skip(Reason.NO_PHONE)),
    ({"basis": Refused(Reason.NO_CONSENT)}, Skip(Reason.NO_CONSENT)),
    ({"is_suppressed": True}, Skip(Reason.SUPPRESSED)),
    ({"latest_order_at": T0 - HOUR}, Skip(Reason.RECENT_ORDER)),
    ({"only_if": Reason.ONLY_IF}, Skip(Reason.ONLY_IF)),
    ({"has_translation": False}, Skip(Reason.NO_TRANSLATION)),
    ({"overtaken": True}, Skip(Reason.STALE)),
    ({"is_test": True}, Skip(Reason.TEST_ORDER)),
    ({"is_stopped": True}, Wait(T0 + timedelta(minutes=1), Reason.STOPPED)),
    ({"is_paused": True}, Wait(T0 + timedelta(minutes=1), Reason.PAUSED)),
    ({"snoozed_until": T0 + HOUR}, Wait(T0 + HOUR, Reason.AGENT_FIRST)),
    ({"steps_sent": (T0 - HOUR,)}, Wait(datetime(2026, 10, 3, 22, tzinfo=UTC), Reason.QUIET_HOURS)),
]


@pytest.mark.parametrize("first", range(len(ORDER_OF_CHECKS)))
def test_the_first_reason_in_the_order_of_checks_is_told(first):
    limits = msgspec.structs.replace(
        FREE, not_more_often_than=DAY, not_after_order=DAY, window=Window(0, 60)
    )
    changes = {}
    for change, _ in reversed(ORDER_OF_CHECKS[first:]):
        changes |= change
    facts = msgspec.structs.replace(FINE, **changes)
    assert decide_step(facts, limits, now=T0) == ORDER_OF_CHECKS[first][1]


def test_stale_is_more_than_the_limit_late():
    facts = msgspec.structs.replace(FINE, planned_for=T0 - 24 * HOUR)
    assert decide_step(facts, FREE, now=T0) == GOES
    late = decide_step(facts, FREE, now=T0 + timedelta(microseconds=1))
    assert late == Skip(Reason.STALE)


def test_a_gap_that_is_just_over_holds_nothing():
    facts = msgspec.structs.replace(FINE, steps_sent=(T0 - 24 * HOUR,))
    limits = msgspec.structs.replace(FREE, not_more_often_than=DAY)
    assert decide_step(facts, limits, now=T0) == GOES


def test_the_larger_of_floor_and_scenario_is_the_gap():
    facts = msgspec.structs.replace(FINE, steps_sent=(T0 - HOUR,))
    limits = msgspec.structs.replace(FREE, least_gap=48 * HOUR, not_more_often_than=DAY)
    assert decide_step(facts, limits, now=T0) == Wait(T0 + 47 * HOUR, Reason.CAP)


def test_the_count_in_thirty_days_waits_for_the_oldest_to_fall_out():
    sent = tuple(T0 - timedelta(days=days) for days in (5, 10, 20, 29))
    facts = msgspec.structs.replace(FINE, steps_sent=sent)
    limits = msgspec.structs.replace(FREE, max_messages_per_30d=3)
    assert decide_step(facts, limits, now=T0) == Wait(T0 + timedelta(days=10), Reason.CAP)
    assert decide_step(facts, limits, now=T0 + timedelta(days=10)) == Skip(Reason.STALE)


def test_refusals_are_tried_again_with_growing_pauses_and_an_end():
    now, attempts, tried = T0, 0, []
    while (again := retry_at(attempts=attempts + 1, tried_at=T0, now=now)) is not None:
        tried.append(again - now)
        now, attempts = again, attempts + 1
    assert tried == list(RETRY_AFTER)
    assert attempts + 1 == 12
    assert now - T0 <= timedelta(hours=72)
    assert retry_at(attempts=3, tried_at=T0 - timedelta(hours=72), now=T0) is None
