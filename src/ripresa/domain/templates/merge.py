"""From a checked part to what MiniJinja renders, and the rendering itself.

MiniJinja sees nothing but our own rewriting of tags that were understood (`language`) and plain
text in which every brace that could begin a tag is printed by a tag. Values are escaped in HTML by
autoescape; the context holds plain strings, ints, lists and dicts only.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NewType

import minijinja

from ripresa.domain.templates.language.check import CheckedPart, MergeTag, Role

# Plain data as `context.build_context` lays it out; nobody else makes one.
MergeContext = NewType("MergeContext", dict[str, dict[str, Any]])

# Instructions for one part. 100 rows of a cart through the longest of our templates take 11,000.
FUEL = 500_000

_LOOSE_BRACE = re.compile(r"\{(?=[{%#]|\Z)")


class CannotMerge(ValueError):
    """A part can't be rendered with this context. `line` counts in the part's merge source."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


def literal(text: str) -> str:
    """`text` so that MiniJinja prints it as it is, whatever tag stands behind it."""
    return _LOOSE_BRACE.sub('{{ "{" }}', text)


def interwoven(pieces: Iterable[str | MergeTag]) -> str:
    """The merge source of text and tags in order."""
    return "".join(
        piece.merge if isinstance(piece, MergeTag) else literal(piece) for piece in pieces
    )


def plain_source(part: CheckedPart) -> str:
    """The merge source of a subject or a text part.

    A line on which only `{% … %}` or a comment stands leaves no empty line behind.
    """
    pieces: list[str | MergeTag] = []
    position, source = 0, part.source
    for tag in part.tags:
        start, end = _alone_on_line(source, tag)
        pieces += [source[position:start], tag]
        position = end
    return interwoven([*pieces, source[position:]])


def _alone_on_line(source: str, tag: MergeTag) -> tuple[int, int]:
    if tag.role is Role.PRINT:
        return tag.start, tag.end
    line_start = source.rfind("\n", 0, tag.start) + 1
    line_end = source.find("\n", tag.end)
    if line_end < 0 or source[line_start : tag.start].strip() or source[tag.end : line_end].strip():
        return tag.start, tag.end
    return line_start, line_end + 1


def merge(source: str, context: MergeContext, *, is_html: bool) -> str:
    """Render a merge source. CannotMerge: of a compiled template only for a wrong context."""
    try:
        environment = _environment(source, is_html=is_html)
        merged = environment.render_template("html" if is_html else "text", **context)
    except minijinja.TemplateError as problem:
        raise CannotMerge(problem.detail or problem.message, problem.line or 1) from None
    # Harmless inside quotes and text, and a link should look like one to whoever reads the source.
    return merged.replace("&#x2f;", "/") if is_html else merged


@lru_cache(maxsize=1024)
def _environment(source: str, *, is_html: bool) -> minijinja.Environment:
    return minijinja.Environment(
        templates={"html" if is_html else "text": source},
        auto_escape_callback=lambda name: name == "html",
        undefined_behavior="strict",
        fuel=FUEL,
        debug=False,
        pycompat=False,
        keep_trailing_newline=True,
    )
