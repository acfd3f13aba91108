"""Tables as CSV (RFC 4180), for people who open them in a spreadsheet."""

import csv
import re
from collections.abc import Iterable, Sequence
from io import StringIO
from typing import TextIO

# A spreadsheet takes what begins so for a formula (OWASP, CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
# A loss or a phone number begins so as well, and comes to nothing but itself.
_NUMBER = re.compile(r"[+-]\d+(\.\d+)?").fullmatch


def write_csv(lines: Iterable[Sequence[str]], to: TextIO, *, line_end: str = "\r\n") -> None:
    """Write lines, none of whose cells a spreadsheet would run."""
    csv.writer(to, lineterminator=line_end).writerows(map(_harmless, line) for line in lines)


def as_csv(lines: Iterable[Sequence[str]]) -> str:
    """The same as a text."""
    out = StringIO()
    write_csv(lines, out)
    return out.getvalue()


def _harmless(cell: str) -> str:
    """What a spreadsheet would take for a formula gets an apostrophe before it."""
    return f"'{cell}" if cell.startswith(_FORMULA) and not _NUMBER(cell) else cell
