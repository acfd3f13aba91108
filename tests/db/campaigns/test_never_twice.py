"""Promise 2 for campaigns: however many workers tick and send at once, nobody gets it twice, and no budget is overspent.

Half of the work of each worker comes to nothing at a random moment, as if it had been killed.
"""

import random
import threading
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ripresa.contracts.channel import Accepted, RefusalKind, Refused
from ripresa.domain.campaigns.models import Campaign, CampaignRecipient
from ripresa.domain.messages.models import Message
from ripresa.usecases.campaigns import advance
from ripresa.usecases.campaigns.advance import advance_campaigns
from ripresa.usecases.send_messages import send_due
from tests.db.campaigns.campaign_world import campaign, customers, left_behind
from tests.db.usecases.engine_world import T0, Kept, World, make_world

pytestmark = pytest.mark.django_db(transaction=True)
WORKERS = 4
LIVES = 3
AGAIN = Refused(permanent=False, kind=RefusalKind.OTHER, detail="451 later")


class Killed(BaseException):
    """Stands for whatever ends a worker."""


class Moody(Kept):
    """A channel that refuses some at first."""

    def __init__(self, chance: random.Random) -> None:
        super().__init__()
        self.chance = chance

    def send(self, batch, *, timeout):
        fates = super().send(batch, timeout=timeout)
        with self.lock:
            for number, _ in enumerate(fates):
                if self.chance.random() < 0.2:
                    fates[number] = AGAIN
                    self.mails.remove(batch[number])
        assert all(isinstance(one, Accepted | Refused) for one in fates)
        return fates


class Worker(threading.Thread):
    """Ticks and sends, and dies between two statements now and then."""

    def __init__(self, world: World, seed: int) -> None:
        super().__init__()
        self.world, self.chance = world, random.Random(seed)
        self.failed: BaseException | None = None

    def run(self) -> None:
        try:
            for life in range(LIVES):
                self.live(will_die=life < LIVES - 1)
        except BaseException as failure:  # noqa: BLE001  (told by the test's own thread)
            self.failed = failure
        finally:
            connection.close()

    def live(self, *, will_die: bool) -> None:
        left = self.chance.randrange(60) if will_die else -1

        def maybe_die(execute, sql, params, many, context):
            nonlocal left
            # Not between departure and record: what is then on the wire is unknown, for good.
            if left == 0 and "departed_at" not in sql and "receipt" not in sql:
                raise Killed
            left -= 1
            return execute(sql, params, many, context)

        try:
            with connection.execute_wrapper(maybe_die):
                advance_campaigns(shop_id=self.world.shop_id, now=self.world.now)
                send_due(shop_id=self.world.shop_id, post=self.world.post, now=self.world.now)
        except Killed:
            connection.close()


def settle(world: World) -> None:
    """What silent workers left is done by the next ones."""
    for hours in range(1, 80, 4):
        world.run(T0 + timedelta(hours=hours))


@settings(
    max_examples=8,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(
    seed=st.integers(0, 2**32),
    people=st.integers(1, 12),
    budget=st.none() | st.integers(1, 12),
)
def test_nobody_gets_it_twice(seed, people, budget):
    chance = random.Random(seed)
    world = make_world(owner_email="")
    world.channel = Moody(chance)
    for number in range(people):
        left_behind(world, f"p{number}")
    limit = f"budget: {{max_messages: {budget}}}" if budget else ""
    one = campaign(
        world,
        more=f"sender: {{name: B, email: b@shop.test}}\nschedule: {{mode: continuous}}\n{limit}",
    )
    workers = [Worker(world, chance.randrange(2**32)) for _ in range(WORKERS)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [worker.failed for worker in workers if worker.failed] == []
    settle(world)
    written = Counter(customers(world))
    assert set(written.values()) <= {1}
    recipients = CampaignRecipient.objects.filter(shop=world.shop)
    left = Message.objects.filter(shop=world.shop, state__in=["sent", "unknown"]).count()
    # Once the budget is used up it takes in nobody new.
    assert recipients.count() == people or (budget and recipients.count() >= left)
    # What was refused by a worker that died before it could say so counts as sent: unknown.
    assert len(written) <= left == min(people, budget or people)
    if budget:
        assert Campaign.objects.get(shop=world.shop, id=one.id).used_messages == left


@pytest.fixture(autouse=True)
def small_pages(monkeypatch):
    monkeypatch.setattr(advance, "PAGE", 3)
