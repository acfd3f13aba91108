"""A batch shared out to threads: order, time, and what trouble means."""

import threading
import time
from datetime import timedelta

import pytest

from ripresa.contracts.calling.carriers import Carriers
from ripresa.contracts.calling.fates import fate_of_trouble
from ripresa.contracts.channel import Accepted, RefusalKind, Refused, Unknown
from ripresa.core.http.client import NoAnswer, NotAsked
from tests.patience import with_time_enough

LONG_ENOUGH = timedelta(minutes=1)


def carriers(carry, *, in_flight=1, is_idempotent=False):
    return Carriers(carry, in_flight=in_flight, is_idempotent=is_idempotent, name="test")


@pytest.mark.parametrize(
    ("trouble", "is_idempotent", "expected"),
    [
        (NotAsked("away"), False, Refused(False, RefusalKind.OTHER, "away")),
        (NotAsked("bad", needs_mending=True), True, Refused(False, RefusalKind.POLICY, "bad")),
        (NoAnswer("lost"), True, Refused(False, RefusalKind.OTHER, "lost")),
        (NoAnswer("lost"), False, Unknown("lost")),
    ],
)
def test_what_trouble_means(trouble, is_idempotent, expected):
    assert fate_of_trouble(trouble, is_idempotent=is_idempotent) == expected


def test_fates_stand_in_the_order_of_the_batch():
    def carry(message, deadline):
        time.sleep(0.001 * (5 - message % 5))
        return Accepted(str(message))

    some = carriers(carry, in_flight=4)
    fates = some.send(range(50), timeout=LONG_ENOUGH)
    assert fates == [Accepted(str(number)) for number in range(50)]
    some.close()


def test_after_an_unknown_fate_nothing_more_is_begun():
    def carry(message, deadline):
        if message == 1:
            raise NoAnswer("lost")
        return Accepted("ok")

    some = carriers(carry)
    first, second, third = some.send([0, 1, 2], timeout=LONG_ENOUGH)
    assert (first, second) == (Accepted("ok"), Unknown("lost"))
    words = "stopped, for another message's fate is unknown: lost"
    assert third == Refused(False, RefusalKind.OTHER, words)
    some.close()


def test_who_is_stuck_is_left_behind():
    def story(seconds):
        stuck = threading.Event()

        def carry(message, deadline):
            stuck.wait(120)
            return Accepted("late")

        some = carriers(carry)
        started = time.monotonic()
        first, second = some.send([0, 1], timeout=timedelta(seconds=seconds))
        took = time.monotonic() - started
        stuck.set()
        some.close()
        assert took < 40
        assert isinstance(first, Unknown)
        assert isinstance(second, Refused)
        assert not second.permanent

    with_time_enough(story, 0.5, 5.0)


def test_what_was_on_its_way_is_asked_for_again_where_a_key_is_known():
    stuck = threading.Event()
    some = carriers(lambda message, deadline: stuck.wait(120), is_idempotent=True)
    (fate,) = some.send([0], timeout=timedelta(seconds=0.1))
    stuck.set()
    assert isinstance(fate, Refused)
    assert not fate.permanent
    some.close()


def test_an_error_of_our_own_is_unknown_for_its_message_and_no_more(caplog):
    def carry(message, deadline):
        raise KeyError(message)

    some = carriers(carry)
    first, second = some.send([0, 1], timeout=LONG_ENOUGH)
    assert isinstance(first, Unknown)
    assert isinstance(second, Refused)
    assert "a thread of a channel failed" in caplog.text
    some.close()
