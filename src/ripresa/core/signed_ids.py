"""Signed ids: what we hand to strangers so that they name a row of ours when they come back.

A signed id says of itself which row of which shop it names, and nobody without the install's secret
can make one (HMAC-SHA256, RFC 2104, cut to 96 bits). Lower-case base32 (RFC 4648) of at most 58
characters: it fits the local part of an address, an idempotency key, a reference of any provider.
"""

import hashlib
import hmac
from base64 import b32decode, b32encode
from binascii import Error
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple
from uuid import UUID

LONGEST = 58
_ROW_BYTES = 16
_SEAL_BYTES = 12
_SHOP_BYTES = range(1, 9)  # a shop's id is a positive bigint


class Named(NamedTuple):
    """The row that a signed id names."""

    shop_id: int
    row_id: UUID


def claimed_row(text: str) -> UUID | None:
    """The row that `text` says it names, whoever made it up; None: no signed id looks like this."""
    raw = _decoded(text)
    if raw is None or len(raw) - _ROW_BYTES - _SEAL_BYTES not in _SHOP_BYTES:
        return None
    return UUID(bytes=raw[-_SEAL_BYTES - _ROW_BYTES : -_SEAL_BYTES])


def _decoded(text: str) -> bytes | None:
    if len(text) > LONGEST or not text.isascii():
        return None
    try:
        return b32decode(text.upper() + "=" * (-len(text) % 8))
    except Error:
        return None


@dataclass(frozen=True)
class SignedIds:
    """Signed ids of one `purpose`: those of another one are as foreign as forged ones."""

    secret_key: str = field(repr=False)
    purpose: str

    @cached_property
    def _key(self) -> bytes:
        said = f"ripresa signed id, {self.purpose}: {self.secret_key}"
        return hashlib.sha256(said.encode()).digest()

    def sign(self, shop_id: int, row_id: UUID) -> str:
        """The same text for the same row, always. `shop_id` is from 1 to 2**63 - 1."""
        shop = shop_id.to_bytes((shop_id.bit_length() + 7) // 8, "big")
        said = shop + row_id.bytes
        return b32encode(said + self._seal(said)).decode().rstrip("=").lower()

    def read(self, text: str) -> Named | None:
        """The row that `text` names, in capitals or not; None: we have not signed this."""
        raw = _decoded(text)
        if raw is None:
            return None
        said, seal = raw[:-_SEAL_BYTES], raw[-_SEAL_BYTES:]
        shop = said[:-_ROW_BYTES]
        if len(shop) not in _SHOP_BYTES or not hmac.compare_digest(seal, self._seal(said)):
            return None
        named = Named(int.from_bytes(shop, "big"), UUID(bytes=said[-_ROW_BYTES:]))
        # The last character has bits to spare: only one spelling of an id is ours.
        return named if self.sign(*named) == text.lower() else None

    def _seal(self, said: bytes) -> bytes:
        return hmac.digest(self._key, said, "sha256")[:_SEAL_BYTES]
