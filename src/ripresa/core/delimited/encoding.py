"""How a text file is encoded.

A byte order mark says it. Without one, text that is UTF-8 throughout is UTF-8: other encodings hardly
ever make valid UTF-8 beyond ASCII. The rest is taken for Windows-1252, which spreadsheets write.
"""

import codecs
from typing import BinaryIO

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CHUNK = 1 << 16
# Latin text in UTF-16 has a zero in every other byte; text in one byte a character has none.
_ZEROS = 0.4


def detect_encoding(file: BinaryIO) -> str:
    """The name of the codec for `file`, which is read from its beginning and left there."""
    file.seek(0)
    start = file.read(_CHUNK)
    file.seek(0)
    for mark, name in _MARKS:
        if start.startswith(mark):
            return name
    for name, zeros in (("utf-16-le", start[1::2]), ("utf-16-be", start[0::2])):
        if zeros and zeros.count(0) > _ZEROS * len(zeros):
            return name
    try:
        return "utf-8" if _is_utf8(file) else "cp1252"
    finally:
        file.seek(0)


def _is_utf8(file: BinaryIO) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while chunk := file.read(_CHUNK):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
