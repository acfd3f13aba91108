"""A real shop's orders through events, profiles and reports: the figures are those of a straight count of the file."""

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pyarrow.compute
import pyarrow.parquet
import pytest

from ripresa.domain.carts.person_queries import order_figures, orders_of_contact
from ripresa.domain.contacts.models import ContactKey
from ripresa.usecases.fold_events import fold_shop
from ripresa.usecases.reporting.figures import Only
from ripresa.usecases.reporting.keeping import catch_up
from ripresa.usecases.reporting.orders import side_by_side
from ripresa.usecases.reporting.recovery import buyers, recovery
from tests.db.usecases.engine_world import make_world
from tests.db.usecases.fold_tables import NOW, arrive
from tests.foreign import FOREIGN

ORDERS = FOREIGN / "orders"
CDNOW = ORDERS / "cdnow/CDNOW_sample.txt"
UCI = ORDERS / "uci_online_retail/online_retail.parquet"
ONE_IN = 4  # customers of the UCI file: all of them take minutes
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


def placed(number, customer, at, cents, currency="USD"):
    at = at + timedelta(hours=12, seconds=number) if currency == "USD" else at
    return {
        "id": f"e{number}", "type": "order.placed", "occurred_at": at.isoformat(),
        "contact": {"customer_id": customer},
        "order": {"id": f"o{number}", "currency": currency, "total": f"{cents / 100:.2f}", "items": []},
    }  # fmt: skip


def refunded(number, at, cents, currency="USD", name=None):
    return {
        "id": f"r{name or number}", "type": "order.refunded", "occurred_at": at.isoformat(),
        "refund": {
            "id": f"r{name or number}", "order_id": f"o{number}", "amount": f"{cents / 100:.2f}",
            "currency": currency,
        },
    }  # fmt: skip


def take_in(world, events):
    for start in range(0, len(events), 2000):
        arrive(world.shop, events[start : start + 2000])
        while fold_shop(shop_id=world.shop_id, now=NOW):
            pass
    catch_up(shop_id=world.shop_id, now=NOW)


@pytest.mark.foreign
@pytest.mark.slow
@pytest.mark.django_db
def test_cdnow_is_counted_as_a_straight_count_counts_it():
    world = make_world(timezone="America/New_York", currency="USD")
    lines = list(purchases())
    events = [placed(number, *line) for number, line in enumerate(lines)]
    # Every tenth order is half given back, and heard of before or after it.
    given_back = {n: cents // 2 for n, (_, _, cents) in enumerate(lines) if n % 10 == 0 and cents}
    events += [
        refunded(n, lines[n][1] + timedelta(days=9), cents) for n, cents in given_back.items()
    ]
    take_in(world, events)

    by_customer = defaultdict(list)
    for number, (customer, _, cents) in enumerate(lines):
        by_customer[customer].append(cents - given_back.get(number, 0))
    found = recovery(world.shop_id, FIRST, LAST)
    sold = found.sold["USD"]
    assert sold.orders == len(lines)
    assert sold.gross == sum(cents for _, _, cents in lines)
    assert sold.refunded == sum(given_back.values())
    repeat = sum(len(some) > 1 for some in by_customer.values())
    assert buyers(world.shop_id, FIRST, LAST) == (len(by_customer), repeat)
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


def retail():
    """Of some customers, by customer and instant: cents bought, and cents of goods sent back."""
    columns = ["Quantity", "InvoiceDate", "UnitPrice", "CustomerID"]
    read = pyarrow.parquet.read_table(UCI, columns=columns)
    whose = pyarrow.compute.cast(read["CustomerID"], "int64")
    read = read.set_column(3, "CustomerID", whose).filter(
        pyarrow.compute.equal(
            pyarrow.compute.subtract(
                whose, pyarrow.compute.multiply(pyarrow.compute.divide(whose, ONE_IN), ONE_IN)
            ),
            0,
        )
    )
    bought, returned = defaultdict(int), defaultdict(int)
    for quantity, at, price, customer in zip(
        *(read[name].to_pylist() for name in columns), strict=True
    ):
        cents = int((quantity * Decimal(str(price)) * 100).to_integral_value())
        (bought if quantity > 0 else returned)[customer, at.replace(tzinfo=UTC)] += abs(cents)
    return bought, returned


@pytest.mark.foreign
@pytest.mark.slow
@pytest.mark.django_db
def test_uci_retail_with_its_returns_is_counted_as_a_straight_count_counts_it():
    """Goods sent back go against her latest order before; what no order is left for is told and changes nothing."""
    world = make_world(timezone="Europe/London", currency="GBP")
    bought, returned = retail()
    numbers = {key: number for number, key in enumerate(sorted(bought, key=lambda key: key[::-1]))}
    events = [placed(n, str(who), at, bought[who, at], "GBP") for (who, at), n in numbers.items()]
    given_back = defaultdict(int)
    for number, ((who, at), cents) in enumerate(sorted(returned.items())):
        before = [when for one, when in bought if one == who and when <= at]
        if before and cents:
            given_back[who, max(before)] += cents
            order = numbers[who, max(before)]
            events.append(refunded(order, at, cents, "GBP", name=f"b{number}"))
    take_in(world, events)
    # Nobody gets more back than she paid: what is sent back of a present costs the shop nothing.
    given_back = {key: min(cents, bought[key]) for key, cents in given_back.items()}

    def is_whole(key):
        return bought[key] > 0 and given_back.get(key, 0) >= bought[key]

    counted = [key for key in bought if not is_whole(key)]
    days = (date(2010, 12, 1), date(2011, 12, 31))
    found = recovery(world.shop_id, *days)
    sold = found.sold["GBP"]
    assert sold.orders == len(counted)
    assert sold.gross == sum(bought[key] for key in counted)
    assert sold.refunded == sum(given_back.get(key, 0) for key in counted)
    by_customer = defaultdict(list)
    for who, at in counted:
        by_customer[who].append(bought[who, at] - given_back.get((who, at), 0))
    repeat = sum(len(some) > 1 for some in by_customer.values())
    assert buyers(world.shop_id, *days) == (len(by_customer), repeat)
    for who, contact_id in ContactKey.objects.filter(
        shop_id=world.shop_id, key__startswith="customer:"
    ).values_list("key", "contact_id"):
        mine = order_figures(orders_of_contact(world.shop_id, contact_id))
        hers = by_customer.get(int(who.partition(":")[2]), [])
        assert [(one.orders, one.lifetime.minor) for one in mine] == (
            [(len(hers), sum(hers))] if hers else []
        )
