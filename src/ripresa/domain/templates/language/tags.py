"""Where the merge tags of a text are."""

import html
import re
from dataclasses import dataclass

from ripresa.contracts.calling.sayings import say
from ripresa.domain.templates.errors import error_at

MAX_TAG = 500  # characters: bounds the parser's recursion too

_OPENING = re.compile(r"\{\{|\{%|\{#|\*\|[A-Za-z0-9_:]{1,40}\|\*")
_CLOSING = {"{{": "}}", "{%": "%}", "{#": "#}"}


@dataclass(frozen=True, slots=True)
class RawTag:
    """One tag as it stands: `source[start:end]`. `opening` is `{{`, `{%`, `{#` or `*|`.

    `inner` is what stands between the marks, without the dashes that eat white space (`{%- … -%}`);
    `inner_at` its offset, or None where entities were decoded and columns no longer agree.
    """

    start: int
    end: int
    opening: str
    inner: str
    inner_at: int | None
    eats_before: bool = False
    eats_after: bool = False


def find_tags(source: str, part: str) -> list[RawTag]:
    """All merge tags of `source`, in order. Raises TemplateError for one that is not closed."""
    tags: list[RawTag] = []
    position = 0
    while opening := _OPENING.search(source, position):
        tag = _read_tag(source, opening, part)
        tags.append(tag)
        position = tag.end
    return tags


def _read_tag(source: str, opening: re.Match[str], part: str) -> RawTag:
    start, mark = opening.start(), opening[0]
    if mark.startswith("*|"):
        return RawTag(start, opening.end(), "*|", mark[2:-2], start + 2)
    closing = _CLOSING[mark]
    end = source.find(closing, opening.end(), start + MAX_TAG)
    if end < 0:
        message = say(
            "{mark} has no {closing} within {most} characters",
            mark=mark,
            closing=closing,
            most=MAX_TAG,
        )
        raise error_at(source, start, message, part)
    written = source[opening.end() : end]
    before, after = written.startswith("-"), len(written) > 1 and written.endswith("-")
    written = written[before : len(written) - after]
    # A careful author of MJML writes `&lt;` inside a tag; both ways mean the same.
    inner = html.unescape(written) if part == "body" else written
    exact = opening.end() + before if inner == written else None
    return RawTag(start, end + len(closing), mark, inner, exact, before, after)
