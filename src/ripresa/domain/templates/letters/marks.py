"""Bold and italic in a letter's words: **bold** and _italic_ as an author writes them.

Before anything is merged in they become four of Unicode's noncharacters (U+FDD0 and on), which no text
holds: so what a customer or an article is called is never taken for a mark.
"""

import re
from typing import NamedTuple

_BOLD, _BOLD_ENDS, _ITALIC, _ITALIC_ENDS = "\ufdd0\ufdd1\ufdd2\ufdd3"
_MARKS = re.compile(f"[{_BOLD}-{_ITALIC_ENDS}]")
# A merge tag is nothing of the author's words, inside or outside of marks.
_TAG = r"\{\{.*?\}\}|\{%.*?%\}|\*\|[A-Za-z_]+\|\*"
_INSIDE = rf"((?:{_TAG}|[^\n])+?)"
_IS_BOLD = re.compile(rf"({_TAG})|\*\*(?=\S){_INSIDE}(?<=\S)\*\*")
# Within words, as in an address, an underscore is no mark.
_IS_ITALIC = re.compile(rf"({_TAG})|(?<!\w)_(?=[^\s_]){_INSIDE}(?<=[^\s_])_(?!\w)")


class Run(NamedTuple):
    """Words in one style."""

    text: str
    bold: bool
    italic: bool


def marked(source: str) -> str:
    """The source of a text with its marks as noncharacters; merge tags stay as they are."""
    bold = _IS_BOLD.sub(lambda found: found[1] or f"{_BOLD}{found[2]}{_BOLD_ENDS}", source)
    return _IS_ITALIC.sub(lambda found: found[1] or f"{_ITALIC}{found[2]}{_ITALIC_ENDS}", bold)


def bare(text: str) -> str:
    """A text that `marked` has seen, without its marks."""
    return _MARKS.sub("", text)


def unmarked(source: str) -> str:
    """The source of a text as it reads, without marks."""
    return bare(marked(source))


def lines_of(paragraph: str) -> list[list[Run]]:
    """The lines of a paragraph, each in runs of one style. What is not closed ends with the paragraph."""
    lines: list[list[Run]] = [[]]
    bold = italic = False
    for piece in re.split(f"([{_BOLD}-{_ITALIC_ENDS}\n])", paragraph):
        if piece == "\n":
            lines.append([])
        elif piece in {_BOLD, _BOLD_ENDS}:
            bold = piece == _BOLD
        elif piece in {_ITALIC, _ITALIC_ENDS}:
            italic = piece == _ITALIC
        elif piece:
            lines[-1].append(Run(piece, bold, italic))
    return lines
