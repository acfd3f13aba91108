"""Attributes: which may stand where, what their values may be, and how they are written.

The renderer prints values with the escapes of a Rust string, so everything outside plain ASCII, and
every quote and backslash, is written as a numeric entity, which it leaves alone.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ripresa.contracts.calling.sayings import say
from ripresa.domain.templates.language.check import MergeTag, Role
from ripresa.domain.templates.language.fields import Kind, called
from ripresa.domain.templates.mjml.unsound import Unsound
from ripresa.domain.templates.mjml.vocabulary import (
    COLOUR_ATTRIBUTES,
    FIELD_ATTRIBUTES,
    URL_ATTRIBUTES,
    is_attribute_allowed,
)

Piece = str | MergeTag

_SHORT_COLOUR = re.compile(r"#([0-9a-f])([0-9a-f])([0-9a-f])(?![0-9a-f])", re.IGNORECASE)
_WHITE_SPACE = re.compile(r"[ \t\r\n]+")
_NEEDS_ENTITY = re.compile(r"[^ !#-%'-;=?-\[\]-~]")
# A backslash could spell the forbidden words another way.
_UNSOUND_CSS = re.compile(
    r"@import|@font-face|@namespace|url\s*\(|image-set|expression\s*\(|javascript:|behavior"
    r"|-moz-binding|[\\<]",
    re.IGNORECASE,
)
_HTTP = re.compile(r"https?://[^/?#\s'\"()\\]+(?P<after_host>[/?#])?", re.IGNORECASE)
_NO_HTTP = re.compile(r"(?:mailto:|tel:|#)[^\s'\"\\]*\Z", re.IGNORECASE)
_CONTINUED = re.compile(r"[?&#]")


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute of `element`, its value cut at the merge tags."""

    element: str
    name: str
    pieces: tuple[Piece, ...]

    @property
    def tags(self) -> list[MergeTag]:
        """The merge tags in the value."""
        return [piece for piece in self.pieces if isinstance(piece, MergeTag)]

    @property
    def words(self) -> str:
        """The value without its merge tags."""
        return "".join(piece for piece in self.pieces if isinstance(piece, str))


def check_attribute(attribute: Attribute) -> None:
    """Raise Unsound unless `attribute` may stand there with that value."""
    name = attribute.name
    if not is_attribute_allowed(attribute.element, name):
        message = say("{name} can't be used on <{element}>", name=name, element=attribute.element)
        raise Unsound(message)
    if attribute.tags and name not in FIELD_ATTRIBUTES:
        raise Unsound(say("a merge field can't stand in {name}", name=name))
    if name in URL_ATTRIBUTES:
        for segment in _segments(attribute.pieces):
            _check_address(segment, name)
    elif name == "style" or (attribute.element.startswith("mj") and name not in FIELD_ATTRIBUTES):
        check_css(attribute.words)


def check_css(css: str) -> None:
    """Raise Unsound for CSS that fetches or runs something."""
    if found := _UNSOUND_CSS.search(css):
        raise Unsound(say("{found} can't be used in a mail's styles", found=found[0]))


def _segments(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """The runs between `{% … %}` tags: each may come out alone, so each has to be sound."""
    segments: list[list[Piece]] = [[]]
    for piece in pieces:
        if isinstance(piece, MergeTag) and piece.role is not Role.PRINT:
            segments.append([])
        elif isinstance(piece, MergeTag) or piece.strip():
            segments[-1].append(piece)
    full = [segment for segment in segments if segment]
    if not full:
        raise Unsound(say("the address is missing"))
    return full


def _check_address(segment: list[Piece], name: str) -> None:
    first, rest = segment[0], segment[1:]
    if isinstance(first, MergeTag):
        if first.kind is not Kind.URL:
            kind = called(first.kind) if first.kind else ""
            raise Unsound(
                say(
                    "{name} needs an address, and {tag} is a {kind}",
                    name=name,
                    tag=first.merge,
                    kind=kind,
                )
            )
    else:
        _check_literal_address(first.strip(), name, is_whole=not rest)
    for piece in rest:
        if isinstance(piece, MergeTag) and piece.kind is Kind.TEXT:
            inner = piece.merge[2:-2].strip()
            raise Unsound(say("inside an address write {{{{ {inner} | urlencode }}}}", inner=inner))


def _check_literal_address(literal: str, name: str, *, is_whole: bool) -> None:
    http = _HTTP.match(literal)
    if http and (is_whole or http["after_host"]):
        return
    if http:
        raise Unsound(say("the host of an address can't be a merge field"))
    if name == "href" and (_NO_HTTP.match(literal) or _CONTINUED.match(literal)):
        return
    kinds = say("https:// or http://")
    if name == "href":
        kinds = say("https:// or http://, mailto: or tel:")
    raise Unsound(
        say(
            "an address begins with {kinds}, or is a field like {{{{ links.restore }}}}",
            kinds=kinds,
        )
    )


def attribute_source(attribute: Attribute, token_of: Callable[[MergeTag], str]) -> str:
    """The attribute as the renderer can read it: ` name="value"`."""
    name = attribute.name
    written = []
    for piece in attribute.pieces:
        if isinstance(piece, MergeTag):
            written.append(token_of(piece))
            continue
        words = _WHITE_SPACE.sub(" ", piece)
        if any(part in name for part in COLOUR_ATTRIBUTES) and name not in URL_ATTRIBUTES:
            words = _SHORT_COLOUR.sub(r"#\1\1\2\2\3\3", words)  # Outlook reads six digits only
        written.append(_NEEDS_ENTITY.sub(lambda found: f"&#{ord(found[0])};", words))
    return f' {name}="{"".join(written)}"'
