"""The check at save: every tag understood, every field known, every block closed."""

from dataclasses import dataclass
from enum import StrEnum

from ripresa.contracts.calling.sayings import say
from ripresa.domain.templates.errors import TemplateError, error_at
from ripresa.domain.templates.language.fields import FIELDS, PRINTABLE, Field, Kind, called
from ripresa.domain.templates.language.grammar import MAX_DEPTH, Statement, TagParser
from ripresa.domain.templates.language.kinds import KindReader, Scope, proven_fields
from ripresa.domain.templates.language.tags import RawTag, find_tags
from ripresa.domain.templates.language.writing import source_of, statement_source

MAX_TAGS = 2_000


class Role(StrEnum):
    """What a tag does to the text around it."""

    PRINT = "print"
    OPEN = "open"
    BETWEEN = "between"
    CLOSE = "close"
    NOTE = "note"  # a comment: gone after the check


ROLES = {"if": Role.OPEN, "for": Role.OPEN, "elif": Role.BETWEEN, "else": Role.BETWEEN}


@dataclass(frozen=True, slots=True)
class MergeTag:
    """A tag that was understood. `merge` is what MiniJinja gets for `source[start:end]`."""

    start: int
    end: int
    role: Role
    merge: str
    fields: frozenset[str] = frozenset()
    kind: Kind | None = None  # of what it prints
    is_always_there: bool = False  # no block around it


@dataclass(frozen=True, slots=True)
class CheckedPart:
    """A body, subject or text whose merge tags are all sound."""

    part: str
    source: str
    tags: tuple[MergeTag, ...]
    fields_used: frozenset[str]
    needs_coupon: bool


@dataclass(slots=True)
class _Block:
    tag: RawTag
    word: str  # if or for
    proven: frozenset[str] = frozenset()  # not empty in the branch we are in
    otherwise: frozenset[str] = frozenset()  # not empty once no branch so far was taken
    branches: int = 1
    has_else: bool = False
    variable: str = ""
    rows: tuple[str, Field] | None = None


def check_part(source: str, part: str) -> CheckedPart:
    """Check all merge tags of one part (body, subject, text). Raises TemplateError."""
    raw_tags = find_tags(source, part)
    if len(raw_tags) > MAX_TAGS:
        late = raw_tags[MAX_TAGS]
        raise error_at(source, late.start, say("more than {most} merge tags", most=MAX_TAGS), part)
    checker = _Checker(source, part)
    tags = tuple(checker.check(raw) for raw in raw_tags)
    checker.finish()
    used = frozenset[str]().union(*(tag.fields for tag in tags))
    return CheckedPart(part, source, tags, used, checker.needs_coupon)


class _Checker:
    """Walks the tags of one part in order and knows which blocks are open."""

    def __init__(self, source: str, part: str) -> None:
        self._source = source
        self._part = part
        self._blocks: list[_Block] = []
        self.needs_coupon = False

    def check(self, raw: RawTag) -> MergeTag:
        if raw.opening == "{#":
            return MergeTag(raw.start, raw.end, Role.NOTE, "")
        parser = TagParser(self._source, raw, self._part)
        reader = KindReader(parser, self._scope())
        if raw.opening == "{%":
            return self._statement(raw, parser.statement(), reader)
        return self._print(raw, parser, reader)

    def finish(self) -> None:
        if self._blocks:
            block = self._blocks[-1]
            message = say("{{% {word} %}} is never closed by {{% end{word} %}}", word=block.word)
            raise self._error(block.tag, message)

    def _error(self, raw: RawTag, message: str) -> TemplateError:
        return error_at(self._source, raw.start, message, self._part)

    def _scope(self) -> Scope:
        rows = {block.variable: block.rows for block in self._blocks if block.rows}
        proven = frozenset[str]().union(*(block.proven for block in self._blocks))
        return Scope(rows, proven)

    def _print(self, raw: RawTag, parser: TagParser, reader: KindReader) -> MergeTag:
        printed = parser.star_field() if raw.opening == "*|" else parser.printed()
        kind = reader.kind(printed, printed=True)
        if kind not in PRINTABLE:
            hint = {
                Kind.LIST: say("go through it with {{% for item in cart.items %}}"),
                Kind.GROUP: say("name one of its fields"),
            }.get(kind, say("use it in {{% if … %}}"))
            message = say("a {kind} can't be printed: {hint}", kind=called(kind), hint=hint)
            raise self._error(raw, message)
        self.needs_coupon = self.needs_coupon or reader.findings.needs_coupon
        merge = _with_dashes(raw, "{{", f" {source_of(printed)} ", "}}")
        used = frozenset(reader.findings.fields)
        return MergeTag(raw.start, raw.end, Role.PRINT, merge, used, kind, not self._blocks)

    def _statement(self, raw: RawTag, statement: Statement, reader: KindReader) -> MergeTag:
        match statement.word:
            case "if":
                self._open_if(raw, statement, reader)
            case "for":
                self._open_for(raw, statement, reader)
            case "elif" | "else":
                self._next_branch(raw, statement, reader)
            case _:
                self._close(raw, statement.word)
        merge = _with_dashes(raw, "{%", f" {statement_source(statement)} ", "%}")
        role = ROLES.get(statement.word, Role.CLOSE)
        return MergeTag(raw.start, raw.end, role, merge, frozenset(reader.findings.fields))

    def _open_if(self, raw: RawTag, statement: Statement, reader: KindReader) -> None:
        holds, fails = self._proven(statement, reader)
        self._open(_Block(raw, "if", proven=holds, otherwise=fails))

    def _open_for(self, raw: RawTag, statement: Statement, reader: KindReader) -> None:
        if any(block.word == "for" for block in self._blocks):
            raise self._error(raw, say("a loop can't stand inside a loop"))
        if statement.rows is None or reader.kind(statement.rows) is not Kind.LIST:
            raise self._error(raw, say("only a list can be gone through, like cart.items"))
        if statement.variable in FIELDS:
            message = say(
                "{name} is a field: call the loop's rows otherwise", name=statement.variable
            )
            raise self._error(raw, message)
        rows = (".".join(statement.rows.names), reader.field(statement.rows))
        self._open(_Block(raw, "for", variable=statement.variable, rows=rows))

    def _open(self, block: _Block) -> None:
        if len(self._blocks) >= MAX_DEPTH:
            raise self._error(
                block.tag, say("more than {most} blocks inside each other", most=MAX_DEPTH)
            )
        self._blocks.append(block)

    def _next_branch(self, raw: RawTag, statement: Statement, reader: KindReader) -> None:
        block = self._blocks[-1] if self._blocks else None
        if block is None or block.word != "if" or block.has_else:
            message = say("{{% {word} %}} belongs to no {{% if %}}", word=statement.word)
            raise self._error(raw, message)
        block.branches += 1
        if block.branches > MAX_DEPTH:
            raise self._error(raw, say("more than {most} branches", most=MAX_DEPTH))
        holds, fails = self._proven(statement, reader)
        block.proven = block.otherwise | holds
        block.otherwise |= fails
        block.has_else = statement.word == "else"

    def _proven(
        self,
        statement: Statement,
        reader: KindReader,
    ) -> tuple[frozenset[str], frozenset[str]]:
        if statement.condition is None:
            return frozenset(), frozenset()
        reader.kind(statement.condition)
        return proven_fields(statement.condition)

    def _close(self, raw: RawTag, word: str) -> None:
        if not self._blocks or f"end{self._blocks[-1].word}" != word:
            message = say("{{% {word} %}} closes nothing that is open here", word=word)
            raise self._error(raw, message)
        self._blocks.pop()


def _with_dashes(raw: RawTag, opening: str, inside: str, closing: str) -> str:
    before, after = "-" * raw.eats_before, "-" * raw.eats_after
    return f"{opening}{before}{inside}{after}{closing}"
