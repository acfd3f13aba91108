"""CNS-5, on real rows: what each country lets go without a yes, and which rule each message names."""

from datetime import timedelta

import pytest

from ripresa.core.ids import new_id
from ripresa.domain.coupons.models import CouponPool
from ripresa.domain.messages.models import Message
from ripresa.domain.scenarios.legal_basis.own import read_bases
from ripresa.domain.shops.models import Shop
from ripresa.usecases.consent.own_bases import change_bases, preview_bases
from tests.db.usecases.engine_world import DAY, T0, make_world

pytestmark = pytest.mark.django_db
TWO = """\
  - {id: first, after: 0h, send: [email], template: reminder}
  - {id: second, after: 1d, send: [email], template: second_reminder}
"""


@pytest.fixture
def world():
    return make_world()


def silent(world, **values):
    """Somebody who has said neither yes nor no, and left a cart."""
    person = world.contact(consent_email="unknown", **values)
    world.cart(person)
    return person


def outcomes(world):
    return [(step, outcome, reason) for _, step, outcome, reason in world.trail()]


def rules(world):
    rows = Message.objects.filter(shop_id=world.shop_id).order_by("step_number")
    return [rule for rule in rows.values_list("rule", flat=True) if rule is not None]


def test_italy_without_consent_allows_one_prompt_reminder(world):
    """by_country is what a file means that says nothing."""
    world.scenario(steps=TWO)
    silent(world)
    world.run_until(T0 + 5 * DAY)
    assert outcomes(world) == [
        ("first", "sent", "due"),
        ("second", "skipped", "legal_basis"),
    ]
    assert rules(world) == ["by_country/IT/one_reminder@2"]


def test_a_reminder_that_comes_late_is_not_prompt(world):
    world.scenario(steps="  - {id: first, after: 49h, send: [email], template: reminder}\n")
    silent(world)
    world.run_until(T0 + 5 * DAY)
    assert outcomes(world) == [("first", "skipped", "legal_basis")]


def test_an_offer_is_no_reminder(world):
    CouponPool.objects.create(
        shop_id=world.shop_id, id=new_id(T0), name="SPRING", kind="static", code="SPRING10",
        created_at=T0,
    )  # fmt: skip
    world.scenario(
        steps="  - {id: first, after: 0h, send: [email], template: reminder, coupon: {pool: SPRING}}\n"
    )
    silent(world)
    world.run_until(T0 + 2 * DAY)
    assert outcomes(world) == [("first", "skipped", "legal_basis")]


@pytest.mark.parametrize(
    ("values", "rule"),
    [
        # Of her address, else of her phone number, else the shop's, which is in Italy.
        ({"address": {"country": "US"}}, "by_country/US/not_refused@2"),
        ({"address": {"country": "DE"}}, None),
        ({"address": {"country": "FR"}}, None),
        ({"phone": "+14155550123"}, "by_country/US/not_refused@2"),
        ({"phone": "+4915112345678"}, None),
        ({}, "by_country/IT/one_reminder@2"),
    ],
)
def test_the_law_is_that_of_her_country(world, values, rule):
    world.scenario(steps="  - {id: first, after: 0h, send: [email], template: reminder}\n")
    silent(world, **values)
    world.run_until(T0 + 2 * DAY)
    assert rules(world) == ([rule] if rule else [])
    assert outcomes(world)[0][2] == ("due" if rule else "legal_basis")


def test_an_earlier_sale_is_a_ground_in_france_as_long_as_it_stands(world):
    world.scenario(steps=TWO)
    person = silent(world, address={"country": "FR"})
    order = world.order(person, placed_at=T0 - 30 * DAY)
    world.run_until(T0 + DAY)
    assert rules(world) == ["by_country/FR/earlier_sale@2"]
    order.cancelled_at = T0 + DAY
    order.save()
    world.run_until(T0 + 5 * DAY)
    assert outcomes(world)[-1] == ("second", "skipped", "legal_basis")


def test_one_reminder_is_the_same_everywhere(world):
    world.scenario(more="legal_basis: one_reminder", steps=TWO)
    silent(world, address={"country": "JP"})
    world.run_until(T0 + 5 * DAY)
    assert rules(world) == ["one_reminder/one_reminder@2"]


def test_a_yes_in_between_allows_the_next(world):
    world.scenario(steps=TWO)
    person = silent(world)
    world.run_until(T0 + DAY + timedelta(hours=1))
    person.consent_email = "granted"
    person.save()
    world.run_until(T0 + 5 * DAY)
    assert rules(world) == ["by_country/IT/one_reminder@2", "by_country/IT/consent@2"]


def test_a_shop_asks_for_more_than_the_law(world):
    bases = read_bases([{"country": "IT", "channel": "email", "rule": "consent"}])
    world.scenario(steps="  - {id: first, after: 0h, send: [email], template: reminder}\n")
    Shop.objects.filter(id=world.shop_id).update(stopped_at=T0)
    silent(world)
    silent(world, email="bea@example.test", address={"country": "US"})
    world.run_until(T0 + DAY)
    shop = Shop.objects.get(id=world.shop_id)
    told = preview_bases(shop=shop, bases=bases, now=T0 + DAY)
    assert told == (2, True, 1, 1, 0)
    Shop.objects.filter(id=world.shop_id).update(stopped_at=None)
    change_bases(shop_id=world.shop_id, bases=bases, now=T0 + DAY)
    world.run_until(T0 + 2 * DAY)
    assert sorted(outcomes(world))[-2:] == [
        ("first", "sent", "due"),
        ("first", "skipped", "legal_basis"),
    ]
    assert rules(world) == ["by_country/US/not_refused@2"]
