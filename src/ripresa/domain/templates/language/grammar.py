"""The grammar inside a merge tag.

A deliberately small part of MiniJinja's: fields, filters, `if`, `for`, comparisons. Arithmetic is
left out because `*` on a list multiplies memory without using fuel (6.5 GB were seen); calls,
macros, includes and assignments because no mail needs them.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from ripresa.contracts.calling.sayings import say
from ripresa.domain.templates.errors import TemplateError, error_at
from ripresa.domain.templates.language.fields import STAR_TAGS
from ripresa.domain.templates.language.tags import RawTag

MAX_DEPTH = 20

_TOKEN = re.compile(
    r"(?P<name>[A-Za-z_][A-Za-z0-9_]*)|(?P<number>[0-9]{1,9})(?![0-9A-Za-z_])"
    r"|(?P<text>\"[^\"\\\n{}]*\"|'[^'\\\n{}]*')|(?P<sign>==|!=|<=|>=|[<>|().,])",
)
_STATEMENTS = ("if", "elif", "else", "endif", "for", "endfor")
_COMPARISONS = ("==", "!=", "<", "<=", ">", ">=")
_WORDS = frozenset(
    {"and", "or", "not", "in", "is", "if", "else", "elif", "for", "loop", "self"}
    | {"true", "false", "none", "True", "False", "None"},
)
_ALLOWED = say("only fields, filters, if, for and comparisons may stand here")


@dataclass(frozen=True, slots=True)
class Path:
    """A field: `person.first_name`."""

    names: tuple[str, ...]
    at: int


@dataclass(frozen=True, slots=True)
class Literal:
    """`"there"`, `5`, `true`: as written."""

    source: str
    at: int


@dataclass(frozen=True, slots=True)
class Filtered:
    """`base | name` or `base | name(argument)`."""

    base: "Expression"
    name: str
    argument: "Expression | None"
    at: int


@dataclass(frozen=True, slots=True)
class Compared:
    """`left sign right`."""

    sign: str
    left: "Expression"
    right: "Expression"
    at: int


@dataclass(frozen=True, slots=True)
class Joined:
    """`left and right`, `left or right`."""

    word: str
    left: "Expression"
    right: "Expression"


@dataclass(frozen=True, slots=True)
class Negated:
    """`not inner`."""

    inner: "Expression"


Expression = Path | Literal | Filtered | Compared | Joined | Negated


@dataclass(frozen=True, slots=True)
class Statement:
    """What stands in `{% … %}`: `word` is if, elif, else, endif, for or endfor."""

    word: str
    condition: Expression | None = None
    variable: str = ""
    rows: Path | None = None


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str  # name, number, text, sign or end
    text: str
    at: int


class TagParser:
    """Reads the inside of one tag. Raises TemplateError with the place in the whole source."""

    def __init__(self, source: str, tag: RawTag, part: str) -> None:
        self._source = source
        self._tag = tag
        self._part = part
        self._depth = 0
        self._next = 0
        self._tokens: list[_Token] = []

    def error(self, at: int, message: str) -> TemplateError:
        """The error for the character `at` of the tag's inside."""
        known = self._tag.inner_at
        offset = self._tag.start if known is None else known + at
        return error_at(self._source, offset, message, self._part)

    def printed(self) -> Expression:
        """The whole of `{{ … }}`."""
        self._tokens = self._read_tokens()
        return self._to_the_end(self._either())

    def star_field(self) -> Path:
        """The field that `*|NAME|*` stands for."""
        name = STAR_TAGS.get(self._tag.inner.upper())
        if name is None:
            known = ", ".join(f"*|{tag}|*" for tag in STAR_TAGS)
            message = say(
                "*|{name}|* is unknown; there are {known}", name=self._tag.inner, known=known
            )
            raise self.error(0, message)
        return Path(tuple(name.split(".")), 0)

    def statement(self) -> Statement:
        """The whole of `{% … %}`."""
        # Before the tokens: what other statements hold might not even be made of ours.
        word = self._tag.inner.split(maxsplit=1)[0] if self._tag.inner.strip() else ""
        if word not in _STATEMENTS:
            raise self.error(0, _impossible(f"{{% {word} %}}"))
        self._tokens = self._read_tokens()
        self._take()
        if word == "for":
            return self._for()
        if word in {"if", "elif"}:
            return Statement(word, condition=self._to_the_end(self._either()))
        self._end()
        return Statement(word)

    def _read_tokens(self) -> list[_Token]:
        inner, position, tokens = self._tag.inner, 0, list[_Token]()
        while position < len(inner):
            if inner[position].isspace():
                position += 1
                continue
            found = _TOKEN.match(inner, position)
            if found is None:
                raise self.error(position, _impossible(inner[position]))
            tokens.append(_Token(str(found.lastgroup), found[0], position))
            position = found.end()
        return [*tokens, _Token("end", say("the end of the tag"), position)]

    def _take(self) -> _Token:
        token = self._tokens[self._next]
        self._next = min(self._next + 1, len(self._tokens) - 1)
        return token

    def _take_if(self, *texts: str) -> _Token | None:
        return self._take() if self._tokens[self._next].text in texts else None

    def _end(self) -> None:
        token = self._tokens[self._next]
        if token.kind != "end":
            raise self.error(token.at, _impossible(token.text))

    def _to_the_end(self, expression: Expression) -> Expression:
        self._end()
        return expression

    def _deeper(self, at: int, read: Callable[[], Expression]) -> Expression:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise self.error(at, say("more than {most} levels deep", most=MAX_DEPTH))
        inner = read()
        self._depth -= 1
        return inner

    def _for(self) -> Statement:
        variable = self._take()
        if variable.kind != "name" or variable.text in _WORDS or self._take_if("in") is None:
            raise self.error(variable.at, say("write it as {{% for item in cart.items %}}"))
        rows = self._path(self._take())
        self._end()
        return Statement("for", variable=variable.text, rows=rows)

    def _either(self) -> Expression:
        left = self._both()
        while self._take_if("or"):
            left = Joined("or", left, self._both())
        return left

    def _both(self) -> Expression:
        left = self._negation()
        while self._take_if("and"):
            left = Joined("and", left, self._negation())
        return left

    def _negation(self) -> Expression:
        if token := self._take_if("not"):
            return Negated(self._deeper(token.at, self._negation))
        return self._comparison()

    def _comparison(self) -> Expression:
        left = self._filtered()
        if token := self._take_if(*_COMPARISONS):
            return Compared(token.text, left, self._filtered(), token.at)
        return left

    def _filtered(self) -> Expression:
        base = self._primary()
        while self._take_if("|"):
            name = self._take()
            if name.kind != "name":
                raise self.error(name.at, say("a filter's name is missing after |"))
            base = Filtered(base, name.text, self._argument(), name.at)
        return base

    def _argument(self) -> Expression | None:
        if self._take_if("(") is None:
            return None
        argument = self._primary()
        if self._take_if(
            ","
        ):  # default("x", true): Jinja's way to ask for what it always does here
            self._take_if("true")
        self._close()
        return argument

    def _close(self) -> None:
        if self._take_if(")") is None:
            token = self._tokens[self._next]
            raise self.error(token.at, say("a ) is missing before {found}", found=token.text))

    def _primary(self) -> Expression:
        token = self._take()
        if token.kind in {"text", "number"} or token.text in {"true", "false"}:
            return Literal(token.text, token.at)
        if token.text == "(":
            inner = self._deeper(token.at, self._either)
            self._close()
            return inner
        return self._path(token)

    def _path(self, token: _Token) -> Path:
        if token.kind != "name" or token.text in _WORDS - {"loop"}:
            raise self.error(token.at, say("a field was expected, not {found}", found=token.text))
        names = [token.text]
        while self._take_if("."):
            member = self._take()
            if member.kind != "name":
                message = say("a field's name was expected, not {found}", found=member.text)
                raise self.error(member.at, message)
            names.append(member.text)
        return Path(tuple(names), token.at)


def _impossible(what: str) -> str:
    return say("{what} is not possible: {allowed}", what=what, allowed=_ALLOWED)
