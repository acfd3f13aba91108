"""A real shop's orders through events, profiles and reports: the figures are those of a straight count of the file."""

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from ripresa.domain.carts.person_queries import order_figures, orders_of_contact
from ripresa.domain.contacts.models import ContactKey
from ripresa.usecases.fold_events import fold_shop
from ripresa.usecases.reporting.figures import Only
from ripresa.usecases.reporting.keeping import catch_up
from ripresa.usecases.reporting.orders import side_by_side
from ripresa.usecases.reporting.recovery import recovery
from tests.db.usecases.engine_world import make_world
from tests.db.usecases.fold_tables import NOW, arrive

CDNOW = Path(__file__).resolve().parents[4] / "shared/data/orders/cdnow/CDNOW_sample.txt"
FIRST, LAST = date(1997, 1, 1), date(1998, 12, 31)


def purchases():
    """(customer, day, cents) of every line; the last of two customer numbers is the sample's own."""
    for line in CDNOW.read_text().splitlines():
        _, customer, day, _, dollars = line.split()
        yield (
            customer,
            datetime.strptime(day, "%Y%m%d").replace(tzinfo=UTC),
            int(Decimal(dollars) * 100),
        )


def placed(number, customer, at, cents):
    at = at + timedelta(hours=12, seconds=number)
    return {
        "id": f"e{number}", "type": "order.placed", "occurred_at": at.isoformat(),
        "contact": {"customer_id": customer},
        "order": {"id": f"o{number}", "currency": "USD", "total": f"{cents / 100:.2f}", "items": []},
    }  # fmt: skip


def refunded(number, at, cents):
    return {
        "id": f"r{number}", "type": "order.refunded", "occurred_at": (at + timedelta(days=9)).isoformat(),
        "refund": {"id": f"r{number}", "order_id": f"o{number}", "amount": f"{cents / 100:.2f}", "currency": "USD"},
    }  # fmt: skip


@pytest.mark.foreign
@pytest.mark.slow
@pytest.mark.django_db
def test_cdnow_is_counted_as_a_straight_count_counts_it():
    world = make_world(timezone="America/New_York", currency="USD")
    lines = list(purchases())
    events = [placed(number, *line) for number, line in enumerate(lines)]
    # Every tenth order is half given back, and heard of before or after it.
    given_back = {n: cents // 2 for n, (_, _, cents) in enumerate(lines) if n % 10 == 0 and cents}
    events += [refunded(n, lines[n][1], cents) for n, cents in given_back.items()]
    for start in range(0, len(events), 2000):
        arrive(world.shop, events[start : start + 2000])
        while fold_shop(shop_id=world.shop_id, now=NOW):
            pass
    catch_up(shop_id=world.shop_id, now=NOW)

    by_customer = defaultdict(list)
    for number, (customer, _, cents) in enumerate(lines):
        by_customer[customer].append(cents - given_back.get(number, 0))
    found = recovery(world.shop_id, FIRST, LAST)
    sold = found.sold["USD"]
    assert sold.orders == len(lines)
    assert sold.gross == sum(cents for _, _, cents in lines)
    assert sold.refunded == sum(given_back.values())
    assert found.customers == len(by_customer)
    assert found.repeat_customers == sum(len(some) > 1 for some in by_customer.values())
    january = recovery(world.shop_id, date(1997, 1, 1), date(1997, 1, 31)).sold["USD"]
    assert january.orders == sum(at.year == 1997 and at.month == 1 for _, at, _ in lines)
    [alone] = side_by_side(world.shop_id, Only(FIRST, LAST))
    assert set(alone.minor.values()) == {sold.net}
    for customer in list(by_customer)[::100]:
        contact_id = ContactKey.objects.get(
            shop_id=world.shop_id, key=f"customer:{customer}"
        ).contact_id
        [mine] = order_figures(orders_of_contact(world.shop_id, contact_id))
        assert (mine.orders, mine.lifetime.minor) == (
            len(by_customer[customer]), sum(by_customer[customer]),
        )  # fmt: skip
