"""A letter and the paper it stands on, for every test that prints; and how to read a PDF back."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pypdfium2

from ripresa.contracts.letters.windows import WINDOWS, Box, Window
from ripresa.domain.templates.context import CouponFields, MergeFields, build_context
from ripresa.domain.templates.letters.blocks import FilledLetter, Text
from ripresa.domain.templates.letters.setting import SetLetter, Sheet, Stationery, set_letters
from ripresa.domain.templates.render import render_preset
from ripresa.domain.templates.sample import sample_fields

MM_A_POINT = 25.4 / 72
SENDER = ("Enoteca Bottega S.r.l.", "Via Po 2", "10121 Torino")
TO = ("Ben Rossi", "Via Roma 1", "00184 ROMA RM")
CODE = "7K2QX-9MTB4"


def words(*paragraphs: str, subject: str = "Il tuo carrello", language: str = "it") -> FilledLetter:
    return FilledLetter(subject, language, (Text(paragraphs),))


def preset(name: str = "reminder", language: str = "it", **changes: Any) -> FilledLetter:
    """What a preset says by letter of the sample cart, with a coupon unless `coupon=None`."""
    fields = {"coupon": CouponFields("TORNA10"), **changes}
    filled = MergeFields(**{**_as_dict(sample_fields()), **fields})
    letter = render_preset(name, "letter", language, build_context(filled, language)).letter
    assert letter is not None
    return letter


def _as_dict(fields: MergeFields) -> dict[str, Any]:
    return {name: getattr(fields, name) for name in MergeFields.__slots__}


def sheet(letter: FilledLetter, to: tuple[str, ...] = TO, code: str = CODE) -> Sheet:
    return Sheet(letter, to, "22 novembre 2026", code)


def paper(window: str | Window = "din-b", **changes: Any) -> Stationery:
    found = WINDOWS[window] if isinstance(window, str) else window
    return Stationery(found, SENDER, **changes)


def print_one(letter: FilledLetter, **changes: Any) -> SetLetter:
    (printed,) = set_letters([sheet(letter)], paper(**changes))
    return printed


@dataclass(frozen=True)
class Word:
    """A text as it stands on a page: where, in millimetres from the upper left corner."""

    text: str
    box: Box
    points: float


class ReadBack:
    """A PDF as somebody else's program reads it."""

    def __init__(self, pdf: bytes) -> None:
        self._pdf = pypdfium2.PdfDocument(pdf)

    def __len__(self) -> int:
        return len(self._pdf)

    def text(self, page: int = 0) -> str:
        return self._pdf[page].get_textpage().get_text_range().replace("\r\n", "\n")

    def within(self, box: Box, page: int = 0) -> list[str]:
        """The lines of text that stand in a box."""
        sheet = self._pdf[page]
        height = sheet.get_height()
        found = sheet.get_textpage().get_text_bounded(
            left=box.left / MM_A_POINT,
            bottom=height - box.bottom / MM_A_POINT,
            right=box.right / MM_A_POINT,
            top=height - box.top / MM_A_POINT,
        )
        return [line.strip() for line in found.replace("\r\n", "\n").split("\n") if line.strip()]

    def inked(self, page: int = 0) -> list[Box]:
        """The box of everything that is drawn: texts, lines, pictures."""
        sheet = self._pdf[page]
        height = sheet.get_height()
        found = []
        for drawn in sheet.get_objects(max_depth=3):
            left, bottom, right, top = drawn.get_bounds()
            found.append(
                Box(
                    left * MM_A_POINT,
                    (height - top) * MM_A_POINT,
                    (right - left) * MM_A_POINT,
                    (top - bottom) * MM_A_POINT,
                )
            )
        return found

    def size_mm(self, page: int = 0) -> tuple[float, float]:
        sheet = self._pdf[page]
        return (round(sheet.get_width() * MM_A_POINT, 1), round(sheet.get_height() * MM_A_POINT, 1))


@lru_cache(maxsize=1)
def small_png() -> bytes:
    """A red square of eight by eight pixels."""
    import io

    from PIL import Image

    written = io.BytesIO()
    Image.new("RGB", (8, 8), (200, 30, 30)).save(written, "PNG")
    return written.getvalue()
