"""What each platform's calls tell comes out the same, in whatever order and however often they come."""

import random

import pytest

from ripresa.contracts.events import StoreEvent
from ripresa.usecases.fold_events import fold_shop
from tests.contracts.shops.platforms import PLATFORMS
from tests.db.usecases.fold_tables import NOW, arrive, tables
from tests.rows import make_shop

pytestmark = pytest.mark.django_db
ORDERS = 2
# Of a shop that tells of hundreds of orders a few dozen will do.
MOST = 40


def told_by(platform):
    """Of its calls, and of what it tells when it is asked: the same ids where it is the same."""
    connector = platform.connector
    heard = [
        one
        for call in platform.calls
        for one in connector.hear(call, platform.secrets).outcomes
        if isinstance(one, StoreEvent)
    ]
    if connector.ask is not None:
        with platform.shop() as shop:
            for page in connector.ask(shop.settings, platform.since):
                heard += [one for one in page if isinstance(one, StoreEvent)]
    return heard[:MOST]


def folded(slug, parcels):
    shop = make_shop(slug, slug)
    for parcel in parcels:
        arrive(shop, parcel)
        while fold_shop(shop_id=shop.id, now=NOW):
            pass
    return tables(shop)


@pytest.mark.parametrize("platform", PLATFORMS, ids=lambda one: one.name)
def test_the_order_of_calls_and_their_repetition_change_nothing(platform):
    events = told_by(platform)
    assert len(events) > 1
    chance = random.Random(platform.name)
    straight = folded(f"{platform.name}-straight", [events])
    assert straight["order"]
    for number in range(ORDERS):
        mixed = events + chance.sample(events, len(events) // 2)
        chance.shuffle(mixed)
        parcels = [mixed[at : at + 7] for at in range(0, len(mixed), 7)]
        assert folded(f"{platform.name}-{number}", parcels) == straight
