"""For tests whose story needs a machine that has time for it: the others get more of it."""

from collections.abc import Callable
from contextlib import suppress


def with_time_enough(story: Callable[[float], None], *tries: float) -> None:
    """Tell `story` with so many seconds; where it fails, with the next larger number. The last try counts.

    A time-out that a test waits for has to be short, and a busy machine may let it pass before anything
    was done. What is wrong in the program is wrong with more time as well.
    """
    for seconds in tries[:-1]:
        with suppress(AssertionError):
            story(seconds)
            return
    story(tries[-1])
