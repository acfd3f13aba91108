"""Promises 2 and 3 with real processes, a real mail server and kill -9 in the middle."""

import os
import random
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection

from ripresa.channels.recording.channel import RecordingChannel
from ripresa.channels.smtp.channel import SmtpChannel
from ripresa.channels.smtp.settings import SmtpSettings
from ripresa.contracts.channel import Channels
from ripresa.core.ids import new_id
from ripresa.domain.carts.models import Cart
from ripresa.domain.contacts.models import Contact
from ripresa.domain.messages.links import own_letterhead
from ripresa.domain.messages.models import Message
from ripresa.domain.scenarios.models import Recovery
from ripresa.usecases.advance_carts import advance_carts
from ripresa.usecases.send_messages import LEASE
from tests.db.usecases.engine_world import DAY, HOUR, ITEMS, T0, make_world
from tests.rounds import run_due
from tests.smtp_sink import SinkProcess

ROOT = Path(__file__).resolve().parents[3]
ONE = "  - {id: first, after: 0h, send: [email], template: reminder}\n"
CONNECTIONS = 4
AHEAD = 2
NOW = T0 + DAY


def many_carts(world, count):
    """`count` people, each with a cart left at T0."""
    people = [
        Contact(
            shop_id=world.shop_id, id=new_id(T0), email=f"p{number}@example.test",
            consent_email="granted", reachable_at=T0, created_at=T0,
        )
        for number in range(count)
    ]  # fmt: skip
    Contact.objects.bulk_create(people, batch_size=1000)
    Cart.objects.bulk_create(
        [
            Cart(
                shop_id=world.shop_id, id=new_id(T0), source="shop", token=f"t{number}",
                generation=1, contact_id=person.id, state="open", kind="cart", currency="EUR",
                total_minor=5980, item_count=2, items=ITEMS, is_bot=False, is_test=False,
                begun_at=T0, left_at=T0, newest_at=T0, newest_event="e", reachable_at=T0,
                due_at=T0 + HOUR,
            )
            for number, person in enumerate(people)
        ],
        batch_size=1000,
    )  # fmt: skip
    while advance_carts(shop_id=world.shop_id, now=T0 + HOUR):
        pass


class Crew:
    """Worker processes, some of which are killed."""

    def __init__(self, size: int, smtp_url: str) -> None:
        settings = connection.settings_dict
        parts = {
            "dbname": settings["NAME"], "user": settings["USER"], "host": settings["HOST"],
            "port": settings["PORT"], "password": settings["PASSWORD"],
        }  # fmt: skip
        self.environment = {
            **os.environ,
            "DATABASE_URL": " ".join(f"{key}={value}" for key, value in parts.items() if value),
        }
        self.smtp_url = smtp_url
        self.workers = [self.start() for _ in range(size)]

    def start(self) -> subprocess.Popen:
        command = ["-m", "tests.db.usecases.engine_worker", NOW.isoformat(), self.smtp_url]
        worker = subprocess.Popen(
            [sys.executable, *command],
            cwd=ROOT, env=self.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert worker.stdout.readline() == "ready\n"
        os.set_blocking(worker.stdout.fileno(), False)
        return worker

    def kill_one(self, chance: random.Random) -> None:
        victim = chance.randrange(len(self.workers))
        self.workers[victim].kill()
        self.workers[victim].communicate()
        self.workers[victim] = self.start()

    def stop(self) -> None:
        for worker in self.workers:
            worker.communicate(timeout=60)
            assert worker.returncode == 0


def drain(world, crew, kills, chance):
    """Let the crew work until nothing is due, with `kills` kills on the way."""
    total = Recovery.objects.filter(shop_id=world.shop_id).count()
    killed, until = 0, time.monotonic() + 600
    while time.monotonic() < until:
        settled = Message.objects.filter(shop_id=world.shop_id, settled_at__isnull=False).count()
        if killed < kills and settled >= total * (killed + 1) / (kills + 2):
            crew.kill_one(chance)
            killed += 1
        open_messages = Message.objects.filter(shop_id=world.shop_id, state="planned").count()
        waiting = Recovery.objects.filter(shop_id=world.shop_id, state="waiting").count()
        if not open_messages and not waiting and killed == kills:
            return
        time.sleep(0.02)
    raise AssertionError("the crew did not come to an end")


def wait_for_orphans() -> None:
    """PostgreSQL ends what a killed worker had begun only when it next listens to it."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
            )
            if cursor.fetchone()[0] == 0:
                return
        time.sleep(0.05)
    raise AssertionError("a killed worker's statement still runs")


def kills_lose_and_double_nothing(tmp_path, *, carts, workers, kills):
    world = make_world()
    world.scenario(steps=ONE)
    many_carts(world, carts)
    with SinkProcess(tmp_path / "mails") as sink:
        url = f"{sink.url}&connections={CONNECTIONS}&ahead={AHEAD}"
        crew = Crew(workers, url)
        try:
            drain(world, crew, kills, random.Random(kills))
        finally:
            crew.stop()
        wait_for_orphans()
        smtp = SmtpChannel(SmtpSettings.from_url(url))
        channels = Channels(smtp, RecordingChannel(), RecordingChannel())
        later = NOW + LEASE + timedelta(minutes=1)
        while run_due(now=later, channels=channels):
            pass
        channels.close()
        judge(world, sink, carts, kills)


def judge(world, sink, carts, kills):
    """Nothing twice, nothing lost, and unknown is only what was on the wire."""
    head = own_letterhead()
    rows = Message.objects.filter(shop_id=world.shop_id).values_list("id", "state")
    by_state = {}
    for message_id, state in rows:
        by_state.setdefault(state, set()).add(head.mail_id(world.shop_id, message_id))
    arrived, unknown = set(sink.message_ids()), by_state.get("unknown", set())
    assert sink.doubled() == []
    assert set(by_state) <= {"sent", "unknown"}
    assert sum(map(len, by_state.values())) == carts
    assert by_state["sent"] <= arrived <= by_state["sent"] | unknown
    assert len(unknown) <= CONNECTIONS * AHEAD * kills
    assert set(world.states(Recovery)) == {"done"}
    told = [row[0] for row in world.trail("message_id")]
    assert len(told) == len(set(told)) == carts


@pytest.mark.django_db(transaction=True)
def test_two_workers_one_killed_twice(tmp_path):
    kills_lose_and_double_nothing(tmp_path, carts=500, workers=2, kills=2)


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("workers", [2, 4, 8])
@pytest.mark.django_db(transaction=True)
def test_ten_thousand_due_recoveries(tmp_path, workers):
    kills_lose_and_double_nothing(tmp_path, carts=10_000, workers=workers, kills=10)
