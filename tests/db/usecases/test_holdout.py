"""Hold-out (SCN-17): a share of people, drawn once each, who hear nothing from a scenario; and why."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ripresa.domain.carts.models import Cart
from ripresa.domain.contacts.models import Contact, ContactKey
from ripresa.domain.messages.models import Decision, Message
from ripresa.domain.scenarios.holdout import is_drawn
from ripresa.domain.scenarios.models import HoldoutAssignment, Recovery
from ripresa.domain.scenarios.operations import Ending, end_recoveries
from ripresa.usecases.advance_carts import advance_carts
from ripresa.usecases.fold_events import fold_shop
from ripresa.usecases.scenarios.publish_scenario import publish_scenario
from ripresa.usecases.take_up_recoveries import take_up_recoveries
from tests.db.usecases.engine_world import DAY, HOUR, T0, make_world
from tests.db.usecases.fold_tables import arrive

pytestmark = pytest.mark.django_db
ONE = "  - {id: first, after: 0h, send: [email], template: reminder}\n"
HALF = "holdout: 0.5"
# By the published formula, in the scenario "Left" at a half.
HELD = [n for n in range(40) if is_drawn("Left", f"p{n}@example.test", 5000)]
FREE = [n for n in range(40) if n not in HELD]


@pytest.fixture
def world():
    return make_world()


def take_up(world, hours=25):
    """Let carts be abandoned and taken up, and nothing be sent."""
    world.now += hours * HOUR
    while advance_carts(shop_id=world.shop_id, now=world.now):
        pass
    while take_up_recoveries(shop_id=world.shop_id, now=world.now):
        pass


def reasons(world, **by):
    runs = Recovery.objects.filter(shop_id=world.shop_id, **by).order_by("abandoned_at", "id")
    return list(runs.values_list("state", "reason"))


def reabandon(world, cart):
    end_recoveries(shop_id=world.shop_id, endings=[Ending(cart.id, "reopened")], now=world.now)
    Cart.objects.filter(shop_id=world.shop_id, id=cart.id).update(
        state="open", left_at=world.now, due_at=world.now + HOUR
    )


def test_whoever_is_drawn_hears_nothing_and_the_decision_says_the_share(world):
    world.scenario(more=HALF, steps=ONE)
    people = {number: world.contact(f"p{number}") for number in range(40)}
    for person in people.values():
        world.cart(person)
    take_up(world)
    skipped = Decision.objects.filter(shop_id=world.shop_id, reason="holdout")
    assert {tuple(one.items()) for one in skipped.values_list("facts", flat=True)} == {
        (("share", 0.5),)
    }
    held = {people[number].id for number in HELD}
    written = set(
        Message.objects.filter(shop_id=world.shop_id).values_list("contact_id", flat=True)
    )
    assert written == {one.id for one in people.values()} - held
    assert reasons(world, contact_id__in=held) == [("skipped", "holdout")] * len(held)
    # Both sides of the draw are kept, so that a lift can be told from them.
    lots = HoldoutAssignment.objects.filter(shop_id=world.shop_id)
    assert lots.count() == 40
    assert lots.filter(is_held_out=True).count() == len(HELD)


def test_a_lot_stays_through_every_abandonment_and_every_change_of_the_share(world):
    world.scenario(more=HALF, steps=ONE)
    held, free = world.contact(f"p{HELD[0]}"), world.contact(f"p{FREE[0]}")
    carts = [world.cart(held), world.cart(free)]
    take_up(world)
    for share in ("0.0001", "1"):
        text = f"version: 1\nname: Left\nholdout: {share}\nsteps:\n{ONE}"
        publish_scenario(shop_id=world.shop_id, text=text, file_name="x", now=world.now)
        for cart in carts:
            reabandon(world, cart)
        take_up(world)
    assert reasons(world, contact_id=held.id) == [("skipped", "holdout")] * 3
    assert [state for state, _ in reasons(world, contact_id=free.id)] == [
        "cancelled",
        "cancelled",
        "active",
    ]


def test_a_share_that_comes_later_holds_nobody_out_who_was_written_to(world):
    world.scenario(steps=ONE)
    cart = world.cart(world.contact(f"p{HELD[0]}"))
    world.run(world.now + 25 * HOUR)
    assert len(world.channel.mails) == 1
    world.scenario(more=HALF, steps=ONE, live=False)
    reabandon(world, cart)
    new = world.cart(world.contact(f"p{HELD[1]}"))
    take_up(world, hours=30)
    assert reasons(world, cart_id=cart.id)[-1] == ("active", None)
    assert reasons(world, cart_id=new.id) == [("skipped", "holdout")]


def test_each_scenario_draws_for_itself(world):
    world.scenario("Left", more=f"{HALF}\naudience: {{customers: new}}", steps=ONE)
    world.scenario("Back", more=f"{HALF}\naudience: {{customers: inactive}}", steps=ONE)
    elsewhere = {n for n in range(40) if is_drawn("Back", f"p{n}@example.test", 5000)}
    number = next(n for n in HELD if n not in elsewhere)
    person = world.contact(f"p{number}")
    world.cart(person)
    take_up(world)
    world.order(person, placed_at=T0 - 400 * DAY)
    world.cart(person)
    take_up(world)
    runs = Recovery.objects.filter(shop_id=world.shop_id).exclude(reason="audience")
    assert set(runs.values_list("scenario__name", "state")) == {
        ("Left", "skipped"),
        ("Back", "active"),
    }


def test_no_share_draws_nobody_and_asks_nothing(world):
    world.scenario(steps=ONE)
    world.cart(world.contact())
    world.now += HOUR
    advance_carts(shop_id=world.shop_id, now=world.now)
    world.now += DAY
    with CaptureQueriesContext(connection) as found:
        take_up_recoveries(shop_id=world.shop_id, now=world.now)
    asked = " ".join(one["sql"] for one in found)
    for table in ("holdout_assignment", "shop_order", "deal", "coupon_issue"):
        assert table not in asked
    assert HoldoutAssignment.objects.filter(shop_id=world.shop_id).count() == 0


def test_two_thousand_people_in_about_the_share_and_in_few_statements(world):
    world.scenario(more="holdout: 0.1", steps=ONE)
    people = [
        Contact(shop_id=world.shop_id, id=f"00000000-0000-4000-8000-{n:012}", created_at=T0,
                email=f"q{n}@example.test", reachable_at=T0)
        for n in range(2000)
    ]  # fmt: skip
    Contact.objects.bulk_create(people)
    ContactKey.objects.bulk_create(
        ContactKey(shop_id=world.shop_id, key=f"email:{one.email}", contact_id=one.id)
        for one in people
    )
    Cart.objects.bulk_create(
        Cart(shop_id=world.shop_id, id=one.id, source="shop", token=one.email, generation=1,
             contact_id=one.id, state="open", kind="cart", currency="EUR", total_minor=1,
             item_count=1, items=[], is_bot=False, is_test=False, begun_at=T0, left_at=T0,
             newest_at=T0, newest_event="e", reachable_at=T0, due_at=T0 + HOUR)
        for one in people
    )  # fmt: skip
    with CaptureQueriesContext(connection) as found:
        take_up(world)
    assert len(found) < 100
    held = HoldoutAssignment.objects.filter(shop_id=world.shop_id, is_held_out=True).count()
    assert abs(held - 200) < 4 * (2000 * 0.1 * 0.9) ** 0.5
    assert reasons(world).count(("skipped", "holdout")) == held


def lots_of(world):
    rows = HoldoutAssignment.objects.filter(shop_id=world.shop_id)
    return dict(rows.values_list("key", "is_held_out"))


def left(number, person, at, **values):
    return {
        "id": f"e{number}", "type": "cart.updated", "occurred_at": at.isoformat(), "contact": person,
        "cart": {"token": f"t{number}", "currency": "EUR",
                 "items": [{"sku": "A", "quantity": 1, "unit_price": "5.00"}]},
        **values,
    }  # fmt: skip


def tell(world, event):
    arrive(world.shop, [event])
    while fold_shop(shop_id=world.shop_id, now=world.now):
        pass


@pytest.mark.parametrize("is_first_held", [True, False])
def test_two_people_who_turn_out_to_be_one_keep_the_earlier_lot(world, is_first_held):
    """Drawn as an e-mail address and as a customer number, one held out and one not; then she logs in."""
    customers = [n for n in range(40) if is_drawn("Left", f"c{n}", 5000)]
    held, free = {"email": f"p{HELD[0]}@example.test"}, {"email": f"p{FREE[0]}@example.test"}
    customer_held = {"customer_id": f"c{customers[0]}"}
    customer_free = {"customer_id": f"c{next(n for n in range(40) if n not in customers)}"}
    first, second = (held, customer_free) if is_first_held else (free, customer_held)
    world.scenario(more=f"{HALF}\nlegal_basis: any", steps=ONE)
    tell(world, left(1, first, world.now))
    take_up(world)
    # Someone known by a number of the shop's alone is reachable through her agent.
    tell(world, left(2, {**second, "agent": "bruno@shop.test"}, world.now))
    take_up(world)
    assert list(lots_of(world).values()) == [is_first_held, not is_first_held]
    tell(world, {
        "id": "e3", "type": "contact.identified", "occurred_at": world.now.isoformat(),
        "contact": {**first, **second}, "cart": {"token": "t2"},
    })  # fmt: skip
    assert Contact.objects.filter(shop_id=world.shop_id).count() == 1
    tell(world, left(4, first, world.now))
    take_up(world)
    latest = Recovery.objects.filter(shop_id=world.shop_id).latest("abandoned_at")
    assert (latest.reason == "holdout") is is_first_held
    assert len(lots_of(world)) == 2


def test_a_bot_is_not_drawn_and_a_cart_bought_meanwhile_neither(world):
    world.scenario(more="holdout: 1", steps=ONE)
    world.cart(world.contact("bot"), is_bot=True)
    bought = world.cart(world.contact("ada"))
    world.now += HOUR
    advance_carts(shop_id=world.shop_id, now=world.now)
    Cart.objects.filter(shop_id=world.shop_id, id=bought.id).update(state="closed", due_at=None)
    take_up(world)
    assert sorted(reasons(world)) == [("cancelled", "closed"), ("skipped", "bot")]
    assert lots_of(world) == {}
