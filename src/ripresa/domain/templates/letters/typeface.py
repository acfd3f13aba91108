"""The typeface of letters: which glyphs it has, and how wide a text is.

Read from the font file itself (OpenType 1.9: `cmap` format 4, `hmtx`), so that a glyph that is
missing is an error before anything is printed, and never an empty box on paper.
"""

import struct
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from ripresa.contracts.calling.sayings import say

FAMILY = "IBM Plex Sans"
SERIF = "Libertinus Serif"
_FILE = "IBMPlexSans.ttf"
_MM_A_POINT = 25.4 / 72
# Marks of where a line may or may not break: nothing is drawn for them.
INVISIBLE = frozenset("\u200b\u00ad\u2060\n")


class NoGlyph(ValueError):
    """A text can't be printed: the typeface lacks a character. The message names it."""


@dataclass(frozen=True, slots=True)
class Typeface:
    """`advances`: of each character it has, in thousandths of the size of type."""

    advances: dict[str, float]

    def check(self, text: str) -> None:
        """Raise NoGlyph for the first character that would be an empty box."""
        if (found := self.first_missing(text)) is not None:
            name = unicodedata.name(found, "a character without a name")
            raise NoGlyph(
                say(
                    "no font has {code} ({name}), which stands in {text!r}",
                    code=f"U+{ord(found):04X}",
                    name=name,
                    text=text[:60],
                )
            )

    def first_missing(self, text: str) -> str | None:
        """The first character of `text` that there is no glyph for."""
        missing = set(unicodedata.normalize("NFC", text)) - self.advances.keys() - INVISIBLE
        return next((one for one in text if one in missing), None) or next(iter(missing), None)

    def width_mm(self, text: str, points: float) -> float:
        """How wide one line is, without kerning."""
        thousandths = sum(self.advances.get(one, 600.0) for one in text)
        return thousandths / 1000 * points * _MM_A_POINT


def folder() -> Path:
    """Where the font files lie."""
    return Path(str(files("ripresa.domain.templates.letters") / "fonts"))


@lru_cache(maxsize=1)
def typeface() -> Typeface:
    """The typeface of every letter."""
    return _read((folder() / _FILE).read_bytes())


def _read(font: bytes) -> Typeface:
    tables = _tables(font)
    units = struct.unpack_from(">H", font, tables["head"] + 18)[0]
    measured = struct.unpack_from(">H", font, tables["hhea"] + 34)[0]
    widths = [
        struct.unpack_from(">H", font, tables["hmtx"] + 4 * number)[0] for number in range(measured)
    ]
    glyphs = _glyphs(font, tables["cmap"])
    return Typeface(
        {
            chr(code): widths[min(glyph, measured - 1)] * 1000 / units
            for code, glyph in glyphs.items()
        }
    )


def _tables(font: bytes) -> dict[str, int]:
    count = struct.unpack_from(">H", font, 4)[0]
    records = (struct.unpack_from(">4sIII", font, 12 + 16 * number) for number in range(count))
    return {tag.decode("ascii"): offset for tag, _, offset, _ in records}


def _glyphs(font: bytes, cmap: int) -> dict[int, int]:
    """The glyph of each code point, from the table for Windows and Unicode (3, 1)."""
    count = struct.unpack_from(">H", font, cmap + 2)[0]
    records = [struct.unpack_from(">HHI", font, cmap + 4 + 8 * number) for number in range(count)]
    start = cmap + next(offset for platform, kind, offset in records if (platform, kind) == (3, 1))
    segments = struct.unpack_from(">H", font, start + 6)[0] // 2
    shape = f">{segments}H"
    ends = struct.unpack_from(shape, font, start + 14)
    begins = struct.unpack_from(shape, font, start + 16 + 2 * segments)
    deltas = struct.unpack_from(shape, font, start + 16 + 4 * segments)
    ranges_at = start + 16 + 6 * segments
    ranges = struct.unpack_from(shape, font, ranges_at)
    found: dict[int, int] = {}
    for number, (first, latest) in enumerate(zip(begins, ends, strict=True)):
        for code in range(first, min(latest, 0xFFFE) + 1):
            glyph = code
            if ranges[number]:
                at = ranges_at + 2 * number + ranges[number] + 2 * (code - first)
                glyph = struct.unpack_from(">H", font, at)[0]
                if not glyph:
                    continue
            if glyph := (glyph + deltas[number]) % 65_536:
                found[code] = glyph
    return found
