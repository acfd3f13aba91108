"""What an expression is (text, number, address, …), and whether each field in it exists."""

import difflib
import re
from dataclasses import dataclass, field

from ripresa.contracts.calling.sayings import say
from ripresa.domain.templates.language.fields import COUPON_CODE, FIELDS, LOOP, Field, Kind, called
from ripresa.domain.templates.language.grammar import (
    Compared,
    Expression,
    Filtered,
    Joined,
    Literal,
    Negated,
    Path,
    TagParser,
)

HTTP = re.compile(r"https?://[^\s\x00-\x1f\"<>\\]+\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Filter:
    """Which kinds a filter takes and what it gives (None: what it took)."""

    takes: frozenset[Kind]
    gives: Kind | None = None


_TEXT_TO_TEXT = Filter(frozenset({Kind.TEXT}))

FILTERS = {
    "default": Filter(frozenset({Kind.TEXT, Kind.URL, Kind.NUMBER})),
    "upper": _TEXT_TO_TEXT,
    "lower": _TEXT_TO_TEXT,
    "title": _TEXT_TO_TEXT,
    "capitalize": _TEXT_TO_TEXT,
    "trim": _TEXT_TO_TEXT,
    "first": _TEXT_TO_TEXT,
    "length": Filter(frozenset({Kind.LIST}), gives=Kind.NUMBER),
    "urlencode": Filter(frozenset({Kind.TEXT, Kind.NUMBER}), gives=Kind.QUERY),
}


@dataclass(slots=True)
class Scope:
    """What is known at one tag: loop variables, and what an `if` around it proved not empty."""

    rows: dict[str, tuple[str, Field]] = field(
        default_factory=dict
    )  # variable -> (cart.items, its Field)
    proven: frozenset[str] = frozenset()


@dataclass(slots=True)
class Findings:
    """What the expressions of one tag use."""

    fields: set[str] = field(default_factory=set)
    needs_coupon: bool = False


class KindReader:
    """Tells the kind of expressions in one tag. Raises TemplateError for what can't be meant."""

    def __init__(self, parser: TagParser, scope: Scope) -> None:
        self._parser = parser
        self._scope = scope
        self.findings = Findings()

    def kind(self, expression: Expression, *, printed: bool = False) -> Kind:
        """Its kind; if `printed`, what may be empty needs a fall-back or an `if` around it."""
        match expression:
            case Path():
                return self.field(expression, printed=printed).kind
            case Literal(source=source):
                return _literal_kind(source)
            case Filtered():
                return self._filtered(expression, printed=printed)
            case Compared():
                return self._compared(expression)
            case Joined(left=left, right=right):
                self._condition(left)
                return self._condition(right)
            case Negated(inner=inner):
                return self._condition(inner)

    def field(self, path: Path, *, printed: bool = False) -> Field:
        """The field a path names."""
        prefix, members = self._root(path.names[0]), self._members_of_root(path)
        found = Field(Kind.GROUP, members=members)
        for name in path.names[1:]:
            member = found.members.get(name) if found.kind is Kind.GROUP else None
            if member is None:
                raise self._parser.error(path.at, self._unknown(path))
            found = member
        canonical = ".".join((prefix, *path.names[1:]))
        if found.kind is not Kind.GROUP and prefix != "loop":
            self.findings.fields.add(canonical)
        if printed and found.may_be_empty and ".".join(path.names) not in self._scope.proven:
            self._may_be_empty(path, canonical)
        return found

    def _root(self, name: str) -> str:
        return self._scope.rows[name][0] if name in self._scope.rows else name

    def _members_of_root(self, path: Path) -> dict[str, Field]:
        name = path.names[0]
        if name in self._scope.rows:
            return dict(self._scope.rows[name][1].members)
        if name == "loop" and self._scope.rows:
            return dict(LOOP.members)
        if name in FIELDS:
            return dict(FIELDS[name].members)
        raise self._parser.error(path.at, self._unknown(path))

    def _unknown(self, path: Path) -> str:
        known = [f"{root}.{name}" for root, group in FIELDS.items() for name in group.members]
        for variable, (_, rows) in self._scope.rows.items():
            known += [f"{variable}.{name}" for name in rows.members]
        written = ".".join(path.names)
        close = difflib.get_close_matches(written, known, n=1, cutoff=0.6)
        if close:
            return say(
                "{written} is no field; did you mean {close}?", written=written, close=close[0]
            )
        there = ", ".join(sorted(known))
        return say("{written} is no field; there are {known}", written=written, known=there)

    def _may_be_empty(self, path: Path, canonical: str) -> None:
        if canonical == COUPON_CODE:
            self.findings.needs_coupon = True
            return
        written = ".".join(path.names)
        raise self._parser.error(
            path.at,
            say(
                '{field} may be empty: give a fall-back, {{{{ {field} | default("…") }}}}, '
                "or put it inside {{% if {field} %}}",
                field=written,
            ),
        )

    def _filtered(self, expression: Filtered, *, printed: bool) -> Kind:
        rule = FILTERS.get(expression.name)
        if rule is None:
            there = ", ".join(FILTERS)
            message = say(
                "{name} is no filter; there are {known}", name=expression.name, known=there
            )
            raise self._parser.error(expression.at, message)
        is_default = expression.name == "default"
        kind = self.kind(expression.base, printed=printed and not is_default)
        if kind not in rule.takes:
            message = say(
                "{name} can't be used on a {kind}", name=expression.name, kind=called(kind)
            )
            raise self._parser.error(expression.at, message)
        if is_default:
            self._fall_back(expression, kind, printed=printed)
        elif expression.argument is not None:
            message = say("{name} takes nothing in brackets", name=expression.name)
            raise self._parser.error(expression.at, message)
        return rule.gives or kind

    def _fall_back(self, expression: Filtered, kind: Kind, *, printed: bool) -> None:
        argument = expression.argument
        if argument is None:
            raise self._parser.error(expression.at, say('a fall-back is missing: default("…")'))
        if isinstance(argument, Literal) and kind is Kind.URL:
            fits = HTTP.match(argument.source[1:-1]) is not None
        else:
            fits = self.kind(argument, printed=printed) is kind
        if not fits:
            message = say("the fall-back of a {kind} must be one too", kind=called(kind))
            raise self._parser.error(expression.at, message)

    def _compared(self, expression: Compared) -> Kind:
        left, right = self.kind(expression.left), self.kind(expression.right)
        if expression.sign in {"==", "!="}:
            fits = left is right and left not in {Kind.LIST, Kind.GROUP}
            fits = fits or {left, right} == {Kind.TEXT, Kind.URL}
        else:
            fits = left is right is Kind.NUMBER
        if not fits:
            message = say(
                "a {left} and a {right} can't be compared by {sign}",
                left=called(left),
                right=called(right),
                sign=expression.sign,
            )
            raise self._parser.error(expression.at, message)
        return Kind.TRUTH

    def _condition(self, expression: Expression) -> Kind:
        self.kind(expression)
        return Kind.TRUTH


def _literal_kind(source: str) -> Kind:
    if source[0] in "\"'":
        return Kind.TEXT
    return Kind.NUMBER if source.isdigit() else Kind.TRUTH


def proven_fields(condition: Expression) -> tuple[frozenset[str], frozenset[str]]:
    """The fields that are surely not empty where `condition` holds, and where it does not."""
    nothing: frozenset[str] = frozenset()
    match condition:
        case Path(names=names):
            return frozenset({".".join(names)}), nothing
        case Negated(inner=inner):
            holds, fails = proven_fields(inner)
            return fails, holds
        case Joined(word=word, left=left, right=right):
            (left_holds, left_fails), (right_holds, right_fails) = (
                proven_fields(left),
                proven_fields(right),
            )
            if word == "and":
                return left_holds | right_holds, nothing
            return nothing, left_fails | right_fails
        case _:
            return nothing, nothing
