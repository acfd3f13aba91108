"""A cart's device: the newest event that names a browser says it, in whatever order they arrive."""

import random

import pytest
from django.db import connection
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ripresa.domain.carts.models import Cart
from ripresa.domain.carts.rows import device_of
from tests.db.usecases.fold_tables import arrive, tables
from tests.db.usecases.test_fold_in_any_order import (
    IN_TRANSACTION,
    fold_everything,
    is_valid,
    let_the_clock_run,
    make_shop,
    mixed,
)
from tests.oracle.generate import generate

PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) Mobile/15E148 Safari/604.1"
TABLET = "Mozilla/5.0 (Android 15; Tablet; rv:145.0) Gecko/145.0 Firefox/145.0"
LAPTOP = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
PROGRAM = "till/3.2"
AGENTS = [PHONE, TABLET, LAPTOP, PROGRAM, None]


def devices(shop):
    return sorted(Cart.objects.filter(shop=shop).values_list("token", "generation", "device"))


def seen(token, at, agent=None, number=0, kind="cart.updated"):
    return {
        "id": f"e_{token}_{number}", "type": kind, "occurred_at": f"2026-10-03T{at}:00Z",
        "user_agent": agent,
        "cart": {"token": token, "currency": "EUR",
                 "items": [{"sku": "A1", "quantity": 1 + number, "unit_price": "5.00"}]},
    }  # fmt: skip


@pytest.mark.django_db
@settings(IN_TRANSACTION, max_examples=25)
@given(seed=st.integers(0, 10**9), count=st.integers(2, 50))
@example(seed=48, count=50)
def test_any_order_any_repetition_gives_the_same_devices(seed, count):
    chance = random.Random(seed)
    events = [one for one in generate(seed, count) if is_valid(one)]
    # An id told twice is the same event, browser included.
    agents = {one["id"]: chance.choice(AGENTS) for one in events}
    events = [{**one, "user_agent": agents[one["id"]]} for one in events]
    straight, shuffled = make_shop("straight"), make_shop("shuffled")
    arrive(straight, sorted(events, key=lambda one: (one["occurred_at"], one["id"])))
    fold_everything(straight)
    for parcel in mixed(events, chance):
        arrive(shuffled, parcel)
        fold_everything(shuffled, limit=chance.randint(1, 5))
    let_the_clock_run(straight)
    let_the_clock_run(shuffled)
    assert devices(straight) == devices(shuffled)
    for cart in Cart.objects.filter(shop=shuffled):
        assert cart.device == device_of(cart.user_agent or "")


@pytest.mark.django_db
@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0), (1, 0, 2)])
def test_the_newest_that_names_a_browser_wins(order):
    shop = make_shop()
    events = [seen("t", "10:00", LAPTOP), seen("t", "11:00", PHONE, 1), seen("t", "12:00", None, 2)]
    for number in order:
        arrive(shop, [events[number]])
        fold_everything(shop)
    assert devices(shop) == [("t", 1, "mobile")]


@pytest.mark.django_db
@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_of_two_at_one_instant_the_later_id_wins(order):
    shop = make_shop()
    events = [seen("t", "10:00", LAPTOP, 1), seen("t", "10:00", TABLET, 2)]
    for number in order:
        arrive(shop, [events[number]])
        fold_everything(shop)
    assert devices(shop) == [("t", 1, "tablet")]


@pytest.mark.django_db
def test_looking_at_a_cart_says_nothing():
    shop = make_shop()
    arrive(shop, [seen("t", "10:00", LAPTOP), seen("t", "11:00", PHONE, 1, kind="cart.viewed")])
    fold_everything(shop)
    assert devices(shop) == [("t", 1, "desktop")]


@pytest.mark.django_db
def test_lines_keep_their_categories_and_sku():
    """What conditions ask for must be in the stored items."""
    shop = make_shop()
    event = seen("t", "10:00")
    event["cart"]["items"][0]["categories"] = ["wine", "red"]
    arrive(shop, [event])
    fold_everything(shop)
    (line,) = Cart.objects.get(shop=shop).items
    assert (line["sku"], line["categories"]) == ("A1", ["wine", "red"])


@pytest.mark.django_db
def test_the_column_is_filled_for_carts_that_were_there():
    from tests.unit.domain.carts.test_device import MIGRATION, WORDS

    shop = make_shop()
    agents = [*WORDS, *AGENTS, "Android; Mobi", "Tablet PC; Tablet; Windows", "Linux; Android"]
    events = [seen(f"t{number}", "10:00", agent) for number, agent in enumerate(agents)]
    arrive(shop, events)
    fold_everything(shop)
    before = tables(shop)["cart"]
    Cart.objects.filter(shop=shop).update(device="unknown")
    with connection.cursor() as cursor:
        cursor.execute(MIGRATION.READ_DEVICES)
    assert tables(shop)["cart"] == before
