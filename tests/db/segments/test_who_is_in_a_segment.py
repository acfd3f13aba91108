"""Who is in a segment (CMP-1): by abandonment (has one, recovered or not, how many, value, when, items) and more.

The examples of CUS-2: three items worth 89 €, left: in the audience "not recovered"; another cart recovered after
two days: in the thank-you audience.
"""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ripresa.domain.segments import operations, queries
from ripresa.domain.segments.conditions import All, AnyOf, Not
from ripresa.domain.segments.reading import parse_segment
from tests.rows import DAY, HOUR, T0, make_cart, make_contact, make_order, make_shop, wine

pytestmark = pytest.mark.django_db


def condition(when, currency="EUR"):
    text = f"name: Test\nwhen: {when}\n"
    return parse_segment(text, file_name="segment.yaml", currency=currency).condition


def emails(shop, when):
    from ripresa.domain.contacts.models import Contact

    members = queries.list_members(shop.id, condition(when), now=T0)
    assert queries.count(shop.id, condition(when), now=T0).people == len(members)
    found = Contact.objects.filter(shop=shop, id__in=[one.contact_id for one in members])
    return sorted(found.values_list("email", flat=True))


def left(contact, state, *, days_ago=1.0, items=None, **values):
    at = T0 - timedelta(days=days_ago)
    return make_cart(
        contact.shop, contact, left_at=at - HOUR, state=state, items=items or [wine()], **values
    )


@pytest.fixture
def shop():
    """Ada left 89 € of wine; Ben's was recovered after two days; Cleo bought without leaving anything."""
    shop = make_shop("wines", "Wines")
    ada = make_contact(shop, "ada@people.test", address={"country": "IT"}, locale="it-IT")
    left(ada, "abandoned", items=[wine("Barolo", 2, 2950), wine("Grappa", 1, 3000)])
    ben = make_contact(shop, "ben@people.test", address={"country": "DE"}, locale="de-AT")
    left(ben, "recovered", days_ago=5, items=[wine("Barolo", 1, 2950)])
    make_order(shop, ben, placed_at=T0 - 3 * DAY, total_minor=2950)
    cleo = make_contact(shop, "cleo@people.test", phone="+393331234567")
    make_order(shop, cleo, placed_at=T0 - 200 * DAY, total_minor=2950)
    other = make_shop("other", "Other")
    left(make_contact(other, "dan@other.test"), "abandoned")
    return shop


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("{abandonment: {}}", ["ada", "ben"]),
        ("{abandonment: {state: not_recovered}}", ["ada"]),
        ("{abandonment: {state: recovered}}", ["ben"]),
        ("{not: {abandonment: {}}}", ["cleo"]),
        ('{abandonment: {value: {gte: "89.00"}}}', ["ada"]),
        ('{abandonment: {value: {gt: "89.00"}}}', []),
        ('{abandonment: {value: {gte: "10.00", currency: CHF}}}', []),
        ("{abandonment: {within: 2d}}", ["ada"]),
        ("{abandonment: {before: 2d}}", ["ben"]),
        ("{abandonment: {count: {gte: 2}}}", []),
        ("{abandonment: {count: {eq: 0}}}", ["cleo"]),
        ("{orders: {gte: 1}}", ["ben", "cleo"]),
        ("{orders: {eq: 0}}", ["ada"]),
        ("{last_order: {before: 3mo}}", ["cleo"]),
        ("{last_order: {within: 1mo}}", ["ben"]),
        ("{country: {in: [IT, DE]}}", ["ada", "ben"]),
        ("{country: {ne: IT}}", ["ben", "cleo"]),
        ("{language: {eq: de}}", ["ben"]),
        ("{has_phone: {eq: true}}", ["cleo"]),
        ("{any: [{language: {eq: it}}, {orders: {gte: 1}}]}", ["ada", "ben", "cleo"]),
        ("{abandonment: {state: not_recovered}, country: {eq: DE}}", []),
    ],
)
def test_a_condition_has_the_people_it_says(shop, when, expected):
    assert emails(shop, when) == [f"{name}@people.test" for name in expected]


def test_items_are_asked_for_by_sku_and_category(shop):
    eve = make_contact(shop, "eve@people.test")
    left(eve, "abandoned", items=[{**wine("Amaro"), "sku": "A9", "categories": ["bitter"]}])
    assert emails(shop, "{abandonment: {sku: A9}}") == ["eve@people.test"]
    assert emails(shop, "{abandonment: {category: [bitter, sweet]}}") == ["eve@people.test"]
    assert emails(shop, "{abandonment: {sku: [A1]}}") == []


def test_crawlers_and_test_carts_count_for_nothing(shop):
    for name, mark in (("bot", "is_bot"), ("test", "is_test")):
        left(make_contact(shop, f"{name}@people.test"), "abandoned", **{mark: True})
    assert emails(shop, "{abandonment: {}}") == ["ada@people.test", "ben@people.test"]


def test_the_cart_of_interest_is_the_newest_that_fits(shop):
    fay = make_contact(shop, "fay@people.test")
    left(fay, "abandoned", days_ago=9, items=[wine("Barolo", 4, 2500)])
    newer = left(fay, "abandoned", days_ago=4, items=[wine("Barolo", 5, 2500)])
    left(fay, "abandoned", days_ago=1, items=[wine("Barolo", 1, 2500)])
    when = '{abandonment: {value: {gte: "100.00"}}}'
    (member,) = queries.list_members(shop.id, condition(when), now=T0)
    assert member == (fay.id, newer.id)


def test_pages_yield_everybody_once_and_no_stranger(shop):
    people = {make_contact(shop, f"p{n}@people.test").id for n in range(7)}
    everyone = condition("{any: [{abandonment: {}}, {not: {abandonment: {}}}]}")
    found, after = [], queries._FIRST
    while page := queries.list_members(shop.id, everyone, now=T0, after=after, limit=3):
        found += [one.contact_id for one in page]
        after = page[-1].contact_id
    assert len(found) == len(set(found)) == 10
    assert people < set(found)
    assert queries.who_of(shop.id, everyone, sorted(people)[:2], now=T0) == set(sorted(people)[:2])


def test_a_segment_keeps_its_name_and_changes_its_condition(shop):
    text = "name: Left\nwhen: {abandonment: {state: not_recovered}}\n"
    read = parse_segment(text, file_name="s.yaml", currency="EUR")
    first = operations.save(shop_id=shop.id, segment=read, text=text, now=T0)
    assert queries.condition_of(first) == read.condition
    changed = parse_segment(
        text.replace("not_recovered", "recovered"), file_name="s.yaml", currency="EUR"
    )
    second = operations.save(shop_id=shop.id, segment=changed, text=text, now=T0 + DAY)
    assert second.id == first.id
    assert queries.condition_of(second) == changed.condition


_LEAVES = st.sampled_from(
    [
        condition(when)
        for when in (
            "{abandonment: {}}",
            "{abandonment: {state: recovered}}",
            "{orders: {gte: 1}}",
            "{country: {eq: IT}}",
            "{country: {ne: IT}}",
            "{last_order: {before: 3mo}}",
        )
    ]
)
_CONDITIONS = st.recursive(
    _LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda of: All(tuple(of))),
        st.lists(inner, min_size=1, max_size=3).map(lambda of: AnyOf(tuple(of))),
        inner.map(Not),
    ),
    max_leaves=8,
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(asked=_CONDITIONS)
def test_not_has_exactly_the_others(shop, asked):
    def ids(wanted):
        return {one.contact_id for one in queries.list_members(shop.id, wanted, now=T0)}

    everyone = ids(AnyOf((asked, Not(asked))))
    assert len(everyone) == 3
    assert ids(asked) | ids(Not(asked)) == everyone
    assert not ids(asked) & ids(Not(asked))
