"""The two examples of CUS-2, from the shop's events to the audiences of the campaigns they belong to.

Three items worth 89 €, left and not recovered; another cart, recovered after two days. And one person's two
abandonments, which are two (CAP-4).
"""

from datetime import UTC, datetime, timedelta

import pytest

from ripresa.domain.carts.models import Abandonment, Cart
from ripresa.domain.contacts.models import Contact
from ripresa.domain.segments import queries
from ripresa.domain.segments.reading import parse_segment
from ripresa.domain.shops.models import Shop
from ripresa.usecases.advance_carts import advance_carts
from ripresa.usecases.fold_events import fold_shop
from tests.db.usecases.fold_tables import arrive

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
NOT_RECOVERED = """\
name: Not recovered
when: {abandonment: {state: not_recovered, value: {gte: "89.00"}, count: {gte: 1}}}
"""
THANK_YOU = """\
name: Thank you
when: {abandonment: {state: recovered}, orders: {gte: 1}}
"""


def tell(shop, now, *events):
    arrive(shop, events)
    while fold_shop(shop_id=shop.id, now=now):
        pass
    while advance_carts(shop_id=shop.id, now=now):
        pass


def left(token, email, when, *prices):
    items = [
        {"sku": f"A{number}", "title": "Vino", "quantity": 1, "unit_price": price}
        for number, price in enumerate(prices)
    ]
    return {
        "id": f"{token}-{when}",
        "type": "cart.updated",
        "occurred_at": when.isoformat(),
        "contact": {"email": email},
        "cart": {"token": token, "currency": "EUR", "items": items},
    }


def bought(number, token, email, when, total):
    return {
        "id": f"bought-{number}",
        "type": "order.placed",
        "occurred_at": when.isoformat(),
        "contact": {"email": email},
        "order": {"id": number, "currency": "EUR", "total": total, "cart_token": token},
    }


def audience(shop, text):
    segment = parse_segment(text, file_name="segment.yaml", currency=shop.currency)
    members = queries.list_members(shop.id, segment.condition, now=NOW)
    assert queries.count(shop.id, segment.condition, now=NOW).people == len(members)
    return {Contact.objects.get(shop=shop, id=one.contact_id).email: one.cart_id for one in members}


@pytest.fixture
def shop():
    return Shop.objects.create(slug="bottega", name="Bottega", created_at=NOW - 90 * DAY)


def test_three_items_for_89_euros_left_are_in_the_audience_not_recovered(shop):
    tell(shop, NOW, left("t1", "ada@people.test", NOW - 3 * DAY, "29.50", "29.50", "30.00"))
    cart = Cart.objects.get(shop=shop)
    assert (cart.state, cart.total_minor, cart.item_count) == ("abandoned", 8900, 3)
    assert audience(shop, NOT_RECOVERED) == {"ada@people.test": cart.id}
    assert audience(shop, THANK_YOU) == {}


def test_a_cart_recovered_after_two_days_is_in_the_thank_you_audience(shop):
    tell(
        shop,
        NOW,
        left("t1", "ben@people.test", NOW - 5 * DAY, "89.00"),
        bought("o1", "t1", "ben@people.test", NOW - 3 * DAY, "89.00"),
    )
    cart = Cart.objects.get(shop=shop)
    assert cart.state == "recovered"
    assert audience(shop, NOT_RECOVERED) == {}
    assert audience(shop, THANK_YOU) == {"ben@people.test": cart.id}


def test_two_abandonments_of_one_person_are_two(shop):
    first, second = NOW - 9 * DAY, NOW - 4 * DAY
    tell(shop, first + DAY, left("t1", "cleo@people.test", first, "89.00"))
    tell(shop, NOW, left("t1", "cleo@people.test", second, "89.00", "11.00"))
    kept = Abandonment.objects.filter(shop=shop).order_by("abandoned_at")
    assert [(one.abandoned_at, one.total_minor) for one in kept] == [
        (first + timedelta(hours=1), 8900),
        (second + timedelta(hours=1), 10000),
    ]
    twice = NOT_RECOVERED.replace("{gte: 1}", "{gte: 2}")
    assert set(audience(shop, twice)) == {"cleo@people.test"}
    assert audience(shop, twice.replace("{gte: 2}", "{gte: 3}")) == {}
