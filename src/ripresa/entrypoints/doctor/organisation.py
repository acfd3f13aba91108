"""To which organisation a domain belongs: the label below its public suffix (RFC 7489, 3.2).

By the Public Suffix List as the installed package has it: nothing is fetched.
"""

from functools import lru_cache

from publicsuffixlist import PublicSuffixList


@lru_cache(maxsize=1)
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


@lru_cache(maxsize=1024)
def organisation_of(domain: str) -> str:
    """The organisational domain: `mail.shop.co.uk` is of `shop.co.uk`. A public suffix is its own."""
    found: str | None = _suffixes().privatesuffix(domain.lower().rstrip("."))
    return found or domain.lower().rstrip(".")
