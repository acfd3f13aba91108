"""Conditions of a scenario file: facts with their operators, joined by all, any, not."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ripresa.contracts.calling.sayings import say
from ripresa.domain.scenarios.file.document import Value
from ripresa.domain.scenarios.file.surroundings import Surroundings
from ripresa.domain.scenarios.file.words_of_file import (
    read_amount,
    read_country,
    read_currency,
    read_language,
    read_name_of,
)
from ripresa.domain.scenarios.plan import All, AnyOf, Condition, Not, Op, Test

_EITHER: tuple[Op, ...] = ("eq", "ne")
_AMONG: tuple[Op, ...] = ("eq", "ne", "in")
_OPS: tuple[Op, ...] = ("eq", "ne", "lt", "lte", "gt", "gte", "in")
_JOINS = ("all", "any", "not")
_MOST_ITEMS = 1_000_000
_CONSENTS = ("granted", "denied", "pending", "unknown")
_CUSTOMERS = ("new", "returning", "inactive")
_DEVICES = ("mobile", "tablet", "desktop", "unknown")

Reader = Callable[[Value, Surroundings], Any]


@dataclass(frozen=True, slots=True)
class _Kind:
    """How the values of a fact are read, and which operators make sense for it."""

    read: Reader
    ops: tuple[Op, ...] = _AMONG


def _plain(read: Callable[[Value], Any]) -> Reader:
    return lambda value, _around: read(value)


def _word(words: Sequence[str]) -> _Kind:
    return _Kind(lambda value, _around: value.choice(words))


def _stage(value: Value, around: Surroundings) -> str | None:
    return read_name_of(value, "stage", around.stages)


FACTS: Mapping[str, _Kind] = {
    "cart_value": _Kind(lambda value, around: read_amount(value, around.currency), _OPS),
    "item_count": _Kind(lambda value, _around: value.integer(0, _MOST_ITEMS), _OPS),
    "currency": _Kind(_plain(read_currency)),
    "country": _Kind(_plain(read_country)),
    "language": _Kind(_plain(read_language)),
    "customer": _word(_CUSTOMERS),
    "consent.email": _word(_CONSENTS),
    "consent.sms": _word(_CONSENTS),
    "category": _Kind(_plain(Value.text)),
    "sku": _Kind(_plain(Value.text)),
    "source": _Kind(_plain(Value.text)),
    "device": _word(_DEVICES),
    "deal_stage": _Kind(_stage),
    "has_coupon": _Kind(_plain(Value.flag), _EITHER),
}


def read_condition(value: Value, around: Surroundings) -> Condition | None:
    """A mapping of facts and joins, all of which must hold; None where nothing of it is right."""
    if not value.is_mapping:
        value.fail(say('must be a mapping of facts, like {{cart_value: {{lt: "2000.00"}}}}'))
        return None
    found = value.entries((*FACTS, *_JOINS))
    if not value.node.value:
        value.fail(say("asks nothing"))
    parts = [_read_part(name, entry, around) for name, entry in found.items()]
    return _all([part for part in parts if part is not None])


def _read_part(name: str, value: Value, around: Surroundings) -> Condition | None:
    if name == "not":
        turned = read_condition(value, around)
        return None if turned is None else Not(turned)
    if name in _JOINS:
        items = value.items()
        if value.is_list and not items:
            value.fail(say("must hold at least one condition"))
        read = [read_condition(item, around) for item in items]
        parts = tuple(part for part in read if part is not None)
        return (All if name == "all" else AnyOf)(parts) if parts else None
    return _all(_read_tests(name, value, around))


def _all(parts: Sequence[Condition]) -> Condition | None:
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else All(tuple(parts))


def _read_tests(fact: str, value: Value, around: Surroundings) -> list[Condition]:
    """`{gte: 2, lt: 5}`: several operators all must hold; a bare value is `eq`."""
    kind = FACTS[fact]
    if value.is_list:
        value.fail(say("is a list: write {{in: [...]}}"))
        return []
    if not value.is_mapping:
        operand = kind.read(value, around)
        return [] if operand is None else [Test(fact, "eq", operand)]
    is_money = fact == "cart_value"
    found = value.entries((*_OPS, "currency") if is_money else _OPS)
    if "currency" in found:
        # With a currency that is none, the amounts are still read, for what is wrong with them.
        currency = read_currency(found["currency"]) or around.currency
        around = replace(around, currency=currency)
    if not found.keys() & set(_OPS) and len(value.node.value) == len(found):
        value.fail(say("compares with nothing; write one of {ops}", ops=", ".join(kind.ops)))
    tests = [
        _read_test(fact, op, found[op], around) for op in _OPS if op in found and op in kind.ops
    ]
    for op in found.keys() & (set(_OPS) - set(kind.ops)):
        known = ", ".join(kind.ops)
        found[op].fail(
            say("makes no sense for {fact}; known here: {known}", fact=fact, known=known)
        )
    return [test for test in tests if test is not None]


def _read_test(fact: str, op: Op, value: Value, around: Surroundings) -> Condition | None:
    read = FACTS[fact].read
    if op != "in":
        operand = read(value, around)
        return None if operand is None else Test(fact, op, operand)
    items = value.items()
    if value.is_list and not items:
        value.fail(say("must hold at least one value"))
    read_all = (read(item, around) for item in items)
    operands = tuple(operand for operand in read_all if operand is not None)
    return Test(fact, op, operands) if operands else None
