"""A replay that was asked for goes on without whoever asked, outlives its worker and is found again (issue 6)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import OperationalError, connection

from ripresa.core.ids import new_id
from ripresa.domain.carts.models import Cart
from ripresa.domain.scenarios.models import ScenarioDraft, ScenarioReplay
from ripresa.domain.shops.models import Shop
from ripresa.usecases.replay import asked, working
from ripresa.usecases.work_under_way import list_works
from tests.db.replay.test_replay import NOW, STEPS, bought, happened, left, make_shop, plan_of

pytestmark = pytest.mark.django_db(transaction=True)


def asked_for(shop, days=30):
    draft = ScenarioDraft.objects.filter(shop=shop).first() or ScenarioDraft.objects.create(
        shop=shop, id=new_id(NOW), name="Two reminders", text=STEPS, saved_by="ada", saved_at=NOW
    )
    return asked.ask(draft=draft, plan=plan_of(STEPS, shop), days=days, who="ada", now=NOW)


def work(shop, ends=lambda: False, **more):
    """One go of a worker; `ends` is asked at every instant of the replay."""
    replayer = working.Replayer(lambda: NOW, ends, **more)
    return replayer.replay_due(shop_id=shop.id, now=NOW)


def elsewhere(look):
    """What another session sees or does."""

    def alone():
        try:
            return look()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as other:
        return other.submit(alone).result()


def standing(shop):
    [one] = list_works(shop.id, now=NOW)
    return one.kind, one.state, one.done, one.of


@pytest.fixture
def shop():
    made = make_shop()
    happened(
        made,
        left("t1", "ada@people.test", NOW - timedelta(days=20)),
        left("t2", "ben@people.test", NOW - timedelta(days=10)),
        bought("o1", "ben@people.test", NOW - timedelta(days=8)),
    )
    return made


def test_a_replay_outlives_its_worker_and_is_found_again_until_it_is_old(shop, monkeypatch):
    monkeypatch.setattr(working, "_TELL_EVERY", 0.0)
    one = asked_for(shop)
    assert standing(shop) == ("replay", "running", 0, 2)
    assert working.shops_with_running(NOW) == [shop.id]
    seen = []

    def killed_late():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            [pid] = cursor.fetchone()
        seen.append((elsewhere(lambda: standing(shop)), elsewhere(lambda: work(shop))))
        if seen[-1][0][2] == 1:  # half of it is done: the worker's session dies
            terminate = "SELECT pg_terminate_backend(%s, 5000)"
            elsewhere(lambda: connection.cursor().execute(terminate, [pid]))
        return False

    with pytest.raises(OperationalError):
        work(shop, killed_late)
    connection.close()
    assert seen[-1] == (("replay", "running", 1, 2), 0)  # told meanwhile; nobody else began it
    assert Shop.objects.count() == 1  # nothing is left of it
    assert work(shop, lambda: True) == 0  # a worker that is asked to end leaves it to the next
    assert work(shop) == 1
    assert work(shop) == 0
    assert standing(shop) == ("replay", "done", 2, 2)
    found = asked.find_replay(shop.id, one.id)
    assert (found.tries, found.ended_at, found.trouble) == (2, NOW, "")
    assert found.result["sent"] == {"email": 3}
    assert found.result["outcomes"] == {"sent": {"due": 3}, "cancelled": {"ordered": 1}}
    assert "people.test" not in str(found.result)
    assert asked.forget_old(shop_id=shop.id, now=NOW + asked.KEPT_FOR) == 0
    assert asked.forget_old(shop_id=shop.id, now=NOW + asked.KEPT_FOR + timedelta(days=1)) == 1


def test_what_can_not_be_replayed_says_so(shop, monkeypatch):
    dropped, one = asked_for(shop), asked_for(shop)
    assert asked.find_replay(shop.id, dropped.id) is None  # the draft's later one is wanted
    assert work(shop, most_seconds=0.0) == 1
    assert asked.find_replay(shop.id, one.id).trouble == "too_long"
    # One that takes its worker down with it, time and again, does so no more.
    fatal = asked_for(shop)
    ScenarioReplay.objects.filter(id=fatal.id).update(tries=working.MOST_TRIES)
    assert work(shop) == 1
    assert asked.find_replay(shop.id, fatal.id).trouble == "broke_down"
    monkeypatch.setattr(asked, "MOST_CARTS", Cart.objects.count() - 1)
    with pytest.raises(asked.TooManyCarts):
        asked_for(shop)
    with pytest.raises(ValueError, match="1 to 90"):
        asked_for(shop, days=91)
