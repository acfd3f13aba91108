"""SCN-7: conditions in three values, and which branch is hers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ripresa.contracts.reasons import Reason
from ripresa.domain.scenarios import plan as plans
from ripresa.domain.scenarios.conditions import (
    CartFacts,
    Mismatch,
    choose_branch,
    holds,
    refusal_of,
)
from ripresa.domain.scenarios.plan import All, Amount, AnyOf, Branch, Not

EUR_2000 = Amount(200_000, "EUR")
OPEN = Mismatch.CURRENCY


def that(fact, op, value):
    return plans.Test(fact, op, value)


def facts(minor=5_000, currency="EUR", **values):
    return CartFacts(cart_value=Amount(minor, currency), **({"item_count": 2} | values))


# --- Generated conditions over one cart in EUR: true, false and undecided ones ---

YES, NO = that("item_count", "eq", 2), that("item_count", "eq", 3)
FOREIGN = that("cart_value", "lt", Amount(1, "RON"))
conditions = st.recursive(
    st.sampled_from([YES, NO, FOREIGN]),
    lambda inner: st.one_of(
        st.builds(All, st.lists(inner, min_size=1, max_size=4).map(tuple)),
        st.builds(AnyOf, st.lists(inner, min_size=1, max_size=4).map(tuple)),
        st.builds(Not, inner),
    ),
    max_leaves=12,
)
several = st.lists(conditions, min_size=1, max_size=4).map(tuple)
CART = facts()


def kleene_and(left, right):
    """The table of Kleene's strong logic, written out: a second way to the same."""
    return {
        (True, True): True, (True, OPEN): OPEN, (OPEN, True): OPEN, (OPEN, OPEN): OPEN,
    }.get((left, right), False)  # fmt: skip


def opposite(verdict):
    return verdict if verdict is OPEN else not verdict


@given(several)
def test_all_is_kleene_s_and(of):
    expected = True
    for one in of:
        expected = kleene_and(expected, holds(one, CART))
    assert holds(All(of), CART) is expected


@given(several)
def test_de_morgan(of):
    assert holds(AnyOf(of), CART) is holds(Not(All(tuple(Not(one) for one in of))), CART)
    assert holds(All(of), CART) is holds(Not(AnyOf(tuple(Not(one) for one in of))), CART)


@given(conditions)
def test_not_turns_round_and_twice_is_nothing(one):
    assert holds(Not(one), CART) is opposite(holds(one, CART))
    assert holds(Not(Not(one)), CART) is holds(one, CART)


@given(several, st.randoms())
def test_the_order_within_all_and_any_is_no_matter(of, chance):
    mixed = tuple(chance.sample(of, len(of)))
    assert holds(All(of), CART) is holds(All(mixed), CART)
    assert holds(AnyOf(of), CART) is holds(AnyOf(mixed), CART)


def test_a_mismatch_is_no_truth_value():
    with pytest.raises(TypeError, match="neither true nor false"):
        bool(OPEN)


# --- Money ---


@pytest.mark.parametrize(
    ("minor", "op", "verdict"),
    [
        (199_999, "lt", True), (200_000, "lt", False), (200_001, "lt", False),
        (199_999, "lte", True), (200_000, "lte", True), (200_001, "lte", False),
        (199_999, "gt", False), (200_000, "gt", False), (200_001, "gt", True),
        (199_999, "gte", False), (200_000, "gte", True), (200_001, "gte", True),
        (200_000, "eq", True), (199_999, "eq", False),
        (200_000, "ne", False), (199_999, "ne", True),
    ],
)  # fmt: skip
def test_money_of_the_same_currency(minor, op, verdict):
    assert holds(that("cart_value", op, EUR_2000), facts(minor)) is verdict
    assert holds(that("cart_value", op, EUR_2000), facts(minor, "RON")) is OPEN


def test_one_of_several_amounts():
    several = that("cart_value", "in", (Amount(100, "EUR"), Amount(500, "RON")))
    assert holds(several, facts(100)) is True
    assert holds(several, facts(500, "RON")) is True
    assert holds(several, facts(500)) is OPEN
    assert holds(that("cart_value", "in", (Amount(100, "EUR"),)), facts(500)) is False


# --- What each fact means ---

FULL = facts(
    item_count=3, skus=frozenset({"A-1", "B-2"}), categories=frozenset({"wine"}), country="IT",
    language="it", customer=frozenset({"returning", "inactive"}), consent_email="granted",
    consent_sms="denied", source="shop", device="phone", deal_stage="check_out_abandoned",
    has_coupon=True,
)  # fmt: skip


@pytest.mark.parametrize(
    ("fact", "op", "value", "verdict"),
    [
        ("currency", "eq", "EUR", True), ("currency", "ne", "EUR", False),
        ("currency", "in", ("RON", "EUR"), True),
        ("item_count", "gte", 3, True), ("item_count", "lt", 3, False),
        ("item_count", "in", (1, 3), True),
        ("country", "eq", "IT", True), ("country", "in", ("DE", "AT"), False),
        ("language", "eq", "it", True),
        ("customer", "eq", "returning", True), ("customer", "eq", "inactive", True),
        ("customer", "eq", "new", False), ("customer", "ne", "inactive", False),
        ("consent.email", "eq", "granted", True), ("consent.sms", "ne", "granted", True),
        ("sku", "eq", "B-2", True), ("sku", "ne", "B-2", False), ("sku", "ne", "C-3", True),
        ("sku", "in", ("C-3", "A-1"), True), ("category", "eq", "cheese", False),
        ("source", "eq", "shop", True), ("device", "eq", "phone", True),
        ("deal_stage", "eq", "check_out_abandoned", True),
        ("has_coupon", "eq", True, True), ("has_coupon", "ne", True, False),
    ],
)  # fmt: skip
def test_facts(fact, op, value, verdict):
    assert holds(that(fact, op, value), FULL) is verdict


@pytest.mark.parametrize(
    "fact", ["country", "language", "source", "device", "deal_stage", "sku", "category"]
)
def test_what_is_not_known_is_no_value_at_all(fact):
    assert holds(that(fact, "eq", "x"), facts()) is False
    assert holds(that(fact, "in", ("x", "y")), facts()) is False
    assert holds(that(fact, "ne", "x"), facts()) is True


# --- Branches and only_if ---

SMALL = Branch("small", (), that("cart_value", "lt", EUR_2000))
LARGE = Branch("large", ())


def test_1999_99_takes_the_first_branch_and_2000_00_the_second():
    assert choose_branch((SMALL, LARGE), facts(199_999)) is SMALL
    assert choose_branch((SMALL, LARGE), facts(200_000)) is LARGE


def test_money_of_another_currency_takes_none_not_even_the_branch_of_everyone_else():
    assert choose_branch((SMALL, LARGE), facts(1, "RON")) is Reason.CURRENCY_MISMATCH


def test_a_branch_that_holds_before_it_is_taken_nevertheless():
    italians = Branch("italians", (), that("country", "eq", "IT"))
    assert choose_branch((italians, SMALL), facts(1, "RON", country="IT")) is italians
    assert choose_branch((SMALL, italians), facts(1, "RON", country="IT")) is (
        Reason.CURRENCY_MISMATCH
    )


def test_no_branch_at_all():
    assert choose_branch((SMALL,), facts(200_000)) is Reason.NO_BRANCH


@given(st.lists(st.sampled_from([YES, NO, FOREIGN, None]), min_size=1, max_size=5))
def test_the_first_branch_that_is_not_false_decides(whens):
    branches = tuple(Branch(str(number), (), when) for number, when in enumerate(whens))
    expected = Reason.NO_BRANCH
    for branch in branches:
        if branch.when is NO:
            continue
        expected = Reason.CURRENCY_MISMATCH if branch.when is FOREIGN else branch
        break
    assert choose_branch(branches, CART) is expected


def test_only_if():
    assert refusal_of(None, CART) is None
    assert refusal_of(YES, CART) is None
    assert refusal_of(NO, CART) is Reason.ONLY_IF
    assert refusal_of(FOREIGN, CART) is Reason.CURRENCY_MISMATCH
    assert refusal_of(AnyOf((FOREIGN, YES)), CART) is None
