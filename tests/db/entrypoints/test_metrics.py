"""What Prometheus is told of the install, and to whom (OPS-3)."""

from datetime import timedelta

import pytest
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from ripresa.core.ids import new_id
from ripresa.domain.inbox.models import InboxEvent
from ripresa.domain.messages.models import Message
from ripresa.usecases.health.standing import look_at_install
from ripresa.usecases.stop_sending import stop_shop
from tests.rows import HOUR, T0, make_shop
from tests.world import build_world

pytestmark = pytest.mark.django_db
TOKEN = "a long random text"
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def token(monkeypatch):
    monkeypatch.setenv("RIPRESA_METRICS_TOKEN", TOKEN)


def told(client: Client) -> dict[tuple[str, ...], float]:
    """Every figure by its name and the values of its labels."""
    answer = client.get("/metrics", headers={"authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    return {
        (one.name, *one.labels.values()): one.value
        for family in text_string_to_metric_families(answer.content.decode())
        for one in family.samples
    }


def test_nobody_is_told_without_the_token(client, monkeypatch):
    for wrong in ({}, {"authorization": "Bearer no"}, {"authorization": "Bearer \N{SNOWMAN}"}):
        answer = client.get("/metrics", headers=wrong)
        assert (answer.status_code, answer.content) == (401, b"")
        assert answer["WWW-Authenticate"] == "Bearer"
    monkeypatch.delenv("RIPRESA_METRICS_TOKEN")
    for nothing in ({}, {"authorization": "Bearer "}):
        assert client.get("/metrics", headers=nothing).status_code == 404


def test_what_waits_is_told_by_shop_and_work_with_the_age_of_the_oldest(client, monkeypatch):
    world = build_world()
    make_shop("idle", "Nothing ever happens")
    for minutes in (3, 7):
        InboxEvent.objects.create(
            shop=world.shop, id=new_id(T0), source="shop", external_id=str(minutes), payload="{}",
            type="cart.viewed", trusted=True, occurred_at=T0, received_at=T0 - minutes * MINUTE,
        )  # fmt: skip
    planned = Message.objects.filter(shop=world.shop, state="planned")
    assert (count := planned.update(due_at=T0 - 5 * MINUTE)) > 0
    monkeypatch.setenv("RIPRESA_CLOCK", f"{T0.isoformat()};{T0.isoformat()};1")
    found = {
        (shop.shop, work): backlog
        for shop in look_at_install(T0).shops
        for work, backlog in shop.backlogs.items()
    }
    assert found["wines", "events"] == (2, T0 - 7 * MINUTE)
    assert found["wines", "messages"] == (count, T0 - 5 * MINUTE)
    assert {found["idle", work] for work in ("events", "carts", "recoveries", "messages")} == {
        (0, None)
    }
    figures = told(client)
    assert figures["ripresa_due", "wines", "events"] == 2
    assert figures["ripresa_due_oldest_seconds", "wines", "events"] >= 7 * 60
    assert figures["ripresa_due_oldest_seconds", "idle", "events"] == 0


def test_the_last_hour_counts_what_came_in_and_what_left():
    world = build_world()
    sent = Message.objects.filter(shop=world.shop, state="sent")
    sent.update(handed_over_at=T0 - HOUR - MINUTE, departed_at=T0 - HOUR - MINUTE)
    assert look_at_install(T0).left == []
    one = sent.first()
    Message.objects.filter(pk=one.pk).update(handed_over_at=T0 - HOUR, departed_at=T0 - HOUR)
    assert look_at_install(T0).left == [("wines", one.channel, "sent", 1)]
    wines = {shop.shop: shop for shop in look_at_install(world.dans_cart.begun_at).shops}
    assert wines["bikes"].carts == 1


def test_what_somebody_has_to_look_at_is_told(client):
    world = build_world()
    before = told(client)
    assert before["ripresa_paused", "wines", "sender"] == 1
    assert before["ripresa_paused", "bikes", "sender"] == 0
    assert before["ripresa_stopped", "wines"] == before["ripresa_install_stopped",] == 0
    stop_shop(shop_id=world.shop.id, now=T0)
    after = told(client)
    assert (after["ripresa_stopped", "wines"], after["ripresa_stopped", "bikes"]) == (1, 0)


def test_asking_takes_two_statements_and_one_for_the_install_however_many_shops(
    django_assert_num_queries,
):
    for number in range(5):
        make_shop(f"shop-{number}", "One of many")
    with django_assert_num_queries(3):
        assert len(look_at_install(T0).shops) == 5
