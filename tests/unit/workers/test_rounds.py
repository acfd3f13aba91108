"""The worker's loop: who fails rests, and nobody else notices."""

from collections.abc import Iterator, MutableMapping
from typing import Any

import pytest
from django.db import OperationalError
from structlog.testing import capture_logs

from ripresa.core.clock import WALL
from ripresa.usecases.due_work import DueWork
from ripresa.workers import rounds
from ripresa.workers.rounds import Worker


@pytest.fixture(autouse=True)
def said() -> Iterator[list[MutableMapping[str, Any]]]:
    """What the worker logs."""
    with capture_logs() as lines:
        yield lines


class Shops:
    """Work in shops 1, 2 and 3; shop 2 fails with `trouble` as long as there is one."""

    def __init__(self, trouble: Exception | None = None) -> None:
        self.trouble = trouble
        self.done: list[int] = []

    def find(self, _now) -> list[int]:
        return [1, 2, 3]

    def work(self, *, shop_id: int, now) -> int:
        if shop_id == 2 and self.trouble is not None:
            raise self.trouble
        self.done.append(shop_id)
        return 5


def worker(*kinds: DueWork, is_asked_to_end=lambda: False) -> Worker:
    return Worker(kinds, WALL, is_asked_to_end)


def test_a_round_does_every_kind_in_every_shop_in_order() -> None:
    one, two = Shops(), Shops()
    kinds = DueWork("one", one.find, one.work), DueWork("two", two.find, two.work)
    assert worker(*kinds).round(WALL.now()) == 30
    assert one.done == two.done == [1, 2, 3]


@pytest.mark.parametrize(
    ("trouble", "level"),
    [(ValueError("a bad row"), "error"), (OperationalError("away"), "warning")],
)
def test_a_shop_that_fails_does_not_stop_the_others(trouble, level, said) -> None:
    shops = Shops(trouble)
    assert worker(DueWork("mails", shops.find, shops.work)).round(WALL.now()) == 10
    assert shops.done == [1, 3]
    [line] = said
    assert (line["log_level"], line["work"], line["shop"]) == (level, "mails", 2)


def test_what_failed_rests_longer_each_time_and_starts_afresh_once_it_worked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seconds = 1000.0
    monkeypatch.setattr(rounds.time, "monotonic", lambda: seconds)
    shops = Shops(ValueError("a bad row"))
    tries: list[float] = []

    def work(*, shop_id: int, now) -> int:
        if shop_id == 2:
            tries.append(seconds - 1000)
        return shops.work(shop_id=shop_id, now=now)

    busy = worker(DueWork("mails", shops.find, work))
    while seconds < 1200:
        busy.round(WALL.now())
        seconds += 0.5
    assert tries == [0, 0.5, 1.5, 3.5, 7.5, 15.5, 31.5, 63.5, 123.5, 183.5]

    shops.trouble = None
    seconds += 60
    busy.round(WALL.now())
    shops.trouble = ValueError("another one")
    tries.clear()
    for _ in range(3):
        busy.round(WALL.now())
        seconds += 0.5
    assert len(tries) == 2


def test_a_look_that_fails_rests_as_well_and_the_other_kinds_go_on() -> None:
    shops, looks = Shops(), []

    def look(_now) -> list[int]:
        looks.append(1)
        raise OperationalError("it is away")

    busy = worker(DueWork("events", look, shops.work), DueWork("mails", shops.find, shops.work))
    assert busy.round(WALL.now()) == busy.round(WALL.now()) == 15
    assert len(looks) == 1


def test_asked_to_end_it_finishes_the_shop_it_is_at() -> None:
    shops = Shops()
    busy = worker(
        DueWork("mails", shops.find, shops.work), is_asked_to_end=lambda: bool(shops.done)
    )
    busy.run()
    assert shops.done == [1]


def test_with_nothing_to_do_it_sleeps_longer_up_to_a_quarter_of_a_second(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    naps: list[float] = []
    monkeypatch.setattr(rounds.time, "sleep", naps.append)
    worker(is_asked_to_end=lambda: len(naps) == 8).run()
    assert naps[0] == 0.05
    assert naps == sorted(naps)
    assert naps[-1] == 0.25


@pytest.mark.parametrize(("found", "waits"), [(1, 3), (rounds.LITTLE + 1, 0)])
def test_little_is_gathered_and_much_is_not_kept_waiting(found, waits, monkeypatch) -> None:
    naps: list[float] = []
    rounds_done: list[int] = []
    monkeypatch.setattr(rounds.time, "sleep", naps.append)

    def work(**_) -> int:
        rounds_done.append(1)
        return found

    everything = DueWork("mails", lambda _now: [1], work)
    worker(everything, is_asked_to_end=lambda: len(rounds_done) == 3).run()
    assert len(naps) == waits
    assert all(0 < nap <= rounds.GATHER for nap in naps)
