"""Codes of short links: `<shop id><token>`, both in base 62, the token always of eleven characters.

Eleven characters are 65 bits. Guessing is done online, so: with a million links of a shop alive and a
hundred guesses a second for a year, the odds of meeting any one of them are 1 in 16,000; and what is
met shows items and prices of some cart, and an unsubscribe button, of nobody named. The longer tokens
of mails cost nothing; here two characters more would cost each text room for a word.
"""

from typing import NamedTuple

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_VALUES = {digit: value for value, digit in enumerate(_DIGITS)}
TOKEN_LENGTH = 11
_LONGEST_SHOP = 11  # a bigint
_BIGGEST_SHOP = 2**63 - 1


class ShortCode(NamedTuple):
    """A short link's parts."""

    shop_id: int
    token: str


def token_of(digest: bytes) -> str:
    """The token that follows from `digest` (32 bytes): evenly spread to within one in 2**190."""
    return _base62(int.from_bytes(digest, "big") % len(_DIGITS) ** TOKEN_LENGTH).rjust(
        TOKEN_LENGTH, "0"
    )


def write_code(shop_id: int, token: str) -> str:
    """What stands after `/s/`."""
    return f"{_base62(shop_id)}{token}"


def read_code(code: str) -> ShortCode | None:
    """The parts of a code; None: it can't be one of ours."""
    shop, token = code[:-TOKEN_LENGTH], code[-TOKEN_LENGTH:]
    if not 1 <= len(shop) <= _LONGEST_SHOP or len(token) != TOKEN_LENGTH:
        return None
    if shop.startswith("0") or not set(code) <= _VALUES.keys():
        return None
    shop_id = 0
    for digit in shop:
        shop_id = shop_id * len(_DIGITS) + _VALUES[digit]
    return ShortCode(shop_id, token) if shop_id <= _BIGGEST_SHOP else None


def _base62(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, len(_DIGITS))
        digits = _DIGITS[digit] + digits
    return digits
