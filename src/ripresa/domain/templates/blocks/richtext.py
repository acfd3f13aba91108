"""The words of a text block: a small part of HTML, cleaned here whatever an editor sends.

A merge tag is no text of the author's: what stands in it is left alone.
"""

import re
from html import escape, unescape
from html.parser import HTMLParser

import nh3

_TAGS = {"p", "br", "strong", "b", "em", "i", "u", "s", "a", "ul", "ol", "li"}
_SCHEMES = {"http", "https", "mailto", "tel"}
_LONE_TAG = re.compile(r"\s*(?:\{\{[^{}]*\}\}|\*\|[A-Z_]+\|\*)\s*")
_ADDRESS = re.compile(r"(?:https?://|mailto:|tel:)[^\s<>\"'|\\^`]+", re.IGNORECASE)
_WEB = re.compile(r"https?://[^\s<>\"'{}|\\^`]+")
# Squire's and browsers' own ways of a line, and headings of what is pasted.
_DIV = re.compile(r"<(/?)(?:div|h[1-6]|caption)\b[^>]*>", re.IGNORECASE)
# Pasted tables, as nh3 writes them.
_TABLE_TAGS = {"table", "thead", "tbody", "tfoot", "tr", "td", "th"}
_ROW = re.compile(r"<tr>(.*?)</tr>", re.DOTALL)
_CELL = re.compile(r"<t[dh]>(.*?)</t[dh]>", re.DOTALL)
_IN_CELL = re.compile(r"(?:</?(?:p|ul|ol|li)>|<br>|\s)+")
_OF_TABLE = re.compile(r"</?(?:table|thead|tbody|tfoot|tr|td|th)>")
_EMPTY = re.compile(r"<p>(?:\s|&nbsp;|<br\s*/?>)*</p>\s*\Z")
_IS_HTML = re.compile(r"\s*<(?:p|div|ul|ol|table|h[1-6])\b", re.IGNORECASE)
_MERGE = re.compile(r"(\{\{.*?\}\}|\{%.*?%\}|\*\|[A-Z_]+\|\*)", re.DOTALL)
_BOLD = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)
_LINK = re.compile(r"\[([^\]\n]+)\]\((https?://[^\s()<>\"]+)\)")
_PARAGRAPH = re.compile(r"\n[ \t]*\n\s*")
_P = '<p style="margin:0 0 14px">'
_LIST = ' style="margin:0 0 14px;padding:0 0 0 22px">'
_LI = '<li style="margin:0 0 4px">'
_A = '<a style="text-decoration:underline"'


def clean(text: str) -> str:
    """What may be kept of an editor's HTML, or of plain words that somebody typed without one."""
    if not _IS_HTML.match(text):
        return from_plain(text)
    cleaned: str = nh3.clean(
        _DIV.sub(r"<\1p>", text),
        tags=_TAGS | _TABLE_TAGS,
        attributes={"a": {"href"}},
        attribute_filter=_filter,
        url_schemes=_SCHEMES,
        link_rel=None,
    )
    cleaned = _OF_TABLE.sub("", _ROW.sub(_in_a_line, cleaned))
    while _EMPTY.search(cleaned):
        cleaned = _EMPTY.sub("", cleaned)
    return cleaned.strip()


def from_plain(text: str) -> str:
    """Plain words with **bold** and [links](https://…) as HTML; an empty line parts paragraphs."""
    if not text.strip():
        return ""
    return "".join(f"<p>{_marked(each.strip())}</p>" for each in _PARAGRAPH.split(text.strip()))


def escaped(text: str) -> str:
    """The author's plain words for markup, merge tags as they are."""
    pieces = _MERGE.split(text)
    return "".join(
        piece if number % 2 else escape(piece, quote=False) for number, piece in enumerate(pieces)
    )


def styled(html: str) -> str:
    """Cleaned HTML as a mail shows it: mail programs bring margins of their own."""
    head, last, tail = html.rpartition("<p>")
    if last and html.endswith("</p>"):  # what lies below a block is its own setting
        html = f'{head}<p style="margin:0">{tail}'
    dressed = html.replace("<p>", _P).replace("<li>", _LI).replace("<a", _A)
    for name in ("ul", "ol"):
        dressed = dressed.replace(f"<{name}>", f"<{name}{_LIST}")
    return dressed


def plain(html: str) -> str:
    """The same as plain text, links behind their words."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return re.sub(r"\n{3,}", "\n\n", "".join(reader.said)).strip()


def is_address(text: str) -> bool:
    """Whether a picture, or a button's link, may point there."""
    return _WEB.fullmatch(text) is not None


def is_link(text: str) -> bool:
    """Whether a link may lead there: as `is_address`, or mailto:, tel:, or a merge field alone."""
    return is_address(text) or _LONE_TAG.fullmatch(text) is not None or (
        _ADDRESS.fullmatch(text) is not None and not text.lower().startswith("http")
    )  # fmt: skip


def _in_a_line(row: re.Match[str]) -> str:
    """A row of a table that was pasted: the text has no tables, so its cells stand apart in a line."""
    cells = [_IN_CELL.sub(" ", cell).strip() for cell in _CELL.findall(row[1])]
    is_empty = not any(cell.replace("&nbsp;", "") for cell in cells)
    return "" if is_empty else f"<p>{' | '.join(cells)}</p>"


def _filter(_element: str, _name: str, value: str) -> str | None:
    return value if is_link(unescape(value).strip()) else None


def _marked(text: str) -> str:
    linked = _LINK.sub(r'<a href="\2">\1</a>', _BOLD.sub(r"<strong>\1</strong>", escaped(text)))
    return linked.replace("\n", "<br>")


class _Reader(HTMLParser):
    """Collects the words of cleaned HTML, or of MJML."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self._links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self.said.append("\n")
        elif tag == "li":
            self.said.append("- ")
        elif tag in {"a", "mj-button"}:
            self._links.append(dict(attrs).get("href") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag in {"p", "ul", "ol", "h1", "h2", "h3", "tr", "mj-text"}:
            self.said.append("\n\n")
        elif tag == "li":
            self.said.append("\n")
        elif tag in {"a", "mj-button"} and self._links:
            link = self._links.pop()
            self.said.append(f": {link}" if link and not self._just_said(link) else "")

    def handle_data(self, data: str) -> None:
        if data.strip() or (self.said and not self.said[-1].endswith("\n")):
            self.said.append(re.sub(r"[ \t\r\n]+", " ", data))

    def _just_said(self, link: str) -> bool:
        return bool(self.said) and self.said[-1].strip() == link
