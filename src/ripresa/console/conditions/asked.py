"""Between the builder and a scenario file: a condition becomes a tree, a tree what the file says."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from ripresa.console.conditions.tree import Group, Node, Row, is_small, numbered
from ripresa.console.conditions.words import COMPARISONS, Vocabulary
from ripresa.console.layout.forms import no_number
from ripresa.core.money import MAX_MINOR, Money, NotMoney, parse_minor
from ripresa.domain.scenarios.file.editing import one_line, one_line_list
from ripresa.domain.scenarios.plan import All, Amount, AnyOf, Condition, Not, Test

_MOST = 1_000_000
_LETTERS = {"country": 2, "currency": 3}


def tree_of(condition: Condition, vocabulary: Vocabulary) -> Group | None:
    """A condition as the builder shows it; None for what only a file can say."""
    node = _node(condition, vocabulary)
    top = numbered(node if isinstance(node, Group) else Group("all", [node]))
    return top if _fits(condition) and is_small(top) else None


def _fits(condition: Condition) -> bool:
    """Whether the rows hold all that it says: no lists of numbers, no commas within words."""
    match condition:
        case All(of) | AnyOf(of):
            return all(_fits(one) for one in of)
        case Not(of):
            return _fits(of)
    listed = condition.value if isinstance(condition.value, tuple) else (condition.value,)
    if not all(isinstance(one, str) for one in listed):
        return not isinstance(condition.value, tuple)
    return not any("," in str(one) for one in listed)


def _node(condition: Condition, vocabulary: Vocabulary) -> Node:
    match condition:
        case All(of):
            parts = [_node(one, vocabulary) for one in of]
            return Group("all", [part for one in parts for part in _flat(one)])
        case AnyOf(of):
            return Group("any", [_node(one, vocabulary) for one in of])
        case Not(Test(op="eq" | "in", value=str() | tuple()) as turned):
            return _row(turned, "ne", vocabulary)
        case Not(AnyOf(of)):
            return Group("none", [_node(one, vocabulary) for one in of])
        case Not(of):
            return Group("none", [_node(of, vocabulary)])
    return _row(condition, condition.op, vocabulary)


def _flat(node: Node) -> Sequence[Node]:
    """All within all says no more than its parts."""
    return node.parts if isinstance(node, Group) and node.kind == "all" else [node]


def _row(test: Test, op: str, vocabulary: Vocabulary) -> Row:
    return Row(test.fact, _shown(test, op), vocabulary=vocabulary)


def _shown(test: Test, op: str) -> dict[str, str]:
    value = test.value
    match value:
        case bool():
            return {"value": "true" if value is not (op == "ne") else "false"}
        case int():
            return {"op": op, "value": str(value)}
        case Amount():
            amount = str(Money(value.minor, value.currency).decimal())
            return {"op1": op, "amount1": amount, "currency": value.currency}
    listed = value if isinstance(value, tuple) else (value,)
    return {"op": "ne" if op == "ne" else "in", "value": ", ".join(map(str, listed))}


def written(top: Group, currency: str) -> Any:
    """What stands in the file for a tree; `currency` is the shop's. Problems are noted with the rows."""
    parts = [_written(part, currency) for part in top.parts]
    top.problem = "" if parts else _("Add a condition.")
    if len(parts) == 1 and top.kind != "none":
        return parts[0]
    names = [name for part in parts for name in part]
    if top.kind == "all" and len(set(names)) == len(names):
        return one_line({name: value for part in parts for name, value in part.items()})
    return _joined(top.kind, parts)


def _written(node: Node, currency: str) -> dict[str, Any]:
    if isinstance(node, Row):
        node.problems.clear()
        return one_line(_WRITERS[node.control](node, currency))
    node.problem = "" if node.parts else _("Add a condition.")
    return _joined(node.kind, [_written(part, currency) for part in node.parts])


def _joined(kind: str, parts: list[dict[str, Any]]) -> dict[str, Any]:
    if kind == "none":
        return one_line({"not": one_line({"any": parts})})
    return one_line({kind: parts})


def _money(row: Row, currency: str) -> dict[str, Any]:
    own = (row.values.get("currency") or currency).upper()
    typed = row.values.get("amount1", "").replace(",", ".")
    try:
        minor = parse_minor(typed, own)
    except NotMoney:
        minor = -1
    if not 0 <= minor <= MAX_MINOR:
        row.problems["amount1"] = _("A value looks like 49.90.")
    if len(own) != _LETTERS["currency"] or not own.isascii() or not own.isalpha():
        row.problems["currency"] = _("A currency has three letters, like EUR.")
    said: dict[str, Any] = {_op(row, "op1"): DoubleQuotedScalarString(typed)}
    if own != currency:
        said["currency"] = own
    return {row.field: one_line(said)}


def _number(row: Row, _currency: str) -> dict[str, Any]:
    typed = row.values.get("value", "")
    if typed.isascii() and typed.isdigit() and int(typed) <= _MOST:
        return {row.field: one_line({_op(row, "op"): int(typed)})}
    row.problems["value"] = no_number(0, _MOST)
    return {row.field: 0}


def _op(row: Row, key: str) -> str:
    op = row.values.get(key, "gte")
    return op if op in COMPARISONS else "gte"


def _words(row: Row, _currency: str) -> dict[str, Any]:
    wanted = row.chosen
    if letters := _LETTERS.get(row.field):
        wanted = [word.upper() for word in wanted]
        if any(len(word) != letters or not word.isalpha() for word in wanted):
            wrong = {
                "country": _("A country has two letters, like IT."),
                "currency": _("A currency has three letters, like EUR."),
            }
            row.problems["value"] = wrong[row.field]
    if not wanted:
        row.problems["value"] = _("Choose at least one.")
    is_none = row.values.get("op") == "ne"
    if len(wanted) == 1:
        return {row.field: one_line({"ne" if is_none else "eq": wanted[0]})}
    among = {row.field: one_line({"in": one_line_list(wanted)})}
    return {"not": one_line(among)} if is_none else among


def _flag(row: Row, _currency: str) -> dict[str, Any]:
    return {row.field: row.values.get("value", "true") != "false"}


_WRITERS: Mapping[str, Callable[[Row, str], dict[str, Any]]] = {
    "money": _money,
    "number": _number,
    "words": _words,
    "choices": _words,
    "flag": _flag,
}
