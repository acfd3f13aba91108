"""From blocks and words to what the compiler takes: MJML and plain text (MSG-1)."""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from html import escape
from importlib.resources import files

from ripresa.domain.templates.blocks.document import PREHEADER, SUBJECT, Block, Document
from ripresa.domain.templates.catalogue import shared_words
from ripresa.domain.templates.compile import TemplateSource

_SLOT = re.compile(r"\[\[([a-z_]+)\]\]")
# A merge tag is no text of the author's: what stands in it is left alone.
_TAG = re.compile(r"(\{\{.*?\}\}|\{%.*?%\}|\*\|[A-Z_]+\|\*)", re.DOTALL)
_BOLD = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)
_LINK = re.compile(r"\[([^\]\n]+)\]\((https?://[^\s()<>\"]+)\)")
_PARAGRAPH = re.compile(r"\n[ \t]*\n\s*")
_RESTORE = "{{ links.restore }}"
_ADDRESS = re.compile(r"https?://[^\s<>\"'{}|\\^`]+")


def source_of(document: Document, language: str) -> TemplateSource:
    """The document as a template in one language. Every slot has to have words."""
    said, shared = document.said(language), shared_words(language)
    mjml = "\n".join(_MJML[block.kind](block, said.get(block.id, "")) for block in document.blocks)
    text = "\n\n".join(
        part
        for block in document.blocks
        if (part := _TEXT[block.kind](block, said.get(block.id, "")))
    )
    in_markup = {slot: escape(words) for slot, words in shared.items()}
    heads = {
        "subject": _escaped(said.get(SUBJECT, "")),
        "preheader": _escaped(said.get(PREHEADER, "")),
    }
    return TemplateSource(
        language=language,
        subject=said.get(SUBJECT, ""),
        mjml=_filled("frame.mjml", {**in_markup, **heads, "blocks": _fill(mjml, in_markup)}),
        text=_filled("frame.txt", {**shared, "blocks": _fill(text, shared)}),
    )


def is_address(text: str) -> bool:
    """Whether a link or picture may point there."""
    return _ADDRESS.fullmatch(text) is not None


def _filled(part: str, words: Mapping[str, str]) -> str:
    return _fill(_part(part), words)


def _fill(text: str, words: Mapping[str, str]) -> str:
    return _SLOT.sub(lambda slot: words.get(slot[1], slot[0]), text)


@lru_cache(maxsize=8)
def _part(name: str) -> str:
    folder = files("ripresa.domain.templates.blocks") / "parts"
    return (folder / name).read_text(encoding="utf-8").rstrip("\n")


def _escaped(text: str) -> str:
    """The author's words for markup, merge tags as they are. [[ would be taken for a slot of ours."""
    pieces = _TAG.split(text)
    return "".join(
        piece if number % 2 else escape(piece, quote=False).replace("[[", "[&#91;")
        for number, piece in enumerate(pieces)
    )


def _rich(text: str) -> str:
    """Words with **bold** and [links](https://…), line ends kept."""
    marked = _BOLD.sub(r"<strong>\1</strong>", _escaped(text))
    linked = _LINK.sub(r'<a href="\2">\1</a>', marked)
    return linked.replace("\n", "<br />")


def _heading(block: Block, words: str) -> str:
    return (
        f'<mj-text font-family="Georgia, \'Times New Roman\', serif" font-size="30px" line-height="38px"'
        f' padding="0 0 18px" align="{block.align}" css-class="ink headline">'
        '<h1 style="margin:0;font-size:inherit;line-height:inherit;font-weight:normal">'
        f"{_escaped(words)}</h1></mj-text>"
    )


def _text(block: Block, words: str) -> str:
    paragraphs = "".join(
        f'<p style="margin:0 0 14px">{_rich(each.strip())}</p>'
        for each in _PARAGRAPH.split(words.strip())
    )
    return f'<mj-text align="{block.align}" css-class="ink">{paragraphs}</mj-text>'


def _button(block: Block, words: str) -> str:
    return (
        f'<mj-button href="{_link(block)}" align="{block.align}" background-color="#26231f"'
        ' color="#ffffff" border-radius="6px" font-size="17px" font-weight="600" line-height="22px"'
        f' inner-padding="15px 40px" padding="18px 0 22px" css-class="button">{_escaped(words)}</mj-button>'
    )


def _image(block: Block, words: str) -> str:
    described = escape(words).replace("{", "&#123;")
    picture = f'<mj-image src="{escape(block.source)}" alt="{described}"'
    return f'{picture} href="{_link(block)}" align="{block.align}" padding="0 0 18px" />'


def _link(block: Block) -> str:
    return escape(block.link) if block.link else _RESTORE


def _divider(_block: Block, _words: str) -> str:
    return '<mj-divider border-width="1px" border-color="#e5dfd5" padding="10px 0 18px" />'


def _spacer(block: Block, _words: str) -> str:
    return f'<mj-spacer height="{block.height}px" />'


def _plain(_block: Block, words: str) -> str:
    return _LINK.sub(r"\1: \2", _BOLD.sub(r"\1", words)).strip()


def _plain_button(block: Block, words: str) -> str:
    return f"{words}:\n{block.link or _RESTORE}"


def _nothing(_block: Block, _words: str) -> str:
    return ""


Write = Callable[[Block, str], str]
_MJML: Mapping[str, Write] = {
    "heading": _heading,
    "text": _text,
    "button": _button,
    "image": _image,
    "divider": _divider,
    "spacer": _spacer,
    "cart": lambda _block, _words: _part("cart.mjml"),
    "coupon": lambda _block, _words: _part("coupon.mjml"),
}
_TEXT: Mapping[str, Write] = {
    "heading": _plain,
    "text": _plain,
    "button": _plain_button,
    "image": _nothing,
    "divider": _nothing,
    "spacer": _nothing,
    "cart": lambda _block, _words: _part("cart.txt"),
    "coupon": lambda _block, _words: _part("coupon.txt"),
}
