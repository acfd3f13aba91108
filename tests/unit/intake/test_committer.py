"""Requests that come together are written together; nobody is answered before, or waits for ever."""

import asyncio
import contextlib
from types import SimpleNamespace

import pytest

from ripresa.intake import committer as module
from ripresa.intake.answers import Unavailable
from ripresa.intake.committer import Committer
from ripresa.intake.inbox_writer import DatabaseAway, Written


def rows(count):
    return [SimpleNamespace(id=object()) for _ in range(count)]


@contextlib.asynccontextmanager
async def running(write):
    committer = Committer(write)
    committer.start()
    try:
        yield committer
    finally:
        await committer.stop()


class Database:
    """Takes rows when told to; notes the batches it was given."""

    def __init__(self):
        self.batches = []
        self.gate = asyncio.Event()

    async def write(self, batch):
        self.batches.append(list(batch))
        await self.gate.wait()
        return Written()


def test_nobody_is_answered_before_the_commit_and_what_waits_goes_together():
    async def story():
        database = Database()
        async with running(database.write) as committer:
            tasks = []
            for _ in range(10):
                tasks.append(asyncio.create_task(committer.store(rows(1))))
                await asyncio.sleep(0)
            await asyncio.sleep(0.02)
            assert not any(task.done() for task in tasks)
            database.gate.set()
            await asyncio.gather(*tasks)
            return [len(batch) for batch in database.batches]

    assert asyncio.run(story()) == [1, 9]


def test_a_crowd_is_served_by_two(monkeypatch):
    monkeypatch.setattr(module, "BATCH_ROWS", 30)

    async def story():
        database = Database()
        async with running(database.write) as committer:
            tasks = []
            for size in (1, 29, 1, 5):
                tasks.append(asyncio.create_task(committer.store(rows(size))))
                await asyncio.sleep(0.01)
            assert [len(batch) for batch in database.batches] == [1, 30]
            database.gate.set()
            await asyncio.gather(*tasks)
        return [len(batch) for batch in database.batches]

    assert asyncio.run(story()) == [1, 30, 5]


def test_a_batch_has_a_bounded_size_but_a_request_is_never_divided(monkeypatch):
    monkeypatch.setattr(module, "BATCH_ROWS", 10)

    async def story():
        database = Database()
        database.gate.set()
        async with running(database.write) as committer:
            await asyncio.gather(*[committer.store(rows(size)) for size in (4, 4, 4, 25, 1)])
        return [len(batch) for batch in database.batches]

    assert asyncio.run(story()) == [8, 4, 25, 1]


@pytest.mark.parametrize("trouble", [DatabaseAway("gone"), RuntimeError("a mistake of ours")])
def test_a_batch_that_fails_is_unavailable_and_the_next_one_fares_better(trouble):
    async def story():
        troubles = [trouble]

        async def write(batch):
            if troubles:
                raise troubles.pop()
            return Written()

        async with running(write) as committer:
            with pytest.raises(Unavailable):
                await committer.store(rows(1))
            assert await committer.store(rows(1)) == Written()

    asyncio.run(story())


def test_nobody_waits_longer_than_the_deadline(monkeypatch):
    monkeypatch.setattr(module, "STORE_SECONDS", 0.1)
    monkeypatch.setattr(module, "_WATCH_SECONDS", 0.02)

    async def story():
        database = Database()
        async with running(database.write) as committer:
            fates = await asyncio.gather(
                *[committer.store(rows(1)) for _ in range(5)], return_exceptions=True
            )
            assert all(isinstance(fate, Unavailable) for fate in fates)
            assert not committer._queue
            monkeypatch.setattr(module, "STORE_SECONDS", 60.0)
            database.gate.set()  # the hanging batch comes back, and work goes on
            assert await committer.store(rows(1)) == Written()

    asyncio.run(story())


def test_stopping_stores_what_waits():
    async def story():
        database = Database()
        committer = Committer(database.write)
        committer.start()
        stored = asyncio.create_task(committer.store(rows(3)))
        await asyncio.sleep(0)
        asyncio.get_running_loop().call_later(0.02, database.gate.set)
        await committer.stop()
        assert await stored == Written()

    asyncio.run(story())


def test_stopping_with_a_database_that_hangs_lets_go(monkeypatch):
    monkeypatch.setattr(module, "STORE_SECONDS", 0.1)

    async def story():
        committer = Committer(Database().write)
        committer.start()
        stored = asyncio.create_task(committer.store(rows(3)))
        await asyncio.sleep(0)
        await committer.stop()
        with pytest.raises(Unavailable):
            await stored

    asyncio.run(story())


def test_whoever_was_told_that_nothing_was_accepted_was_told_the_truth(monkeypatch):
    """What had not left when its time was over is not stored afterwards."""
    monkeypatch.setattr(module, "STORE_SECONDS", 0.1)
    monkeypatch.setattr(module, "_WATCH_SECONDS", 0.02)

    async def story():
        database = Database()
        async with running(database.write) as committer:
            under_way = asyncio.create_task(committer.store(rows(1)))
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            behind = [asyncio.create_task(committer.store(rows(1))) for _ in range(3)]
            fates = await asyncio.gather(under_way, *behind, return_exceptions=True)
            assert all(isinstance(fate, Unavailable) for fate in fates)
            monkeypatch.setattr(module, "STORE_SECONDS", 60.0)
            database.gate.set()
            await committer.store(rows(1))
            return [len(batch) for batch in database.batches]

    assert asyncio.run(story()) == [1, 1]


def test_a_client_that_leaves_disturbs_nobody():
    async def story():
        database = Database()
        async with running(database.write) as committer:
            first = asyncio.create_task(committer.store(rows(1)))
            await asyncio.sleep(0.01)
            gone = asyncio.create_task(committer.store(rows(1)))
            stays = asyncio.create_task(committer.store(rows(1)))
            await asyncio.sleep(0.01)
            gone.cancel()
            await asyncio.sleep(0)
            database.gate.set()
            assert await stays == await first == Written()
            return [len(batch) for batch in database.batches]

    assert asyncio.run(story()) == [1, 1]


def test_when_all_who_wait_leave_nothing_is_written():
    async def story():
        database = Database()
        async with running(database.write) as committer:
            first = asyncio.create_task(committer.store(rows(1)))
            await asyncio.sleep(0.01)
            gone = asyncio.create_task(committer.store(rows(1)))
            await asyncio.sleep(0.01)
            gone.cancel()
            database.gate.set()
            await first
            await asyncio.sleep(0.01)
            assert await committer.store(rows(2)) == Written()
            return [len(batch) for batch in database.batches]

    assert asyncio.run(story()) == [1, 2]
