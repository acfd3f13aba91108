"""A recovery that moves to another version (SCN-12): what left stays, what is planned follows its step."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from ripresa.domain.scenarios.durations import Duration
from ripresa.domain.scenarios.moving import Standing, move
from ripresa.domain.scenarios.plan import Branch, Step

T0 = datetime(2026, 10, 3, 15, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
NAMES = "abcd"


def step(name, hours, *channels, base="previous"):
    return Step(name, Duration(seconds=hours * 3600), base, channels or ("email",), f"t_{name}")


def standing(name, state="planned", channel="email", at=None):
    number = NAMES.index(name) * 10 + ("email", "sms", "agent").index(channel)
    return Standing(UUID(int=number), name, NAMES.index(name) + 1, channel, state, at)


def moved(messages, *steps, now=T0):
    return move(messages, Branch("all", steps), left_at=T0, taken_up_at=T0, now=now)


def test_planned_messages_follow_the_id_of_their_step():
    change = moved(
        [standing("a", "sent", at=T0), standing("b"), standing("c")],
        step("a", 0), step("c", 12), step("b", 24), now=T0 + HOUR,
    )  # fmt: skip
    assert [(one.int, place.step, place.step_number, place.planned_for) for one, place in
            change.replanned] == [
        (20, "c", 2, T0 + 12 * HOUR),
        (10, "b", 3, T0 + 36 * HOUR),
    ]  # fmt: skip
    assert (change.added, change.gone) == ([], [])


def test_a_step_that_is_gone_is_cancelled_and_a_new_one_added():
    change = moved([standing("a", "sent", at=T0), standing("b")], step("a", 0), step("c", 48))
    assert [one.int for one in change.gone] == [10]
    assert [(place.step, place.template, place.planned_for) for place in change.added] == [
        ("c", "t_c", T0 + 48 * HOUR)
    ]


def test_a_channel_more_and_a_channel_less():
    change = moved([standing("a"), standing("b"), standing("b", channel="sms")],
                   step("a", 1, "email", "sms"), step("b", 1, "sms"))  # fmt: skip
    assert [(place.step, place.channel) for place in change.added] == [("a", "sms")]
    assert [(place.step, place.channel) for _, place in change.replanned] == [
        ("a", "email"),
        ("b", "sms"),
    ]
    assert [one.int for one in change.gone] == [10]


def test_nothing_is_added_before_a_step_that_has_left():
    change = moved([standing("b", "sent", at=T0)], step("a", 0), step("b", 1, "email", "sms"))
    assert change.added == []


def test_a_branch_that_is_gone_takes_all_that_is_planned_with_it():
    messages = [standing("a", "sent", at=T0), standing("b"), standing("c")]
    change = move(messages, None, left_at=T0, taken_up_at=T0, now=T0)
    assert [one.int for one in change.gone] == [10, 20]


def test_of_the_steps_whose_instant_is_over_the_last_goes_now():
    change = moved([standing(name) for name in "abc"], step("a", 1), step("b", 1), step("c", 100),
                   now=T0 + 10 * HOUR)  # fmt: skip
    assert [place.planned_for for _, place in change.replanned] == [
        T0 + HOUR,
        T0 + 10 * HOUR,
        T0 + 102 * HOUR,
    ]


def test_what_follows_a_notice_counts_from_its_handing_over():
    told = standing("a", "sent", "agent", at=T0 + 5 * HOUR)
    change = moved([told, standing("b")], step("a", 0, "agent"), step("b", 48), now=T0 + 6 * HOUR)
    ((_, place),) = change.replanned
    assert place.planned_for == T0 + 53 * HOUR


def test_what_has_left_gets_the_number_of_its_step_and_what_is_gone_comes_before_all():
    messages = [standing("a", "sent", at=T0), standing("b", "sent", at=T0), standing("c")]
    change = moved(messages, step("b", 0), step("c", 1))
    assert [(one.int, number) for one, number in change.renumbered] == [(0, -1), (10, 1)]
    assert [place.step_number for _, place in change.replanned] == [2]


STATES = st.sampled_from(["planned", "planned", "sent", "skipped", "cancelled", "failed"])
steps = st.lists(
    st.tuples(st.sampled_from(NAMES), st.integers(0, 50), st.sets(st.sampled_from(["email", "sms"]), min_size=1)),
    min_size=1, max_size=4, unique_by=lambda one: one[0],
)  # fmt: skip


@given(
    st.dictionaries(st.tuples(st.sampled_from(NAMES), st.sampled_from(["email", "sms"])), STATES),
    steps,
    st.integers(0, 100),
)
def test_every_planned_message_is_planned_anew_or_gone_and_none_is_doubled(before, after, hours):
    messages = [
        standing(name, state, channel, T0 if state == "sent" else None)
        for (name, channel), state in before.items()
    ]
    wanted = [step(name, wait, *sorted(channels)) for name, wait, channels in after]
    change = moved(messages, *wanted, now=T0 + hours * HOUR)
    planned = {one.message_id for one in messages if one.state == "planned"}
    kept = {message_id for message_id, _ in change.replanned}
    assert kept | set(change.gone) == planned
    assert not kept & set(change.gone)
    assert not {(place.step, place.channel) for place in change.added} & set(before)
    seats = {(one.id, channel) for one in wanted for channel in one.channels}
    assert {(place.step, place.channel) for _, place in change.replanned} <= seats
    sent = [
        one.id for one in wanted if any(m.step == one.id and m.handed_over_at for m in messages)
    ]
    if sent:
        last = [one.id for one in wanted].index(sent[-1])
        assert all(place.step_number > last + 1 for place in change.added)
