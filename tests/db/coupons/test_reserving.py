"""CPN-2, 3, 5: who gets which code, for how long, and why somebody gets none."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from ripresa.domain.coupons import operations
from ripresa.domain.coupons.models import CouponCode, CouponIssue
from ripresa.domain.coupons.rules import NoCoupon, Reserved, Shortage
from tests.db.coupons.pools import add_codes, free, make_pool, wish
from tests.rows import DAY, HOUR, T0, make_contact, make_order, make_shop

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


@pytest.fixture
def shop():
    return make_shop("wines", "Ada's Wines")


@pytest.fixture
def ben(shop):
    return make_contact(shop, "ben@mail.test")


@pytest.fixture
def cleo(shop):
    return make_contact(shop, "cleo@mail.test")


def reserve(shop, *wishes, now=T0):
    answers = operations.reserve(shop_id=shop.id, wishes=wishes, now=now)
    return [answers[each.key] for each in wishes]


def test_codes_are_given_in_the_order_of_the_file(shop, ben, cleo):
    pool = make_pool(shop)
    add_codes(pool, ["C", "A", "B"])
    assert reserve(shop, wish(ben), wish(cleo)) == [
        Reserved("C", None, is_new=True),
        Reserved("A", None, is_new=True),
    ]
    assert free(pool) == ["B"]


def test_a_step_has_one_code_for_all_its_channels_and_keeps_it(shop, ben):
    add_codes(make_pool(shop), ["A", "B"])
    email = wish(ben, valid_for=2 * DAY)
    sms = email._replace(key=uuid4())
    [first, second] = reserve(shop, email, sms)
    assert first == Reserved("A", T0 + 2 * DAY, is_new=True)
    assert second == first._replace(is_new=False)
    assert reserve(shop, sms, now=T0 + DAY) == [second]
    assert CouponIssue.objects.count() == 1


def test_a_static_code_is_never_used_up(shop, ben, cleo):
    pool = make_pool(shop, code="WELCOME", expires_at=T0 + 3 * DAY)
    assert reserve(shop, wish(ben), wish(cleo, valid_for=DAY)) == [
        Reserved("WELCOME", T0 + 3 * DAY, is_new=True),
        Reserved("WELCOME", T0 + DAY, is_new=True),
    ]
    issued = CouponIssue.objects.get(contact_id=ben.id)
    assert (issued.pool_id, issued.code_id, issued.code) == (pool.id, None, "WELCOME")


def test_used_up_in_the_middle_of_a_batch(shop, ben, cleo):
    add_codes(make_pool(shop), ["A"])
    short = NoCoupon("no_coupon", Shortage.USED_UP, {"shortage": "used_up", "pool": "spring"})
    assert reserve(shop, wish(ben), wish(cleo)) == [Reserved("A", None, is_new=True), short]
    assert short.shortage.concerns_everyone


@pytest.mark.parametrize(
    ("pool", "shortage"),
    [("sprung", Shortage.NO_POOL), (None, Shortage.CANNOT_MINT)],
)
def test_no_such_pool(shop, ben, pool, shortage):
    add_codes(make_pool(shop), ["A"])
    [answer] = reserve(shop, wish(ben, pool))
    assert (answer.reason, answer.shortage) == ("no_coupon", shortage)


def test_a_pool_of_another_shop_is_no_pool(shop, ben):
    add_codes(make_pool(make_shop("bikes", "Dan's Bikes")), ["A"])
    assert reserve(shop, wish(ben))[0].shortage is Shortage.NO_POOL


def test_codes_that_end_first_are_given_first_and_those_that_end_too_soon_not_at_all(shop, ben):
    pool = make_pool(shop)
    add_codes(pool, ["LASTING"])
    add_codes(pool, ["LATER"], T0 + 3 * DAY)
    add_codes(pool, ["SOONER"], T0 + 2 * DAY)
    add_codes(pool, ["PAST"], T0)
    given = [reserve(shop, wish(ben, valid_for=span))[0] for span in (2 * DAY, 2 * DAY, None)]
    assert given == [
        Reserved("SOONER", T0 + 2 * DAY, is_new=True),
        Reserved("LATER", T0 + 2 * DAY, is_new=True),
        Reserved("LASTING", None, is_new=True),
    ]
    add_codes(pool, ["SHORT"], T0 + 2 * DAY - SECOND)
    assert reserve(shop, wish(ben, valid_for=2 * DAY))[0].shortage is Shortage.TOO_SHORT
    assert reserve(shop, wish(ben)) == [Reserved("SHORT", T0 + 2 * DAY - SECOND, is_new=True)]
    assert reserve(shop, wish(ben))[0].shortage is Shortage.USED_UP
    assert free(pool) == ["PAST"]


def test_a_static_code_that_ends_too_soon(shop, ben):
    make_pool(shop, code="WELCOME", expires_at=T0 + DAY)
    assert reserve(shop, wish(ben, valid_for=DAY + SECOND))[0].shortage is Shortage.TOO_SHORT
    assert reserve(shop, wish(ben), now=T0 + DAY)[0].shortage is Shortage.ENDED


def test_what_lapsed_before_the_second_channel_could_go_is_not_offered(shop, ben):
    add_codes(make_pool(shop), ["A", "B"])
    email = wish(ben, valid_for=HOUR)
    reserve(shop, email)
    [answer] = reserve(shop, email, now=T0 + HOUR)
    assert answer.shortage is Shortage.LAPSED
    assert not answer.shortage.concerns_everyone


def test_one_per_person_and_time(shop, ben, cleo):
    add_codes(make_pool(shop), "ABCDE")
    make_pool(shop, "all", code="WELCOME")
    first = wish(ben, one_per=30 * DAY)
    assert reserve(shop, first)[0].code == "A"
    capped = NoCoupon(
        "coupon_cap",
        None,
        {"latest_at": T0.isoformat(), "until": (T0 + 30 * DAY).isoformat()},
    )
    late = T0 + 30 * DAY - SECOND
    assert reserve(shop, wish(ben, one_per=30 * DAY), now=late) == [capped]
    assert reserve(shop, wish(ben, "all", one_per=30 * DAY), now=late) == [capped]
    assert reserve(shop, first, now=late)[0].code == "A"  # that is no new one
    assert reserve(shop, wish(cleo, one_per=30 * DAY), now=late)[0].code == "B"
    assert reserve(shop, wish(ben, one_per=30 * DAY), now=T0 + 30 * DAY)[0].code == "C"
    assert reserve(shop, wish(ben), now=T0 + 30 * DAY)[0].code == "D"


def test_the_cap_sees_what_the_same_batch_gave(shop, ben, cleo):
    add_codes(make_pool(shop), "AB")
    spring, summer = wish(ben, one_per=DAY), wish(ben, one_per=DAY, step="second")
    nothing = wish(ben, "none", one_per=DAY)
    answers = reserve(shop, nothing, spring, summer, wish(cleo, one_per=DAY))
    assert [getattr(each, "code", None) or each.reason.value for each in answers] == [
        "no_coupon", "B", "coupon_cap", "A",
    ]  # fmt: skip


def test_given_back_it_is_free_and_does_not_count(shop, ben, cleo):
    pool = make_pool(shop)
    add_codes(pool, ["A"])
    first = wish(ben, one_per=DAY)
    reserve(shop, first)
    assert operations.give_back(shop_id=shop.id, origins=[first.place, wish(cleo).place]) == {
        first.place
    }
    assert free(pool) == ["A"]
    assert reserve(shop, wish(ben, one_per=DAY))[0].code == "A"


def test_what_left_is_never_given_back(shop, ben, cleo):
    pool = make_pool(shop)
    add_codes(pool, ["A"])
    first = wish(ben)
    reserve(shop, first)
    # The clock of another machine may be a little behind.
    operations.mark_sent(shop_id=shop.id, origins=[first.place, wish(cleo).place], now=T0 - SECOND)
    assert operations.give_back(shop_id=shop.id, origins=[first.place]) == set()
    assert CouponIssue.objects.get().sent_at == T0
    assert free(pool) == []
    assert reserve(shop, first, now=T0 + DAY)[0].code == "A"


def test_in_hand(shop, ben, cleo):
    add_codes(make_pool(shop), ["A", "B"])
    reserve(shop, wish(ben, valid_for=2 * DAY), wish(cleo))

    def in_hand(now):
        return operations.in_hand(shop_id=shop.id, contact_ids=[ben.id, cleo.id], now=now)

    assert in_hand(T0 + 2 * DAY - SECOND) == {ben.id, cleo.id}
    assert in_hand(T0 + 2 * DAY) == {cleo.id}
    make_order(shop, cleo, placed_at=T0 + HOUR, total_minor=100, discount_codes=["X", "b"])
    assert in_hand(T0 + HOUR) == {ben.id}
    assert operations.in_hand(shop_id=shop.id + 1, contact_ids=[ben.id], now=T0) == set()


def test_follow_its_messages(shop, ben, cleo):
    add_codes(make_pool(shop), ["A", "B"])
    first = wish(ben)
    second = wish(ben, origin_id=first.origin_id, step="second")
    reserve(shop, first, second, wish(ben, origin_kind="manual", origin_id=first.origin_id))
    operations.follow(shop_id=shop.id, owners=[("recovery", first.origin_id, cleo.id)] * 2)
    found = CouponIssue.objects.order_by("origin_kind", "step").values_list(
        "origin_kind", "contact_id"
    )
    assert [*found] == [("recovery", cleo.id), ("recovery", cleo.id)]


def test_the_database_refuses_to_give_a_code_twice(shop, ben):
    [code] = add_codes(make_pool(shop), ["A"])
    reserve(shop, wish(ben))
    given = CouponIssue.objects.get()
    twice = CouponIssue(
        shop=shop, id=uuid4(), pool_id=given.pool_id, code_id=code.id, code="A", contact_id=ben.id,
        origin_kind="recovery", origin_id=uuid4(), step="first", reserved_at=T0,
    )  # fmt: skip
    with pytest.raises(IntegrityError, match="once_per_code"), transaction.atomic():
        twice.save(force_insert=True)
    twice.code_id, twice.origin_id = None, given.origin_id
    with pytest.raises(IntegrityError, match="once_per_step"), transaction.atomic():
        twice.save(force_insert=True)
    with pytest.raises(IntegrityError, match="coupon_code_once"), transaction.atomic():
        add_codes(make_pool(shop, "again"), ["a"])


def test_reserving_needs_few_statements_however_many_ask(shop, django_assert_num_queries):
    people = [make_contact(shop, f"p{number}@mail.test") for number in range(20)]
    add_codes(make_pool(shop), [f"CODE{number}" for number in range(30)])
    with django_assert_num_queries(6):
        reserve(shop, *[wish(person, one_per=DAY, valid_for=DAY) for person in people])
    assert CouponCode.objects.exclude(reserved_at=None).count() == 20
