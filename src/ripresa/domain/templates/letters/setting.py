"""Set letters on paper: one run of typst for a batch, cut into one PDF a letter.

What is printed travels as data, never as source. A batch is bounded, for what typst keeps of a run
grows with its pages; letters of several pages are set twice, for their page numbers say of how many.
"""

import io
import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple, Self

import msgspec
import pikepdf
import typst

from ripresa.contracts.calling.sayings import say
from ripresa.contracts.letters.windows import DIN_B, Window
from ripresa.domain.templates.letters.blocks import (
    AnyBlock,
    Cart,
    Coupon,
    FilledLetter,
    Picture,
    Qr,
    Signature,
    Text,
)
from ripresa.domain.templates.letters.marks import lines_of
from ripresa.domain.templates.letters.qr import qr_code
from ripresa.domain.templates.letters.typeface import FAMILY, SERIF, folder, typeface
from ripresa.domain.templates.letters.wrapping import breakable

MOST_AT_ONCE = 250
_SENDER_POINTS = 6.5
# typst keeps what it has laid out for ten more runs: 0.6 MB a letter, which nobody asks for again.
_RUNS_TO_FORGET = 11
_FEW = 40  # of so many letters in a run it may remember ten runs
_SCREEN = 110  # pixels an inch: A4 is 909 wide, sharp in the editor
_CODE_MM = 16.0  # what the letter's code takes of the line of the sender


class CannotSet(ValueError):
    """Letters can't be set on paper; the message says why."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A letter with all that is printed around it. `code` is how a returned one is recognised."""

    letter: FilledLetter
    to: tuple[str, ...]
    date: str
    code: str


@dataclass(frozen=True, slots=True)
class Stationery:
    """What all letters of a shop share. `sender`: its name and the lines of its address.

    `pictures` by name (a shop's own) or by address (of what it sells): PNG, JPEG or GIF, checked.
    `accent`: the colour of the shop's name and of frames, #rrggbb; empty: black, on white paper.
    `has_serifs`: set in Libertinus Serif, which typst brings along, and else in our own sans-serif.
    """

    window: Window
    sender: tuple[str, ...]
    logo: bytes | None = None
    background: bytes | None = None
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    accent: str = ""
    has_serifs: bool = False


class Spot(NamedTuple):
    """Where block number `block` begins, from 0: on page `page`, from 1, `top` millimetres from above."""

    block: int
    page: int
    top: float


@dataclass(frozen=True, slots=True)
class SetLetter:
    """A letter on paper, as a PDF of its own."""

    pdf: bytes
    pages: int


def set_letters(sheets: Sequence[Sheet], stationery: Stationery) -> list[SetLetter]:
    """Set letters, in order. Raises NoGlyph for what can't be printed, and CannotSet."""
    check_glyphs(stationery.sender)
    for sheet in sheets:
        check_glyphs((*sheet.letter.strings, *sheet.to, sheet.date))
    found: list[SetLetter] = []
    for start in range(0, len(sheets), MOST_AT_ONCE):
        found += _batch(sheets[start : start + MOST_AT_ONCE], stationery)
    return found


def look_at(sheet: Sheet, stationery: Stationery) -> list[bytes]:
    """The pages of one letter as PNG, as they would be printed. Raises NoGlyph and CannotSet."""
    check_glyphs((*stationery.sender, *sheet.letter.strings, *sheet.to, sheet.date))
    with Typesetter(stationery) as desk:
        pages = desk.look(desk.as_data([sheet], [1]), _SCREEN)
        if len(pages) > 1:
            pages = desk.look(desk.as_data([sheet], [len(pages)]), _SCREEN)
    return pages


def find_spots(sheet: Sheet, stationery: Stationery) -> list[Spot]:
    """Where the blocks of one letter begin, in order. Raises NoGlyph and CannotSet."""
    check_glyphs((*stationery.sender, *sheet.letter.strings, *sheet.to, sheet.date))
    with Typesetter(stationery) as desk:
        return desk.spots(desk.as_data([sheet], [1]))


def check_glyphs(strings: Sequence[str]) -> None:
    """Raise NoGlyph if one of `strings` can't be printed."""
    face = typeface()
    if face.first_missing("".join(strings)) is not None:
        for one in strings:
            face.check(one)


def _batch(sheets: Sequence[Sheet], stationery: Stationery) -> list[SetLetter]:
    with Typesetter(stationery) as desk:
        found = desk.set(sheets, [1] * len(sheets))
        long = [number for number, one in enumerate(found) if one.pages > 1]
        again = desk.set(
            [sheets[number] for number in long], [found[number].pages for number in long]
        )
    for number, one in zip(long, again, strict=True):
        found[number] = one
    return found


_EMPTY = Sheet(FilledLetter("", "en", ()), (), "", "")


class Typesetter:
    """A folder with the pictures of a batch, the only files that typst can see, fonts apart."""

    def __init__(self, stationery: Stationery) -> None:
        self._stationery = stationery
        self._place = tempfile.TemporaryDirectory(prefix="ripresa-letters-")
        self._paths: dict[str, str] = {}
        self._most = 0
        self._compiler = typst.Compiler(root=self._place.name, font_paths=_fonts())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for _run in range(_RUNS_TO_FORGET if self._most > _FEW else 0):
            self._compiler.compile(b"", format="svg")
        self._place.cleanup()

    def set(self, sheets: Sequence[Sheet], pages: Sequence[int]) -> list[SetLetter]:
        """Set letters that are known, or supposed, to have so many pages."""
        if not sheets:
            return []
        self._most = max(self._most, len(sheets))
        found = _cut(self.run(self.as_data(sheets, pages)))
        if len(found) != len(sheets):
            raise CannotSet(
                say(
                    "{count} letters were set and {found} came out",
                    count=len(sheets),
                    found=len(found),
                )
            )
        return found

    def as_data(self, sheets: Sequence[Sheet], pages: Sequence[int]) -> str:
        """All that typst is told, as JSON."""
        letters = [self._laid_out(*one) for one in zip(sheets, pages, strict=True)]
        return json.dumps({**self._shared(), "letters": letters})

    def run(self, batch: str) -> bytes:
        """The PDF of a whole batch. Raises CannotSet."""
        try:
            pdf = self._compiler.compile(
                _source(), format="pdf", sys_inputs={"batch": batch}, timestamp=0, pdf_tags=False
            )
        except typst.TypstError as trouble:
            raise CannotSet(
                say("the letters can't be set: {trouble}", trouble=trouble.message)
            ) from None
        if not isinstance(pdf, bytes):
            raise CannotSet(say("the letters were set and no PDF came of it"))
        return pdf

    def look(self, batch: str, points: int) -> list[bytes]:
        """The pages of a batch as PNG, `points` pixels an inch: the same layout. Raises CannotSet."""
        try:
            seen = self._compiler.compile(
                _source(), format="png", ppi=points, sys_inputs={"batch": batch}
            )
        except typst.TypstError as trouble:
            raise CannotSet(
                say("the letters can't be set: {trouble}", trouble=trouble.message)
            ) from None
        return [one for one in (seen if isinstance(seen, list) else [seen]) if one]

    def spots(self, batch: str) -> list[Spot]:
        """Where the blocks of a batch begin. Raises CannotSet."""
        asked = json.dumps({**json.loads(batch), "has_spots": True})
        try:
            looking = typst.Compiler(
                _source(), root=self._place.name, font_paths=_fonts(), sys_inputs={"batch": asked}
            )
            found = looking.query("<spot>", field="value")
        except typst.TypstError as trouble:
            raise CannotSet(
                say("the letters can't be set: {trouble}", trouble=trouble.message)
            ) from None
        return [Spot(*one) for one in json.loads(found)]

    def _shared(self) -> dict[str, Any]:
        given = self._stationery
        line = " · ".join(given.sender)
        box = given.window.sender_line
        room = (box.width if box else 0) - _CODE_MM
        wide = typeface().width_mm(line, _SENDER_POINTS)
        background = None
        if given.background is not None:
            path = self._file("background.pdf", given.background)
            background = {"path": path, "pages": _count_pages(given.background)}
        return {
            # What the typeface with serifs lacks is taken from the other, whose glyphs were checked.
            "family": [SERIF, FAMILY] if given.has_serifs else [FAMILY],
            "has_serifs": given.has_serifs,
            "has_spots": False,
            "window": asdict(given.window),
            "sender": list(given.sender),
            # As large as fits on one line, and never too small to be read.
            "sender_size": max(min(_SENDER_POINTS, _SENDER_POINTS * room / max(wide, 1)), 5),
            "letterhead": list(given.sender if given.logo else given.sender[1:]),
            "logo": None if given.logo is None else self._file("logo", given.logo),
            "background": background,
            "accent": given.accent or None,
        }

    def _laid_out(self, sheet: Sheet, pages: int) -> dict[str, Any]:
        return {
            "subject": breakable(sheet.letter.subject),
            "lang": sheet.letter.language.partition("-")[0],
            "to": list(sheet.to),
            "date": sheet.date,
            "code": sheet.code,
            "pages": pages,
            "blocks": [self._block(one) for one in sheet.letter.blocks],
        }

    def _block(self, block: AnyBlock) -> dict[str, Any]:
        plain: dict[str, Any] = breakable(msgspec.to_builtins(block))
        match block:
            case Cart(rows):
                for row, one in zip(plain["rows"], rows, strict=True):
                    row["picture"] = self._picture(one.picture if block.has_pictures else "")
            case Coupon() | Qr():
                plain |= _code(block.link)
            case Picture(name):
                plain["path"] = self._picture(name)
            case Signature():
                plain["path"] = self._picture(block.picture)
            case Text():
                said = [lines_of(one) for one in plain["paragraphs"]]
                plain["paragraphs"] = [
                    [[run._asdict() for run in line] for line in one] for one in said
                ]
            case _:
                pass
        return plain

    def _picture(self, name: str) -> str:
        """Where typst finds a picture; empty: there is none, and the page goes without."""
        found = self._stationery.pictures.get(name) if name else None
        if found is None:
            return ""
        if name not in self._paths:
            self._paths[name] = self._file(f"picture-{len(self._paths)}", found)
        return self._paths[name]

    def _file(self, name: str, content: bytes) -> str:
        suffix = {b"\x89P": ".png", b"\xff\xd8": ".jpg", b"GI": ".gif"}.get(content[:2], "")
        path = Path(self._place.name) / f"{name}{suffix}"
        path.write_bytes(content)
        return f"/{path.name}"


def check_prints(picture: bytes) -> None:
    """Raise CannotSet for a PNG or JPEG that typst can't draw: found out before a batch needs it."""
    with Typesetter(Stationery(DIN_B, (), logo=picture)) as typesetter:
        typesetter.run(typesetter.as_data([_EMPTY], [1]))


def _code(link: str) -> dict[str, Any]:
    """The QR code of a link, and the link as it is printed beside it."""
    if not link:
        return {"size": 0, "quiet": 0}
    code = qr_code(link)
    shown = breakable(link.removeprefix("https://"))
    return {"svg": code.svg, "size": code.size_mm, "quiet": code.quiet_mm, "shown_link": shown}


def _cut(pdf: bytes) -> list[SetLetter]:
    """Cut a batch where another letter begins."""
    with pikepdf.open(io.BytesIO(pdf)) as batch:
        starts = [*_starts(batch), len(batch.pages)]
        return [_part(batch, first, end) for first, end in pairwise(starts)]


def _starts(batch: pikepdf.Pdf) -> list[int]:
    """The pages whose label has another prefix than the one before (ISO 32000-1, 12.4.2)."""
    labels = list(batch.Root.PageLabels.Nums)
    found, before = [], ""
    for page, label in zip(labels[::2], labels[1::2], strict=True):
        if (prefix := str(label.P)) != before:
            found.append(int(page))
            before = prefix
    return found


def _part(batch: pikepdf.Pdf, first: int, end: int) -> SetLetter:
    with pikepdf.new() as one:
        for number in range(first, end):
            one.pages.append(batch.pages[number])
        written = io.BytesIO()
        one.save(written, deterministic_id=True)
    return SetLetter(written.getvalue(), end - first)


def _count_pages(pdf: bytes) -> int:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return len(opened.pages)


@lru_cache(maxsize=1)
def _source() -> bytes:
    return (files("ripresa.domain.templates.letters") / "page.typ").read_bytes()


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    """Our own font and those within typst, so that a letter looks the same on every machine."""
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=True, font_paths=[folder()]
    )
