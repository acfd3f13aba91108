"""Several scenarios want one cart (SCN-6, SCN-7): who is not in the audience says so, the best of the rest takes it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ripresa.domain.messages.models import Decision
from ripresa.domain.scenarios.models import Recovery
from ripresa.domain.segments.operations import save
from ripresa.domain.segments.reading import parse_segment
from ripresa.domain.webhooks.telling import forget_patterns
from ripresa.usecases.advance_carts import advance_carts
from ripresa.usecases.scenarios import activate_scenario
from ripresa.usecases.scenarios.activate_scenario import Activated, Reach
from tests.db.usecases.engine_world import DAY, HOUR, T0, make_world

pytestmark = pytest.mark.django_db
ONE = "  - {id: first, after: 0h, send: [email], template: reminder}\n"
A_SECOND = timedelta(seconds=1)


@pytest.fixture
def world():
    return make_world()


def verdicts(world, person):
    """By scenario: None if it takes her cart, else the reason why not."""
    runs = Recovery.objects.filter(shop_id=world.shop_id, contact_id=person.id)
    return dict(runs.values_list("scenario__name", "reason"))


def leave(world, *people):
    for person in people:
        world.cart(person)
    while advance_carts(shop_id=world.shop_id, now=world.now + HOUR):
        pass


def test_a_scenario_for_new_customers(world):
    world.scenario("New", more="audience: {customers: new}", steps=ONE)
    ada, ben = world.contact("ada"), world.contact("ben")
    world.order(ben, placed_at=T0 - 400 * DAY)
    leave(world, ada, ben)
    assert verdicts(world, ada) == {"New": None}
    assert verdicts(world, ben) == {"New": "audience"}
    decision = Decision.objects.get(shop_id=world.shop_id)
    assert (decision.outcome, decision.reason) == ("skipped", "audience")
    assert decision.facts == {
        "customers": "new",
        "segment": None,
        "latest_order_at": (T0 - 400 * DAY).isoformat(),
    }


@pytest.mark.parametrize(
    "values",
    [
        {"cancelled_at": T0},
        {"refunded_minor": 1000},
        {"is_test": True},
        {"origin": "draft"},
        {"origin": "renewal"},
        {"placed_at": None},
        {"placed_at": T0 + HOUR + A_SECOND},
    ],
)
def test_orders_that_do_not_count_leave_her_new(world, values):
    world.scenario("New", more="audience: {customers: new}", steps=ONE)
    ada = world.contact("ada")
    world.order(ada, **{"placed_at": T0 - 400 * DAY, **values})
    leave(world, ada)
    assert verdicts(world, ada) == {"New": None}


@pytest.mark.parametrize("values", [{"refunded_minor": 999}, {"origin": "staff"}, {}])
def test_orders_that_count_do_not(world, values):
    world.scenario("New", more="audience: {customers: new}", steps=ONE)
    ada = world.contact("ada")
    world.order(ada, **{"placed_at": T0 - 400 * DAY, **values})
    leave(world, ada)
    assert verdicts(world, ada) == {"New": "audience"}


@pytest.mark.parametrize(
    ("ordered_at", "reason"),
    [
        (datetime(2026, 8, 31, 12, tzinfo=UTC), None),
        (datetime(2026, 8, 31, 12, 0, 1, tzinfo=UTC), "audience"),
        (None, "audience"),
    ],
)
def test_inactive_by_calendar_months_to_the_abandonment(world, ordered_at, reason):
    """From 31 August three months are over on 30 November: the abandonment, not the leaving, is that day."""
    world.scenario("Back", more="audience: {customers: inactive, inactive_for: 3mo}", steps=ONE)
    ada = world.contact("ada")
    if ordered_at:
        world.order(ada, placed_at=ordered_at)
    world.now = datetime(2026, 11, 30, 11, tzinfo=UTC)
    leave(world, ada)
    assert verdicts(world, ada) == {"Back": reason}


def test_the_latest_order_decides_on_being_inactive(world):
    world.scenario("Back", more="audience: {customers: inactive, inactive_for: 1mo}", steps=ONE)
    ada, ben = world.contact("ada"), world.contact("ben")
    for person, ago in ((ada, 400), (ada, 10), (ben, 400), (ben, 100)):
        world.order(person, placed_at=T0 - ago * DAY)
    world.order(ben, placed_at=T0 - DAY, cancelled_at=T0)
    leave(world, ada, ben)
    assert verdicts(world, ada) == {"Back": "audience"}
    assert verdicts(world, ben) == {"Back": None}


def test_of_several_the_best_whose_audience_she_is_in_takes_the_cart(world):
    world.scenario("Everyone", more="priority: 10", steps=ONE)
    world.scenario("Also", more="priority: 40\naudience: {customers: all}", steps=ONE)
    world.scenario("New", more="priority: 90\naudience: {customers: new}", steps=ONE)
    world.scenario("Back", more="priority: 80\naudience: {customers: inactive}", steps=ONE)
    ada, ben, cleo = world.contact("ada"), world.contact("ben"), world.contact("cleo")
    world.order(ben, placed_at=T0 - 200 * DAY)
    world.order(cleo, placed_at=T0 - 2 * DAY)
    leave(world, ada, ben, cleo)
    low, not_hers = "lower_priority", "audience"
    assert verdicts(world, ada) == {"New": None, "Also": low, "Everyone": low, "Back": not_hers}
    assert verdicts(world, ben) == {"Back": None, "Also": low, "Everyone": low, "New": not_hers}
    assert verdicts(world, cleo) == {
        "Also": None,
        "Everyone": low,
        "Back": not_hers,
        "New": not_hers,
    }
    facts = Decision.objects.filter(shop_id=world.shop_id, reason=low).values_list(
        "facts", flat=True
    )
    assert {one["taken_by"] for one in facts} == {"New", "Back", "Also"}
    assert facts[0]["its_priority"] > facts[0]["priority"]


def test_a_saved_segment(world):
    text = "name: Loyal\nwhen: {orders: {gte: 2}}\n"
    segment = parse_segment(text, file_name="segment.yaml", currency="EUR")
    save(shop_id=world.shop_id, segment=segment, text=text, now=T0)
    world.scenario("Loyal ones", more="audience: {segment: Loyal}", steps=ONE)
    ada, ben = world.contact("ada"), world.contact("ben")
    world.order(ada, placed_at=T0 - 9 * DAY)
    world.order(ada, placed_at=T0 - 8 * DAY)
    world.order(ben, placed_at=T0 - 8 * DAY)
    leave(world, ada, ben)
    assert verdicts(world, ada) == {"Loyal ones": None}
    assert verdicts(world, ben) == {"Loyal ones": "audience"}


def test_going_live_counts_and_takes_along_the_audience_alone(world):
    ada, ben = world.contact("ada"), world.contact("ben")
    world.order(ben, placed_at=T0 - 200 * DAY)
    leave(world, ada, ben)
    world.now = T0 + 2 * HOUR
    scenario_id = world.scenario("New", more="audience: {customers: new}", steps=ONE, live=False)
    here = {"shop_id": world.shop_id, "scenario_id": scenario_id, "now": world.now}
    assert activate_scenario.count_existing(**here) == Reach(carts=1, people=1)
    assert activate_scenario.activate(**here, include_existing=True) == Activated(1, 1)
    assert verdicts(world, ada) == {"New": None}
    assert verdicts(world, ben) == {"New": "audience"}


def test_the_cost_does_not_grow_with_carts_and_scenarios(world):
    """Set-based: as many statements for forty carts and three audiences as for one."""
    for name, words in (("A", "new"), ("B", "inactive"), ("C", "new")):
        world.scenario(name, more=f"audience: {{customers: {words}}}", steps=ONE)

    def statements(count):
        for number in range(count):
            world.cart(world.contact(f"p{count}-{number}"))
        forget_patterns(
            world.shop_id
        )  # who has web hooks is kept for a second: looked up each time
        with CaptureQueriesContext(connection) as found:
            advance_carts(shop_id=world.shop_id, now=world.now + HOUR)
        return len(found)

    statements(2)  # what is kept for good, like plans, is looked up here
    assert statements(1) == statements(40)


def test_plain_scenarios_read_no_orders(world):
    world.scenario("Plain", steps=ONE)
    world.cart(world.contact())
    with CaptureQueriesContext(connection) as found:
        advance_carts(shop_id=world.shop_id, now=world.now + HOUR)
    assert not [
        one["sql"] for one in found if "shop_order" in one["sql"] or "segment" in one["sql"]
    ]
