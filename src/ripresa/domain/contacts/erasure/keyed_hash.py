"""Keyed hashes: to know a text again without keeping it, and without letting others try theirs."""

import hashlib
import hmac
from functools import lru_cache

from ripresa.core.config import load


def keyed_hash(purpose: str, text: str) -> bytes:
    """HMAC-SHA256 (RFC 2104) of `text` under a key of this install, 32 bytes; one key for each purpose.

    It follows from RIPRESA_SECRET_KEY: with another secret nothing is known again.
    """
    return hmac.digest(_key(purpose), text.encode(), "sha256")


@lru_cache(maxsize=16)
def _key(purpose: str) -> bytes:
    return hashlib.sha256(f"ripresa keyed hash, {purpose}: {load().secret_key}".encode()).digest()
