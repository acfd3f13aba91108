"""Where a long word may be broken, so that nothing runs off the sheet."""

import re
import unicodedata
from typing import Any

_LONG = re.compile(r"\S{48,}")
_PIECES = re.compile(r".{1,16}", re.DOTALL)
BREAK = "\u200b"  # zero width space (Unicode line breaking class ZW)


def breakable(value: Any) -> Any:
    """The same text, or texts in lists and mappings, composed (NFC), with breaks in long words."""
    match value:
        case str():
            composed = unicodedata.normalize("NFC", value)
            return _LONG.sub(lambda word: BREAK.join(_PIECES.findall(word[0])), composed)
        case dict():
            return {key: breakable(one) for key, one in value.items()}
        case list() | tuple():
            return [breakable(one) for one in value]
        case _:
            return value
