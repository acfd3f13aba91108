"""Text made cheaper: what stands outside the GSM alphabet is written with what stands in it.

Three steps for each character, the first that knows it: what a reader of the language would write
herself, look-alikes of signs and punctuation, the letter without its mark. Letters of the alphabet
itself (è, ö, ñ) are never touched, and what nobody knows stays as it is.
"""

import unicodedata
from collections.abc import Mapping

from ripresa.contracts.sms.text import count, is_gsm

# To the left what is written, to the right all that it stands for.
_LOOKALIKES: Mapping[str, str] = {
    '"': "«»“”„‟ʺˮ❝❞〝〞",
    "'": "‘’‛ʻʼʽˈʹ´ˊ`ˋ❛❜\u0313\u0314\ufe10\ufe11",
    "-": "‐‑‒–—―−⁃•⎼⎽﹣",
    "/": "÷⧸⁄∕\u0337\u0338",
    "\\": "⧵⧹\u20e5﹨",
    "_": "\u0332‗",
    "|": "\u20d2\u20d3∣⎸⎹⏐⎜⎟",
    "@": "﹫",
    "$": "﹩",
    "!": "ǃ︕﹗",
    "#": "﹟",
    "%": "﹪",
    "&": "﹠",
    ",": "‚\u0326﹐﹑､、",
    "(": "❨❪﹙⟮⦅",
    ")": "❩❫﹚⟯⦆",
    "*": "⁎∗⊛✢✣✤✥✱✲✳✺✻✼✽❃❉❊❋⧆﹡",
    "+": "˖﹢",
    ".": "。｡﹒",
    ":": "ː˸⦂꞉︓",
    ";": "⁏︔﹔",
    "<": "﹤‹",
    ">": "﹥›",
    "=": "\u0347꞊﹦",
    "?": "︖﹖",
    "^": "ˆ\u0302\u1dcd",
    "{": "❴﹛",
    "}": "❵﹜",
    "~": "˜˷\u0303\u0330\u0334∼",
    "...": "…",
    "!!": "‼",
    "1/4": "¼",
    "1/2": "½",
    "3/4": "¾",
    " ": "\t\x80\x8d\x90\x9b\x9f\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009"
    "\u200a\u2028\u2029\u202f\u205f\u3000",
    "": "\x00\x03\x04\x10\x11\x12\x13\x14\x17\x19\u00ad\u200b\u200c\u200e\u200f\u2060\ufeff",
}
# Small capitals, which text styled by hand is full of.
_SMALL_CAPITALS = dict(zip("ABCDEFGHIJKLMNOPRSTUVWYZ", "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ", strict=True))
_LETTERS: Mapping[str, str] = {
    "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ħ": "h", "Ħ": "H", "ı": "i", "ŧ": "t", "Ŧ": "T",
    "œ": "oe", "Œ": "OE", "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th", "ẞ": "SS",
    "ﬁ": "fi", "ﬂ": "fl", "ﬀ": "ff", "№": "No.", "™": "(TM)", "®": "(R)", "©": "(C)", "°": "o",
    "₽": "RUB", "₴": "UAH", "₺": "TRY", "×": "x", "²": "2", "³": "3", "¹": "1", "ª": "a", "º": "o",
}  # fmt: skip
_FULL_WIDTH = range(0xFF01, 0xFF5F)  # the printable part of ASCII, each moved by the same distance

_RUSSIAN: Mapping[str, str] = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        [
            *"abvgdee",
            "zh",
            *"ziyklmnoprstuf",
            "kh",
            "ts",
            "ch",
            "sh",
            "shch",
            "",
            "y",
            "",
            "e",
            "yu",
            "ya",
        ],
        strict=True,
    )
)
# What readers of a language write themselves where a letter is missing.
_BY_LANGUAGE: Mapping[str, Mapping[str, str]] = {
    # Capitals with an accent are spelt with an apostrophe wherever a keyboard lacks them.
    "it": {"À": "A'", "È": "E'", "Ì": "I'", "Ò": "O'", "Ù": "U'"},
    "ru": {**_RUSSIAN, **{letter.upper(): word.title() for letter, word in _RUSSIAN.items()}},
}


def _signs() -> dict[str, str]:
    table = {sign: to for to, signs in _LOOKALIKES.items() for sign in signs}
    table.update({small: capital for capital, small in _SMALL_CAPITALS.items()})
    table.update(_LETTERS)
    for code in _FULL_WIDTH:
        plain = chr(code - 0xFF01 + 0x21)
        table[chr(code)] = table.get(plain, plain)
    return table


_SIGNS = _signs()


def fold(text: str, language: str) -> str:
    """`text` as far as it can be written in the GSM alphabet; `language` is a BCP 47 tag or empty."""
    own = _BY_LANGUAGE.get(language.partition("-")[0].lower(), {})
    return "".join(_fold_one(letter, own) for letter in unicodedata.normalize("NFC", text))


def cheapest(text: str, language: str) -> str:
    """`text` folded, if that saves a part; else as it was written."""
    folded = fold(text, language)
    return folded if count(folded).segments < count(text).segments else text


def _fold_one(letter: str, own: Mapping[str, str]) -> str:
    if is_gsm(letter):
        return letter
    if letter in own:
        return own[letter]
    if letter in _SIGNS:
        return _SIGNS[letter]
    bare = "".join(
        part for part in unicodedata.normalize("NFD", letter) if not unicodedata.combining(part)
    )
    return bare if bare != letter and is_gsm(bare) else letter
