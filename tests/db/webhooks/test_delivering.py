"""Calls to endpoints: signed, in order, tried again by the plan, and never twice under another id."""

from datetime import timedelta
from uuid import uuid4

import pytest

from ripresa.core.http.signing import is_standard_webhook
from ripresa.domain.messages.models import OwnerNotice
from ripresa.domain.webhooks import endpoints, log
from ripresa.domain.webhooks.models import WebhookEndpoint
from ripresa.domain.webhooks.rules import FAILING_FOR, MOST_TRIES, SCHEDULE
from ripresa.usecases.webhooks.delivering import TO_ONE
from ripresa.usecases.webhooks.endpoints import NotAnEndpoint, send_test
from tests.rows import HOUR, T0, make_shop
from tests.scripted_http import DROP, HANG, Said, ScriptedApi
from tests.webhooks import ENDPOINTS, courier, deliver, endpoint_at, states, warn

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def internal(monkeypatch):
    monkeypatch.setenv("RIPRESA_INTERNAL_HOSTS", "127.0.0.1")


@pytest.fixture
def shop():
    return make_shop("wines", "Ada's Wines")


def heard_ids(api):
    return [one.headers["webhook-id"] for one in api.heard]


def causes(api):
    return [one.json["data"]["cause"] for one in api.heard]


def test_what_happens_is_told_signed_in_order_and_logged(shop):
    with ScriptedApi(lambda _: Said(204)) as api, courier() as made:
        endpoint, secret = endpoint_at(shop.id, api.url + "/hook", T0)
        one, other = uuid4(), uuid4()
        for number in range(3):
            warn(shop.id, one, T0, f"one {number}")
            warn(shop.id, other, T0, f"other {number}")
        deliver(made, T0)
        assert [text for text in causes(api) if "one" in text] == ["one 0", "one 1", "one 2"]
        assert [text for text in causes(api) if "oth" in text] == ["other 0", "other 1", "other 2"]
        assert len(set(heard_ids(api))) == 6
        call = api.heard[0]
        assert is_standard_webhook(call.body, secret, call.headers, now=T0)
        assert not is_standard_webhook(call.body + b" ", secret, call.headers, now=T0)
        assert call.json | {"id": "", "data": {}} == {
            "id": "", "type": "shop.warned", "timestamp": "2026-11-20T15:00:00Z", "shop": "wines",
            "data": {},
        }  # fmt: skip
        assert call.json["id"] == call.headers["webhook-id"]
    assert states(endpoint) == ["delivered"] * 6
    [row] = log.list_deliveries(endpoint, state=None, before=None, limit=1)
    assert (row.status, row.attempts, row.state) == (204, 1, "delivered")
    assert row.milliseconds is not None


def test_a_refused_call_is_made_again_by_the_plan_with_the_same_bytes_and_id_and_holds_its_subject(
    shop,
):
    answers = [500, 503, 302, 200, 200]
    with ScriptedApi(lambda _: Said(answers.pop(0), "x" * 5000)) as api, courier() as made:
        endpoint, _ = endpoint_at(shop.id, api.url, T0)
        warn(shop.id, uuid4(), T0, "first", "second")
        now = T0
        for wait in SCHEDULE[:3]:
            deliver(made, now)
            assert states(endpoint) == ["waiting", "waiting"]
            now += wait + timedelta(seconds=1)
        deliver(made, now)
        assert causes(api) == ["first"] * 4 + ["second"]
        assert len({one.body for one in api.heard[:4]}) == 1
        assert len(set(heard_ids(api))) == 2
        stamps = [one.headers["webhook-timestamp"] for one in api.heard[:4]]
        assert len(set(stamps)) == 4
        [first, *_] = log.attempts_of(endpoint, [one.event_id for one in _all(endpoint)])
        assert (first.status, len(first.reply)) == (500, 1000)
    assert states(endpoint) == ["delivered", "delivered"]


def test_a_call_that_nobody_takes_is_given_up_in_the_end_and_the_endpoint_switched_off(shop):
    with ScriptedApi(lambda _: DROP) as api, courier() as made:
        endpoint, _ = endpoint_at(shop.id, api.url, T0)
        warn(shop.id, None, T0, "lost")
        now = T0
        for _ in range(MOST_TRIES + 3):
            deliver(made, now)
            now += HOUR * 24
        fresh = WebhookEndpoint.objects.get(id=endpoint.id)
        assert (fresh.state, len(api.heard)) == ("off", 4)
        assert fresh.off_reason.startswith(f"nothing has arrived for {FAILING_FOR.days} days")
        notice = OwnerNotice.objects.get()
        assert (notice.kind, notice.about, notice.cause) == ("webhook", "crm", fresh.off_reason)
        warn(shop.id, None, now, "meanwhile")
        deliver(made, now)
        assert len(api.heard) == 4
        api._answer = lambda _: Said(200)
        assert endpoints.resume(fresh, now)
        deliver(made, now)
        # And the warning that it was off.
        assert sorted(causes(api)[4:]) == sorted(["lost", "meanwhile", fresh.off_reason])


def test_who_answers_some_calls_is_not_switched_off_and_a_bad_one_is_given_up(shop):
    with (
        ScriptedApi(lambda call: Said(400 if b"bad" in call.body else 200)) as api,
        courier() as made,
    ):
        endpoint, _ = endpoint_at(shop.id, api.url, T0)
        subject, now = uuid4(), T0
        warn(shop.id, subject, T0, "bad", "behind it")
        for number in range(MOST_TRIES):
            warn(shop.id, None, now, f"good {number}")
            deliver(made, now)
            now += HOUR * 27
        assert causes(api).count("bad") == MOST_TRIES
        assert causes(api)[-1] == "behind it" or causes(api)[-2] == "behind it"
        assert WebhookEndpoint.objects.get(id=endpoint.id).state == "on"
    assert states(endpoint)[:2] == ["given_up", "delivered"]


def test_410_switches_off_at_once_and_retry_after_is_kept(shop):
    with ScriptedApi(lambda _: Said(410)) as api, courier() as made:
        endpoint, _ = endpoint_at(shop.id, api.url, T0)
        warn(shop.id, None, T0, "unwanted")
        deliver(made, T0)
        fresh = WebhookEndpoint.objects.get(id=endpoint.id)
        assert (fresh.state, fresh.off_reason[:15]) == ("off", "it answered 410")
        assert OwnerNotice.objects.count() == 1
    with (
        ScriptedApi(lambda _: Said(429, headers={"retry-after": "600"})) as api,
        courier() as made,
    ):
        endpoint_at(shop.id, api.url, T0, name="busy")
        warn(shop.id, None, T0, "slowly")
        for wait in (0, 60, 590, 601):
            deliver(made, T0 + timedelta(seconds=wait))
        assert len(api.heard) == 2


def test_one_slow_endpoint_holds_nobody_else_and_has_few_calls_under_way(shop):
    with (
        ScriptedApi(lambda _: HANG) as slow,
        ScriptedApi(lambda _: Said(200)) as quick,
        courier(timedelta(seconds=1)) as made,
    ):
        stuck, _ = endpoint_at(shop.id, slow.url, T0, name="slow")
        fine, _ = endpoint_at(shop.id, quick.url, T0, name="quick")
        for number in range(12):
            warn(shop.id, None, T0, str(number))
        while states(fine) != ["delivered"] * 12:
            for one in made.shops_to_call(T0):
                made.call(shop_id=one, now=T0)
        assert states(stuck) == ["waiting"] * 12
        made.finish(lambda: T0)
        # Those that hang take its few places; after that it rests.
        assert len(slow.heard) == TO_ONE
        [row, *_] = log.attempts_of(stuck, [one.event_id for one in _all(stuck)])
        assert row.status is None
        assert "no whole answer" in row.problem


def test_a_worker_that_died_leaves_its_call_to_the_next_under_the_same_id(shop):
    with ScriptedApi(lambda _: Said(200)) as api, courier() as dead, courier() as alive:
        endpoint, _ = endpoint_at(shop.id, api.url, T0)
        warn(shop.id, None, T0, "once more")
        dead.shops_to_call(T0)
        dead.call(shop_id=shop.id, now=T0)  # made, and never taken down
        deliver(alive, T0 + timedelta(seconds=30))
        deliver(alive, T0 + timedelta(seconds=61))
        assert heard_ids(api) == [heard_ids(api)[0]] * 2
        dead.finish(lambda: T0 + timedelta(seconds=62))
    assert states(endpoint) == ["delivered"]


def test_a_secret_that_was_turned_over_signs_as_well_until_its_time_is_over(shop):
    with ScriptedApi(lambda _: Said(200)) as api, courier() as made:
        endpoint, old = endpoint_at(shop.id, api.url, T0)
        turned = ENDPOINTS.rotate(endpoint, overlap=HOUR, now=T0)
        assert turned.secret != old
        for now in (T0, T0 + HOUR):
            send_test(endpoint, now)
            deliver(made, now)
        for call, now, is_old_good in zip(api.heard, (T0, T0 + HOUR), (True, False), strict=True):
            assert is_standard_webhook(call.body, turned.secret, call.headers, now=now)
            assert is_standard_webhook(call.body, old, call.headers, now=now) is is_old_good
        assert len(api.heard[0].headers["webhook-signature"].split()) == 2
    row = WebhookEndpoint.objects.get(id=endpoint.id)
    assert turned.secret.encode() not in bytes(row.secrets)


def test_pausing_keeps_what_happens_and_replay_tells_again_under_the_same_id(shop):
    with ScriptedApi(lambda _: Said(200)) as api, courier() as made:
        endpoint, _ = endpoint_at(shop.id, api.url, T0, patterns=["shop.*"])
        assert endpoints.pause(endpoint)
        warn(shop.id, None, T0, "a", "b")
        deliver(made, T0)
        assert api.heard == []
        assert endpoints.resume(endpoint, T0)
        deliver(made, T0)
        assert causes(api) == ["a", "b"]
        assert log.replay_range(endpoint, T0, T0 + HOUR, T0 + HOUR) == 2
        assert log.replay_range(endpoint, T0 + HOUR, T0 + 2 * HOUR, T0 + HOUR) == 0
        deliver(made, T0 + HOUR)
        assert causes(api) == ["a", "b"] * 2
        assert heard_ids(api)[:2] == heard_ids(api)[2:]
        assert not log.replay_event(endpoint, uuid4(), T0)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/hook", "ftp://example.com", "https://", "https://a b.com",
        "https://me:secret@example.com/", "https://example.com:port/", "https://ex\u00e4mple.com/",
    ],
)  # fmt: skip
def test_what_is_no_address_to_call_is_refused(shop, url):
    with pytest.raises(NotAnEndpoint) as refused:
        endpoint_at(shop.id, url, T0)
    assert refused.value.field == "url"


def test_an_address_in_the_own_network_is_not_called(shop, monkeypatch):
    with ScriptedApi(lambda _: Said(200)) as api, courier() as made:
        endpoint, _ = endpoint_at(shop.id, f"https://localhost:{api.port}/", T0)
        warn(shop.id, None, T0, "secret")
        deliver(made, T0)
        assert api.heard == []
        [attempt] = log.attempts_of(endpoint, [_all(endpoint)[0].event_id])
        assert "no public address" in attempt.problem


def _all(endpoint):
    return log.list_deliveries(endpoint, state=None, before=None, limit=100)
