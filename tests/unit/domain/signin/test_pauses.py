"""After failures, pauses that grow to an hour."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from ripresa.domain.signin.rules import FREE_OF_NAME, LONGEST_PAUSE, pause_after


def test_the_first_failures_are_free_then_the_pause_doubles():
    found = [pause_after(number, FREE_OF_NAME) for number in range(1, 14)]
    minutes = [None if each is None else each // timedelta(minutes=1) for each in found]
    assert minutes == [None, None, None, None, 1, 2, 4, 8, 16, 32, 60, 60, 60]


@given(st.integers(1, 10_000), st.integers(1, 50))
def test_it_never_shrinks_and_never_exceeds_an_hour(failures, free):
    now, then = pause_after(failures, free), pause_after(failures + 1, free)
    assert (now or timedelta()) <= (then or timedelta()) <= LONGEST_PAUSE
