"""Segment files: YAML in, a name and a condition, or everything that is wrong, out.

name: Left and not recovered
when:
  all:
    - abandonment: {state: not_recovered, value: {gte: "50.00"}, within: 30d}
    - country: {in: [IT, SM]}
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from ruamel.yaml.nodes import ScalarNode

from ripresa.contracts.calling.sayings import said_by, say
from ripresa.core.money import NotMoney, parse_minor
from ripresa.domain.scenarios.durations import Duration
from ripresa.domain.scenarios.file.document import (
    Problem,
    ScenarioInvalid,
    Value,
    given,
    nearest,
    read_document,
)
from ripresa.domain.scenarios.plan import Amount, Op
from ripresa.domain.segments.compiling import FACTS
from ripresa.domain.segments.conditions import (
    Abandoned,
    All,
    AnyOf,
    Condition,
    LastOrder,
    Not,
    State,
    Test,
)

_OPS: tuple[Op, ...] = get_args(Op)
_EQUALITY = ("eq", "ne", "in")
_COMPARISONS = ("eq", "ne", "lt", "lte", "gt", "gte")
_ABANDONMENT = ("state", "value", "sku", "category", "within", "before", "count")
_STATES: tuple[State, ...] = get_args(State)
_YES_NO: tuple[Literal["true", "false"], ...] = ("true", "false")
_MOST = 1_000_000
_NOTHING: Condition = Abandoned()


@dataclass(frozen=True, slots=True)
class SegmentFile:
    """What a file says."""

    name: str
    condition: Condition


def parse_segment(text: str, *, file_name: str, currency: str) -> SegmentFile:
    """Read a segment file; money without a currency is in `currency`. Raises ScenarioInvalid."""
    top = read_document(text, file_name)
    found = top.entries(("name", "when"))
    for key in ("name", "when"):
        if key not in found:
            top.problems.append(Problem(1, key, say("is missing")))
    reader = _Reader(currency)
    segment = SegmentFile(
        given(found, "name", Value.text, ""), given(found, "when", reader.condition, _NOTHING)
    )
    if top.problems:
        raise ScenarioInvalid(file_name, top.problems)
    return segment


@dataclass(frozen=True, slots=True)
class _Reader:
    currency: str

    def condition(self, value: Value) -> Condition | None:
        """One mapping; several keys in it must all hold."""
        found = value.entries(("all", "any", "not", "abandonment", "last_order", *FACTS))
        read = [self._one(name, entry) for name, entry in found.items()]
        known = tuple(each for each in read if each is not None)
        if value.is_mapping and not found and not value.problems:
            value.fail(say("asks for nothing"))
        if not known:
            return None
        return known[0] if len(known) == 1 else All(known)

    def _one(self, name: str, value: Value) -> Condition | None:
        match name:
            case "all" | "any":
                several = tuple(
                    each for item in value.items() if (each := self.condition(item)) is not None
                )
                if not several:
                    value.fail(say("must be a list of conditions"))
                    return None
                return All(several) if name == "all" else AnyOf(several)
            case "not":
                inner = self.condition(value)
                return None if inner is None else Not(inner)
            case "abandonment":
                return self._abandonment(value)
            case "last_order":
                entries = value.entries(("within", "before"))
                if not entries:
                    value.fail(say("needs within or before, like {{before: 90d}}"))
                return LastOrder(*(_duration(entries, key) for key in ("within", "before")))
        return _test(name, value)

    def _abandonment(self, value: Value) -> Abandoned:
        found = value.entries(_ABANDONMENT)
        return Abandoned(
            state=given(found, "state", lambda one: one.choice(_STATES), "any"),
            value=given(found, "value", self._value, ()),
            skus=given(found, "sku", _texts, ()),
            categories=given(found, "category", _texts, ()),
            within=_duration(found, "within"),
            before=_duration(found, "before"),
            count=given(found, "count", _counts, ()),
        )

    def _value(self, value: Value) -> tuple[tuple[Op, Amount], ...]:
        found = value.entries((*_COMPARISONS, "currency"))
        currency = given(found, "currency", Value.text, self.currency)
        return tuple(
            (op, Amount(minor, currency))
            for op in _OPS
            if op in found and (minor := _minor(found[op], currency)) is not None
        )


def read_condition(value: Value, currency: str) -> Condition | None:
    """What stands under `when`; money without a currency is in `currency`."""
    return _Reader(currency).condition(value)


def _is_plain(value: Value) -> bool:
    return isinstance(value.node, ScalarNode)


def _minor(value: Value, currency: str) -> int | None:
    text = value.text()
    if text is None:
        return None
    try:
        return parse_minor(text, currency)
    except NotMoney as wrong:
        value.fail(say('{why}; write it like "89.00"', why=said_by(wrong)))
        return None


def _duration(found: Mapping[str, Value], key: str) -> Duration | None:
    return given(found, key, Value.duration, None)


def _texts(value: Value) -> tuple[str, ...] | None:
    """A list of texts, or one text."""
    if _is_plain(value):
        text = value.text()
        return None if text is None else (text,)
    return tuple(text for item in value.items() if (text := item.text()) is not None)


def _counts(value: Value) -> tuple[tuple[Op, int], ...]:
    found = value.entries(_COMPARISONS)
    return tuple(
        (op, number)
        for op in _OPS
        if op in found and (number := found[op].integer(0, _MOST)) is not None
    )


def _test(fact: str, value: Value) -> Test | None:
    ops = _COMPARISONS if fact == "orders" else _EQUALITY
    found = value.entries(ops)
    if len(found) != 1:
        value.fail(say("needs one comparison: {ops}", ops=", ".join(ops)))
        return None
    (op,) = (op for op in _OPS if op in found)
    operand = _READERS.get(fact, _operand)(found[op])
    if operand is None:
        return None
    if isinstance(operand, tuple) and op != "in":
        found[op].fail(say("must be one value; for several write in: [...]"))
        return None
    return Test(fact, op, operand)


def _operand(value: Value) -> str | tuple[str, ...] | None:
    return _texts(value) if not _is_plain(value) else value.text()


def _yes_no(value: Value) -> bool | None:
    word = value.choice(_YES_NO)
    return None if word is None else word == "true"


def _number(value: Value) -> int | None:
    return value.integer(0, _MOST)


def _consent(value: Value) -> str | tuple[str, ...] | None:
    found = _operand(value)
    words = ("granted", "denied", "pending", "unknown")
    for word in found if isinstance(found, tuple) else (found or "granted",):
        if word not in words:
            value.fail(say("can't be {text!r}; {hint}", text=word, hint=nearest(word, words)))
            return None
    return found


_READERS: Mapping[str, Callable[[Value], int | str | bool | tuple[str, ...] | None]] = {
    "orders": _number,
    "has_email": _yes_no,
    "has_phone": _yes_no,
    "has_address": _yes_no,
    "consent.email": _consent,
    "consent.sms": _consent,
    "consent.letter": _consent,
}
