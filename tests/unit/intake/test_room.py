"""Who finds no room waits for his turn; nobody waits for ever, and nobody keeps others waiting."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ripresa.intake import room as rooms
from ripresa.intake.answers import Unavailable
from ripresa.intake.room import Held, Room


async def visit(room, *sizes, log=None, stay=0.0, name=None):
    """Take so many bytes, one after the other, and stay for a while."""
    with Held(room) as held:
        for size in sizes:
            await held.take(size)
            await asyncio.sleep(0)
        if log is not None:
            log.append(name)
        await asyncio.sleep(stay)


def is_empty(room):
    return not (room.taken or room.requests or room.waiting or room.readers or room.favoured)


def test_those_who_find_no_room_wait_for_their_turn():
    async def story():
        room, log = Room(100), []
        sizes = {"a": 60, "b": 60, "c": 40, "d": 60, "e": 1}
        visits = [visit(room, size, log=log, stay=0.01, name=name) for name, size in sizes.items()]
        await asyncio.gather(*visits)
        assert log == list(sizes)
        assert is_empty(room)

    asyncio.run(story())


def test_half_bodies_never_wait_for_each_other():
    async def story():
        room, log, most = Room(100), [], 0

        async def look():
            nonlocal most
            while True:
                most = max(most, room.taken)
                await asyncio.sleep(0)

        looking = asyncio.create_task(look())
        await asyncio.gather(*[visit(room, *[10] * 9, log=log) for _ in range(30)])
        looking.cancel()
        assert len(log) == 30
        assert most <= 100 + 90
        assert is_empty(room)

    asyncio.run(story())


def test_a_body_larger_than_the_room_comes_in_alone():
    async def story():
        room = Room(10)
        await asyncio.gather(visit(room, 50), visit(room, 50), visit(room, 5))
        assert is_empty(room)

    asyncio.run(story())


def test_nobody_waits_for_ever(monkeypatch):
    monkeypatch.setattr(rooms, "ROOM_SECONDS", 0.02)

    async def story():
        room, enough = Room(100), asyncio.Event()

        async def stay(size):
            with Held(room) as held:
                await held.take(size)
                await enough.wait()

        stays = [asyncio.create_task(stay(size)) for size in (100, 50)]
        await asyncio.sleep(0)
        with pytest.raises(Unavailable):
            await visit(room, 50)
        enough.set()
        await asyncio.gather(*stays)
        await visit(room, 50)
        assert is_empty(room)

    asyncio.run(story())


def test_there_is_an_end_to_how_many_may_be_there(monkeypatch):
    monkeypatch.setattr(rooms, "MOST_REQUESTS", 3)

    async def story():
        room = Room(100)
        fates = await asyncio.gather(
            *[visit(room, 1, stay=0.01) for _ in range(5)], return_exceptions=True
        )
        assert sum(isinstance(fate, Unavailable) for fate in fates) == 2
        assert is_empty(room)

    asyncio.run(story())


def test_one_that_leaves_while_waiting_lets_the_next_in():
    async def story():
        room, log = Room(100), []
        tasks = [
            asyncio.create_task(visit(room, 80, log=log, stay=0.02, name=name)) for name in "abcd"
        ]
        await asyncio.sleep(0.01)
        tasks[2].cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        assert log == ["a", "b", "d"]
        assert is_empty(room)

    asyncio.run(story())


def test_who_dawdles_is_sent_away_sooner_while_others_wait(monkeypatch):
    monkeypatch.setattr(rooms, "WATCH_SECONDS", 0.01)
    monkeypatch.setattr(rooms, "CROWDED_SECONDS", 0.03)

    async def story():
        room = Room(100)
        watch = asyncio.create_task(room.watch())

        async def dawdle():
            with Held(room) as held:
                held.begin_reading()
                try:
                    await held.take(60)
                    await asyncio.sleep(600)
                finally:
                    held.end_reading()

        dawdlers = [asyncio.create_task(dawdle()) for _ in range(2)]
        await asyncio.sleep(0.1)
        assert not any(task.done() for task in dawdlers)  # nobody minds
        await asyncio.wait_for(visit(room, 60), 60)
        assert any(task.done() for task in dawdlers)
        for task in (*dawdlers, watch):
            task.cancel()
        await asyncio.gather(*dawdlers, return_exceptions=True)
        assert is_empty(room)

    asyncio.run(story())


visits = st.tuples(
    st.lists(st.integers(1, 60), min_size=1, max_size=4), st.integers(0, 5), st.booleans()
)


@given(st.lists(visits, max_size=25))
def test_whatever_comes_and_goes_the_room_is_empty_again(plan):
    async def story():
        room, tasks = Room(100), []
        for sizes, pause, leaves in plan:
            tasks.append(asyncio.create_task(visit(room, *sizes)))
            for _ in range(pause):
                await asyncio.sleep(0)
                assert room.taken <= room.size + 240
            if leaves:
                tasks[len(tasks) // 2].cancel()
        fates = await asyncio.gather(*tasks, return_exceptions=True)
        assert all(fate is None or isinstance(fate, asyncio.CancelledError) for fate in fates)
        assert is_empty(room)

    asyncio.run(story())
