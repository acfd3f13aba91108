"""Shares as the database reckons them are those of credit.py, which is the rule: in orders of every shape."""

import random
from datetime import timedelta

import pytest
from django.db import connection

from ripresa.core.sql import statement
from ripresa.domain.attribution.credit import Rules
from ripresa.domain.attribution.crediting import credit_days, credit_people, find_sold, shares_of
from ripresa.domain.attribution.days import spans_of
from ripresa.domain.attribution.models import OrderCredit
from ripresa.domain.attribution.outside import NewTouch, add_touchpoints
from ripresa.domain.attribution.rolling import zone_of
from ripresa.domain.carts.models import Order
from ripresa.domain.messages.models import MessageLink
from tests.db.reporting.story import DAY, HOUR, clicked, left, recovered, wrote
from tests.db.usecases.engine_world import T0, make_world

pytestmark = pytest.mark.django_db
PEOPLE = 50
MESSAGES = 100
KINDS = ["click", "click", "click", "letter", "agent", "open", "outside", "direct", "direct"]


def touches_of(chance, order):
    """Up to twelve touchpoints of an order, some at the same instant, some before the window, some by machines."""
    return [
        NewTouch(
            "somewhere", f"{order.external_id}-{one}",
            T0 - chance.choice([0, 1, 1, 24, 168, 719, 721, 800]) * HOUR
            - timedelta(microseconds=chance.choice([0, 0, 1, 7_777_777])),
            chance.choice(KINDS), chance.choice(["email", "sms", "fair"]), order=order.external_id,
            is_machine=chance.random() < 0.1,
        )
        for one in range(chance.choice([0, 1, 2, 3, 5, 9, 12]))
    ]  # fmt: skip


def rows_of(shop_id):
    return [
        (one.order_id, one.place, one.is_latest, one.touch_id, one.kind, one.channel, one.at, one.message_id,
         one.agent_id, one.is_agents, one.linear_minor, one.last_minor, one.first_minor, one.position_minor,
         one.decay_minor)
        for one in OrderCredit.objects.filter(shop_id=shop_id).order_by("order_id", "place")
    ]  # fmt: skip


def by_the_rule(shop_id, rules):
    rows = []
    for order_id in (
        Order.objects.filter(shop_id=shop_id).order_by("id").values_list("id", flat=True)
    ):
        sold = find_sold(shop_id=shop_id, order_id=order_id, window=rules.window)
        shares = shares_of(sold, rules)
        rows += [
            (order_id, place, place == len(shares), one.whose.touch_id, one.touch.kind, one.touch.channel,
             one.touch.at, one.whose.message_id, one.whose.agent_id, one.is_agents, *one.minor.values())
            for place, one in enumerate(shares, start=1)
        ]  # fmt: skip
    return rows


def test_the_database_shares_out_as_the_rule_says():
    world, chance = make_world(), random.Random(20)
    people = []
    for number in range(PEOPLE):
        person = world.contact(f"person{number}")
        people.append(person.id)
        # As much as an order may be worth, and less than a cent each.
        minor = chance.choice([0, 1, 2, 5, 100, 101, 12_000, 59_80, 10**7 + 3, 10**15])
        order = world.order(
            person, placed_at=T0, total_minor=minor, is_test=chance.random() < 0.05,
            refunded_minor=chance.choice([0, 0, 0, minor // 3]),
        )  # fmt: skip
        if chance.random() < 0.4:
            cart = left(world, person, T0 - chance.choice([2, 100, 900]) * HOUR)
            recovered(cart, order)
        if chance.random() < 0.2:
            clicked(world, person, T0 - 2 * DAY, chance.choice(["email", "sms"]))
        add_touchpoints(shop_id=world.shop_id, touches=touches_of(chance, order), now=T0)
    day = spans_of([T0.date()], zone_of(world.shop_id))
    for rules in (Rules(30 * DAY), Rules(30 * DAY, with_opens=True), Rules(6 * DAY)):
        wanted = by_the_rule(world.shop_id, rules)
        assert max(row[1] for row in wanted) > 2
        credit_people(shop_id=world.shop_id, contact_ids=people, rules=rules)
        assert rows_of(world.shop_id) == wanted
        # What is right already is not written again.
        marks = versions(world.shop_id)
        credit_days(shop_id=world.shop_id, spans=day, rules=rules)
        assert versions(world.shop_id) == marks


def test_a_link_followed_earns_and_those_never_followed_are_not_read():
    world = make_world()
    person = world.contact("ada")
    written = [wrote(world, person, T0 - (1 + n) * HOUR) for n in range(MESSAGES)]
    MessageLink.objects.bulk_create(
        MessageLink(
            shop_id=world.shop_id, token_hash=f"{purpose}-{message.id}".encode(), purpose=purpose,
            message_id=message.id, expires_at=T0 + 90 * DAY,
        )
        for message in written for purpose in ("restore", "unsubscribe", "view")
    )  # fmt: skip
    of_one = MessageLink.objects.filter(shop_id=world.shop_id, message_id=written[5].id)
    of_one.filter(purpose__in=["restore", "view"]).update(used_at=T0 - HOUR)
    order = world.order(person, placed_at=T0)
    rules = Rules(30 * DAY)
    credit_people(shop_id=world.shop_id, contact_ids=[person.id], rules=rules)
    assert rows_of(world.shop_id) == by_the_rule(world.shop_id, rules)
    [credit] = OrderCredit.objects.filter(shop_id=world.shop_id)
    assert (credit.touch_id, credit.kind, credit.at) == (written[5].id, "click", T0 - HOUR)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE message_link")
        values = {"shop_id": world.shop_id, "order_id": order.id, "window": rules.window}
        text = statement("ripresa.domain.attribution", "touches_of_order")
        cursor.execute(f"EXPLAIN {text}", values)
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "message_link_followed" in plan


def versions(shop_id):
    """Where each row lies: another place after any write to it, and a locker's mark."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT order_id, place, ctid::text, xmax::text FROM order_credit WHERE shop_id = %s"
            " ORDER BY 1, 2", [shop_id],
        )  # fmt: skip
        return cursor.fetchall()
