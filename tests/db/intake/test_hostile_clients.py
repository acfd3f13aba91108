"""Clients that lie, dawdle, babble or hide bombs get a clear 4xx, or nothing, and harm nobody."""

import json
import socket
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.db.intake.conftest import PUBLIC, SECRET, intake_database
from tests.events import an_event, at_path, body_of
from tests.intake_server import intake_server

GOOD = body_of(an_event())
# Patience of the test server for a body is one second; what Granian itself waits for is longer.
PATIENCE = 60


def head(*lines: str, key: str = SECRET, path: str = "/v1/events") -> bytes:
    fixed = (
        f"POST {path} HTTP/1.1",
        "Host: x",
        f"Authorization: Bearer {key}",
        "Content-Type: application/json",
    )
    return "\r\n".join((*fixed, *lines, "", "")).encode()


def answer_to(server, *parts: bytes, pause: float = 0.0, half_close: bool = False) -> bytes:
    """What comes back until the server closes, or answers once and stays silent."""
    with server.connect() as client:
        client.settimeout(PATIENCE)
        for part in parts:
            try:
                client.sendall(part)
            except OSError:
                break
            time.sleep(pause)
        if half_close:
            client.shutdown(socket.SHUT_WR)
        return receive(client)


def receive(client: socket.socket) -> bytes:
    received = b""
    while True:
        try:
            chunk = client.recv(65536)
        except (TimeoutError, ConnectionError):
            return received
        received += chunk
        if not chunk:
            return received
        client.settimeout(0.3)  # more of this answer would be here already


def status_of(answer: bytes) -> int | None:
    return int(answer.split()[1]) if answer else None


@pytest.fixture(scope="module")
def database(postgres_url, migrated_database):
    with intake_database(postgres_url, migrated_database) as database:
        yield database


@pytest.fixture(scope="module")
def server(database):
    with intake_server(database.dsn, key=SECRET, INTAKE_BODY_SECONDS="1") as server:
        yield server


@pytest.fixture(autouse=True)
def _still_serves_afterwards(server, database):
    database.run("DELETE FROM inbox")
    yield
    before = database.count()
    assert server.post_until_taken(an_event(number=10**9)).json["accepted"] == 1
    assert database.count() == before + 1
    assert server.peak_megabytes() < 120


def test_bodies_that_are_shorter_than_they_say(server, database):
    cut = answer_to(server, head("Content-Length: 5000") + GOOD, half_close=True)
    assert status_of(cut) in {None, 400}
    silent = answer_to(server, head("Content-Length: 5000") + GOOD)
    assert status_of(silent) == 408
    with server.connect() as client:  # and one that simply goes
        client.sendall(head("Content-Length: 5000") + GOOD)
    assert database.count() == 0


def test_bodies_that_are_longer_than_they_say(server, database):
    answer = answer_to(server, head(f"Content-Length: {len(GOOD)}") + GOOD + b"more than was said")
    assert status_of(answer) == 202
    assert b"HTTP/1.1 400" in answer or answer.count(b"HTTP/1.1") == 1
    assert database.count() == 1


@pytest.mark.parametrize(
    "length",
    ["1048577", "99999999999999999999999", "-1", "5, 6", "0x10", "+5", ""],
)
def test_lengths_that_are_absurd(server, database, length):
    answer = answer_to(server, head(f"Content-Length: {length}") + GOOD[:5])
    assert status_of(answer) in {400, 413}
    assert database.count() == 0


def test_two_lengths_or_a_length_and_chunks(server, database):
    for lines in (
        ("Content-Length: 5", "Content-Length: 6"),
        (f"Content-Length: {len(GOOD)}", "Transfer-Encoding: chunked"),
    ):
        status = status_of(answer_to(server, head(*lines) + GOOD + b"\r\n0\r\n\r\n"))
        assert status is None or 400 <= status < 500
    assert database.count() == 0


def test_chunks_are_understood(server, database):
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (GOOD[:7], GOOD[7:]))
    answer = answer_to(server, head("Transfer-Encoding: chunked") + chunks + b"0\r\n\r\n")
    assert status_of(answer) == 202
    assert database.count() == 1


def test_chunks_without_end(server, database):
    chunk = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
    answer = answer_to(server, head("Transfer-Encoding: chunked"), *[chunk] * 200)
    assert status_of(answer) in {413, None}  # None: it was closed before we had read
    assert database.count() == 0


def test_chunks_that_are_none(server, database):
    for chunk in (b"zz\r\nhello\r\n", b"ffffffffffffffffff\r\nx", b"-5\r\nhello\r\n0\r\n\r\n"):
        answer = answer_to(server, head("Transfer-Encoding: chunked") + chunk)
        assert status_of(answer) in {None, 400, 408}
    assert database.count() == 0


def test_a_drop_at_a_time(server, database):
    drops = [GOOD[place : place + 1] for place in range(40)]
    began = time.monotonic()
    answer = answer_to(server, head(f"Content-Length: {len(GOOD)}"), *drops, pause=0.1)
    assert status_of(answer) in {408, None}
    assert time.monotonic() - began < PATIENCE
    assert database.count() == 0


def test_many_who_dawdle_keep_nobody_out(server, database):
    crowd = [server.connect() for _ in range(300)]
    try:
        for client in crowd:
            client.sendall(head("Content-Length: 100000") + b"[" * 50)
        began = time.monotonic()
        assert server.post("/v1/events", an_event(number=1)).status == 202
        assert time.monotonic() - began < PATIENCE
    finally:
        for client in crowd:
            client.close()


def test_a_flood_of_pages_leaves_room_for_the_shop(server, database):
    crowd = []
    try:
        for _ in range(60):
            client = server.connect()
            client.setblocking(False)
            crowd.append(client)
            for part in (
                head("Content-Length: 250000", key=PUBLIC, path="/v1/collect"),
                b" " * 200_000,
            ):
                try:
                    client.send(part)
                except OSError:
                    break
        assert server.post("/v1/events", an_event(number=1)).status == 202
    finally:
        for client in crowd:
            client.close()


def test_many_requests_on_one_connection_without_waiting(server, database):
    requests = b"".join(
        head(f"Content-Length: {len(body)}") + body
        for body in (body_of(an_event(number=number)) for number in range(50))
    )
    with server.connect() as client:
        client.sendall(requests)
        client.settimeout(PATIENCE)
        answers = b""
        while answers.count(b'"rejected":[]}') < 50:
            chunk = client.recv(65536)
            assert chunk, answers
            answers += chunk
    assert answers.count(b"HTTP/1.1 202") == answers.count(b'"accepted":1') == 50
    assert database.count() == 50


def test_clients_that_leave_before_the_answer(server, database):
    events = [an_event(number=number) for number in range(30)]
    for body in map(body_of, events):
        with server.connect() as client:
            client.sendall(head(f"Content-Length: {len(body)}") + body)
    # Whoever leaves cannot know, and asks again.
    reply = server.post("/v1/events", events)
    assert reply.json["accepted"] + reply.json["duplicates"] == 30
    assert database.count() == 30


def test_bombs_in_json(server, database):
    event = json.dumps(at_path(an_event(), "contact.first_name", "@"))
    cases = [
        (event.replace('"@"', '"a\\u0000b"'), "bad_text"),
        (event.replace('"@"', '"\\ud800"'), "bad_text"),
        (event.replace('"quantity": 2', '"quantity": 1e400'), "not_a_quantity"),
        (event.replace('"quantity": 2', '"quantity": ' + "9" * 5000), "not_a_quantity"),
    ]
    for number, (bad, code) in enumerate(cases):
        body = f"[{json.dumps(an_event(number=number))}, {bad}]"
        reply = server.post("/v1/events", body.encode())
        assert reply.json["accepted"] == 1
        assert [rejection["code"] for rejection in reply.json["rejected"]] == [code]
    for bomb in (
        "[" * 500_000,
        '{"a":' * 150_000,
        event[:-1] + ',"x":' + "[" * 300_000,
        '{"x":1e400}',
    ):
        assert server.post("/v1/events", bomb.encode()).status in {400, 202}
    assert database.count() == len(cases)


def test_a_thousand_bad_ones_at_once(server, database):
    body = [5] * 500 + [at_path(an_event(number=1), "cart.items[0].quantity", 0)] * 500
    reply = server.post("/v1/events", body)
    assert len(reply.json["rejected"]) == 1000


def test_large_bodies_take_turns_in_little_memory(server, database):
    def send(number):
        events = [an_event(number=1000 * number + place) for place in range(1000)]
        return server.post_until_taken(body_of(events)).json["accepted"]

    with ThreadPoolExecutor(16) as clients:
        assert set(clients.map(send, range(32))) == {1000}
    assert database.count() == 32_000
    assert server.peak_megabytes() < 100  # 80 where nobody else bothers it


@pytest.mark.long
def test_everything_at_once(server, database):
    def nuisance(number):
        try:
            return answer_to(server, head("Content-Length: 900000") + b"x" * (number % 7) * 100_000)
        except OSError:
            return b""

    with ThreadPoolExecutor(48) as crowd:
        nuisances = [crowd.submit(nuisance, number) for number in range(100)]
        good = [
            crowd.submit(
                server.post, "/v1/events", [an_event(number=10 * n + m) for m in range(10)]
            )
            for n in range(100)
        ]
        replies = [future.result() for future in good]
        for future in nuisances:
            future.result()
    taken = [reply for reply in replies if reply.status == 202]
    assert all(reply.status in {202, 503} for reply in replies)
    assert database.count() == sum(reply.json["accepted"] for reply in taken) == 10 * len(taken)
