"""Between the builder and the file: a tree becomes YAML, a condition becomes a tree."""

import io
from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from ripresa.console.conditions.tree import Group, Node, Row, is_small, numbered
from ripresa.console.layout.forms import UNITS, Form, no_duration, no_number
from ripresa.core.money import MAX_MINOR, Money, NotMoney, parse_minor
from ripresa.domain.scenarios.durations import NotADuration, parse_duration
from ripresa.domain.scenarios.file.editing import one_line, one_line_list
from ripresa.domain.scenarios.plan import Amount
from ripresa.domain.segments.conditions import (
    Abandoned,
    All,
    AnyOf,
    Condition,
    LastOrder,
    Not,
    Test,
)

_WIDTH = 4096
_MOST = 1_000_000
_MOST_VALUES = 2
_YES = {"true": True, "false": False}


def text_of(name: str, top: Group, currency: str) -> str:
    """The segment file of a tree. What is wrong stands with its rows, and then the file is not for use."""
    out = io.StringIO()
    yaml = YAML()
    yaml.width = _WIDTH
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.dump({"name": name, "when": condition_of(top, currency)}, out)
    return out.getvalue()


def condition_of(node: Node, currency: str) -> Any:
    """A node as files write it; problems are noted with the node."""
    if isinstance(node, Row):
        node.problems.clear()
        return one_line(_WRITERS[node.control](node, currency))
    node.problem = "" if node.parts else _("Add a condition.")
    parts = [condition_of(part, currency) for part in node.parts]
    return {"not": {"any": parts}} if node.kind == "none" else {node.kind: parts}


def _abandonment(row: Row, currency: str) -> dict[str, Any]:
    given = row.values
    said: dict[str, Any] = {}
    if (state := given.get("state", "any")) != "any":
        said["state"] = state
    value = _value(row, currency)
    if value:
        said["value"] = one_line(value)
    for key in ("within", "before"):
        if (span := _span(row, key)) is not None:
            said[key] = span
    if given.get("count"):
        said["count"] = one_line({given.get("count_op", "gte"): _whole(row, "count")})
    for key in ("sku", "category"):
        if listed := _listed(given.get(key, "")):
            said[key] = one_line_list(listed)
    return {"abandonment": one_line(said or {"state": "any"})}


def _value(row: Row, currency: str) -> dict[str, Any]:
    own = (row.values.get("currency") or currency).upper()
    found: dict[str, Any] = {}
    for key in ("1", "2"):
        typed = row.values.get(f"amount{key}", "").replace(",", ".")
        if not typed:
            continue
        try:
            minor = parse_minor(typed, own)
        except NotMoney:
            row.problems[f"amount{key}"] = _("A value looks like 49.90.")
            continue
        if not 0 <= minor <= MAX_MINOR:
            row.problems[f"amount{key}"] = _("A value looks like 49.90.")
        found[row.values.get(f"op{key}", "gte")] = DoubleQuotedScalarString(typed)
    if found and own != currency:
        found["currency"] = own
    return found


def _ago(row: Row, _currency: str) -> dict[str, Any]:
    spans = {key: span for key in ("within", "before") if (span := _span(row, key)) is not None}
    if not spans and not row.problems:
        row.problems["within"] = _("Say how long ago.")
    return {"last_order": one_line(spans)}


def _span(row: Row, key: str) -> str | None:
    number, unit = row.values.get(key, ""), row.values.get(f"{key}-unit", "d")
    if not number:
        return None
    written = number if unit == "as-written" else f"{number}{unit if unit in UNITS else 'd'}"
    try:
        return str(parse_duration(written))
    except NotADuration:
        row.problems[key] = no_duration(number)
        return None


def _number(row: Row, _currency: str) -> dict[str, Any]:
    return {row.field: one_line({row.values.get("op", "gte"): _whole(row, "value")})}


def _whole(row: Row, key: str) -> int:
    typed = row.values.get(key, "")
    if typed.isascii() and typed.isdigit() and int(typed) <= _MOST:
        return int(typed)
    row.problems[key] = no_number(0, _MOST)
    return 0


def _listed(text: str) -> list[str]:
    return [word for one in text.split(",") if (word := one.strip())]


def _words(row: Row, _currency: str) -> dict[str, Any]:
    wanted = row.chosen
    if row.field == "country":
        wanted = [word.upper() for word in wanted]
        if any(len(word) != 2 or not word.isalpha() for word in wanted):  # noqa: PLR2004
            row.problems["value"] = _("A country has two letters, like IT.")
    if not wanted:
        row.problems["value"] = _("Choose at least one.")
    if row.values.get("op") != "ne":
        return {row.field: one_line({"in": one_line_list(wanted)})}
    if len(wanted) == 1:
        return {row.field: one_line({"ne": wanted[0]})}
    return {"not": one_line({row.field: one_line({"in": one_line_list(wanted)})})}


def _yes(row: Row, _currency: str) -> dict[str, Any]:
    return {row.field: one_line({"eq": _YES[row.values.get("value") or "true"]})}


_WRITERS: Mapping[str, Callable[[Row, str], dict[str, Any]]] = {
    "abandonment": _abandonment,
    "ago": _ago,
    "number": _number,
    "words": _words,
    "choices": _words,
    "yes": _yes,
}


def tree_of(condition: Condition) -> Group | None:
    """A condition as the builder shows it; None for what only a file can say."""
    node = _node(condition)
    top = numbered(node if isinstance(node, Group) else Group("all", [node]))
    return top if _fits(condition) and is_small(top) else None


def _fits(condition: Condition) -> bool:
    """Whether the controls of the builder hold all that it says."""
    match condition:
        case All(of) | AnyOf(of):
            return all(_fits(one) for one in of)
        case Not(of):
            return _fits(of)
        case Abandoned(value=value, count=count):
            return len(value) <= _MOST_VALUES and len(count) <= 1
    return True


def _node(condition: Condition) -> Node:
    match condition:
        case All(of):
            return Group("all", [_node(one) for one in of])
        case AnyOf(of):
            return Group("any", [_node(one) for one in of])
        case Not(of):
            return _not(of)
        case LastOrder(within, before):
            return Row("last_order", {**_shown("within", within), **_shown("before", before)})
        case Abandoned():
            return Row("abandonment", _abandoned(condition))
    return _row(condition, condition.op)


def _not(condition: Condition) -> Node:
    if isinstance(condition, Test) and condition.op == "in":
        return _row(condition, "ne")
    parts = condition.of if isinstance(condition, AnyOf) else (condition,)
    return Group("none", [_node(one) for one in parts])


def _row(test: Test, op: str) -> Row:
    value = test.value
    if isinstance(value, bool):
        is_so = value if op != "ne" else not value
        return Row(test.fact, {"value": "true" if is_so else "false"})
    if isinstance(value, int):
        return Row(test.fact, {"op": op, "value": str(value)})
    listed = value if isinstance(value, tuple) else (value,)
    return Row(test.fact, {"op": "ne" if op == "ne" else "in", "value": ", ".join(listed)})


def _abandoned(one: Abandoned) -> dict[str, str]:
    values = {"state": one.state, "sku": ", ".join(one.skus), "category": ", ".join(one.categories)}
    for number, (op, amount) in enumerate(one.value, start=1):
        values |= {f"op{number}": op, f"amount{number}": _amount(amount)}
        values["currency"] = amount.currency
    for op, number in one.count:
        values |= {"count_op": op, "count": str(number)}
    return values | _shown("within", one.within) | _shown("before", one.before)


def _amount(amount: Amount) -> str:
    return str(Money(amount.minor, amount.currency).decimal())


def _shown(key: str, span: object) -> dict[str, str]:
    field = Form().show_duration(key, None if span is None else str(span))
    unit = field.unit if span is not None else "d"
    return {key: field.value, f"{key}-unit": unit}
