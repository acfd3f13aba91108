"""How many parts a short message takes: GSM 03.38 (3GPP TS 23.038, 6.2.1) and concatenation (TS 23.040).

A part carries 140 bytes: 160 characters of seven bits or 70 units of UTF-16. Of a message in several
parts each loses six bytes to a header that says how they belong together: 153 and 67 are left. One
character outside the GSM alphabet turns the whole message to UTF-16. What takes two units (the
extension table's characters; what UTF-16 needs a surrogate pair for) is not torn over two parts.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

# Index is the code; 0x1B is the way into the extension table and no character.
_DEFAULT = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ"
    " !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_ONE = frozenset(_DEFAULT) - {"\x1b"}
_TWO = frozenset("\f^{}\\[~]|€")
_LARGEST_OF_ONE_UNIT = "\uffff"


class Encoding(StrEnum):
    """How a short message travels."""

    GSM_7 = "GSM-7"
    UCS_2 = "UCS-2"

    @property
    def units_alone(self) -> int:
        """What fits into a message of one part."""
        return 160 if self is Encoding.GSM_7 else 70

    @property
    def units_per_part(self) -> int:
        """What fits into each part of a longer one."""
        return 153 if self is Encoding.GSM_7 else 67


@dataclass(frozen=True, slots=True)
class SmsCount:
    """What a text costs. `characters` as a reader counts them, `units` as they are billed."""

    encoding: Encoding
    characters: int
    units: int
    segments: int


def is_gsm(text: str) -> bool:
    """Whether `text` needs the GSM alphabet alone."""
    return all(letter in _ONE or letter in _TWO for letter in text)


def count(text: str) -> SmsCount:
    """Encoding, characters, units and parts of `text`. An empty one has no part: nobody sends it."""
    encoding = _encoding(text)
    units = sum(_units(text, encoding))
    return SmsCount(encoding, characters(text), units, len(split(text)))


def split(text: str) -> tuple[str, ...]:
    """`text` as the parts in which it travels."""
    encoding = _encoding(text)
    weights = list(_units(text, encoding))
    if sum(weights) <= encoding.units_alone:
        return (text,) if text else ()
    parts, begin, used = [], 0, 0
    for place, weight in enumerate(weights):
        if used + weight > encoding.units_per_part:
            parts.append(text[begin:place])
            begin, used = place, 0
        used += weight
    return (*parts, text[begin:])


def characters(text: str) -> int:
    """How many characters a reader sees: grapheme clusters (Unicode annex 29), CR LF counted as two.

    Left out of the annex: prepended marks, which no language of a console uses.
    """
    total, before, is_joined, flags = 0, "", False, 0
    for letter in text:
        flags = flags + 1 if _is_regional(letter) else 0
        if not _belongs(letter, before, is_joined=is_joined, is_second_flag=flags % 2 == 0 < flags):
            total += 1
        is_joined = letter == "\u200d"
        before = letter
    return total


def _encoding(text: str) -> Encoding:
    return Encoding.GSM_7 if is_gsm(text) else Encoding.UCS_2


def _units(text: str, encoding: Encoding) -> Iterator[int]:
    if encoding is Encoding.GSM_7:
        return (2 if letter in _TWO else 1 for letter in text)
    return (2 if letter > _LARGEST_OF_ONE_UNIT else 1 for letter in text)


def _belongs(letter: str, before: str, *, is_joined: bool, is_second_flag: bool) -> bool:
    """Whether `letter` goes on with the character that `before` belongs to."""
    if not before or before in "\r\n" or letter in "\r\n":
        return False
    if is_second_flag or letter == "\u200d" or _extends(letter):
        return True
    if is_joined and unicodedata.category(letter) == "So":
        return True  # a family, a flag with a rainbow: pictures joined to one
    return _is_hangul_tail(letter) and _is_hangul(before)


def _extends(letter: str) -> bool:
    return (
        unicodedata.category(letter) in {"Mn", "Me", "Mc"}
        or letter == "\u200c"
        or "\U0001f3fb" <= letter <= "\U0001f3ff"  # skin tones
        or "\U000e0020" <= letter <= "\U000e007f"  # tags: the flags of Scotland and Wales
    )


def _is_regional(letter: str) -> bool:
    return "\U0001f1e6" <= letter <= "\U0001f1ff"


def _is_hangul_tail(letter: str) -> bool:
    return "\u1160" <= letter <= "\u11ff"


def _is_hangul(letter: str) -> bool:
    return "\u1100" <= letter <= "\u11ff" or "\uac00" <= letter <= "\ud7a3"
