"""A letter as its author writes it: a subject and a list of blocks, in YAML."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from ripresa.domain.templates.errors import TemplateError

MAX_BLOCKS = 40
MAX_NAME = 60
MAX_CHARACTERS = 65_536
PART = "letter"


@dataclass(frozen=True, slots=True)
class BlockShape:
    """What a kind of block takes. `words` are texts with merge fields; `main`: its short form."""

    words: tuple[str, ...]
    options: Mapping[str, Callable[[Any], bool]]
    main: str = ""
    needed: tuple[str, ...] = ()


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= MAX_NAME and value.isprintable()


def _is_between(least: int, most: int) -> Callable[[Any], bool]:
    return lambda value: type(value) is int and least <= value <= most


def _is_truth(value: Any) -> bool:
    return isinstance(value, bool)


SHAPES: Mapping[str, BlockShape] = {
    "text": BlockShape(("say",), {}, main="say", needed=("say",)),
    "small": BlockShape(("say",), {}, main="say", needed=("say",)),
    "cart": BlockShape(
        ("more", "total"),
        {"rows": _is_between(1, 12), "pictures": _is_truth},
        needed=("total",),
    ),
    "coupon": BlockShape(("say", "until"), {"qr": _is_truth}, main="say", needed=("say",)),
    "qr": BlockShape(("say",), {}, main="say", needed=("say",)),
    "picture": BlockShape(
        (),
        {
            "name": _is_name,
            "width": _is_between(10, 165),
            "align": lambda value: value in {"left", "center", "right"},
        },
        main="name",
        needed=("name",),
    ),
    "signature": BlockShape(("closing", "name"), {"picture": _is_name}, needed=("name",)),
}


@dataclass(frozen=True, slots=True)
class SourceBlock:
    """A block that was understood; its words are not checked yet. `when`: whom it is for."""

    kind: str
    words: Mapping[str, str]
    options: Mapping[str, Any]
    line: int
    when: str = "always"


@dataclass(frozen=True, slots=True)
class LetterSource:
    """A letter as it is written."""

    subject: str
    blocks: tuple[SourceBlock, ...]

    def with_words(self, change: Callable[[str], str]) -> "LetterSource":
        """The same letter, its words put through `change`."""
        blocks = (
            replace(one, words={name: change(said) for name, said in one.words.items()})
            for one in self.blocks
        )
        return LetterSource(change(self.subject), tuple(blocks))


def parse_letter(text: str) -> LetterSource:
    """Read a letter's YAML. Raises TemplateError with the line of what is wrong."""
    document = _document(text)
    unknown = set(document) - {"subject", "blocks"}
    if unknown:
        raise _wrong(_line(document, next(iter(unknown))), "a letter has a subject and blocks only")
    subject: Any = document.get("subject")
    blocks: Any = document.get("blocks")
    if not isinstance(subject, str) or "\n" in subject.strip():
        raise _wrong(1, "subject: must be one line of text")
    if not isinstance(blocks, list) or not 0 < len(blocks) <= MAX_BLOCKS:
        raise _wrong(1, f"blocks: must be a list of 1 to {MAX_BLOCKS} blocks")
    return LetterSource(
        subject.strip(),
        tuple(_block(one, _line_of_item(blocks, number)) for number, one in enumerate(blocks)),
    )


def _document(text: str) -> Any:
    if len(text) > MAX_CHARACTERS:
        raise _wrong(1, f"a letter has at most {MAX_CHARACTERS} characters")
    try:
        document = YAML(typ="rt").load(text)
    except MarkedYAMLError as wrong:
        mark = wrong.problem_mark or wrong.context_mark
        raise _wrong(mark.line + 1 if mark else 1, str(wrong.problem or wrong.context)) from None
    except (YAMLError, ValueError, RecursionError) as wrong:
        raise _wrong(1, f"this is no YAML: {wrong}") from None
    if not isinstance(document, dict):
        raise _wrong(1, "a letter is a mapping with subject and blocks")
    return document


def _block(value: Any, line: int) -> SourceBlock:
    if not isinstance(value, dict) or len(value) != 1:
        raise _wrong(line, f"a block is one of {', '.join(SHAPES)}, with a colon")
    ((kind, given),) = value.items()
    if kind not in SHAPES:
        raise _wrong(line, f"{str(kind)[:40]!r} is no block: {', '.join(SHAPES)}")
    shape = SHAPES[kind]
    if isinstance(given, str) and shape.main:
        given = {shape.main: given}
    if not isinstance(given, dict):
        raise _wrong(line, f"{kind}: takes {', '.join((*shape.words, *shape.options))}")
    for name, one in given.items():
        _check_entry(kind, shape, name, one, _line(given, name, line))
    for name in shape.needed:
        if name not in given:
            raise _wrong(line, f"{kind}: {name} is missing")
    return SourceBlock(
        kind,
        {name: str(given[name]) for name in shape.words if name in given},
        {name: given[name] for name in shape.options if name in given},
        line,
    )


def _check_entry(kind: str, shape: BlockShape, name: Any, value: Any, line: int) -> None:
    if name in shape.words:
        if not isinstance(value, str):
            raise _wrong(line, f"{kind}.{name}: must be a text")
    elif name not in shape.options:
        known = ", ".join((*shape.words, *shape.options))
        raise _wrong(line, f"{kind}.{str(name)[:40]}: unknown; {kind} takes {known}")
    elif not shape.options[name](value):
        raise _wrong(line, f"{kind}.{name}: {str(value)[:40]!r} is no value for it")


def _line(mapping: Any, key: Any, otherwise: int = 1) -> int:
    try:
        return int(mapping.lc.key(key)[0]) + 1
    except (AttributeError, KeyError, TypeError):
        return otherwise


def _line_of_item(items: Any, number: int) -> int:
    return int(items.lc.item(number)[0]) + 1


def _wrong(line: int, message: str) -> TemplateError:
    return TemplateError(line, 1, message, PART)
