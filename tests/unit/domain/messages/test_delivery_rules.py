"""Where a message stands is what was heard of it, in whatever order it was told, however often."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ripresa.contracts.feedback import FeedbackKind
from ripresa.domain.messages.rules import GIVEN_UP_AFTER, Heard, Rest, delivery_of, rest_of

T0 = datetime(2026, 10, 3, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
K = FeedbackKind

heards = st.lists(
    st.builds(
        Heard,
        st.sampled_from(list(FeedbackKind)),
        st.integers(0, 5).map(lambda hours: T0 + hours * HOUR),
        st.booleans(),
        st.sampled_from([None, "full", "unknown"]),
    ),
    max_size=6,
)


@given(heards, st.randoms())
def test_order_and_repetition_change_nothing(heard, random):
    again = [*heard, *heard[:3]]
    random.shuffle(again)
    assert delivery_of(again) == delivery_of(heard)


@given(heards, st.sampled_from([K.ACCEPTED, K.DELAYED]))
def test_what_is_told_late_never_leads_back(heard, kind):
    before = delivery_of(heard)
    after = delivery_of([*heard, Heard(kind, T0 + 9 * HOUR)])
    if before.state in {K.DELIVERED, K.BOUNCED, K.CANCELLED}:
        assert after == before


@given(heards)
def test_a_bounce_for_good_is_the_last_word(heard):
    bounced = Heard(K.BOUNCED, T0, is_permanent=True, reason="unknown")
    assert delivery_of([*heard, bounced]).state is K.BOUNCED


@pytest.mark.parametrize(
    ("told", "state", "reason"),
    [
        ([], None, None),
        ([(K.OPENED, 1)], None, None),
        ([(K.ACCEPTED, 1)], K.ACCEPTED, None),
        ([(K.DELAYED, 1), (K.ACCEPTED, 2)], K.DELAYED, None),
        ([(K.DELIVERED, 2), (K.DELAYED, 3)], K.DELIVERED, None),
        ([(K.DELIVERED, 1), (K.BOUNCED, 2)], K.BOUNCED, "full"),
        ([(K.BOUNCED, 1), (K.DELIVERED, 2)], K.DELIVERED, None),
        ([(K.CANCELLED, 2), (K.ACCEPTED, 1)], K.CANCELLED, None),
    ],
)
def test_states(told, state, reason):
    heard = [Heard(kind, T0 + at * HOUR, reason="full") for kind, at in told]
    found = delivery_of(heard)
    assert (found.state, found.bounce_reason) == (state, reason)


def test_it_was_delivered_even_if_it_came_back():
    heard = [Heard(K.BOUNCED, T0 + HOUR, is_permanent=True), Heard(K.DELIVERED, T0)]
    assert delivery_of(heard).delivered_at == T0


@pytest.mark.parametrize(
    ("days", "delivered", "rest"),
    [
        ([], None, None),
        ([0], None, Rest(T0 + DAY)),
        ([0, 1], None, Rest(T0 + 5 * DAY)),
        ([0, 1, 2], None, Rest(T0 + 6 * DAY)),
        ([0, 3, 7], None, Rest(None)),
        ([0, 3, 7], 5, Rest(T0 + 8 * DAY)),
        ([0], 1, None),
    ],
)
def test_an_address_rests_longer_each_time_and_is_given_up_in_the_end(days, delivered, rest):
    at = None if delivered is None else T0 + delivered * DAY
    assert rest_of([T0 + day * DAY for day in days], at) == rest
    assert GIVEN_UP_AFTER == 7 * DAY
