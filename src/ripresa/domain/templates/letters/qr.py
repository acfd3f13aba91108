"""QR codes for print (ISO/IEC 18004), drawn as one path.

With version, mask and length fixed, every module is a sum (XOR) of bits of the text, for so is Reed and
Solomon's code. Links of one shop differ in their last characters only: what each bit of those turns over
is asked of segno once, and then a symbol is a few XORs instead of half a millisecond and more.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import segno

# Telephones read 0.4 mm a module; a code of less than 20 mm is overlooked.
_LEAST_MM = 20.0
_MODULE_MM = 0.45
_QUIET = 4
# Any mask is legal. To look for the best one costs seven times the rest, and links are as good as random.
_MASK = 4
_BITS = 7  # of an ASCII character
_MOST_VARYING = 40  # characters; what is longer is no link of ours
_DARK = re.compile("1+")


class QrCode(NamedTuple):
    """An SVG picture, how large to print it, and how wide the quiet zone is that it brings."""

    svg: str
    size_mm: float
    quiet_mm: float


def qr_code(text: str) -> QrCode:
    """The code of `text`, readable with 15 % of it gone (level M)."""
    fixed, slash, varying = text.rpartition("/")
    if text.isascii() and varying and len(varying) <= _MOST_VARYING:
        version, dark = _family(fixed + slash, len(varying)).symbol(varying)
    else:
        version, dark = _made(text.encode(), None)
    modules = 17 + 4 * version
    side = modules + 2 * _QUIET
    path = "".join(_runs(dark, modules))
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}">'
        f'<path fill="none" stroke="#000" d="{path}"/></svg>'
    )
    module = max(_LEAST_MM / modules, _MODULE_MM)
    return QrCode(svg, side * module, _QUIET * module)


class _Family:
    """The codes of all texts that begin with `fixed` and go on for `length` characters."""

    def __init__(self, fixed: bytes, length: int) -> None:
        self._fixed, self._length = fixed, length
        self._version, self._of_zeros = _made(fixed + bytes(length), None)
        self._turned = [[self._turn(place, bit) for bit in range(_BITS)] for place in range(length)]
        self._known: dict[tuple[int, str], int] = {}

    def symbol(self, varying: str) -> tuple[int, int]:
        """Version and dark modules of the text that goes on as `varying`."""
        dark = self._of_zeros
        for place in enumerate(varying):
            if place not in self._known:
                self._known[place] = self._turned_by(*place)
            dark ^= self._known[place]
        return self._version, dark

    def _turned_by(self, place: int, character: str) -> int:
        turned = 0
        for bit in range(_BITS):
            if ord(character) >> bit & 1:
                turned ^= self._turned[place][bit]
        return turned

    def _turn(self, place: int, bit: int) -> int:
        varying = bytearray(self._length)
        varying[place] = 1 << bit
        return _made(self._fixed + bytes(varying), self._version)[1] ^ self._of_zeros


@lru_cache(maxsize=64)
def _family(fixed: str, length: int) -> _Family:
    return _Family(fixed.encode(), length)


def _made(content: bytes, version: int | None) -> tuple[int, int]:
    """Version and dark modules of a symbol, the upper left one being the highest bit."""
    made = segno.make(
        content, error="m", mode="byte", version=version, mask=_MASK, micro=False, boost_error=False
    )
    dark = "".join("1" if module else "0" for row in made.matrix for module in row)
    return (len(made.matrix) - 17) // 4, int(dark, 2)


def _runs(dark: int, modules: int) -> Iterator[str]:
    """Each run of dark modules as a line along its middle."""
    whole = f"{dark:0{modules * modules}b}"
    for y in range(modules):
        for run in _DARK.finditer(whole, y * modules, (y + 1) * modules):
            start, end = run.span()
            yield f"M{start - y * modules + _QUIET} {y + _QUIET}.5h{end - start}"
