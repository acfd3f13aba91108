"""CPN-3 with eight workers at once: a code goes to one step, whoever rolls back or gives back in between."""

import random
import threading
from collections import Counter
from uuid import uuid4

import pytest
from django.db import connection, transaction
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ripresa.core.ids import new_id
from ripresa.domain.contacts import locking
from ripresa.domain.contacts.models import Contact
from ripresa.domain.coupons import operations
from ripresa.domain.coupons.models import CouponCode, CouponIssue
from ripresa.domain.coupons.rules import Reserved, Wish
from ripresa.domain.shops.models import Shop
from tests.db.coupons.pools import add_codes, make_pool
from tests.rows import DAY, T0, make_shop

pytestmark = pytest.mark.django_db(transaction=True)
WORKERS = 8


class RolledBack(Exception):
    """Stands for whatever ends a worker's transaction."""


class Worker(threading.Thread):
    """Reserves for its share of the wishes, in batches; some of its transactions come to nothing."""

    def __init__(self, shop, wishes, batch, trouble, seed) -> None:
        super().__init__()
        self.shop, self.wishes, self.batch, self.trouble = shop, wishes, batch, trouble
        self.chance = random.Random(seed)
        self.got: dict[tuple, str] = {}
        self.failed: BaseException | None = None

    def run(self) -> None:
        try:
            for start in range(0, len(self.wishes), self.batch):
                self.reserve(self.wishes[start : start + self.batch])
        except BaseException as failure:  # noqa: BLE001  (told by the test's own thread)
            self.failed = failure
        finally:
            connection.close()

    def reserve(self, wishes) -> None:
        try:
            with transaction.atomic():
                locking.lock(shop_id=self.shop.id, contact_ids=[wish.contact_id for wish in wishes])
                answers = operations.reserve(shop_id=self.shop.id, wishes=wishes, now=T0)
                if self.chance.random() < self.trouble:
                    raise RolledBack  # noqa: TRY301
        except RolledBack:
            return
        given = {wish.place: answers[wish.key] for wish in wishes}
        back: set = set()
        if self.chance.random() < self.trouble:
            with transaction.atomic():
                back = operations.give_back(shop_id=self.shop.id, origins=list(given))
        for place, answer in given.items():
            if isinstance(answer, Reserved) and place not in back:
                self.got[place] = answer.code


def many_people(shop, count):
    people = [
        Contact(shop=shop, id=new_id(T0), email=f"p{number}@mail.test", created_at=T0)
        for number in range(count)
    ]
    return Contact.objects.bulk_create(people)


def work(stock, demand, batch, trouble, seed, *, shared=False):
    shop = make_shop(f"s-{uuid4().hex[:12]}", "Ada's Wines")
    pool = make_pool(shop)
    add_codes(pool, [f"FOREVER-{number}" for number in range(stock // 2)])
    add_codes(pool, [f"ENDING-{number}" for number in range(stock - stock // 2)], T0 + DAY)
    wishes = [
        Wish(uuid4(), "spring", person.id, "recovery", uuid4(), "first")
        for person in many_people(shop, demand)
    ]
    chance = random.Random(seed)
    shares = [wishes if shared else wishes[number::WORKERS] for number in range(WORKERS)]
    workers = []
    for number, share in enumerate(shares):
        mine = chance.sample(share, len(share))
        workers.append(Worker(shop, mine, batch, trouble, seed + number))
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [worker.failed for worker in workers if worker.failed] == []
    return shop, workers


def check(shop: Shop, workers, stock: int) -> int:
    """Nothing twice, nothing lost; returns how many codes are given."""
    issues = {
        (one.origin_kind, one.origin_id, one.step): one.code
        for one in CouponIssue.objects.filter(shop=shop)
    }
    assert [code for code, times in Counter(issues.values()).items() if times > 1] == []
    for worker in workers:
        assert {place: issues.get(place) for place in worker.got} == worker.got
    codes = CouponCode.objects.filter(shop_id=shop.id)
    assert codes.count() == stock
    taken = set(codes.exclude(reserved_at=None).values_list("code", flat=True))
    assert taken == set(issues.values())
    return len(issues)


@settings(max_examples=6)
@given(
    stock=st.integers(0, 60),
    demand=st.integers(1, 120),
    batch=st.integers(1, 20),
    trouble=st.sampled_from([0.0, 0.3]),
    seed=st.integers(0, 10_000),
)
@example(stock=40, demand=100, batch=3, trouble=0.0, seed=1)
@example(stock=100, demand=100, batch=1, trouble=0.5, seed=2)
def test_no_code_goes_to_two_steps(stock, demand, batch, trouble, seed):
    shop, workers = work(stock, demand, batch, trouble, seed)
    given = check(shop, workers, stock)
    if not trouble:
        assert given == min(stock, demand), "nobody goes without while a code is free"


def test_workers_that_ask_for_the_same_steps_get_the_same_codes():
    shop, workers = work(30, 40, 5, 0.0, 3, shared=True)
    assert check(shop, workers, 30) == 30


@pytest.mark.slow
@settings(max_examples=40)
@given(
    stock=st.integers(500, 1_500),
    batch=st.integers(1, 256),
    trouble=st.sampled_from([0.0, 0.1, 0.5]),
    seed=st.integers(0, 10_000),
)
def test_no_code_goes_to_two_steps_in_the_long_run(stock, batch, trouble, seed):
    shop, workers = work(stock, 1_000, batch, trouble, seed)
    given = check(shop, workers, stock)
    if not trouble:
        assert given == min(stock, 1_000)
