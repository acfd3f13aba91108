"""Addresses in texts."""

import re

# RFC 5321 as it is met: no quoted local parts, and UTF-8 allowed (RFC 6531). Bounded, so never slow.
ADDRESS = re.compile(
    r"[^\s<>()\[\]{}:;,\"'|\\@`]{1,128}@(?:[^\s<>()\[\]{}:;,\"'|\\@`/?&=]{1,190}[^\s<>()\[\]{}:;,\"'|\\@`.?!&=/*_])"
)
_LONGEST = 320


def find_address(text: str) -> str:
    """The first address in a text, or empty."""
    match = ADDRESS.search(text[:2000])
    return match[0].strip("*").lstrip("=")[:_LONGEST] if match else ""


def list_addresses(text: str) -> list[str]:
    """The addresses in a text, in order, each once."""
    found = dict.fromkeys(match[0].strip("*") for match in ADDRESS.finditer(text[:20000]))
    return list(found)
