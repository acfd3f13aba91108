"""A YAML document whose values know their line and path, and collect what is wrong with them."""

import difflib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from ripresa.contracts.calling.sayings import Saying, laid_out, said_by, say
from ripresa.contracts.calling.yaml_troubles import what_to_look_at
from ripresa.domain.scenarios.durations import Duration, NotADuration, parse_duration

MAX_CHARACTERS = 32_768
MAX_DEPTH = 40
MAX_NODES = 5_000
MAX_PROBLEMS = 100
T = TypeVar("T")
W = TypeVar("W", bound=str)
_TAG = "tag:yaml.org,2002:"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: where (line from 1, field path) and what to do."""

    line: int
    field: str
    message: str


class ScenarioInvalid(Exception):
    """A scenario file can't be used. `problems`: what is wrong, in order of lines, at most 100."""

    def __init__(self, file_name: str, problems: Sequence[Problem]) -> None:
        self.file_name = file_name
        self.problems = tuple(sorted(problems, key=lambda problem: problem.line))
        super().__init__("\n".join(self.lines()))

    def lines(self) -> list[Saying]:
        """One line a problem: `file:line: field: message`."""
        return [
            laid_out(
                "{file}:{line}: {field}: {message}" if one.field else "{file}:{line}: {message}",
                file=self.file_name,
                line=one.line,
                field=one.field,
                message=one.message,
            )
            for one in self.problems
        ]


class _Notes(list[Problem]):
    """What is wrong so far. Reading ends with the hundredth: each hint costs a look at every word."""

    def __init__(self, file_name: str) -> None:
        super().__init__()
        self._file_name = file_name

    def append(self, problem: Problem) -> None:
        super().append(problem)
        if len(self) == MAX_PROBLEMS:
            raise ScenarioInvalid(self._file_name, self)


@dataclass(frozen=True, slots=True)
class Value:
    """A value of the document. A reader returns None for a wrong value and notes the problem."""

    node: Node
    path: str
    problems: list[Problem] = field(repr=False)

    @property
    def line(self) -> int:
        """The line it stands on, from 1."""
        return int(self.node.start_mark.line) + 1

    @property
    def is_mapping(self) -> bool:
        """Whether it has entries."""
        return isinstance(self.node, MappingNode)

    def fail(self, message: str) -> None:
        """Note that this value is wrong."""
        self.problems.append(Problem(self.line, self.path, message))

    def is_plain(self, word: str) -> bool:
        """Whether it is this one word."""
        return isinstance(self.node, ScalarNode) and str(self.node.value) == word

    @property
    def is_list(self) -> bool:
        """Whether it has items."""
        return isinstance(self.node, SequenceNode)

    def entries(self, known: Sequence[str]) -> "dict[str, Value]":
        """The values of a mapping by key; a key that is not `known` is a problem."""
        if not self.is_mapping:
            self.fail(say("must be a mapping with {keys}", keys=_list(known)))
            return {}
        found: dict[str, Value] = {}
        lines: dict[str, int] = {}
        for key_node, value_node in self.node.value:
            name = str(key_node.value) if isinstance(key_node, ScalarNode) else "?"
            value = Value(value_node, f"{self.path}.{name}".lstrip("."), self.problems)
            key = Value(key_node, value.path, self.problems)
            if name in lines:
                key.fail(say("stands here twice, first on line {line}", line=lines[name]))
            elif name not in known:
                key.fail(say("unknown key; {hint}", hint=nearest(name, known)))
            else:
                found[name] = value
            lines.setdefault(name, key.line)
        return found

    def items(self) -> "list[Value]":
        """The values of a list."""
        if not self.is_list:
            self.fail(say("must be a list"))
            return []
        return [
            Value(item, f"{self.path}[{number}]", self.problems)
            for number, item in enumerate(self.node.value)
        ]

    def text(self, *, longest: int = 200) -> str | None:
        """A text that is not empty; plain numbers and dates count as text."""
        if not isinstance(self.node, ScalarNode) or self.node.tag == f"{_TAG}null":
            self.fail(say("must be a text"))
            return None
        text = str(self.node.value).strip()
        if not text or len(text) > longest or not text.isprintable():
            self.fail(
                say("must be a text of 1 to {longest} characters on one line", longest=longest)
            )
            return None
        return text

    def integer(self, least: int, most: int) -> int | None:
        """A whole number from `least` to `most`."""
        plain = isinstance(self.node, ScalarNode) and self.node.tag == f"{_TAG}int"
        try:
            number = int(self.node.value) if plain else None
        except ValueError:  # 0x1f, or more digits than Python reads
            number = None
        if number is None or not least <= number <= most:
            self.fail(say("must be a whole number from {least} to {most}", least=least, most=most))
            return None
        return number

    def decimal(self, least: Decimal, most: Decimal, places: int) -> Decimal | None:
        """A number from `least` to `most` with at most `places` decimals."""
        plain = isinstance(self.node, ScalarNode) and self.node.tag != f"{_TAG}null"
        try:
            number = Decimal(str(self.node.value)) if plain else None
        except InvalidOperation:
            number = None
        if (
            number is None
            or not number.is_finite()
            or not least <= number <= most
            or number != round(number, places)
        ):
            self.fail(
                say(
                    "must be a number from {least} to {most} with at most {places} decimals",
                    least=least,
                    most=most,
                    places=places,
                )
            )
            return None
        return number

    def flag(self) -> bool | None:
        """True or false."""
        if isinstance(self.node, ScalarNode) and self.node.tag == f"{_TAG}bool":
            return str(self.node.value).lower() == "true"
        self.fail(say("must be true or false"))
        return None

    def choice(self, words: Sequence[W]) -> W | None:
        """One of `words`."""
        text = self.text()
        if text is None:
            return None
        for word in words:
            if word == text:
                return word
        self.fail(say("can't be {text!r}; {hint}", text=text, hint=nearest(text, words)))
        return None

    def duration(self) -> Duration | None:
        """A duration like `24h`."""
        text = self.text()
        if text is None:
            return None
        try:
            return parse_duration(text)
        except NotADuration as wrong:
            self.fail(said_by(wrong))
            return None


def given(
    entries: Mapping[str, Value], key: str, read: Callable[[Value], T | None], default: T
) -> T:
    """What `read` makes of entries[key]; `default` where it is absent or wrong."""
    found = read(entries[key]) if key in entries else None
    return default if found is None else found


def nearest(word: str, words: Sequence[str]) -> Saying:
    """A hint at the right word: the one most like `word`, else all of them."""
    close = difflib.get_close_matches(word, words, n=1)
    if close:
        return say("did you mean {word!r}?", word=close[0])
    return say("known here: {words}", words=_list(words))


def read_document(text: str, file_name: str) -> Value:
    """The document of `text`, YAML 1.2. Raises ScenarioInvalid where it is no YAML at all."""
    if len(text) > MAX_CHARACTERS:
        raise ScenarioInvalid(
            file_name, [Problem(1, "", say("longer than {most} characters", most=MAX_CHARACTERS))]
        )
    if _depth(text) > MAX_DEPTH:  # before the parser, which takes seconds to say so
        raise ScenarioInvalid(file_name, [Problem(1, "", say("is nested too deeply"))])
    try:
        node: Any = YAML(pure=True).compose(text)
    except MarkedYAMLError as wrong:
        mark = wrong.problem_mark or wrong.context_mark
        message = say(
            "is no YAML: {problem}", problem=what_to_look_at(wrong.problem or wrong.context or "")
        )
        raise ScenarioInvalid(
            file_name, [Problem(mark.line + 1 if mark else 1, "", message)]
        ) from None
    except RecursionError:
        raise ScenarioInvalid(file_name, [Problem(1, "", say("is nested too deeply"))]) from None
    except (YAMLError, ValueError) as wrong:
        line = text.count("\n", 0, getattr(wrong, "position", 0)) + 1
        message = say("is no YAML: {problem}", problem=what_to_look_at(str(wrong).splitlines()[0]))
        raise ScenarioInvalid(file_name, [Problem(line, "", message)]) from None
    if node is None:
        raise ScenarioInvalid(file_name, [Problem(1, "", say("is empty"))])
    if _is_endless(node):
        raise ScenarioInvalid(
            file_name, [Problem(1, "", say("has more than {most} values", most=MAX_NODES))]
        )
    return Value(node, "", _Notes(file_name))


def _is_endless(top: Node) -> bool:
    """Whether too much is left to read once every alias is followed; one may hold itself."""
    ahead, seen = [top], 0
    while ahead and seen <= MAX_NODES:
        node = ahead.pop()
        seen += 1
        if isinstance(node, MappingNode):
            ahead += [value for _, value in node.value]
        elif isinstance(node, SequenceNode):
            ahead += node.value
    return seen > MAX_NODES


def _depth(text: str) -> int:
    """How deep brackets nest; those inside texts count as well, which no honest file minds."""
    depth = deepest = 0
    for character in text:
        if character in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif character in "]}":
            depth -= 1
    return deepest


def _list(words: Iterable[str]) -> str:
    return ", ".join(words)
