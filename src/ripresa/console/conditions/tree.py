"""A condition as a form: groups of rows, read from what was typed and changed by its buttons."""

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from ripresa.console.conditions import words
from ripresa.console.conditions.words import Vocabulary
from ripresa.console.layout.typed import fitting, line

MOST_NODES, DEEPEST, LONGEST_LIST = 80, 5, 4_000
_ROOT = "0"
_KEYS = (
    "op", "value", "state", "op1", "amount1", "op2", "amount2", "currency", "within", "within-unit", "before",
    "before-unit", "count_op", "count", "sku", "category",
)  # fmt: skip
_LISTS = {"value", "sku", "category"}


@dataclass(slots=True)
class Row:
    """One condition: which field it asks about, what was typed, and what is wrong with that.

    `path` is its place in the tree, `0-2-1`, and begins the names of its controls.
    """

    field: str
    values: dict[str, str] = dataclasses.field(default_factory=dict)
    problems: dict[str, str] = dataclasses.field(default_factory=dict)
    path: str = ""
    is_new: bool = False
    vocabulary: Vocabulary = words.PEOPLE

    @property
    def control(self) -> str:
        """Which controls it shows."""
        return self.vocabulary.controls[self.field]

    @property
    def chosen(self) -> list[str]:
        """The words that are ticked, or stand between commas."""
        return [word for one in self.values.get("value", "").split(",") if (word := one.strip())]

    @property
    def choices(self) -> list[tuple[str, Any, bool]]:
        """What can be ticked: code, text, whether it is; what a file names beside them as well."""
        known = self.vocabulary.choices(self.field)
        others = {code: code for code in self.chosen if code not in known}
        return [(code, text, code in self.chosen) for code, text in {**known, **others}.items()]

    @property
    def second_op(self) -> str:
        """How the second amount is compared: it ends what the first begins."""
        return self.values.get("op2", "lte")

    @property
    def within_unit(self) -> str:
        """The unit of `within`."""
        return self.values.get("within-unit", "d")

    @property
    def before_unit(self) -> str:
        """The unit of `before`."""
        return self.values.get("before-unit", "d")

    @property
    def hint(self) -> Any:
        """How its value is written."""
        return self.vocabulary.hints.get(self.field, "")


@dataclass(slots=True)
class Group:
    """Rows and groups, joined by all, any or none. `was_changed`: its buttons take the focus."""

    kind: str
    parts: "list[Row | Group]" = dataclasses.field(default_factory=list)
    problem: str = ""
    path: str = ""
    was_changed: bool = False

    @property
    def depth(self) -> int:
        """How deep it lies; the outermost is 0."""
        return self.path.count("-")

    @property
    def may_nest(self) -> bool:
        """Whether a group may still be put in it."""
        return self.depth < DEEPEST - 1


Node = Row | Group


def numbered(top: Group) -> Group:
    """The same tree, each node with its path."""
    for place, node in _walk(top, _ROOT):
        node.path = place
    return top


def is_small(top: Group) -> bool:
    """Whether a form can hold it: not too deep, too many nodes or too long lists."""
    nodes = list(_walk(top, _ROOT))
    lists = (
        text for _path, node in nodes if isinstance(node, Row) for text in node.values.values()
    )
    return (
        len(nodes) <= MOST_NODES
        and all(path.count("-") <= DEEPEST for path, _node in nodes)
        and all(len(text) <= LONGEST_LIST for text in lists)
    )


def is_right(node: Node) -> bool:
    """Whether nothing was wrong when it was written."""
    if isinstance(node, Row):
        return not node.problems
    return not node.problem and all(is_right(part) for part in node.parts)


def read(typed: QueryDict, vocabulary: Vocabulary = words.PEOPLE) -> Group:
    """The tree that a form holds. What nobody's form holds is left out."""
    top = _read(typed, _ROOT, [MOST_NODES], vocabulary)
    return numbered(top if isinstance(top, Group) else Group("all", [top] if top else []))


def _read(typed: QueryDict, path: str, left: list[int], vocabulary: Vocabulary) -> Node | None:
    kind = typed.get(f"{path}:kind", "")
    left[0] -= 1
    if left[0] < 0 or path.count("-") > DEEPEST:
        return None
    if kind in words.GROUPS:
        group = Group(kind)
        number = 0
        while f"{path}-{number}:kind" in typed and number < MOST_NODES:
            part = _read(typed, f"{path}-{number}", left, vocabulary)
            if part is not None:
                group.parts.append(part)
            number += 1
        return group
    asked = typed.get(f"{path}:field", "")
    if asked not in vocabulary.fields:
        return None
    return Row(asked, _typed(typed, path), vocabulary=vocabulary)


def _typed(typed: QueryDict, path: str) -> dict[str, str]:
    given = {key: typed.getlist(f"{path}:{key}") for key in _KEYS if f"{path}:{key}" in typed}
    return {
        key: _listed(several) if key in _LISTS else line(several[-1])
        for key, several in given.items()
    }


def _listed(several: list[str]) -> str:
    """Words that were ticked, or stand between commas: one by one, for lists grow long."""
    typed = fitting(",".join(several), LONGEST_LIST)
    return ", ".join(filter(None, map(line, typed.split(","))))


def change(top: Group, do: str, vocabulary: Vocabulary = words.PEOPLE) -> None:
    """What a button asks for: `add 0`, `group 0-1`, `remove 0-2`, `up 0-1`. Anything else is nothing."""
    word, _space, path = do.partition(" ")
    found = dict(_walk(top, _ROOT))
    node = found.get(path)
    if node is None:
        return
    match word:
        case "add" | "group" if isinstance(node, Group) and len(found) < MOST_NODES:
            _add(node, vocabulary, is_group=word == "group")
        case "remove" | "up" if path != _ROOT:
            holder, number = found[path.rpartition("-")[0]], int(path.rpartition("-")[2])
            if isinstance(holder, Group):
                _move(holder, number, word)
    numbered(top)


def _add(group: Group, vocabulary: Vocabulary, *, is_group: bool) -> None:
    row = Row(next(iter(vocabulary.fields)), is_new=True, vocabulary=vocabulary)
    if not is_group:
        group.parts.append(row)
    elif group.may_nest:
        kind = "any" if group.kind == "all" else "all"
        group.parts.append(Group(kind, [row]))


def _move(holder: Group, number: int, word: str) -> None:
    if word == "remove":
        del holder.parts[number]
        holder.was_changed = True
    elif number:
        node = holder.parts.pop(number)
        holder.parts.insert(number - 1, node)
        if isinstance(node, Row):
            node.is_new = True


def _walk(node: Node, path: str) -> "Iterator[tuple[str, Node]]":
    yield path, node
    if isinstance(node, Group):
        for number, part in enumerate(node.parts):
            yield from _walk(part, f"{path}-{number}")
