"""At least once, in order, never under two ids: with real processes and kill -9 in the middle."""

import os
import random
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path
from uuid import uuid4

import pytest
from cryptography.fernet import Fernet
from django.db import connection

from ripresa.core.secrets.box import SecretBox
from ripresa.domain.webhooks.models import WebhookDelivery
from ripresa.usecases.webhooks.endpoints import Endpoints
from tests.rows import T0, make_shop
from tests.scripted_http import DROP, HOST, Said, ScriptedApi
from tests.webhooks import warn

ROOT = Path(__file__).resolve().parents[3]
SUBJECTS, EACH, KILLS = 25, 8, 6


class Crew:
    """Lanes in processes of their own, one of which is killed now and then."""

    def __init__(self, size: int, key: str) -> None:
        settings = connection.settings_dict
        parts = {
            "dbname": settings["NAME"], "user": settings["USER"], "host": settings["HOST"],
            "port": settings["PORT"], "password": settings["PASSWORD"],
        }  # fmt: skip
        self.environment = {
            **os.environ,
            "DATABASE_URL": " ".join(f"{name}={value}" for name, value in parts.items() if value),
            "RIPRESA_INTERNAL_HOSTS": HOST,
            "WEBHOOK_TEST_KEY": key,
        }
        self.workers = [self.start() for _ in range(size)]

    def start(self) -> subprocess.Popen:
        command = ["-m", "tests.db.webhooks.webhook_worker", T0.isoformat()]
        worker = subprocess.Popen(
            [sys.executable, *command], cwd=ROOT, env=self.environment,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        assert worker.stdout.readline() == b"ready\n"
        return worker

    def kill_one(self, chance: random.Random) -> None:
        place = chance.randrange(len(self.workers))
        self._end(self.workers[place])
        self.workers[place] = self.start()

    def end(self) -> None:
        for worker in self.workers:
            self._end(worker)

    @staticmethod
    def _end(worker: subprocess.Popen) -> None:
        worker.kill()
        worker.wait()
        worker.stdin.close()
        worker.stdout.close()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_whatever_is_killed_everything_arrives_in_order_under_its_one_id(monkeypatch):
    chance, key = random.Random(5), Fernet.generate_key().decode()
    shop = make_shop("wines", "Ada's Wines")

    def answer(_call):
        # One in ten is lost on the way, though it was heard: it comes again.
        return DROP if chance.random() < 0.1 else Said(204)

    with ScriptedApi(answer) as api:
        monkeypatch.setenv("RIPRESA_INTERNAL_HOSTS", HOST)
        Endpoints(SecretBox([key])).add(
            shop_id=shop.id, name="crm", url=api.url, patterns=["*"], now=T0
        )
        subjects = [uuid4() for _ in range(SUBJECTS)]
        for number in range(EACH):
            for place, subject in enumerate(subjects):
                warn(shop.id, subject, T0, f"{place}:{number}")
        crew = Crew(2, key)
        try:
            for _ in range(KILLS):
                time.sleep(0.5)
                crew.kill_one(chance)
            until = time.monotonic() + 240
            waiting = WebhookDelivery.objects.filter(state="waiting")
            while waiting.exists():
                assert time.monotonic() < until, waiting.count()
                time.sleep(0.25)
        finally:
            crew.end()
        heard = list(api.heard)
    judge(heard)


def judge(heard):
    assert set(WebhookDelivery.objects.values_list("state", flat=True)) == {"delivered"}
    first: dict[str, list[int]] = defaultdict(list)
    ids: dict[str, set[str]] = defaultdict(set)
    for call in heard:
        cause = call.json["data"]["cause"]
        place, _, number = cause.partition(":")
        ids[cause].add(call.headers["webhook-id"])
        if int(number) not in first[place]:
            first[place].append(int(number))
    assert len(first) == SUBJECTS
    assert all(order == list(range(EACH)) for order in first.values())
    assert all(len(each) == 1 for each in ids.values())
    assert len({next(iter(each)) for each in ids.values()}) == SUBJECTS * EACH
