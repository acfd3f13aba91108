"""202 means stored, 503 means nothing was accepted, and nobody waits for a dead database for ever."""

import os
import signal
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import count
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from ripresa.core.dump import restore
from ripresa.core.embedded.database import embedded_database
from tests.db.intake.conftest import SECRET, IntakeDatabase
from tests.events import an_event
from tests.intake_server import intake_server

RECOVERY_SECONDS = 60


def test_what_was_answered_is_stored_though_the_server_is_killed_at_once(database):
    with intake_server(database.dsn, key=SECRET) as server, ThreadPoolExecutor(8) as clients:
        answered, turns = [], count(1)

        def send(number):
            try:
                if server.post("/v1/events", an_event(number=number)).status == 202:
                    answered.append(f"evt_{number}")
                    if next(turns) == 100:
                        server.kill()
            except OSError:
                pass  # killed in the middle: no answer, no promise

        sent = [clients.submit(send, number) for number in range(400)]
        for future in sent:
            future.result()
    stored = {row[0] for row in database.run("SELECT external_id FROM inbox")}
    assert 100 <= len(answered) < 400
    assert set(answered) <= stored


def test_what_was_answered_is_stored_though_postgres_is_killed_at_once(open_folder, blank_dump):
    """On a database server of its own, durable as shipped, whose processes die by SIGKILL."""
    with embedded_database(open_folder / "home") as url:
        restore(url, blank_dump)
        database = IntakeDatabase(url)
        database.add_shop(1, ["shop.test"])
        database.add_key(SECRET)
        with intake_server(url, key=SECRET) as server:
            for number in range(20):
                assert server.post("/v1/events", an_event("order.placed", number)).status == 202
            with psycopg.connect(url) as session:
                status = Path(f"/proc/{session.info.backend_pid}/status").read_text()
            kill_with_children(int(status.partition("PPid:")[2].split()[0]))
            # Its keeper starts it again; the intake finds it without anybody's help.
            server.post_until_taken(an_event(number=99))
        assert database.count() == 21
        assert database.run("SELECT count(DISTINCT inbox_id) FROM pending_order_key") == [(20,)]


@pytest.fixture
def open_folder():
    """A folder that the user of a PostgreSQL started by root may enter, unlike pytest's own."""
    with TemporaryDirectory(prefix="ripresa-test-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        yield folder


def kill_with_children(pid: int) -> None:
    """SIGKILL to the postmaster that this test has started, and to its children."""
    found = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=True)
    for one in (pid, *map(int, found.stdout.split())):
        with suppress(ProcessLookupError):
            os.kill(one, signal.SIGKILL)


def test_a_database_that_goes_and_comes_back(server, database, postgres_url):
    assert server.post("/v1/events", an_event(number=1)).status == 202
    name = conninfo_to_dict(database.dsn)["dbname"]
    with psycopg.connect(postgres_url, autocommit=True) as admin:
        admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = %s AND application_name = 'ripresa-intake'",
            [name],
        )
        began = time.monotonic()
        replies = [server.post("/v1/events", an_event(number=2)) for _ in range(2)]
        assert [reply.status for reply in replies] == [503, 503]
        assert all(int(reply.headers["retry-after"]) >= 1 for reply in replies)
        assert time.monotonic() - began < RECOVERY_SECONDS
        assert server.request("GET", "/health").status == 200
        assert server.request("GET", "/health?ready=1").status == 503
        admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
    assert database.count() == 1  # nothing was accepted
    server.post_until_taken(an_event(number=2))
    assert database.count() == 2
    assert server.request("GET", "/health?ready=1").status == 200


def test_a_database_that_is_away_when_the_server_starts(database, postgres_url):
    name = conninfo_to_dict(database.dsn)["dbname"]
    with psycopg.connect(postgres_url, autocommit=True) as admin:
        admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        with intake_server(database.dsn, key=SECRET) as server:
            assert server.post("/v1/events", an_event()).status == 503
            admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
            server.post_until_taken(an_event())


def test_connections_that_break_unnoticed_cost_one_answer_at_most(server, database, postgres_url):
    assert server.post("/v1/events", an_event(number=1)).status == 202
    with psycopg.connect(postgres_url, autocommit=True) as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = %s AND application_name = 'ripresa-intake'",
            [conninfo_to_dict(database.dsn)["dbname"]],
        )
    statuses = [server.post("/v1/events", an_event(number=n)).status for n in range(2, 12)]
    assert statuses.count(503) <= 1
    assert statuses[-1] == 202


def test_a_database_that_is_slow(server, database):
    assert server.post("/v1/events", an_event(number=0)).status == 202
    with psycopg.connect(database.dsn) as blocker, ThreadPoolExecutor(20) as clients:
        blocker.execute("LOCK TABLE inbox IN ACCESS EXCLUSIVE MODE")
        began = time.monotonic()
        replies = list(
            clients.map(lambda n: server.post("/v1/events", an_event(number=n)), range(1, 21))
        )
        waited = time.monotonic() - began
        blocker.rollback()
    assert {reply.status for reply in replies} == {503}
    assert waited < RECOVERY_SECONDS  # five seconds of patience, and a machine that may be busy
    assert database.count() == 1
    for number in range(1, 21):
        server.post_until_taken(an_event(number=number))
    assert database.count() == 21


def test_many_senders_of_the_same_events_in_any_order(server, database):
    """Every event is accepted once, whoever brought it first; nobody waits in a ring."""
    events = [an_event("order.placed" if n % 5 == 0 else "cart.updated", n) for n in range(120)]
    sent = set()

    def send(seed):
        random = Random(seed)
        accepted = 0
        for _ in range(6):
            batch = random.sample(events, random.randint(1, 60))
            sent.update(event["id"] for event in batch)
            reply = (server if seed % 2 else other).post_until_taken(batch)
            assert reply.json["accepted"] + reply.json["duplicates"] == len(batch)
            accepted += reply.json["accepted"]
        return accepted

    with intake_server(database.dsn, key=SECRET) as other, ThreadPoolExecutor(16) as clients:
        accepted = sum(clients.map(send, range(24)))
    assert accepted == database.count() == len(sent)
    assert database.run(
        "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
    ) == [(0,)]
    ((orders,),) = database.run("SELECT count(*) FROM inbox WHERE type = 'order.placed'")
    assert database.run("SELECT count(DISTINCT inbox_id) FROM pending_order_key") == [(orders,)]


def test_an_order_and_its_keys_are_seen_together(server, database):
    """Promise 1: no instant at which the order is stored and its keys are not."""
    with psycopg.connect(database.dsn, autocommit=True) as looker, ThreadPoolExecutor(1) as client:
        sending = client.submit(
            lambda: [server.post("/v1/events", an_event("order.placed", n)) for n in range(60)]
        )
        looks = 0
        while not sending.done():
            alone = looker.execute(
                "SELECT count(*) FROM inbox AS i WHERE NOT EXISTS"
                " (SELECT FROM pending_order_key AS p WHERE p.shop_id = i.shop_id AND p.inbox_id = i.id)"
            ).fetchone()
            assert alone == (0,)
            looks += 1
    assert looks > 10
    assert database.count() == 60
