"""Amounts as people and spreadsheets write them: "1.234,56 €", "$1,234.56", "59,80"."""

import re
from collections.abc import Iterable

from ripresa.core.words.patterned import Patterned

MARKS = (".", ",")

# A currency's sign or code before or behind: €, US$, EUR, zł, Kč, lei.
_SIGN = r"(?:[^\W\d_]{1,3}\.?)?(?:[^\w\s.,'+-]{1,3})?"
_SIGNED = re.compile(
    rf"\s*{_SIGN}\s*([+-]?\s*[0-9][0-9.,'\s]*?)(?:,-|[.,])?\s*{_SIGN}\s*"
).fullmatch
_BLANKS = re.compile(r"[\s\u00a0\u202f']+")
_PLAIN = re.compile(r"[0-9]{1,16}(?:\.[0-9]{1,20})?").fullmatch
_IN_THREES = re.compile(r"[0-9]{1,3}(?:[.,][0-9]{3})+").fullmatch
_GROUPED = {
    ".": re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?").fullmatch,
    ",": re.compile(r"[0-9]{1,3}(?:\.[0-9]{3})+(?:,[0-9]+)?").fullmatch,
}


class NotAnAmount(Patterned, ValueError):
    """The text is no amount; the message says why."""


def guess_mark(texts: Iterable[str]) -> str:
    """What parts units from decimals in a column, "." or ","; "": nothing tells.

    1.234 alone tells nothing: it may be a thousand or a little more than one.
    """
    for text in texts:
        bare = _bare(text)
        last = max(bare.rfind("."), bare.rfind(","))
        if last < 0:
            continue
        mark = bare[last]
        others = bare.count(",") + bare.count(".") - bare.count(mark)
        if bare.count(mark) == 1 and (others or len(bare) - last - 1 != 3):  # noqa: PLR2004
            return mark
        if bare.count(mark) > 1 and not others:
            return "," if mark == "." else "."
    return ""


def read_amount(text: str, mark: str) -> str:
    """A plain decimal, as in "1234.56". `mark` parts the decimals; "": not known. Raises NotAnAmount.

    Currency signs around it and blanks or apostrophes between thousands are passed over.
    """
    bare = _bare(text)
    if bare.startswith("-"):
        raise NotAnAmount("{text!r} is less than nothing", text=text[:40])
    bare = bare.lstrip("+")
    if bare.isdecimal() and bare.isascii() and _PLAIN(bare):
        return bare
    if not mark:
        if _IN_THREES(bare):
            raise NotAnAmount(
                "{text!r} may be thousands or decimals: say what parts the decimals", text=text[:40]
            )
        mark = guess_mark([bare])
    if mark in _GROUPED and _GROUPED[mark](bare):
        bare = bare.replace("," if mark == "." else ".", "")
    bare = bare.replace(",", ".") if mark == "," else bare
    if not _PLAIN(bare):
        raise NotAnAmount("{text!r} is no amount like 59.80", text=text[:40])
    return bare


def _bare(text: str) -> str:
    found = _SIGNED(text)
    return _BLANKS.sub("", found[1]) if found else ""
