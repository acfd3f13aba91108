"""Agents take turns, evenly and for good, however many workers deal customers out at once (AGT-1)."""

import threading
from collections import Counter

import pytest
from django.db import connection, transaction

from ripresa.core.ids import new_id
from ripresa.core.money import Money
from ripresa.domain.contacts.models import Contact, ContactKey
from ripresa.domain.deals.assigning import agents_for, agents_of, put_assignments
from ripresa.domain.deals.models import Agent, AssignmentRule, RuleAgent
from ripresa.domain.deals.rules import Prospect
from tests.db.deals.pipeline_world import HOUR, World, add_agent, make_world

AGENTS = ("anna@shop.test", "bruno@shop.test", "cleo@shop.test")


def add_rule(world: World, *emails: str, position: int = 1, **values) -> None:
    rule = AssignmentRule.objects.create(
        shop_id=world.shop_id,
        id=new_id(world.now),
        position=position,
        created_at=world.now,
        **values,
    )
    for place, email in enumerate(emails, start=1):
        RuleAgent.objects.create(
            shop_id=world.shop_id, rule_id=rule.id, agent_id=add_agent(world, email), place=place
        )


def ask(world: World, *contacts: Contact, **values) -> list[str | None]:
    prospects = [Prospect(contact.id, **values) for contact in contacts]
    with transaction.atomic():
        found = agents_for(shop_id=world.shop_id, prospects=prospects, now=world.now)
    return [found[one.id].email if one.id in found else None for one in contacts]


@pytest.fixture
def world(db) -> World:
    return make_world()


@pytest.mark.django_db(transaction=True)
def test_four_workers_deal_evenly_and_nobody_gets_two():
    world = make_world()
    add_rule(world, *AGENTS)
    contacts = [world.contact(f"p{number}") for number in range(60)]
    trouble: list[BaseException] = []

    def deal_out(mine: list[Contact]) -> None:
        try:
            for start in range(0, len(mine), 3):
                ask(world, *mine[start : start + 3])
        except BaseException as wrong:  # noqa: BLE001  (told in the test's own thread)
            trouble.append(wrong)
        finally:
            connection.close()

    # Each person is locked by one worker at a time, as the planner does it.
    workers = [threading.Thread(target=deal_out, args=(contacts[each::4],)) for each in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert trouble == []
    first = ask(world, *contacts)
    assert Counter(first) == dict.fromkeys(AGENTS, 20)
    assert ask(world, *contacts) == first


def test_who_was_given_an_agent_keeps_that_one(world):
    add_rule(world, *AGENTS)
    ada = world.contact()
    (given,) = ask(world, ada)
    for name in ("ben", "cleo"):
        ask(world, world.contact(name))
    assert ask(world, ada) == [given]


def test_the_customers_of_an_agent_who_left_are_dealt_out_again(world):
    add_rule(world, *AGENTS[:2])
    ada = world.contact()
    (given,) = ask(world, ada)
    Agent.objects.filter(shop_id=world.shop_id, email=given).update(is_active=False)
    (other,) = ask(world, ada)
    assert {given, other} == set(AGENTS[:2])


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"country": "DE"}, "german@shop.test"),
        ({"country": "DE", "value": Money(200_000, "EUR")}, "german@shop.test"),
        ({"country": "IT", "value": Money(200_000, "EUR")}, "large@shop.test"),
        ({"country": "IT", "value": Money(199_999, "EUR")}, "small@shop.test"),
        ({"country": "IT", "value": Money(900_000, "USD")}, "rest@shop.test"),
        ({"country": None, "value": None}, "rest@shop.test"),
    ],
)
def test_the_first_rule_that_holds_gives_the_agent(world, values, expected):
    add_rule(world, "rest@shop.test", position=4)
    add_rule(world, "small@shop.test", position=3, currency="EUR", below_minor=200_000)
    add_rule(world, "large@shop.test", position=2, currency="EUR", at_least_minor=200_000)
    add_rule(world, "german@shop.test", position=1, countries=["DE", "AT"])
    assert ask(world, world.contact(), **values) == [expected]


def test_a_rule_may_be_for_the_people_of_a_segment(world):
    add_rule(world, "good@shop.test", position=1, segment="good")
    add_rule(world, "rest@shop.test", position=2)
    ada, ben = world.contact(), world.contact("ben")
    asked = []

    def members_of(names, contact_ids):
        asked.append((set(names), set(contact_ids)))
        return {"good": {ada.id}}

    prospects = [Prospect(ada.id), Prospect(ben.id)]
    with transaction.atomic():
        found = agents_for(
            shop_id=world.shop_id, prospects=prospects, now=world.now, members_of=members_of
        )
    assert {one.email: contact for contact, one in found.items()} == {
        "good@shop.test": ada.id, "rest@shop.test": ben.id,
    }  # fmt: skip
    assert asked == [({"good"}, {ada.id, ben.id})]


def test_no_rule_holds_so_nobody_is_her_agent(world):
    add_rule(world, "german@shop.test", countries=["DE"])
    ada = world.contact()
    assert ask(world, ada, country="IT") == [None]
    assert agents_of(shop_id=world.shop_id, contact_ids=[ada.id], now=world.now) == {}


def test_what_somebody_decided_beats_what_a_rule_gave_and_the_latest_word_counts(world):
    add_rule(world, "rule@shop.test")
    ada = world.contact(customer_id="c_77")
    ContactKey.objects.create(shop_id=world.shop_id, key="customer:c_77", contact_id=ada.id)
    ask(world, ada)
    for key, email, origin in [
        ("email:ada@example.test", "first@shop.test", "import"),
        ("customer:c_77", "second@shop.test", "api"),
    ]:
        world.now += HOUR
        put_assignments(
            shop_id=world.shop_id,
            agent_of={key: add_agent(world, email)},
            origin=origin,
            now=world.now,
        )
    assert ask(world, ada) == ["second@shop.test"]


def test_two_people_who_turn_out_to_be_one_keep_the_agent_given_first(world):
    add_rule(world, *AGENTS)
    ada, guest = world.contact(), world.contact("guest")
    (first,) = ask(world, ada)
    world.now += HOUR
    ask(world, guest)
    ContactKey.objects.filter(shop_id=world.shop_id).update(contact_id=ada.id)
    assert ask(world, ada) == [first]
