"""Shares of an order: the worked examples of the requirements, and what holds for any order (RPT-4, AGT-4)."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ripresa.domain.attribution.credit import (
    Kind,
    Model,
    Rules,
    Sale,
    Touch,
    agent_spoke,
    qualifying,
    share_out,
)

ORDERED = datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
DAY, MICROSECOND = timedelta(days=1), timedelta(microseconds=1)
MONTH = Rules(window=30 * DAY)


def touch(name: str, days: float, kind: Kind = Kind.CLICK, channel: str = "email", **more) -> Touch:
    return Touch(name, ORDERED - days * DAY, kind, channel, **more)


def shares(minor: int, touches: list[Touch], model: Model) -> list[int]:
    return share_out(Sale("1001", minor, ORDERED), touches, model)


THREE = [touch("a", 9), touch("b", 5, Kind.LETTER, "letter"), touch("c", 1)]


def test_120_euro_among_email_letter_email():
    assert shares(12_000, THREE, Model.LINEAR) == [4_000, 4_000, 4_000]
    assert shares(12_000, THREE, Model.LAST) == [0, 0, 12_000]
    assert shares(12_000, THREE, Model.FIRST) == [12_000, 0, 0]
    assert shares(12_000, THREE, Model.POSITION) == [4_800, 2_400, 4_800]


def test_what_does_not_divide_goes_to_the_largest_remainders():
    assert shares(10_000, THREE, Model.LINEAR) == [3_334, 3_333, 3_333]
    assert shares(10_001, THREE, Model.LINEAR) == [3_334, 3_334, 3_333]


def test_time_decay_halves_in_seven_days():
    """The published worked example of facts: 12,000 after 38, 33, 26, 8 and 0 days."""
    ages = [touch(str(days), days) for days in (38, 33, 26, 8, 0)]
    found = [round(share / 100) for share in shares(1_200_000, ages, Model.DECAY)]
    assert found == [175, 287, 575, 3_417, 7_545]
    eight, one = shares(300, [touch("8", 8), touch("1", 1)], Model.DECAY)
    assert (eight, one) == (100, 200)


def test_position_based_has_nothing_between_two():
    assert shares(101, THREE[:2], Model.POSITION) == [51, 50]
    assert shares(101, THREE[:1], Model.POSITION) == [101]


def test_both_ends_of_the_window_count():
    edge = touch("edge", 30)
    outside = Touch("out", ORDERED - 30 * DAY - MICROSECOND, Kind.CLICK, "email")
    after = Touch("after", ORDERED + MICROSECOND, Kind.CLICK, "email")
    at_once = touch("at once", 0)
    found = qualifying(Sale("1", 1, ORDERED), [after, at_once, outside, edge], MONTH)
    assert [one.id for one in found] == ["edge", "at once"]


def test_counting_ends_when_the_deal_is_confirmed():
    sale = Sale("1", 1, ORDERED - 2 * DAY)
    assert [one.id for one in qualifying(sale, THREE, MONTH)] == ["a", "b"]


def test_machines_never_earn_and_opens_only_if_asked():
    opened, by_machine = touch("o", 2, Kind.OPEN), touch("m", 1, is_machine=True)
    sale = Sale("1", 1, ORDERED)
    assert qualifying(sale, [opened, by_machine], MONTH) == []
    assert qualifying(sale, [opened, by_machine], Rules(30 * DAY, with_opens=True)) == [opened]


def test_a_direct_visit_earns_only_where_nothing_else_does():
    direct, click = touch("d", 1, Kind.DIRECT, ""), touch("c", 3)
    sale = Sale("1", 1, ORDERED)
    assert qualifying(sale, [direct, click], MONTH) == [click]
    assert qualifying(sale, [direct], MONTH) == [direct]


@pytest.mark.parametrize("model", Model)
def test_an_agents_contact_since_the_abandonment_leaves_emails_nothing(model: Model):
    call = touch("call", 3, Kind.AGENT, "agent")
    sale = Sale("1", 12_000, ORDERED, abandoned_at=ORDERED - 4 * DAY)
    own = qualifying(sale, [*THREE, call], MONTH)
    assert [one.id for one in own] == ["b", "call"]
    assert sum(share_out(sale, own, model)) == 12_000
    earlier = Sale("1", 12_000, ORDERED, abandoned_at=ORDERED - 2 * DAY)
    assert len(qualifying(earlier, [*THREE, call], MONTH)) == 4


def test_any_contact_of_an_agent_since_the_abandonment_counts_however_short_the_window():
    mail, call = touch("mail", 1), touch("call", 3, Kind.AGENT, "agent")
    two_days = Rules(window=2 * DAY)
    since = Sale("1", 12_000, ORDERED, abandoned_at=ORDERED - 3 * DAY)
    assert qualifying(since, [mail, call], two_days) == [call]
    assert agent_spoke(since, [mail, call], two_days)
    for abandoned_at in (None, ORDERED - 3 * DAY + MICROSECOND):
        before = Sale("1", 12_000, ORDERED, abandoned_at=abandoned_at)
        assert qualifying(before, [mail, call], two_days) == [mail]
        assert not agent_spoke(before, [mail, call], two_days)


def test_what_an_agent_writes_herself_is_her_contact_and_a_machine_is_no_agent():
    own, ours = touch("own", 2, Kind.AGENT, "email"), touch("ours", 1)
    sale = Sale("1", 12_000, ORDERED, abandoned_at=ORDERED - 4 * DAY)
    assert qualifying(sale, [own, ours], MONTH) == [own]
    machine = touch("m", 2, Kind.AGENT, "agent", is_machine=True)
    assert qualifying(sale, [machine, ours], MONTH) == [ours]
    assert not agent_spoke(sale, [machine, ours], MONTH)


touches = st.lists(
    st.builds(
        touch,
        st.uuids().map(str),
        st.floats(-5, 60, allow_nan=False),
        st.sampled_from(Kind),
        st.sampled_from(["email", "sms", "letter", "agent"]),
        is_machine=st.booleans(),
    ),
    max_size=12,
)


@given(touches, st.integers(0, 10**12), st.sampled_from(Model), st.randoms())
def test_shares_add_up_and_the_order_of_arrival_does_not_matter(some, minor, model, chance):
    sale = Sale("1", minor, ORDERED)
    own = qualifying(sale, some, MONTH)
    found = share_out(sale, own, model)
    assert all(share >= 0 for share in found)
    assert sum(found) == (minor if own else 0)
    chance.shuffle(some)
    again = qualifying(sale, some, MONTH)
    assert again == own
    assert share_out(sale, again, model) == found
