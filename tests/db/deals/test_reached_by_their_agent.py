"""Who has an agent can be reached by that agent, however the shop told of it (CAP-3, AGT-1)."""

from datetime import timedelta

import pytest

from ripresa.domain.carts.models import Abandonment
from ripresa.usecases.agents import assign_agents
from ripresa.usecases.fold_events import fold_shop
from tests.db.deals.sale import CLEO, HOUR, Sale, begin, filled
from tests.db.usecases.fold_tables import arrive
from tests.db.usecases.test_two_at_once import beside

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
ADA = {"customer_id": "c_7"}  # no address, no phone: her shop knows her by number


@pytest.fixture
def sale() -> Sale:
    begun = begin()
    assign_agents.add_agent(shop_id=begun.shop.id, email=CLEO, name="Cleo", now=begun.now)
    return begun


def assign(sale: Sale) -> None:
    assign_agents.assign_customer(shop_id=sale.shop.id, customer="c_7", agent=CLEO, now=sale.now)
    while fold_shop(shop_id=sale.shop.id, now=sale.now):
        pass


def left_since(sale: Sale) -> list[timedelta]:
    """How long after its last activity each cart was abandoned."""
    return [one.abandoned_at - one.left_at for one in Abandonment.objects.filter(shop=sale.shop)]


def test_who_has_neither_address_nor_agent_leaves_no_abandoned_cart(sale):
    assert sale.leave(contact=ADA).state == "open"


def test_who_was_given_an_agent_before_does(sale):
    assign(sale)
    sale.now += HOUR
    assert sale.leave(contact=ADA).state == "abandoned"
    assert left_since(sale) == [HOUR]


def test_given_one_later_her_cart_is_abandoned_then(sale):
    sale.leave(contact=ADA)
    sale.now += HOUR
    assign(sale)
    waited = sale.now - sale.cart().left_at
    sale.wait(MINUTE)
    assert sale.cart().state == "abandoned"
    assert left_since(sale) == [waited]


def test_an_agent_given_before_the_clock_has_run_out_restarts_nothing(sale):
    sale.tell(filled("t", ADA))
    sale.now += 10 * MINUTE
    assign(sale)
    sale.wait(HOUR)
    assert left_since(sale) == [HOUR]


def test_an_agent_who_has_left_reaches_nobody(sale):
    assign(sale)
    assign_agents.change_agent(shop_id=sale.shop.id, email=CLEO, now=sale.now, is_active=False)
    sale.now += HOUR
    assert sale.leave(contact=ADA).state == "open"


@pytest.mark.django_db(transaction=True)
def test_given_one_while_her_first_cart_is_folded_she_is_not_missed(sale):
    """Neither sees what the other writes: one of the two has to wait."""
    arrive(sale.shop, [{"id": "e", "occurred_at": sale.now.isoformat(), **filled("t", ADA)}])

    def give():
        assign_agents.assign_customer(
            shop_id=sale.shop.id, customer="c_7", agent=CLEO, now=sale.now
        )

    with beside(give) as worker:
        fold_shop(shop_id=sale.shop.id, now=sale.now)
        worker.start()
        worker.join(1)
    while fold_shop(shop_id=sale.shop.id, now=sale.now):
        pass
    sale.wait(HOUR + MINUTE)
    assert sale.cart().state == "abandoned"
