"""Replacing pieces of a source without losing track of where they came from."""

import html.entities
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ripresa.domain.templates.mjml.vocabulary import VOID_ELEMENTS

_COMMENT = r"<!--.*?-->|<!\[CDATA\[.*?\]\]>"
_VOID = re.compile(
    rf"{_COMMENT}|<(?:{'|'.join(sorted(VOID_ELEMENTS))})\b"
    r"(?:\"[^\"]*\"|'[^']*'|[^<>\"']++){0,200}+(?P<close>>)",
    re.DOTALL | re.IGNORECASE,
)
_ENTITY = re.compile(rf"{_COMMENT}|&(?P<name>[A-Za-z][A-Za-z0-9]{{1,30}};)", re.DOTALL)
_XML_ENTITIES = frozenset({"amp;", "lt;", "gt;", "quot;", "apos;"})


@dataclass(frozen=True, slots=True)
class Replacement:
    """`source[start:end]` becomes `text`."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A rewritten text; `origin` leads from an offset in it back to one in the source."""

    text: str
    _offsets: tuple[int, ...]  # where each piece begins in `text`
    _origins: tuple[int, ...]  # and in the source
    _is_kept: tuple[bool, ...]  # a piece of the source, not a replacement

    def origin(self, offset: int) -> int:
        """The offset in the source; inside a replacement, where the replaced piece began."""
        piece = max(bisect_right(self._offsets, offset) - 1, 0)
        inside = offset - self._offsets[piece] if self._is_kept[piece] else 0
        return self._origins[piece] + inside


def rewrite(source: str, replacements: Sequence[Replacement]) -> Rewritten:
    """`source` with `replacements` (in order, not overlapping) carried out."""
    pieces: list[tuple[str, int, bool]] = []
    position = 0
    for replacement in replacements:
        pieces.append((source[position : replacement.start], position, True))
        pieces.append((replacement.text, replacement.start, False))
        position = replacement.end
    pieces.append((source[position:], position, True))
    offsets, length = [], 0
    for text, _, _ in pieces:
        offsets.append(length)
        length += len(text)
    return Rewritten(
        "".join(text for text, _, _ in pieces),
        tuple(offsets),
        tuple(origin for _, origin, _ in pieces),
        tuple(is_kept for _, _, is_kept in pieces),
    )


def html_habits(source: str) -> list[Replacement]:
    """What makes HTML habits XML: `<br>` becomes `<br/>`, `&egrave;` becomes `&#232;`."""
    return sorted([*_open_voids(source), *_named_entities(source)], key=lambda one: one.start)


def _open_voids(source: str) -> Iterator[Replacement]:
    for found in _VOID.finditer(source):
        close = found.start("close")
        if close >= 0 and source[close - 1] != "/":
            yield Replacement(close, close + 1, "/>")


def _named_entities(source: str) -> Iterator[Replacement]:
    for found in _ENTITY.finditer(source):
        name = found["name"]
        if name is None or name in _XML_ENTITIES:
            continue
        if characters := html.entities.html5.get(name):
            numeric = "".join(f"&#{ord(character)};" for character in characters)
            yield Replacement(found.start(), found.end(), numeric)
