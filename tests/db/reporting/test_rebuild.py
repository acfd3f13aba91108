"""Figures brought up to date bit by bit are those of a rebuild, row for row, in whatever order things came."""

import random
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ripresa.contracts.feedback import BounceReason, Feedback, FeedbackKind
from ripresa.core.ids import new_id
from ripresa.domain.attribution import stale
from ripresa.domain.carts.models import Cart
from ripresa.domain.messages.models import Message
from ripresa.usecases.advance_carts import advance_carts
from ripresa.usecases.feedback.finding import Source
from ripresa.usecases.fold_events import fold_shop
from ripresa.usecases.record_feedback import record_feedback
from ripresa.usecases.reporting.keeping import catch_up, keep_up, rebuild
from tests.db.reporting.report_tables import forget, report_rows
from tests.db.usecases.engine_world import LETTERHEAD, make_world
from tests.db.usecases.fold_tables import NOW, arrive
from tests.db.usecases.test_fold_in_any_order import is_valid, mixed
from tests.oracle.generate import generate

IN_TRANSACTION = settings(
    deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
BROWSER = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Firefox/130.0"
KINDS = (
    FeedbackKind.DELIVERED,
    FeedbackKind.OPENED,
    FeedbackKind.CLICKED,
    FeedbackKind.CLICKED,
    FeedbackKind.BOUNCED,
    FeedbackKind.COMPLAINED,
)


def write_to_somebody(world, chance, number):
    """A message about a cart that was left, as the sender leaves it, and what is heard of it later."""
    carts = Cart.objects.filter(
        shop_id=world.shop_id, contact_id__isnull=False, abandoned_at__isnull=False
    )
    if not carts:
        return []
    cart = chance.choice(list(carts.order_by("token", "generation")))
    at = cart.abandoned_at + timedelta(hours=chance.choice([1, 25, 60]))
    message = Message.objects.create(
        shop_id=world.shop_id, id=new_id(at), origin_kind="manual", origin_id=new_id(at), step="by_hand",
        step_number=1, channel=chance.choice(["email", "sms", "letter"]), contact_id=cart.contact_id,
        cart_id=cart.id, template="reminder", state="sent", planned_for=at, handed_over_at=at,
        departed_at=at, settled_at=at, cost_minor=chance.choice([None, 7, 85]), cost_currency="EUR",
    )  # fmt: skip
    stale.mark(shop_id=world.shop_id, now=NOW, instants=[at])
    key = LETTERHEAD.message_key(world.shop_id, message.id)
    return [
        Feedback(
            kind, f"{number}-{n}", at + timedelta(minutes=chance.choice([1, 90, 3000])), key,
            user_agent=BROWSER, url="https://shop.test", is_permanent=chance.random() < 0.5,
            reason=BounceReason.FULL if kind is FeedbackKind.BOUNCED else None,
        )
        for n, kind in enumerate(chance.choices(KINDS, k=chance.randint(0, 4)))
    ]  # fmt: skip


def assert_bit_by_bit_is_at_once(seed, count):
    chance, world = random.Random(seed), make_world(timezone="America/New_York")
    events = [one for one in generate(seed, count) if is_valid(one)]
    heard = []
    for number, parcel in enumerate(mixed(events, chance)):
        arrive(world.shop, parcel)
        while fold_shop(shop_id=world.shop_id, now=NOW):
            pass
        if chance.random() < 0.5:
            advance_carts(shop_id=world.shop_id, now=NOW)
        heard += write_to_somebody(world, chance, number)
        chance.shuffle(heard)
        told, heard = heard[:2], heard[2:]
        record_feedback(
            shop_id=world.shop_id, source=Source("box", "email"), told=told, letterhead=LETTERHEAD, now=NOW
        )  # fmt: skip
        if chance.random() < 0.3:
            keep_up(shop_id=world.shop_id, now=NOW)
    catch_up(shop_id=world.shop_id, now=NOW)
    bit_by_bit = report_rows(world.shop_id)
    forget(world.shop_id)
    rebuild(shop_id=world.shop_id, now=NOW)
    at_once = report_rows(world.shop_id)
    for table, rows in at_once.items():
        assert bit_by_bit[table] == rows, table
    rebuild(shop_id=world.shop_id, now=NOW)
    assert report_rows(world.shop_id) == at_once


@pytest.mark.django_db
@pytest.mark.parametrize(("seed", "count"), [(48, 60), (7, 30)])
def test_bit_by_bit_or_at_once_gives_the_same_rows(seed, count):
    assert_bit_by_bit_is_at_once(seed, count)


@pytest.mark.slow
@pytest.mark.django_db
@settings(IN_TRANSACTION, max_examples=100)
@given(seed=st.integers(0, 10**9), count=st.integers(10, 80))
def test_bit_by_bit_or_at_once_in_a_hundred_worlds(seed, count):
    assert_bit_by_bit_is_at_once(seed, count)
