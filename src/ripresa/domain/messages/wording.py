"""What a message said, kept as its difference from the merge source that it was filled from.

A mail of 20 kB is its template but for some names, lines and links. DEFLATE with the template as preset
dictionary (RFC 1951; `deflateSetDictionary` of zlib's manual) writes down those alone: some 700 bytes, in
half the time that the database needs to compress the whole. DEFLATE looks 32 kB back, so a longer
template helps less; nothing else hangs on it.
"""

import zlib
from functools import lru_cache
from hashlib import sha256
from typing import NamedTuple
from uuid import UUID

_LEVEL = 3  # beyond it nothing gets smaller: all that is left is names and tokens
_RAW = -zlib.MAX_WBITS


class Source(NamedTuple):
    """What messages are filled from, as it is kept: it names nobody. `id` is of the content."""

    id: UUID
    body: bytes


@lru_cache(maxsize=512)
def source_of(html: str, text: str) -> Source:
    """The merge source of a mail or a short message; `html` is empty where there is no markup."""
    body = _body(html, text)
    return Source(UUID(bytes=sha256(body).digest()[:16]), body)


def pack(html: str, text: str, source: bytes = b"") -> bytes:
    """What is kept of a message that was filled from `source`; empty: it is kept whole."""
    deflate = _primed(source).copy()
    return deflate.compress(_body(html, text)) + deflate.flush()


def unpack(packed: bytes, source: bytes = b"") -> tuple[str, str]:
    """Its HTML and its text, to the byte. Raises zlib.error or ValueError with another `source`."""
    inflate = zlib.decompressobj(_RAW, zdict=source)
    size, _, body = (inflate.decompress(packed) + inflate.flush()).partition(b"\n")
    return body[: int(size)].decode(), body[int(size) :].decode()


@lru_cache(maxsize=16)
def _primed(source: bytes) -> "zlib._Compress":
    """Taking in a source costs as much as writing a mail against it: once for many."""
    return zlib.compressobj(_LEVEL, zlib.DEFLATED, _RAW, zdict=source)


def _body(html: str, text: str) -> bytes:
    markup = html.encode()
    return b"%d\n%b%b" % (len(markup), markup, text.encode())
