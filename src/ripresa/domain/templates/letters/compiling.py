"""From a letter's source to blocks whose words are merged per person."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ripresa.contracts.calling.sayings import said_by, say
from ripresa.domain.templates.context import FIRST_ITEMS
from ripresa.domain.templates.errors import TemplateError
from ripresa.domain.templates.language.check import CheckedPart, check_part
from ripresa.domain.templates.letters.blocks import (
    AnyBlock,
    Cart,
    Coupon,
    FilledLetter,
    Picture,
    Qr,
    Row,
    Signature,
    Small,
    Text,
)
from ripresa.domain.templates.letters.marks import marked
from ripresa.domain.templates.letters.source import PART, LetterSource, SourceBlock
from ripresa.domain.templates.merge import CannotMerge, MergeContext, merge, plain_source
from ripresa.domain.templates.sample import bare_context, full_context

_ROWS = 5
_WIDTH = 80


@dataclass(frozen=True, slots=True)
class CompiledBlock:
    """A block whose words are in MiniJinja's syntax and checked. `when`: whom it is for."""

    kind: str
    words: Mapping[str, str]
    options: Mapping[str, Any]
    when: str = "always"


@dataclass(frozen=True, slots=True)
class CompiledLetter:
    """What `fill` takes. As CompiledText; a coupon block is left out for who has no coupon."""

    language: str
    subject: str
    blocks: tuple[CompiledBlock, ...]
    fields_used: frozenset[str]
    needs_coupon: bool


def compile_letter(source: LetterSource, language: str) -> CompiledLetter:
    """Check and compile. Raises TemplateError with the line of the block that is wrong."""
    head = check_part(source.subject, "subject")
    checked = [_check(block) for block in source.blocks]
    parts = [head, *(part for words in checked for part in words.values())]
    compiled = CompiledLetter(
        language,
        plain_source(head),
        tuple(
            CompiledBlock(
                block.kind,
                {name: plain_source(part) for name, part in words.items()},
                block.options,
                block.when,
            )
            for block, words in zip(source.blocks, checked, strict=True)
        ),
        fields_used=frozenset[str]().union(*(part.fields_used for part in parts)),
        needs_coupon=_needs_coupon(head, source, checked),
    )
    for context in (full_context(language), bare_context(language)):
        try:
            fill(compiled, context)
        except CannotMerge as problem:
            if not compiled.needs_coupon:
                message = say("can't be filled in: {problem}", problem=said_by(problem))
                raise TemplateError(1, 1, message, PART) from None
    return compiled


def _needs_coupon(
    head: CheckedPart, source: LetterSource, checked: Sequence[Mapping[str, CheckedPart]]
) -> bool:
    """What is only for whom who holds a coupon leaves no hole for others."""
    return head.needs_coupon or any(
        part.needs_coupon
        for block, words in zip(source.blocks, checked, strict=True)
        for part in words.values()
        if block.when != "coupon"
    )


def _check(block: SourceBlock) -> dict[str, CheckedPart]:
    found = {}
    for name, said in block.words.items():
        try:
            found[name] = check_part(marked(said) if block.kind == "text" else said, PART)
        except TemplateError as wrong:
            where = say(
                "{block}, line {line} of it: {message}",
                block=f"{block.kind}.{name}",
                line=wrong.line,
                message=wrong.message,
            )
            raise TemplateError(block.line, 1, where, PART) from None
    return found


def fill(letter: CompiledLetter, context: MergeContext) -> FilledLetter:
    """The letter for one person. Raises CannotMerge; what has no words left is left out."""
    if letter.needs_coupon and not context["coupon"]["code"]:
        raise CannotMerge(say("the text names a coupon, and there is none"), line=1)
    subject = " ".join(merge(letter.subject, context, is_html=False).split())
    blocks = tuple(block for _number, block in filled_blocks(letter, context))
    return FilledLetter(subject, letter.language, blocks)


def filled_blocks(letter: CompiledLetter, context: MergeContext) -> Iterator[tuple[int, AnyBlock]]:
    """What comes of its blocks, each with its number there, from 0. Raises CannotMerge."""
    for number, block in enumerate(letter.blocks):
        filled = _filled(block, context) if _holds(block.when, context) else None
        if filled is not None:
            yield number, filled


def _holds(when: str, context: MergeContext) -> bool:
    match when:
        case "coupon" | "no_coupon":
            return bool(context["coupon"]["code"]) is (when == "coupon")
        case "bought" | "new":
            return bool(context["person"]["has_bought"]) is (when == "bought")
        case _:
            return True


def _filled(block: CompiledBlock, context: MergeContext) -> AnyBlock | None:
    if block.kind == "cart":
        context = _with_rows_left(context, int(block.options.get("rows", _ROWS)))
    words = {
        name: merge(source, context, is_html=False).strip() for name, source in block.words.items()
    }
    return _MAKERS[block.kind](words, block.options, context)


def _with_rows_left(context: MergeContext, room: int) -> MergeContext:
    """The same, `cart.more_count` being the rows that this table leaves out."""
    cart = context["cart"]
    rows = max(len(cart["items"]), cart["more_count"] + FIRST_ITEMS if cart["more_count"] else 0)
    return MergeContext({**context, "cart": {**cart, "more_count": max(rows - room, 0)}})


def _text(words: Mapping[str, str], _: Mapping[str, Any], __: MergeContext) -> AnyBlock | None:
    return Text(_paragraphs(words["say"])) if words["say"] else None


def _small(words: Mapping[str, str], _: Mapping[str, Any], __: MergeContext) -> AnyBlock | None:
    return Small(_paragraphs(words["say"])) if words["say"] else None


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(one.strip() for one in text.split("\n\n") if one.strip())


def _cart(
    words: Mapping[str, str], options: Mapping[str, Any], context: MergeContext
) -> AnyBlock | None:
    items = context["cart"]["items"]
    room = int(options.get("rows", _ROWS))
    rows = tuple(
        Row(
            item["title"], item["variant"], item["quantity"], item["unit_price"],
            item["line_total"], item["image_url"],
        )
        for item in items[:room]
    )  # fmt: skip
    if not rows:
        return None
    more = words.get("more", "") if len(items) > room else ""
    total = context["cart"]["total"]
    return Cart(rows, more, words["total"], total, bool(options.get("pictures", True)))


def _coupon(
    words: Mapping[str, str], options: Mapping[str, Any], context: MergeContext
) -> AnyBlock | None:
    if not (code := context["coupon"]["code"]):
        return None
    link = context["links"]["restore"] if options.get("qr", True) else ""
    return Coupon(words["say"], code, words.get("until", ""), link)


def _qr(words: Mapping[str, str], _: Mapping[str, Any], context: MergeContext) -> AnyBlock | None:
    return Qr(words["say"], context["links"]["restore"]) if words["say"] else None


def _picture(_: Mapping[str, str], options: Mapping[str, Any], __: MergeContext) -> AnyBlock | None:
    return Picture(options["name"], options.get("width", _WIDTH), options.get("align", "left"))


def _signature(
    words: Mapping[str, str], options: Mapping[str, Any], _: MergeContext
) -> AnyBlock | None:
    return Signature(words.get("closing", ""), words["name"], options.get("picture", ""))


_MAKERS: Mapping[
    str, Callable[[Mapping[str, str], Mapping[str, Any], MergeContext], AnyBlock | None]
] = {
    "text": _text,
    "small": _small,
    "cart": _cart,
    "coupon": _coupon,
    "qr": _qr,
    "picture": _picture,
    "signature": _signature,
}
