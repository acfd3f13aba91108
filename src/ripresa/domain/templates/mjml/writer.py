"""The walk over MJML: what passes is written anew, what does not raises Unsound."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from html import escape

from ripresa.contracts.calling.sayings import say
from ripresa.domain.templates.language.check import MergeTag, Role
from ripresa.domain.templates.mjml.attributes import (
    Attribute,
    Piece,
    attribute_source,
    check_attribute,
    check_css,
)
from ripresa.domain.templates.mjml.unsound import Unsound
from ripresa.domain.templates.mjml.vocabulary import (
    BLOCK_PARENTS,
    CHILDREN,
    HTML_ELEMENTS,
    HTML_HOLDERS,
    STYLE,
    TEXT_HOLDERS,
    VOID_ELEMENTS,
)

MAX_DEPTH = 60

_LINE_ENDS = re.compile(r"[ \t\r]*\n[ \t\r\n]*")  # indentation is a quarter of a mail otherwise


class Inside(Enum):
    """What an element may hold."""

    COMPONENTS = auto()
    HTML = auto()
    WORDS = auto()
    META = auto()
    CSS = auto()
    NOTHING = auto()


@dataclass(frozen=True, slots=True)
class _Element:
    name: str
    inside: Inside
    place: int  # a block opened at a place has to close there


class Tokens:
    """How merge tags travel: each as a word that occurs nowhere else in the source."""

    def __init__(self, source: str, tags: Sequence[MergeTag]) -> None:
        self.tags = tags
        self._word = "mergetag"
        while self._word in source.lower():
            self._word += "g"
        self.pattern = re.compile(rf"{self._word}([0-9]+)e")
        self._index = {tag.start: index for index, tag in enumerate(tags)}

    def token_of(self, tag: MergeTag) -> str:
        """The word for `tag`; a comment has none."""
        return "" if tag.role is Role.NOTE else f"{self._word}{self._index[tag.start]}e"

    def cut(self, text: str) -> tuple[Piece, ...]:
        """`text` with its tokens turned back into tags, empty words left out."""
        pieces: list[Piece] = []
        for number, piece in enumerate(self.pattern.split(text)):
            if number % 2:
                pieces.append(self.tags[int(piece)])
            elif piece:
                pieces.append(piece)
        return tuple(pieces)


class SoundWriter:
    """Takes the events of an XML parser in order; `written()` is MJML safe to render."""

    def __init__(self, tokens: Tokens, language: str) -> None:
        self._tokens = tokens
        self._language = language
        self._out: list[str] = []
        self._open = [_Element("", Inside.COMPONENTS, 0)]
        self._places = 0
        self._blocks: list[int] = []
        self._once: set[str] = set()
        self.linked: set[str] = set()

    def written(self) -> str:
        """All that was let through so far."""
        return "".join(self._out)

    def start(self, written_name: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        name, parent = written_name.lower(), self._open[-1]
        if self._tokens.pattern.search(name):
            raise Unsound(say("a merge tag can't be part of an element's name"))
        if len(self._open) > MAX_DEPTH:
            raise Unsound(say("more than {most} elements inside each other", most=MAX_DEPTH))
        inside = _what_is_inside(parent, name)
        if parent.name == "mjml":
            self._only_once(name)
        # mj-raw only wraps: what it opens may close in the next mj-raw beside it.
        is_wrapper = name == "mj-raw" and inside is Inside.HTML
        self._open.append(_Element(name, inside, parent.place if is_wrapper else self._place()))
        completed = _completed(name, attributes, parent, self._language)
        written = "".join(self._attribute(name, key, completed[key]) for key in completed)
        self._out.append(f"<{name}{written}{' /' if name in VOID_ELEMENTS else ''}>")

    def end(self) -> None:
        """The innermost element ends."""
        name = self._open.pop().name
        if name not in VOID_ELEMENTS:
            self._out.append(f"</{name}>")

    def text(self, text: str) -> None:
        """Words between two tags, whole, entities decoded."""
        element = self._open[-1]
        pieces = self._tokens.cut(text)
        match element.inside:
            case Inside.HTML | Inside.WORDS:
                self._follow(pieces, element.place)
                # Quotes too: the renderer repeats the title in an attribute.
                folded = _LINE_ENDS.sub("\n", text)
                self._out.append(escape(folded, quote=element.inside is Inside.WORDS))
            case Inside.CSS:
                self._css(pieces, text)
            case Inside.COMPONENTS:
                self._between_components(pieces, element)
            case _ if text.strip():
                raise Unsound(say("<{element}> can hold no words", element=element.name))

    def comment(self, text: str) -> None:
        """The inside of `<!-- … -->`."""
        inside = self._open[-1].inside
        if inside is Inside.CSS:
            raise Unsound(say("in styles a comment is written /* … */"))
        self._follow(self._tokens.cut(text), self._place())
        is_for_outlook = text.lstrip().startswith(("[if", "<![endif]"))
        if is_for_outlook and inside is not Inside.HTML:
            raise Unsound(say("a conditional comment belongs into <mj-raw>"))
        if is_for_outlook:
            self._out.append(f"<!--{text}-->")
        # Any other is a note of the author's, and no reader's business.

    def _place(self) -> int:
        self._places += 1
        return self._places

    def _only_once(self, name: str) -> None:
        if name in self._once:
            raise Unsound(say("there is a <{name}> already", name=name))
        self._once.add(name)

    def _attribute(self, element: str, key: str, value: str) -> str:
        attribute = Attribute(element, key, self._tokens.cut(value))
        if self._tokens.pattern.search(key):
            raise Unsound(say("a merge tag can't be part of an attribute's name"))
        check_attribute(attribute)
        self._follow(attribute.pieces, self._place())
        if key == "href":
            for tag in attribute.tags:
                self.linked |= tag.fields if tag.is_always_there else frozenset()
        return attribute_source(attribute, self._tokens.token_of)

    def _css(self, pieces: Sequence[Piece], text: str) -> None:
        if any(isinstance(piece, MergeTag) for piece in pieces):
            raise Unsound(say("a merge field can't stand in styles"))
        check_css(text)
        if "&" in text:
            raise Unsound(say("& can't be used in styles"))
        self._out.append(text)

    def _between_components(self, pieces: Sequence[Piece], element: _Element) -> None:
        self._follow(pieces, element.place)
        for piece in pieces:
            if isinstance(piece, MergeTag):
                if piece.role is Role.PRINT or element.name not in BLOCK_PARENTS:
                    message = say(
                        "{tag} can't stand directly in <{element}>",
                        tag=piece.merge,
                        element=element.name,
                    )
                    raise Unsound(message, piece)
                self._out.append(self._tokens.token_of(piece))
            elif piece.strip():
                raise Unsound(_misplaced_words(element.name))

    def _follow(self, pieces: Sequence[Piece], place: int) -> None:
        """Blocks must close where they opened, or half an element would be left in some mails."""
        for tag in pieces:
            if not isinstance(tag, MergeTag) or tag.role in {Role.PRINT, Role.NOTE}:
                continue
            if tag.role is Role.OPEN:
                self._blocks.append(place)
            elif self._blocks[-1] != place:
                message = say(
                    "{tag} must stand in the same element as its beginning", tag=tag.merge
                )
                raise Unsound(message, tag)
            elif tag.role is Role.CLOSE:
                self._blocks.pop()


def _what_is_inside(parent: _Element, name: str) -> Inside:
    match parent.inside:
        case Inside.COMPONENTS:
            if name not in CHILDREN[parent.name]:
                raise Unsound(_misplaced(name, parent.name))
            return Inside.NOTHING if parent.name == "mj-attributes" else _held(parent.name, name)
        case Inside.HTML if name in HTML_ELEMENTS - {"meta"}:
            return Inside.NOTHING if name in VOID_ELEMENTS else Inside.HTML
        case Inside.META if name == "meta":
            return Inside.NOTHING
    raise Unsound(say("<{name}> can't be used inside <{parent}>", name=name, parent=parent.name))


def _misplaced(name: str, parent: str) -> str:
    others = ", ".join(f"<{child}>" for child in sorted(CHILDREN[parent]))
    if parent:
        return say(
            "<{name}> can't stand in <{parent}>; there may be {others}",
            name=name,
            parent=parent,
            others=others,
        )
    return say("<{name}> can't stand here; there may be {others}", name=name, others=others)


def _misplaced_words(parent: str) -> str:
    if parent:
        return say(
            "words can't stand directly in <{parent}>: put them into <mj-text>", parent=parent
        )
    return say("words can't stand outside <mjml>: put them into <mj-text>")


def _held(parent: str, name: str) -> Inside:
    if name == "mj-raw" and parent == "mj-head":
        return Inside.META
    if name in CHILDREN:
        return Inside.COMPONENTS
    if name in HTML_HOLDERS:
        return Inside.HTML
    if name in TEXT_HOLDERS:
        return Inside.WORDS
    return Inside.CSS if name == STYLE else Inside.NOTHING


def _completed(
    name: str,
    attributes: Mapping[str, str],
    parent: _Element,
    language: str,
) -> dict[str, str]:
    """The attributes in lower case, with what every mail should have added."""
    completed: dict[str, str] = {}
    for key, value in attributes.items():
        if key.lower() in completed:
            raise Unsound(say("{name} stands here twice", name=key.lower()))
        completed[key.lower()] = value
    if name == "mjml" and completed.setdefault("lang", language) != language:
        raise Unsound(
            say(
                "lang is {found}, but the template's language is {language}",
                found=completed["lang"],
                language=language,
            )
        )
    if name == "mj-social-element" and parent.name == "mj-social" and "src" not in completed:
        raise Unsound(
            say("a picture is missing: src (the renderer's own come from a foreign host)")
        )
    if name == "img" or (name == "mj-image" and parent.name != "mj-attributes"):
        completed.setdefault("alt", "")
    return completed
