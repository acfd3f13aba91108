"""Conditions over a cart and its buyer, in three values: yes, no, and money that can't be compared.

Kleene's strong logic: what can't be compared stays open unless the rest decides without it. So
`any: [{cart_value: …}, {country: IT}]` still holds for an Italian who pays in another currency.
"""

import operator
from collections.abc import Callable, Collection, Iterable, Mapping
from enum import Enum
from typing import Any, NoReturn

import msgspec

from ripresa.contracts.reasons import Reason
from ripresa.domain.scenarios.plan import All, Amount, AnyOf, Branch, Condition, Not, Operand, Test

_ORDERS: Mapping[str, Callable[[Any, Any], bool]] = {
    "lt": operator.lt,
    "lte": operator.le,
    "gt": operator.gt,
    "gte": operator.ge,
}


class Mismatch(Enum):
    """Neither yes nor no: the condition names money in another currency than the cart's."""

    CURRENCY = "currency_mismatch"

    def __bool__(self) -> NoReturn:
        raise TypeError("a mismatch is neither true nor false: compare with `is`")


Verdict = bool | Mismatch


class CartFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What conditions may ask of a cart and its buyer, as of one instant. None: not known.

    `item_count` is pieces. `customer` holds every class she is in: new, or returning and perhaps
    inactive. Consents are granted, denied or unknown. `deal_stage` is that of the cart's open deal.
    """

    cart_value: Amount
    item_count: int
    skus: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()
    country: str | None = None
    language: str | None = None
    customer: frozenset[str] = frozenset({"new"})
    consent_email: str = "unknown"
    consent_sms: str = "unknown"
    source: str | None = None
    device: str | None = None
    deal_stage: str | None = None
    has_coupon: bool = False


def holds(condition: Condition, facts: CartFacts) -> Verdict:
    """Whether `condition` is true of `facts`."""
    match condition:
        case Test():
            return _compare(condition, facts)
        case All(of):
            return _all(holds(each, facts) for each in of)
        case AnyOf(of):
            return _negate(_all(_negate(holds(each, facts)) for each in of))
        case Not(of):
            return _negate(holds(of, facts))


def choose_branch(branches: Iterable[Branch], facts: CartFacts) -> Branch | Reason:
    """The first branch that is true, or why there is none.

    A branch that can't be decided before one is true: no branch is surely hers.
    """
    for branch in branches:
        verdict = True if branch.when is None else holds(branch.when, facts)
        if verdict is Mismatch.CURRENCY:
            return Reason.CURRENCY_MISMATCH
        if verdict is True:
            return branch
    return Reason.NO_BRANCH


def refusal_of(only_if: Condition | None, facts: CartFacts) -> Reason | None:
    """Why a step with this `only_if` is skipped; None: it is not."""
    verdict = True if only_if is None else holds(only_if, facts)
    if verdict is Mismatch.CURRENCY:
        return Reason.CURRENCY_MISMATCH
    return None if verdict is True else Reason.ONLY_IF


def _all(verdicts: Iterable[Verdict]) -> Verdict:
    found: Verdict = True
    for verdict in verdicts:
        if verdict is False:
            return False
        if verdict is Mismatch.CURRENCY:
            found = verdict
    return found


def _negate(verdict: Verdict) -> Verdict:
    return verdict if isinstance(verdict, Mismatch) else not verdict


def _compare(test: Test, facts: CartFacts) -> Verdict:
    """Of several values (a cart's SKUs) any one will do; where there is none, only `ne` is true."""
    wanted = test.value if isinstance(test.value, tuple) else (test.value,)
    held = _values(test.fact, facts)
    if test.op == "ne":
        return _negate(_any_is(held, wanted))
    if test.op in {"eq", "in"}:
        return _any_is(held, wanted)
    (bound,) = wanted
    for value in held:
        if isinstance(bound, Amount) and isinstance(value, Amount):
            if bound.currency != value.currency:
                return Mismatch.CURRENCY
            return _ORDERS[test.op](value.minor, bound.minor)
        return _ORDERS[test.op](value, bound)
    return False


def _any_is(held: Collection[Operand], wanted: Collection[Operand]) -> Verdict:
    if any(value in wanted for value in held):
        return True
    currencies = {value.currency for value in held if isinstance(value, Amount)}
    foreign = (one for one in wanted if isinstance(one, Amount) and one.currency not in currencies)
    return Mismatch.CURRENCY if any(True for _ in foreign) else False


def _values(fact: str, facts: CartFacts) -> Collection[Operand]:
    """What the cart has of `fact`: none where it is not known."""
    match fact:
        case "sku":
            return facts.skus
        case "category":
            return facts.categories
        case "customer":
            return facts.customer
        case "currency":
            return (facts.cart_value.currency,)
    value = getattr(facts, fact.replace(".", "_"))
    return () if value is None else (value,)
