"""Conditions of a branch or a step: true, false, or money that can't be compared (SCN-7)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from .events_reading import SHOP_CURRENCY, Goods

Condition = Mapping[str, Any]
Answer = bool | None  # None: its money is in another currency than the cart's

OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "eq": lambda one, other: one == other,
    "ne": lambda one, other: one != other,
    "lt": lambda one, other: one < other,
    "lte": lambda one, other: one <= other,
    "gt": lambda one, other: one > other,
    "gte": lambda one, other: one >= other,
    "in": lambda one, others: one in others,
}
# A cart has several of these, and she belongs to several classes: one of them is enough.
SEVERAL = ("category", "sku", "customer")
FIELDS = (
    *SEVERAL,
    "cart_value",
    "item_count",
    "currency",
    "country",
    "language",
    "consent.email",
    "consent.sms",
    "device",
    "deal_stage",
    "has_coupon",
)


@dataclass(frozen=True)
class Facts:
    """What the conditions ask about, at one instant."""

    goods: Goods
    country: str
    language: str
    customer: frozenset[str]
    device: str
    deal_stage: str | None = None
    has_coupon: bool = False
    consent: Mapping[str, str] = field(default_factory=dict)

    def value(self, name: str) -> Any:
        if name.startswith("consent."):
            return self.consent[name.removeprefix("consent.")]
        return {
            "item_count": self.goods.pieces,
            "currency": self.goods.currency,
            "country": self.country,
            "language": self.language,
            "customer": self.customer,
            "category": self.goods.categories,
            "sku": self.goods.skus,
            "device": self.device,
            "deal_stage": self.deal_stage,
            "has_coupon": self.has_coupon,
        }[name]


def holds(condition: Condition, facts: Facts) -> Answer:
    """Several keys side by side must all hold."""
    return _all(_one(name, asked, facts) for name, asked in condition.items())


def fields_of(condition: Condition) -> set[str]:
    """The names it asks about, at any depth."""
    found: set[str] = set()
    for name, asked in condition.items():
        if name in ("all", "any"):
            found = found.union(*(fields_of(inner) for inner in asked))
        elif name == "not":
            found |= fields_of(asked)
        else:
            found.add(name)
    return found


def _one(name: str, asked: Any, facts: Facts) -> Answer:
    if name == "all":
        return _all(holds(inner, facts) for inner in asked)
    if name == "any":
        return _not(_all(_not(holds(inner, facts)) for inner in asked))
    if name == "not":
        return _not(holds(asked, facts))
    tests = dict(asked) if isinstance(asked, Mapping) else {"eq": asked}
    if name == "cart_value":
        return _money(tests, facts.goods)
    value = facts.value(name)
    return all(_test(name, value, operator, wanted) for operator, wanted in tests.items())


def _money(tests: dict[str, Any], goods: Goods) -> Answer:
    """In the shop's currency unless it says another."""
    if tests.pop("currency", SHOP_CURRENCY) != goods.currency:
        return None
    return all(
        OPERATORS[operator](
            goods.value, [Decimal(w) for w in wanted] if operator == "in" else Decimal(wanted)
        )
        for operator, wanted in tests.items()
    )


def _test(name: str, value: Any, operator: str, wanted: Any) -> bool:
    """What is missing passes no test but `ne`."""
    if name in SEVERAL:
        among = set(wanted) if operator == "in" else {wanted}
        has_one = bool(value & among)
        return not has_one if operator == "ne" else has_one
    if value is None:
        return operator == "ne"
    return OPERATORS[operator](value, wanted)


def _all(answers: Any) -> Answer:
    """False outweighs what can't be compared, which outweighs true."""
    heard = list(answers)
    if False in heard:
        return False
    return None if None in heard else True


def _not(answer: Answer) -> Answer:
    return None if answer is None else not answer
