"""A body is read up to the limit, for as long as patience lasts, within the room there is."""

import asyncio

import pytest

from ripresa.intake import bodies
from ripresa.intake import room as rooms
from ripresa.intake.answers import Refused
from ripresa.intake.bodies import Incoming
from ripresa.intake.room import Held, Room

LIMIT = 1000


def chunks(*parts, more=False):
    messages = [{"type": "http.request", "body": part, "more_body": True} for part in parts]
    messages[-1]["more_body"] = more
    return messages


def read(messages, *, declared=None, room=None):
    """The body, or the status with which it is refused; nothing may stay taken of the room."""
    room = room or Room(1 << 20)
    before = room.taken

    async def receive():
        if not messages:
            await asyncio.Event().wait()
        return messages.pop(0)

    async def go():
        watch = asyncio.create_task(room.watch())
        try:
            with Held(room) as held:
                return await Incoming(receive, declared).read(held, limit=LIMIT)
        finally:
            watch.cancel()

    try:
        return asyncio.run(go())
    except Refused as refusal:
        return refusal.answer.status
    finally:
        assert room.taken == before
        assert not room.readers


@pytest.mark.parametrize("declared", [None, b"1000", b"0" * 30 + b"5", b"nonsense", b"-1"])
def test_a_whole_body(declared):
    assert read(chunks(b"hello"), declared=declared) == b"hello"
    assert read(chunks(b"he", b"", b"llo"), declared=declared) == b"hello"
    assert read(chunks(b""), declared=declared) == b""


def test_up_to_the_limit_and_not_a_byte_more():
    assert read(chunks(b"x" * LIMIT)) == b"x" * LIMIT
    assert read(chunks(b"x" * LIMIT, b"x")) == 413
    assert read(chunks(b"x" * (LIMIT + 1))) == 413


def test_a_body_said_to_be_too_large_is_not_read_at_all():
    assert read([], declared=b"1001") == 413
    assert read([], declared=b"9" * 25) == 413


def test_a_body_that_never_ends_ends_at_the_limit():
    assert read(chunks(*[b"x" * 10] * 1000, more=True)) == 413


def test_a_client_that_goes_is_let_go():
    assert read([*chunks(b"he", more=True), {"type": "http.disconnect"}]) == 400


def test_a_client_that_dawdles_is_sent_away(monkeypatch):
    monkeypatch.setattr(rooms, "BODY_SECONDS", 0.05)
    monkeypatch.setattr(rooms, "WATCH_SECONDS", 0.01)
    assert read(chunks(b"he", more=True)) == 408
    assert read([]) == 408


def test_all_that_was_announced_is_all_there_is():
    """Granian says only in a second message, empty and costly, that the first was the whole body."""
    assert read(chunks(b"he", b"llo", more=True), declared=b"5") == b"hello"
    assert read(chunks(b"", more=True), declared=b"0") == b""


def drained(messages):
    """How many messages are left after draining."""

    async def receive():
        if not messages:
            await asyncio.Event().wait()
        return messages.pop(0)

    asyncio.run(Incoming(receive, None).drain())
    return len(messages)


def test_a_refused_body_is_let_pass_for_a_while(monkeypatch):
    monkeypatch.setattr(bodies, "DRAIN_BYTES", 50)
    assert drained(chunks(b"x" * 10, b"x" * 10)) == 0
    assert drained(chunks(*[b"x" * 10] * 20)) == 15
    assert drained([*chunks(b"x", more=True), {"type": "http.disconnect"}]) == 0
    monkeypatch.setattr(bodies, "DRAIN_SECONDS", 0.02)
    assert drained(chunks(b"x", more=True)) == 0


def test_nothing_is_awaited_after_the_end():
    async def story():
        messages = chunks(b"hello")

        async def receive():
            return messages.pop(0)

        body = Incoming(receive, None)
        with Held(Room(1 << 20)) as held:
            await body.read(held, limit=LIMIT)
        await body.drain()

    asyncio.run(story())


def test_a_reader_that_is_cancelled_by_others_is_not_told_it_was_late():
    async def story():
        room = Room(1 << 20)

        async def reader():
            with Held(room) as held:
                await Incoming(asyncio.Event().wait, None).read(held, limit=LIMIT)

        task = asyncio.create_task(reader())
        await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert not room.readers
        assert room.taken == 0

    asyncio.run(story())
