"""What the doctor finds in the work of an install: backlog, pauses, stops."""

from datetime import timedelta

import pytest

from ripresa.core.ids import new_id
from ripresa.domain.inbox.models import InboxEvent
from ripresa.domain.messages.models import Sender
from ripresa.domain.shops.models import Shop
from ripresa.entrypoints.doctor.finding import Finding
from ripresa.entrypoints.doctor.work import check_tables, check_work
from tests.db.coupons.pools import add_codes, make_pool
from tests.rows import (
    HOUR,
    T0,
    make_cart,
    make_contact,
    make_message,
    make_recovery,
    make_scenario,
    make_shop,
)

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


@pytest.fixture
def shop() -> Shop:
    return make_shop("bottega", "Bottega del Vino", owner_email="ada@bottega.test")


def found(check: str) -> list[Finding]:
    return [one for one in check_work(T0) if one.check == check]


def receive(shop: Shop, *, ago: timedelta, folded: bool = False) -> None:
    at = T0 - ago
    InboxEvent.objects.create(
        shop=shop, id=new_id(at), source="shop", external_id=str(ago), type="cart.viewed",
        trusted=True, occurred_at=at, received_at=at, payload="{}", folded_at=at if folded else None,
    )  # fmt: skip


def test_all_is_well_where_nothing_waits(shop: Shop) -> None:
    make_scenario(shop, "Left in the cart")
    receive(shop, ago=9 * HOUR, folded=True)
    assert {one.level for one in check_work(T0)} == {"ok"}
    assert check_tables().level == "ok"


@pytest.mark.parametrize(
    ("ago", "level"), [(MINUTE, "ok"), (5 * MINUTE, "warn"), (16 * MINUTE, "fail")]
)
def test_events_that_nobody_folds_are_told_by_the_oldest(shop, ago, level) -> None:
    receive(shop, ago=timedelta(seconds=1))
    receive(shop, ago=ago)
    [finding] = found("events")
    assert finding.level == level
    assert finding.found == (f"2 waiting to be folded, the oldest for {ago.total_seconds():.0f} s")
    assert ("worker" in finding.advice) is (level != "ok")


def test_messages_that_nobody_sends_are_told_but_not_those_of_tomorrow(shop: Shop) -> None:
    contact = make_contact(shop, "ada@example.test")
    cart = make_cart(shop, contact, left_at=T0 - 30 * HOUR)
    recovery = make_recovery(make_scenario(shop, "Left in the cart"), cart)
    make_message(recovery, 1, "planned", T0 - 20 * MINUTE)
    make_message(recovery, 2, "planned", T0 + 20 * HOUR)
    [finding] = found("messages")
    assert (finding.level, finding.found) == ("fail", "1 due, the oldest for 1200 s")


def test_what_somebody_has_paused_or_stopped_is_told_with_its_reason(shop: Shop) -> None:
    make_scenario(shop, "Left in the cart", "paused", paused_reason="by hand")
    Sender.objects.create(
        shop=shop, id=new_id(T0), email="ciao@bottega.test", paused_at=T0, paused_reason="550 5.7.1"
    )
    Shop.objects.filter(id=shop.id).update(stopped_at=T0)
    assert "paused: by hand" in found("scenario")[0].found
    assert found("sender")[0].found == "ciao@bottega.test of bottega is paused: 550 5.7.1"
    assert found("shop")[0].found == "all sending of bottega is stopped"
    assert found("shops")[0].level == "warn"  # no scenario is live


def test_a_shop_that_can_tell_nobody_is_told(shop: Shop) -> None:
    Shop.objects.filter(id=shop.id).update(owner_email="")
    [finding] = found("shop")
    assert finding.level == "warn"
    assert "ripresa shop change bottega --owner-email" in finding.advice


def test_an_empty_install_is_told_what_comes_first() -> None:
    assert "ripresa shop create" in found("shops")[0].advice


def test_a_pool_that_runs_low_is_told(shop) -> None:
    add_codes(make_pool(shop, "spring", low_water=2), ["A", "B"])
    add_codes(make_pool(shop, "summer", low_water=2), ["C", "D", "E"])
    make_pool(shop, "all", code="WELCOME")
    [finding] = found("coupons")
    assert (finding.level, finding.found) == (
        "warn",
        "2 codes are left in the pool 'spring' of bottega",
    )
