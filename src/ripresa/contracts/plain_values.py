"""Plain values in one agreed form: addresses, numbers, languages, zones, amounts.

Each function returns the agreed form, or None if the text is no such thing. None of them raises.
"""

import re
from collections.abc import Callable
from functools import cache
from typing import Any
from zoneinfo import available_timezones

import phonenumbers
from babel.numbers import list_currencies

from ripresa.core.money import NotMoney, parse_minor

# RFC 5321 bounds (64 before the @, 253 in a domain, 63 in a label), dot-atoms of RFC 5322 and a top
# level of letters: what mailboxes of shoppers look like. Quoted local parts, address literals
# and the like are refused.
_ATOM = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
_EMAIL = re.compile(
    rf"(?=[^@]{{1,64}}@){_ATOM}(?:\.{_ATOM})*"
    r"@(?=.{1,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{1,59})"
).fullmatch
_E164 = re.compile(r"\+[1-9][0-9]{6,14}").fullmatch
_COUNTRY = re.compile(r"[A-Za-z]{2}").fullmatch
# No blanks, quotes, brackets or backslashes: browsers and mail programs disagree about them.
_URL = re.compile(
    r"https?://([A-Za-z0-9.-]{1,253})(:[0-9]{1,5})?(?:[/?#][^\s\x00-\x1f\x7f\"<>\\^`{|}]*)?"
).fullmatch

_LONGEST_EMAIL = 254
# So short a number is below the bound of core.money in any currency.
_SURELY_IN_RANGE_CHARS = 11

# Tests that need no function of ours around them; they are called for every event.
Test = Callable[[str], object]
# An absolute http(s) address that everybody reads alike.
is_url: Test = _URL
# Digits, and perhaps a point and digits: no sign, no exponent, no blanks.
is_decimal: Test = re.compile(r"[0-9]{1,16}(?:\.[0-9]{1,20})?").fullmatch
# What looks like a language tag (BCP 47, or with underscores).
is_locale: Test = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8})*").fullmatch
# An ISO 4217 code, in capitals.
is_currency: Test = frozenset(list_currencies()).__contains__

# What programs write when they meant to write nothing. As a key it would join strangers.
_PLACEHOLDERS = frozenset(
    {"null", "undefined", "none", "nan", "nil", "[object object]", "n/a", "(null)"}
)
_LONGEST_PLACEHOLDER = max(map(len, _PLACEHOLDERS))


def normalise_email(text: str) -> str | None:
    """Trimmed, in lower case on both sides of the @, the domain in its ASCII form (IDNA)."""
    local, _, domain = text.strip().rpartition("@")
    if not local.isascii():
        return None
    if not domain.isascii():
        try:
            domain = domain.encode("idna").decode("ascii")
        except UnicodeError:
            return None
    address = f"{local}@{domain}".lower()
    return address if len(address) <= _LONGEST_EMAIL and _EMAIL(address) else None


def normalise_phone(text: str) -> str | None:
    """E.164. Needs the + and the country code; the length must be one the country uses."""
    if _is_agreed_phone(text):
        return text
    if not text.lstrip().startswith("+"):
        return None
    try:
        number = phonenumbers.parse(text, None)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _is_agreed_phone(text: str) -> bool:
    """Whether phonenumbers would surely give back `text` itself: twenty times faster than asking it.

    So it is if nothing but digits follows the country code, as many as the country uses, and they do
    not begin with what one dials before a number at home.
    """
    if not _E164(text):
        return False
    for end in (2, 3, 4):  # no country code begins with another one
        if (rule := _dialling(text[1:end])) is not None:
            lengths, home_prefix = rule
            national = text[end:]
            return len(national) in lengths and not (home_prefix and home_prefix.match(national))
    return False


@cache
def _dialling(code: str) -> tuple[frozenset[int], re.Pattern[str] | None] | None:
    """Lengths of the national numbers behind a country code, and what is dialled before them."""
    regions = phonenumbers.COUNTRY_CODE_TO_REGION_CODE.get(int(code))
    if regions is None:
        return None
    known: Any = phonenumbers.PhoneMetadata.metadata_for_region_or_calling_code(
        int(code), regions[0]
    )
    prefix = known.national_prefix_for_parsing
    return frozenset(known.general_desc.possible_length), re.compile(prefix) if prefix else None


def normalise_country(text: str) -> str | None:
    """Two capitals, as in ISO 3166; whether such a country exists is not asked."""
    return text.upper() if _COUNTRY(text) else None


def host_of(url: str) -> str | None:
    """The host of an absolute http(s) address, lower case, with its port if one is written."""
    match = _URL(url)
    return None if match is None else f"{match[1]}{match[2] or ''}".lower()


@cache
def _timezones() -> frozenset[str]:
    return frozenset(available_timezones())


def is_timezone(text: str) -> bool:
    """Whether it is a zone of the IANA database on this machine."""
    return text in _timezones()


def is_in_range(text: str, currency: str | None) -> bool:
    """Is the decimal within the bounds of money? Without a currency, two digits are taken."""
    if len(text) <= _SURELY_IN_RANGE_CHARS:
        return True
    try:
        parse_minor(text, currency or "EUR")
    except NotMoney:
        return False
    return True


def is_id(text: str) -> bool:
    """Whether it may name something: printable, not blank at its ends, no placeholder."""
    if not text.isprintable() or text.strip() != text or not text:
        return False
    return len(text) > _LONGEST_PLACEHOLDER or text.lower() not in _PLACEHOLDERS
