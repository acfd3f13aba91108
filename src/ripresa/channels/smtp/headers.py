"""Header lines: encoded words (RFC 2047), folding (RFC 5322 2.2.3), no way to smuggle a line in."""

import binascii

from ripresa.contracts.mails.headers import visible

MAX_LINE = 76  # RFC 2047, section 2: no line that holds an encoded word may be longer
_WORD_BYTES = (
    39  # 52 letters of base64 and 12 of frame: fits behind the longest header name, `Reply-To: `
)

_UTF8_TOP_BITS = 0xC0
_UTF8_INSIDE_A_LETTER = 0x80


def text_header(name: str, value: str) -> str:
    """One unstructured header such as Subject, folded, with its CRLF."""
    return (
        f"{name}: " + "\r\n ".join(_words(visible(value), room=MAX_LINE - len(name) - 2)) + "\r\n"
    )


def mailbox_header(name: str, display_name: str, address: str) -> str:
    """One address header, folded, with its CRLF. `address` comes from `wire_address`."""
    display_name = visible(display_name).strip()
    if not display_name:
        return f"{name}: <{address}>\r\n"
    lines = _phrase(display_name, room=MAX_LINE - len(name) - 2)
    first = len(name) + 2 if len(lines) == 1 else 1
    gap = " " if first + len(lines[-1]) + len(address) + 3 <= MAX_LINE else "\r\n "
    return f"{name}: " + "\r\n ".join(lines) + f"{gap}<{address}>\r\n"


def _phrase(name: str, room: int) -> list[str]:
    quoted = '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if _may_stand_plain(name) and len(quoted) <= room:
        return [quoted]
    return _encoded_words(name)


def _words(text: str, room: int) -> list[str]:
    """The lines of an unstructured value: folded at single spaces, or as encoded words."""
    if not _may_stand_plain(text):
        return _encoded_words(text)
    if len(text) <= room:
        return [text]
    lines = [""]
    for word in text.split(" "):
        # An empty word is a second space; readers differ on whether a fold keeps it.
        if not word or len(word) > room:
            return _encoded_words(text)
        if lines[-1] and len(lines[-1]) + 1 + len(word) > room:
            lines.append(word)
        else:
            lines[-1] += f" {word}" if lines[-1] else word
    return lines


def _may_stand_plain(text: str) -> bool:
    # `=?` would be read as an encoded word; spaces at the ends would be lost.
    return text.isascii() and "=?" not in text and text == text.strip(" ")


def _encoded_words(text: str) -> list[str]:
    """`text` in words of base64, none of which splits a letter (RFC 2047, section 5)."""
    raw = text.encode("utf-8", "replace")
    words = []
    start = 0
    while start < len(raw):
        end = min(start + _WORD_BYTES, len(raw))
        while end < len(raw) and raw[end] & _UTF8_TOP_BITS == _UTF8_INSIDE_A_LETTER:
            end -= 1
        words.append(f"=?utf-8?b?{binascii.b2a_base64(raw[start:end], newline=False).decode()}?=")
        start = end
    return words
