"""QR codes for print (ISO/IEC 18004), drawn as one path."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import segno

# Telephones read 0.4 mm a module; a code of less than 20 mm is overlooked.
_LEAST_MM = 20.0
_MODULE_MM = 0.45
_QUIET = 4
# Any mask is legal. To look for the best one costs seven times the rest, and links are as good as random.
_MASK = 4
_DARK = re.compile(b"\x01+")


class QrCode(NamedTuple):
    """An SVG picture, how large to print it, and how wide the quiet zone is that it brings."""

    svg: str
    size_mm: float
    quiet_mm: float


def qr_code(text: str) -> QrCode:
    """The code of `text`, readable with 15 % of it gone (level M)."""
    made = segno.make(text, error="m", mask=_MASK, micro=False, boost_error=False)
    side = len(made.matrix) + 2 * _QUIET
    path = "".join(_runs(made.matrix))
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}">'
        f'<path fill="none" stroke="#000" d="{path}"/></svg>'
    )
    module = max(_LEAST_MM / len(made.matrix), _MODULE_MM)
    return QrCode(svg, side * module, _QUIET * module)


def _runs(matrix: Sequence[bytes | bytearray]) -> Iterator[str]:
    """Each run of dark modules as a line along its middle."""
    for y, row in enumerate(matrix):
        for run in _DARK.finditer(bytes(row)):
            start, end = run.span()
            yield f"M{start + _QUIET} {y + _QUIET}.5h{end - start}"
